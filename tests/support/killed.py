"""`python -m tests.support.killed APP_URL OWNER_URL VAR DEED PLACE`: does a deed and is killed at a place in it.

The deeds are those of the application on its real database and store. What is added here only kills the process with
SIGKILL when it gets to the place: nothing is cleaned up, rolled back or told.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy import event, select

from core.app import create_app
from core.contests.queries import edition_by_key
from core.entries.models import Entry
from core.judging.services import lock_sheet
from core.kernel.clock import real_now
from core.kernel.db import db, session, tenant_scope
from core.kernel.files import LocalStore
from core.kernel.jobs import run_due_jobs
from core.kernel.uow import unit_of_work
from core.people.models import Account
from core.privacy import services
from core.privacy.collectors import Part, collects
from core.privacy.models import DataRequest
from tests.support.app import test_config
from tests.support.factories import NOW, actor_of
from tests.support.judging import judge_actor, place_of
from tests.support.postgres import DatabaseUrls

OFFICER = "btc2@example.vn"


def killed(urls: DatabaseUrls, var: Path, *words: str) -> int:
    """Run the deed in a process of its own; returns how it ended: -9 when it was killed."""
    line = [sys.executable, "-m", "tests.support.killed", urls.app_url, urls.owner_url, str(var), *words]
    return subprocess.run(line, check=False).returncode


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Dying:
    """A stream that kills the process once it has given out its first piece."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._given = source, False

    def read(self, size: int) -> bytes:
        if self._given:
            _die()
        self._given = True
        return self._source.read(min(size, 100))


class _Store(LocalStore):
    """The folder; it kills the process while or after it puts a content, or after it deleted one."""

    place = ""

    def put(self, key: str, source: IO[bytes]) -> None:
        super().put(key, _Dying(source) if self.place == "half a file" else source)  # type: ignore[arg-type]
        if self.place == "before the commit":
            _die()

    def delete(self, key: str) -> None:
        super().delete(key)
        if self.place == "after one content":
            _die()


def _die_collecting(_account: Account) -> Part:
    _die()
    return Part(None)


def _kill_at_statement(words: str, *, anywhere: bool = False) -> None:
    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(words) or (anywhere and words in statement):
            _die()

    event.listen(db.engine, "before_cursor_execute", look)


def _confirm(tenant_id: UUID) -> None:
    with tenant_scope(tenant_id), unit_of_work():
        officer = session().scalars(select(Account).where(Account.email == OFFICER)).one()
        request = session().scalars(select(DataRequest)).one()
        services.confirm_erasure(request, actor=actor_of(officer), now=real_now())


def _lock(tenant_id: UUID) -> None:
    with tenant_scope(tenant_id), unit_of_work():
        edition = edition_by_key("motmot", "k1")
        entry = session().scalars(select(Entry).where(Entry.code == "TT-K1-0001")).one()
        lock_sheet(edition, place_of(edition, entry), 1, actor=judge_actor(), now=NOW)


def main(arguments: list[str]) -> None:
    """Make the application, lay the trap, do the deed."""
    app_url, owner_url, var, deed, place = arguments[:5]
    app = create_app(test_config(DatabaseUrls(app_url, owner_url), Path(var)))
    store = _Store(app.extensions["file_store"].folder)
    store.place = place
    app.extensions["file_store"] = store
    deeds: dict[str, Callable[[], object]] = {
        "jobs": run_due_jobs,
        "erasure": lambda: _confirm(UUID(arguments[5])),
        "lock": lambda: _lock(UUID(arguments[5])),
    }
    if place == "between two parts":
        collects("bay", "Phần giết tiến trình", "")(_die_collecting)
    with app.app_context():
        if deed in ("erasure", "lock"):
            _kill_at_statement(place, anywhere=deed == "lock")
        deeds[deed]()


if __name__ == "__main__":
    main(sys.argv[1:])
