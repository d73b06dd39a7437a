"""What goes wrong while a judge locks: the process dies, the button is pressed twice, the work is no longer his."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from core.app import create_app
from core.entries.models import Entry
from core.judging.assigning import Ending, end
from core.judging.queries import locked_sheets, sheet_of
from core.judging.services import lock_all_ready, withdraw_judge
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from core.kernel.errors import Forbidden
from tests.support.app import test_config as config_of
from tests.support.factories import NOW, World, build_world, view
from tests.support.judging import JUDGE, ROUND, fill, judge_actor, make_round, place_of
from tests.support.killed import killed
from tests.support.live import Reply, Site, cookie_of, environment_of, start
from tests.support.postgres import DatabaseUrls
from tests.support.voting import in_tenant

pytestmark = pytest.mark.timeout(300)
SLUG, CODE = "motmot", "TT-K1-0001"
LOCK = f"/cham-thi/{ROUND}/{CODE}/khoa"


@dataclass(frozen=True)
class Installation:
    """A database in which J1's sheet is whole and waits to be locked; nothing is served yet."""

    world: World
    urls: DatabaseUrls
    var: Path
    environment: dict[str, str]
    judge: str

    def outcome(self) -> tuple[str, int, int]:
        """The sheet's state, how many lines in the log say that it is locked, how many sheets count."""
        with self.world.app.app_context(), tenant_scope(self.world.first.id):
            edition = view(self.world.first)
            entry = session().scalars(select(Entry).where(Entry.code == CODE)).one()
            assert audit.first_false_record() is None
            state = sheet_of(place_of(edition, entry)).state
            return state, len(audit.records(actions=["sheet.locked"])), len(locked_sheets(edition))


@pytest.fixture
def installation(database: DatabaseUrls, tmp_path: Path) -> Iterator[Installation]:
    """On each database."""
    config = config_of(database, tmp_path / "var")
    app = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        (entry,) = make_round(edition)
        fill(edition, entry)
        session().commit()
    cookie = cookie_of(app, SLUG, JUDGE)
    yield Installation(world, database, tmp_path / "var", environment_of(config), cookie)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def press(site: Site, headers: dict[str, str]) -> Reply:
    """Press "Khóa phiếu chấm" on the page that was read again."""
    body = urlencode({"revision": 1, "csrf_token": headers["X-CSRFToken"]}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return site.ask(SLUG, LOCK, "POST", body=body, headers={**headers, **kind})


@pytest.mark.parametrize("place", ["UPDATE sheet SET", "INTO audit_record"])
def test_a_process_that_dies_while_it_locks_leaves_a_draft(installation: Installation, place: str) -> None:
    tenant_id = str(installation.world.first.id)
    assert killed(installation.urls, installation.var, "lock", place, tenant_id) == -9
    assert installation.outcome() == ("draft", 0, 0)
    assert killed(installation.urls, installation.var, "lock", "no such place", tenant_id) == 0
    assert installation.outcome() == ("locked", 1, 1)


def test_an_acknowledged_lock_outlives_the_server(installation: Installation) -> None:
    site = start(installation.environment)
    try:
        answer = press(site, site.signed_in(SLUG, installation.judge))
    finally:
        site.kill()
    assert answer.status == 303
    assert installation.outcome() == ("locked", 1, 1)


def test_the_button_pressed_eight_times_on_two_workers_locks_once(installation: Installation) -> None:
    site = start(installation.environment, workers=2, threads=4)
    try:
        headers = site.signed_in(SLUG, installation.judge)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _n: press(site, headers).status, range(8)))
    finally:
        site.stop()
    assert answers == [303] * 8
    assert installation.outcome() == ("locked", 1, 1)


def test_what_is_no_longer_ones_own_is_not_locked_from_a_page_that_was_read_before(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        kept, given = make_round(edition, entries=2)
        seen = {one.code or "": fill(edition, one).revision for one in (kept, given)}
        place = place_of(edition, kept)
        end(Ending.MOVED, now=NOW, judge_id=place.judge.id, entry_id=given.id)
        locked = lock_all_ready(edition, place.judge, place.round, seen, actor=judge_actor(), now=NOW)
        assert locked == [kept.code]
        assert [row.entry for row in locked_sheets(edition)] == [kept.code]


def test_a_judge_who_was_taken_out_locks_nothing_from_a_page_that_was_read_before(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        seen = {entry.code or "": fill(edition, entry).revision}
        place, actor = place_of(edition, entry), judge_actor()
        withdraw_judge(edition, "J1", "Nghỉ công tác", actor=SYSTEM, now=NOW)
        with pytest.raises(Forbidden):
            place_of(edition, entry)
        assert lock_all_ready(edition, place.judge, place.round, seen, actor=actor, now=NOW) == []
        assert sheet_of(place).state is SheetState.DRAFT
