"""Score sheets on paper: two people read the same, then the sheet is locked in the judge's name; what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from core.contests.policies import PhaseClosed
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.errors import SheetIncomplete, SheetLocked
from core.judging.models import Sheet
from core.judging.queries import locked_sheets, sheets_unlike_their_commitment
from core.judging.queries.papers import Paper, Standing, paper_by_code
from core.judging.services import abstain, abstain_for_good, declare
from core.judging.services.paper import (
    access_own_paper,
    access_paper,
    add_scan,
    key_in,
    object_to,
    print_sheets,
)
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.entries import pdf_bytes
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.judging import (
    ROUND,
    WHOLE,
    fill,
    judge_account,
    judge_actor,
    lock,
    make_round,
    place_of,
    points,
)
from tests.support.voting import in_tenant

AFTER = NOW + timedelta(days=11)


def officer(number: int) -> Actor:
    return actor_of(
        make_account(f"thu-ky-{number}@example.vn", name=f"Thư ký {number}", roles=[Role.COMMITTEE])
    )


def printed(edition: EditionView, actor: Actor, *, number: str = "J1") -> Paper:
    """The first paper sheet of the judge, with its scan."""
    ((stored, _place), *_rest) = print_sheets(
        edition, edition.rules.rounds()[0], number, actor=actor, now=NOW
    )
    found = access_paper(edition, actor, ROUND, stored.code)
    add_scan(found, "phieu.pdf", BytesIO(pdf_bytes()), actor=actor, now=NOW)
    return found


def keyed(
    edition: EditionView,
    found: Paper,
    actor: Actor,
    scores: Mapping[str, str] = WHOLE,
    *,
    is_done: bool = True,
) -> Paper:
    return key_in(
        edition,
        found,
        edition.rules.rounds()[0],
        points(scores),
        "Rõ ràng",
        is_done=is_done,
        actor=actor,
        now=NOW,
    )


def test_two_people_who_read_the_same_lock_the_sheet_in_the_judges_name(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second = officer(1), officer(2)
        found = printed(edition, first)
        assert keyed(edition, found, first).standing is Standing.KEYED

        after = keyed(edition, found, second)

        assert after.standing is Standing.LOCKED
        ((sheet),) = locked_sheets(edition)
        assert (sheet.judge, dict(sheet.scores)) == ("J1", points(WHOLE))
        assert sheets_unlike_their_commitment(edition) == []
        (line,) = audit.records(actions=["sheet.locked"])
        assert line.data["way"] == "paper"
        (checked,) = audit.records(actions=["paper.checked"])
        assert (checked.data["keyed_by"], checked.data["checked_by"]) == (str(first.id), str(second.id))


def test_the_judge_is_told_and_can_object_until_the_end(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second = officer(1), officer(2)
        found = printed(edition, first)
        keyed(edition, found, first)
        keyed(edition, found, second)
        own = access_own_paper(edition, judge_actor(), ROUND, found.stored.code)

        object_to(edition, own, "Tôi cho 20 điểm", actor=judge_actor(), now=NOW)

        assert own.stored.objection == "Tôi cho 20 điểm"
        mail = session().scalars(select(Mail).where(Mail.kind == "paper-sheet-locked")).one()
        assert mail.recipient == judge_account().email
        with pytest.raises(PhaseClosed):
            object_to(edition, own, "Muộn", actor=judge_actor(), now=AFTER)
        with pytest.raises(NotFound):
            access_own_paper(edition, first, ROUND, found.stored.code)


def test_the_same_person_twice_is_one_reading(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        found = printed(edition, first)
        keyed(edition, found, first)

        again = keyed(edition, found, first)

        assert (again.standing, len(again.keyings)) == (Standing.KEYED, 1)
        assert locked_sheets(edition) == []


def test_readings_that_differ_are_settled_before_anything_is_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second, third = officer(1), officer(2), officer(3)
        found = printed(edition, first)
        keyed(edition, found, first, {**WHOLE, "doi_moi": "8.5"})

        assert keyed(edition, found, second).standing is Standing.DIFFERS
        with pytest.raises(Forbidden, match="nhập thay"):
            keyed(edition, found, third)
        assert locked_sheets(edition) == []
        assert keyed(edition, found, first).standing is Standing.LOCKED


def test_a_draft_survives_and_counts_as_no_reading(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        found = printed(edition, first)

        after = keyed(edition, found, first, {"doi_moi": "18.5"}, is_done=False)

        assert after.standing is Standing.BEGUN
        kept = after.keying(1)
        assert kept is not None
        assert (dict(kept.scores), kept.remark) == (points({"doi_moi": "18.5"}), "Rõ ràng")
        with pytest.raises(SheetIncomplete):
            keyed(edition, found, first, {"doi_moi": "18.5"})


def test_points_over_the_maximum_are_refused_and_nothing_is_stored(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        found = printed(edition, first)
        with pytest.raises(Invalid) as wrong:
            keyed(edition, found, first, {**WHOLE, "doi_moi": "20.5"})
        assert list(wrong.value.errors) == ["score_doi_moi"]
        again = paper_by_code(edition, ROUND, found.stored.code)
        assert again is not None
        assert again.keyings == ()


def test_without_a_scan_nothing_is_confirmed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        ((stored, _place),) = print_sheets(edition, edition.rules.rounds()[0], "J1", actor=first, now=NOW)
        with pytest.raises(Invalid) as wrong:
            keyed(edition, access_paper(edition, first, ROUND, stored.code), first)
        assert list(wrong.value.errors) == ["scan"]


def test_what_the_judge_locked_himself_is_not_keyed_in_any_more(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first = officer(1)
        found = printed(edition, first)
        lock(edition, entry)
        with pytest.raises(SheetLocked):
            keyed(edition, found, first)


def test_an_entry_that_left_is_not_keyed_in(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first = officer(1)
        found = printed(edition, first)
        entry.state = "withdrawn"
        session().flush()
        with pytest.raises(NotFound):
            keyed(edition, found, first)


def test_after_the_end_nothing_is_confirmed_and_a_draft_is_kept(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        found, judging_round = printed(edition, first), edition.rules.rounds()[0]
        values = points(WHOLE)
        with pytest.raises(PhaseClosed):
            key_in(edition, found, judging_round, values, "", is_done=True, actor=first, now=AFTER)

        after = key_in(edition, found, judging_round, values, "", is_done=False, actor=first, now=AFTER)

        assert after.standing is Standing.BEGUN


def test_a_secretary_with_a_conflict_finds_no_such_sheet_and_prints_none(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        first, second = officer(1), officer(2)
        found = printed(edition, second)
        declare([entry], [Kind.FAMILY.value], "", actor=first, now=NOW)
        with pytest.raises(NotFound):
            access_paper(edition, first, ROUND, found.stored.code)
        with pytest.raises(NotFound):
            print_sheets(edition, edition.rules.rounds()[0], "J1", actor=first, now=NOW)


def test_nobody_keys_in_his_own_sheet_or_reads_others_before_his_own_is_locked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        found = printed(edition, officer(1))
        for number in (1, 2):
            judge_account(number).roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
        session().flush()
        with pytest.raises(Forbidden):
            access_paper(edition, judge_actor(1), ROUND, found.stored.code)
        with pytest.raises(NotFound):
            access_paper(edition, judge_actor(2), ROUND, found.stored.code)
        lock(edition, entry, number=2)
        assert access_paper(edition, judge_actor(2), ROUND, found.stored.code).entry_code == entry.code


def test_who_may_take_his_abstention_back_reads_no_paper_of_the_entry_before_it_is_final(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        found = printed(edition, officer(1))
        judge_account(2).roles = [str(Role.JUDGE), str(Role.COMMITTEE)]
        place = place_of(edition, entry, number=2)
        abstain(edition, place, "Bận", actor=judge_actor(2), now=NOW)
        with pytest.raises(NotFound):
            access_paper(edition, judge_actor(2), ROUND, found.stored.code)

        abstain_for_good(edition, place, actor=judge_actor(2), now=NOW)

        assert access_paper(edition, judge_actor(2), ROUND, found.stored.code).entry_code == entry.code


def test_printed_again_a_sheet_keeps_its_code_and_locked_ones_are_left_out(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        actor, judging_round = officer(1), edition.rules.rounds()[0]
        before = print_sheets(edition, judging_round, "J1", actor=actor, now=NOW)
        lock(edition, first)

        after = print_sheets(edition, judging_round, "J1", actor=actor, now=NOW)

        assert [paper.code for paper, _place in after] == [before[1][0].code]
        assert after[0][1].entry_code == second.code


def test_a_print_holds_so_many_sheets_and_the_next_goes_on(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_round(edition, entries=2)
        actor, judging_round = officer(1), edition.rules.rounds()[0]
        prints = [
            print_sheets(edition, judging_round, "J1", most=1, actor=actor, now=NOW) for _turn in range(3)
        ]
        codes = [[place.entry_code for _paper, place in one] for one in prints]
        assert codes == [[first.code], [second.code], [first.code]]


def test_the_judges_draft_gives_way_to_his_paper(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry, scores={"doi_moi": "1"})
        first, second = officer(1), officer(2)
        found = printed(edition, first)
        keyed(edition, found, first)
        keyed(edition, found, second)
        ((sheet),) = locked_sheets(edition)
        assert dict(sheet.scores) == points(WHOLE)
        assert len(list(session().scalars(select(Sheet)))) == 1


def test_the_twin_has_no_such_sheet(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_round(edition)
        code = printed(edition, officer(1)).stored.code
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        assert session().scalars(select(Entry)).first() is not None
        with pytest.raises(NotFound):
            access_paper(edition, officer(1), ROUND, code)
