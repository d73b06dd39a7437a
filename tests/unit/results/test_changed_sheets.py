"""Sheets that were changed in a deliberation: the result takes the latest, the bundle opens what stood before."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from core.judging.council_room import access_council_room
from core.judging.deliberation_models import Deliberation, ScoreChange
from core.judging.deliberation_policies import access_deliberation, access_room_entry
from core.judging.models import Sheet, SheetScore
from core.judging.policies import access_sheet
from core.judging.queries import sheet_of, sheets_unlike_their_commitment
from core.judging.services import change_scores, open_deliberation
from core.kernel.actor import Actor
from core.kernel.canonical import canonical_bytes
from core.kernel.db import session, tenant_scope
from core.kernel.files import file_key, file_store
from core.results.bundle import STANDALONE
from core.results.container import unpack
from core.results.errors import AlreadyPublished, InputsChanged, NotVerifiable
from core.results.services import publish
from core.results.verify import verify_bytes
from tests.support.entries import account
from tests.support.factories import World, actor_of
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition
from tests.support.results_bundle import forged

ROUND = "hoi_dong"
WHY = "Lý do riêng của hội đồng"


@pytest.fixture(autouse=True)
def bound(world: World) -> Iterator[None]:
    """The first tenant is bound during each test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield


def test_the_bundle_shows_what_the_sheet_said_before_and_when_but_not_why(world: World) -> None:
    judged = changed(world)

    bundle = published(judged)

    log = json.loads(unpack(bundle)["log.json"])
    assert [
        (one["round"], one["judge"], one["entry"], one["number"], one["at"], one["before"])
        for one in log["changes"]
    ] == [
        (
            ROUND,
            "J1",
            "TT-K1-0001",
            1,
            LATER.isoformat(),
            {"doi_moi": "18.5", "hieu_qua": "27", "kha_nang": "25"},
        ),
        (
            ROUND,
            "J1",
            "TT-K1-0001",
            2,
            LATER.isoformat(),
            {"doi_moi": "17", "hieu_qua": "27", "kha_nang": "25"},
        ),
    ]
    assert all(WHY not in content.decode() for content in unpack(bundle).values())
    inputs = json.loads(unpack(bundle)["inputs.json"])
    sheet = next(one for one in inputs["sheets"] if (one["judge"], one["entry"]) == ("J1", "TT-K1-0001"))
    assert sheet["scores"]["doi_moi"] == "16"


def test_both_programs_verify_it(world: World, tmp_path: Path) -> None:
    bundle = published(changed(world))

    assert verify_bytes(bundle).holds
    assert standalone(tmp_path, bundle).startswith("Đúng:")


@pytest.mark.parametrize("hidden", ["all", "first", "points"])
def test_a_bundle_that_is_silent_about_a_change_or_tells_it_wrong_fails(
    world: World, tmp_path: Path, hidden: str
) -> None:
    bundle = published(changed(world))
    log = json.loads(unpack(bundle)["log.json"])
    if hidden == "all":
        del log["changes"]
    elif hidden == "first":
        del log["changes"][0]
    else:
        log["changes"][1]["before"]["doi_moi"] = "20"

    false = forged(bundle, {"log.json": canonical_bytes(log)})

    report = verify_bytes(false)
    assert (report.holds, report.name) == (False, "log.json")
    assert standalone(tmp_path, false).startswith("log.json: ")


def test_points_of_before_a_change_do_not_count_as_the_sheets(world: World) -> None:
    """What a forger with the database would do: put the sheet back to the line that was locked."""
    judged = changed(world, times=1)
    (told,) = session().scalars(select(ScoreChange))
    _put_back(told)

    assert sheets_unlike_their_commitment(judged.edition) == [(ROUND, "J1", judged.codes[0])]
    with pytest.raises(NotVerifiable, match="đã bị sửa ngoài hệ thống"):
        published(judged)


def test_a_change_after_the_computation_stops_the_publication(world: World) -> None:
    judged = judge_edition(world.first)
    decide(judged, computed(judged))
    talk = opened(judged)
    give(judged, talk, "17")

    with pytest.raises(InputsChanged):
        publish(judged.edition, actor=OFFICER, now=LATER)


def test_nothing_is_opened_or_changed_after_the_publication(world: World) -> None:
    judged = judge_edition(world.first)
    talk = opened(judged)
    published(judged)

    with pytest.raises(AlreadyPublished):
        give(judged, talk, "17")
    with pytest.raises(AlreadyPublished):
        opened(judged, code=judged.codes[1])


def changed(world: World, *, times: int = 2) -> Judged:
    """A judged edition in which J1 changed the first entry's points, twice."""
    judged = judge_edition(world.first)
    talk = opened(judged)
    for points in ("17", "16")[:times]:
        give(judged, talk, points)
    return judged


def opened(judged: Judged, *, code: str | None = None) -> Deliberation:
    """The deliberation of an entry, opened by the committee."""
    attendee = access_council_room(judged.edition, OFFICER, ROUND)
    place = access_room_entry(judged.edition, OFFICER, attendee, code or judged.codes[0])
    return open_deliberation(judged.edition, place, "entry", "", actor=OFFICER, now=LATER)


def give(judged: Judged, talk: Deliberation, points: str) -> None:
    """J1 gives the first entry these points on the first criterion."""
    edition, code, actor = judged.edition, judged.codes[0], judge()
    room, _talk = access_deliberation(edition, actor, access_council_room(edition, actor, ROUND), code)
    place = access_sheet(edition, actor, ROUND, code)
    seen = sheet_of(place).revision
    given: dict[str, Decimal | None] = {"doi_moi": Decimal(points)}
    change_scores(edition, room, place, talk.id, given, WHY, seen, actor=actor, now=LATER)


def judge() -> Actor:
    """J1."""
    return actor_of(account("gk1@example.vn"))


def published(judged: Judged) -> bytes:
    """The bundle of the edition, computed, decided and published."""
    decide(judged, computed(judged))
    made = publish(judged.edition, actor=OFFICER, now=LATER)
    return b"".join(file_store().read(file_key(session().tenant_id, made.bundle_sha256)))


def standalone(tmp_path: Path, bundle: bytes) -> str:
    """What `verify.py` prints."""
    place = tmp_path / "goi.zip"
    place.write_bytes(bundle)
    command = [sys.executable, "-I", str(STANDALONE / "verify.py"), str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    return done.stdout


def _put_back(told: ScoreChange) -> None:
    sheet = session().scalars(select(Sheet).where(Sheet.id == told.sheet_id)).one()
    sheet.nonce, sheet.commitment = told.nonce, told.commitment
    for row in session().scalars(select(SheetScore).where(SheetScore.sheet_id == sheet.id)):
        row.points = Decimal(told.before[row.criterion])
    session().flush()
