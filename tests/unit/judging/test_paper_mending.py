"""Paper sheets that are stuck: a turn taken over, remarks that differ, no pledge, an objection that is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.errors import PledgeOwed, SheetLocked
from core.judging.models import Sheet
from core.judging.paper_models import PaperAnswer
from core.judging.queries import locked_sheets
from core.judging.queries.papers import Paper, Standing, paper_by_code, paper_list
from core.judging.services.paper import access_own_paper, key_in, object_to, print_sheets, waiting_for_blind
from core.judging.services.paper_mending import settle_objection, take_over_turn
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.blind import approve_all, look_through, make_blind
from tests.support.councils import made_council
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, WHOLE, judge_account, judge_actor, make_round, points
from tests.support.voting import in_tenant
from tests.unit.judging.test_paper import keyed, officer, printed

LATER = NOW + timedelta(minutes=5)


def said(edition: EditionView, found: Paper, actor: Actor, remark: str) -> Paper:
    """The whole sheet keyed in with these words."""
    judging_round = edition.rules.rounds()[0]
    return key_in(edition, found, judging_round, points(WHOLE), remark, is_done=True, actor=actor, now=NOW)


def again(edition: EditionView, found: Paper) -> Paper:
    """The paper sheet as it stands."""
    stands = paper_by_code(edition, ROUND, found.stored.code)
    assert stands is not None
    return stands


def test_the_turn_of_who_left_is_taken_over_and_begins_anew(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second, third = officer(1), officer(2), officer(3)
        found, judging_round = printed(edition, first), edition.rules.rounds()[0]
        keyed(edition, found, first, {"doi_moi": "1"}, is_done=False)
        keyed(edition, found, second)

        take_over_turn(edition, found, judging_round, 1, actor=third, now=NOW)

        taken = again(edition, found).keying(1)
        assert taken is not None
        assert (taken.account_id, dict(taken.scores), taken.remark, taken.is_done) == (
            third.id,
            {},
            "",
            False,
        )
        take_over_turn(edition, found, judging_round, 1, actor=third, now=NOW)
        (line,) = audit.records(actions=["paper.taken_over"])
        assert (line.data["from"], line.data["account"], line.data["turn"]) == (
            str(first.id),
            str(third.id),
            1,
        )
        assert keyed(edition, found, third).standing is Standing.LOCKED


def test_nobody_takes_over_the_other_turn_beside_his_own_or_one_that_nobody_began(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second = officer(1), officer(2)
        found, judging_round = printed(edition, first), edition.rules.rounds()[0]
        keyed(edition, found, first, is_done=False)
        with pytest.raises(Invalid):
            take_over_turn(edition, found, judging_round, 2, actor=second, now=NOW)
        keyed(edition, found, second)
        with pytest.raises(Forbidden):
            take_over_turn(edition, found, judging_round, 1, actor=second, now=NOW)
        keyed(edition, found, first)
        with pytest.raises(SheetLocked):
            take_over_turn(edition, found, judging_round, 1, actor=officer(3), now=NOW)


def test_remarks_that_differ_lock_nothing_and_blanks_do_not_count(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second = officer(1), officer(2)
        found = printed(edition, first)
        said(edition, found, first, "Chép y nguyên")

        differs = said(edition, found, second, "Lời khác hẳn")

        assert (differs.standing, differs.differing) == (Standing.DIFFERS, frozenset({"remark"}))
        assert locked_sheets(edition) == []
        assert said(edition, found, second, " Chép  y\nnguyên ").standing is Standing.LOCKED
        assert session().scalars(select(Sheet.remark)).one() == "Chép y nguyên"


def test_where_two_readings_differ_is_told_by_criterion(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first, second = officer(1), officer(2)
        found = printed(edition, first)
        assert keyed(edition, found, first).differing == frozenset()

        assert keyed(edition, found, second, {**WHOLE, "doi_moi": "8.5"}).differing == {"doi_moi"}


def test_without_the_judges_pledge_nothing_is_printed_or_confirmed_and_a_draft_is_kept(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        first = officer(1)
        found, judging_round = printed(edition, first), edition.rules.rounds()[0]
        made_council(edition)
        with pytest.raises(PledgeOwed, match="J1"):
            print_sheets(edition, judging_round, "J1", actor=first, now=NOW)
        with pytest.raises(PledgeOwed):
            keyed(edition, found, first)
        assert again(edition, found).keyings == ()
        assert keyed(edition, found, first, is_done=False).standing is Standing.BEGUN


def test_what_is_not_approved_of_a_blind_round_is_left_out_of_the_print_and_named(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        one, two = make_round(edition, entries=2)
        actor, judging_round = officer(1), edition.rules.rounds()[0]
        codes = [one.code, two.code]
        make_blind(edition, ROUND)
        with pytest.raises(NotFound, match="bản ẩn danh"):
            print_sheets(edition, judging_round, "J1", actor=actor, now=NOW)
        look_through(one)
        approve_all(edition, one, ROUND)

        made = print_sheets(edition, judging_round, "J1", actor=actor, now=NOW)

        assert [place.entry_code for _paper, place in made] == codes[:1]
        assert waiting_for_blind(edition, judging_round, "J1", actor=actor) == codes[1:]


def objected(edition: EditionView) -> tuple[Paper, Actor]:
    """A locked paper sheet that its judge objects to, and an officer."""
    make_round(edition)
    first, second = officer(1), officer(2)
    found = printed(edition, first)
    keyed(edition, found, first)
    keyed(edition, found, second)
    own = access_own_paper(edition, judge_actor(), ROUND, found.stored.code)
    object_to(edition, own, "Tôi cho 20 điểm", actor=judge_actor(), now=NOW)
    return again(edition, found), first


def test_an_objection_is_answered_by_letter_and_no_longer_heads_the_list(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        found, actor = objected(edition)
        judging_round = edition.rules.rounds()[0]
        assert [row.has_objection for row in paper_list(edition, ROUND)[0]] == [True]

        settle_objection(
            edition,
            found,
            judging_round,
            "Bản quét ghi 18,5.",
            seen="Tôi cho 20 điểm",
            actor=actor,
            now=LATER,
        )

        own = access_own_paper(edition, judge_actor(), ROUND, found.stored.code)
        assert [(one.objection, one.answer) for one in own.answers] == [
            ("Tôi cho 20 điểm", "Bản quét ghi 18,5.")
        ]
        assert (own.has_objection, [row.has_objection for row in paper_list(edition, ROUND)[0]]) == (
            False,
            [False],
        )
        mail = session().scalars(select(Mail).where(Mail.kind == "paper-objection-answered")).one()
        assert mail.recipient == judge_account().email
        (line,) = audit.records(actions=["paper.settled"])
        assert line.data == {"round": ROUND, "paper": found.stored.code}


def test_who_objects_again_waits_again_and_what_was_answered_stays(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        found, actor = objected(edition)
        judging_round = edition.rules.rounds()[0]
        settle_objection(
            edition, found, judging_round, "Đã xem.", seen="Tôi cho 20 điểm", actor=actor, now=LATER
        )

        object_to(edition, again(edition, found), "Vẫn sai", actor=judge_actor(), now=LATER)

        assert (again(edition, found).has_objection, len(again(edition, found).answers)) == (True, 1)


def test_an_answer_needs_words_and_the_objection_that_was_read(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        found, actor = objected(edition)
        judging_round = edition.rules.rounds()[0]
        for words, seen in ((" ", "Tôi cho 20 điểm"), ("Đã xem.", "Lời cũ")):
            with pytest.raises(Invalid):
                settle_objection(edition, found, judging_round, words, seen=seen, actor=actor, now=LATER)
        settle_objection(
            edition, found, judging_round, "Đã xem.", seen="Tôi cho 20 điểm", actor=actor, now=LATER
        )
        with pytest.raises(Invalid):
            settle_objection(
                edition, found, judging_round, "Lần hai", seen="Tôi cho 20 điểm", actor=actor, now=LATER
            )
        assert session().scalars(select(PaperAnswer.answer)).all() == ["Đã xem."]
