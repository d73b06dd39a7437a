"""Material that comes while judges lock: who locks is warned, who has locked is told, the office sees how many."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.material import call_of
from core.judging.material_late import came_late, locked_before, open_until
from core.judging.material_models import MaterialCall, MaterialReceipt
from core.judging.policies import access_judge
from core.judging.services import declare
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_receipts import tell
from core.judging.states import SheetState
from core.kernel.db import session
from core.kernel.mail import Mail
from tests.support.app import client_of
from tests.support.blind import approve_all, look_through, make_blind, run_jobs, send_telling_material
from tests.support.deliberations import OFFICER
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of, set_clock
from tests.support.judging import JUDGE, ROUND, fill, judge_actor, lock, make_round, stored_sheets
from tests.support.people import sign_in
from tests.support.voting import in_tenant
from tests.unit.judging.test_blinding import judged, told
from tests.unit.judging.test_material import CLOSES, asked

LATER, LAST = NOW + timedelta(hours=2), NOW + timedelta(hours=3)
LABEL = "hồ sơ gửi thêm tài liệu sau khi bạn khóa phiếu"


def sent(edition: EditionView, entry: Entry, call: MaterialCall, text: str, at: datetime = LATER) -> str:
    """More came; the id of its receipt."""
    given = Delivery({"q2": text})
    receipt = send_material(entry, call, edition, given, actor=actor_of(account()), now=at)
    assert receipt is not None
    return str(receipt.id)


def told_late() -> list[str]:
    return list(session().scalars(select(Mail.recipient).where(Mail.kind == "material-late")))


def late_of(edition: EditionView, number: int) -> list[str]:
    judge = access_judge(edition, judge_actor(number))
    return [one.code for one in came_late(edition, judge, ROUND)]


def test_who_has_locked_is_told_once_and_who_has_not_is_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry, _other = make_round(edition, entries=2, judges=2)
        call = asked(edition)
        lock(edition, entry, number=1)
        fill(edition, entry, number=2)
        receipt = sent(edition, entry, call, "Đã bán 20 máy.")

        tell({"receipt": receipt})
        tell({"receipt": receipt})

        assert told_late() == [JUDGE]
        assert (late_of(edition, 1), late_of(edition, 2)) == ([entry.code], [])
        assert locked_before(edition, ROUND) == {entry.code: 1}
        assert {one.state for one in stored_sheets()} == {SheetState.LOCKED, SheetState.DRAFT}


def test_of_material_that_came_in_pieces_only_the_last_is_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        lock(edition, entry)
        first, last = sent(edition, entry, call, "Một"), sent(edition, entry, call, "Hai", LAST)

        for one in (first, last):
            tell({"receipt": one})

        assert told_late() == [JUDGE]
        assert locked_before(edition, ROUND) == {entry.code: 1}


def test_what_was_there_before_the_lock_is_nothing_late(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        receipt = sent(edition, entry, asked(edition), "Đã bán 20 máy.", NOW)
        lock(edition, entry, now=LATER)

        tell({"receipt": receipt})

        assert (told_late(), late_of(edition, 1), locked_before(edition, ROUND)) == ([], [], {})


def test_a_judge_with_a_conflict_is_told_nothing_and_his_sheet_is_not_counted(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        lock(edition, entry)
        declare([entry], [Kind.FAMILY.value], "", actor=judge_actor(), now=NOW)

        tell({"receipt": sent(edition, entry, call, "Đã bán 20 máy.")})

        assert (told_late(), locked_before(edition, ROUND)) == ([], {})


def test_who_reads_blind_is_told_once_an_officer_has_approved_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entry = judged(edition)
        make_blind(edition, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)
        lock(edition, entry, now=NOW - timedelta(minutes=5))
        send_telling_material(edition, entry, ROUND)
        tell({"receipt": str(session().scalars(select(MaterialReceipt.id)).one())})
        assert (told_late(), late_of(edition, 1)) == ([], [])
        assert locked_before(edition, ROUND) == {entry.code: 1}

        run_jobs(entry)
        approve_all(edition, entry, ROUND)

        assert (told_late(), late_of(edition, 1)) == ([JUDGE], [entry.code])
        (letter,) = session().scalars(select(Mail.body).where(Mail.kind == "material-late"))
        assert told(letter) == []


def test_the_twin_sees_nothing_of_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        call = asked(edition)
        lock(edition, entry)
        sent(edition, entry, call, "Đã bán 20 máy.")
    with in_tenant(world, world.second) as edition:
        (twin,) = make_round(edition)
        asked(edition)
        lock(edition, twin)
        assert (late_of(edition, 1), locked_before(edition, ROUND)) == ([], {})


def test_the_window_is_open_from_its_first_to_its_last_second(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        assert open_until(edition, ROUND, NOW) is None
        asked(edition)
        second = timedelta(seconds=1)
        assert [open_until(edition, ROUND, at) for at in (NOW - second, NOW, CLOSES - second, CLOSES)] == [
            None,
            CLOSES,
            CLOSES,
            None,
        ]


def test_the_pages_of_desk_and_office_say_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        asked(edition)
        lock(edition, first)
        fill(edition, second)
        set_clock(edition.id, NOW + timedelta(minutes=1))
        codes = first.code, second.code
    judge, office = (client_of(world.app, world.first.slug) for _ in range(2))
    sign_in(judge, JUDGE)
    sign_in(office, OFFICER)
    for path in (f"/cham-thi/{ROUND}/{codes[1]}/khoa", f"/cham-thi/{ROUND}/khoa-tat-ca"):
        assert "Vòng này còn nhận tài liệu bổ sung đến" in judge.get(path).text, path
    assert LABEL not in judge.get("/cham-thi/").text

    with in_tenant(world, world.first) as edition:
        entry = session().scalars(select(Entry).where(Entry.code == codes[0])).one()
        found = call_of(edition.id, ROUND)
        assert found is not None
        sent(edition, entry, found, "Đã bán 20 máy.")

    assert f"1 {LABEL}" in judge.get("/cham-thi/").text
    page = office.get(f"/btc/cham-thi/vong/{ROUND}/tai-lieu").text
    for words in ("1 phiếu khóa trước khi có tài liệu mới", "1 phiếu khóa trước đó"):
        assert words in page, words
