"""huey as the transport that wakes workers: SQLite beside the data by default, Redis by configuration."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from flask import Flask
from huey import RedisHuey, SqliteHuey, crontab
from huey.api import Huey

from core.kernel import jobs


def init_queue(app: Flask) -> None:
    """Attach a huey to `app` as `app.extensions["huey"]`; its one task carries only a job's key."""
    huey = _transport(app)

    def run_one(tenant_id: str, dedupe: str) -> None:
        with app.app_context():
            jobs.run_job(UUID(tenant_id), dedupe)

    def relay() -> None:
        with app.app_context():
            jobs.relay()

    app.extensions["huey"] = huey
    app.extensions["huey_wake"] = huey.task(name="bangvang.run_job")(run_one)
    huey.periodic_task(crontab(minute="*"), name="bangvang.relay")(relay)


def _transport(app: Flask) -> Huey:
    if app.config["REDIS_URL"]:
        return RedisHuey("bangvang", url=app.config["REDIS_URL"])
    folder = Path(app.config["BANGVANG_VAR"])
    folder.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("bangvang", filename=str(folder / "queue.db"))
