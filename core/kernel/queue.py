"""huey as the transport that wakes workers: SQLite beside the data by default, Redis by configuration."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask

from core.kernel import jobs

if TYPE_CHECKING:
    from huey.api import Huey, TaskWrapper
    from huey.consumer import Consumer


class Queue:
    """The transport of one application; its one task carries only a job's key.

    huey loads the driver of every storage that is installed, some 15 MB, so it comes with the first job that is
    announced. Two threads that announce at once may each make one, which does no harm: both write to one place.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app

    def announce(self, tenant_id: UUID, dedupe: str) -> None:
        """Tell a worker that a job waits. Raises whatever the storage raises."""
        _huey, run_job = self._transport
        run_job(str(tenant_id), dedupe)

    def consumer(self, threads: int) -> Consumer:
        """What does announced jobs in `threads` threads, and asks the relay each minute."""
        huey, _run_job = self._transport
        return huey.create_consumer(workers=threads, worker_type="thread", check_worker_health=True)

    @cached_property
    def _transport(self) -> tuple[Huey, TaskWrapper]:
        from huey import crontab

        huey = self._storage()

        def run_one(tenant_id: str, dedupe: str) -> None:
            with self.app.app_context():
                jobs.run_job(UUID(tenant_id), dedupe)

        def relay() -> None:
            with self.app.app_context():
                jobs.relay()

        huey.periodic_task(crontab(minute="*"), name="bangvang.relay")(relay)
        return huey, huey.task(name="bangvang.run_job")(run_one)

    def _storage(self) -> Huey:
        from huey import RedisHuey, SqliteHuey

        if self.app.config["REDIS_URL"]:
            return RedisHuey("bangvang", url=self.app.config["REDIS_URL"])
        folder = Path(self.app.config["BANGVANG_VAR"])
        folder.mkdir(parents=True, exist_ok=True)
        return SqliteHuey("bangvang", filename=str(folder / "queue.db"))


def init_queue(app: Flask) -> None:
    """Attach the queue of `app` as `app.extensions["queue"]`."""
    app.extensions["queue"] = Queue(app)
