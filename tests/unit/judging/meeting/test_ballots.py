"""Ballots: one vote each, counted once, and of a secret one nothing that tells who voted for what."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import column, select

from core.contests.values import EditionView
from core.judging.meeting.ballot_choices import choices_of
from core.judging.meeting.ballot_facts import BallotFacts
from core.judging.meeting.ballot_models import Ballot, BallotOption
from core.judging.meeting.ballot_words import outcome_sentence
from core.judging.meeting.ballots import (
    BLANK,
    access_ballot,
    awaited,
    ballots_of,
    cancel,
    cast,
    close,
    electorate,
    open_ballot,
    outcome_of,
    voters_of,
)
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import sections_for, sections_of
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.minutes_paper import paper_of
from core.judging.meeting.tally import Basis, Outcome, Verdict
from core.judging.services import withdraw_judge
from core.judging.services.blinding import set_blind
from core.kernel.actor import SYSTEM
from core.kernel.audit import records
from core.kernel.db import ALL_TENANTS, Base, session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.paper.typeset import pdf_of
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, judge_account, judge_actor, make_round
from tests.support.meeting import attendee, conflicted, make_meeting, secretary
from tests.support.voting import in_tenant

WORDS = BallotFacts("Có gia hạn buổi họp không?", "Có\nKhông")


def opened(edition: EditionView, facts: BallotFacts = WORDS, *, form: str = "t1") -> Ballot:
    return open_ballot(edition, attendee(edition), facts, form_token=form, actor=secretary(), now=NOW)


def voted(edition: EditionView, number: int, choice: int, *, ballot: int = 1) -> bool:
    """J<number> votes for the option at `choice`."""
    actor = judge_actor(number)
    return cast(edition, attendee(edition, actor), ballot, choice, actor=actor, now=NOW)


def test_judging_seats_may_vote_and_the_secretary_may_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)

        ballot = opened(edition)

        assert {one.account_id for one in voters_of(ballot)} == {judge_account(n).id for n in (1, 2, 3)}
        with pytest.raises(MeetingRefused):
            cast(edition, attendee(edition), 1, 1, actor=secretary(), now=NOW)


def test_the_last_vote_closes_and_counts(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)
        for number, choice in ((1, 1), (2, 2), (3, 1)):
            voted(edition, number, choice)

        outcome = outcome_of(ballot)

        assert outcome is not None
        assert (ballot.state, outcome.counts, outcome.verdict) == ("closed", (2, 1), Verdict.WON)
        line = records(actions=["ballot.closed"])[-1]
        assert line.data == {
            "number": 1,
            "counts": [2, 1],
            "blank": 0,
            "voters": 3,
            "verdict": "won",
            "leading": [1],
        }


@pytest.mark.parametrize("is_secret", [True, False])
def test_a_blank_vote_is_counted_apart(world: World, is_secret: bool) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=4)
        ballot = opened(edition, replace(WORDS, is_secret=is_secret))
        for number, choice in ((1, 1), (2, BLANK), (3, BLANK), (4, 1)):
            assert voted(edition, number, choice)

        outcome = outcome_of(ballot)

        assert outcome is not None
        assert (outcome.counts, outcome.blank, outcome.cast, outcome.verdict) == ((2, 0), 2, 4, Verdict.WON)
        assert records(actions=["ballot.closed"])[-1].data["blank"] == 2
        kept = {one.account_id: one.choice for one in voters_of(ballot)}
        choices = [kept[judge_account(number).id] for number in (1, 2, 3, 4)]
        assert choices == ([None] * 4 if is_secret else [1, BLANK, BLANK, 1])


def test_a_majority_of_all_votes_cast_counts_the_blank_ones_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=4)
        ballot = opened(edition, replace(WORDS, basis=Basis.CAST.value))
        for number, choice in ((1, 1), (2, BLANK), (3, BLANK), (4, 1)):
            voted(edition, number, choice)

        outcome = outcome_of(ballot)

        assert outcome is not None
        assert (outcome.verdict, outcome.reckoned) == (Verdict.NO_MAJORITY, 4)
        assert records(actions=["ballot.opened"])[-1].data["basis"] == "cast"


def test_nothing_but_blank_votes_chooses_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=2)
        ballot = opened(edition)
        voted(edition, 1, BLANK)
        voted(edition, 2, BLANK)

        outcome = outcome_of(ballot)

        assert outcome is not None
        assert (outcome.verdict, outcome.leading, ballot.state) == (Verdict.ALL_BLANK, (), "closed")
        assert outcome_sentence(outcome, ["Có", "Không"]) == (
            "Cả 2 phiếu đều là phiếu trắng: không phương án nào được chọn."
        )


def test_a_blank_vote_counts_towards_how_many_have_voted(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)
        voted(edition, 1, 1)
        voted(edition, 2, BLANK)

        close(edition, attendee(edition), 1, actor=secretary(), now=NOW)

        outcome = outcome_of(ballot)
        assert outcome is not None
        assert (outcome.verdict, outcome.cast) == (Verdict.WON, 2)
        assert outcome_sentence(outcome, ["Có", "Không"]) == (
            "Hội đồng chọn “Có” với 1 trên 1 phiếu. Có 1 phiếu trắng, không tính vào tổng số phiếu."
        )


def test_a_ballot_that_was_counted_before_there_were_blank_votes_reads_as_it_did(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)
        ballot.state = "closed"
        ballot.outcome = {"counts": [2, 1], "voters": 3, "verdict": "won", "leading": [1]}

        assert outcome_of(ballot) == Outcome((2, 1), 3, Verdict.WON, (1,), blank=0, basis=Basis.VALID)


def test_the_minutes_tell_the_blank_votes(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=2)
        opened(edition)
        voted(edition, 1, 2)
        voted(edition, 2, BLANK)

        minutes = draft_minutes(edition, attendee(edition), actor=secretary(), now=NOW)

        told = next(one for one in sections_of(minutes) if one.key == "ballot-001")
        way = (
            "Cách thức: bỏ phiếu kín; cần ít nhất hai phần ba số người có quyền bỏ phiếu; phương án được chọn cần "
            "quá nửa số phiếu, không tính phiếu trắng (hội đồng chọn cho lần này)."
        )
        assert told.body.split("\n")[1:] == [
            way,
            "2 người đã bỏ phiếu trên 2 người có quyền.",
            "Có: 0 phiếu.",
            "Không: 1 phiếu.",
            "Phiếu trắng: 1 phiếu.",
            "Hội đồng chọn “Không” với 1 trên 1 phiếu. Có 1 phiếu trắng, không tính vào tổng số phiếu.",
        ]
        paper = paper_of(edition, minutes, sections_for(minutes, attendee(edition), actor=secretary()))
        pages = PdfReader(BytesIO(pdf_of(paper, at=NOW, organiser="Ban Tổ chức"))).pages
        printed = "".join("".join(page.extract_text() for page in pages).split())
        assert "Phiếutrắng:1phiếu." in printed


def test_a_second_vote_changes_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)

        assert [voted(edition, 1, 1), voted(edition, 1, 2)] == [True, False]

        close(edition, attendee(edition), 1, actor=secretary(), now=NOW)
        close(edition, attendee(edition), 1, actor=secretary(), now=NOW)
        outcome = outcome_of(ballot)
        assert outcome is not None
        assert (outcome.counts, outcome.verdict) == ((1, 0), Verdict.NO_QUORUM)
        assert len(records(actions=["ballot.closed"])) == 1


def test_a_tie_is_told_as_a_tie(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=2)
        ballot = opened(edition)
        voted(edition, 1, 1)
        voted(edition, 2, 2)

        outcome = outcome_of(ballot)

        assert outcome is not None
        assert (outcome.verdict, outcome.leading) == (Verdict.TIE, (1, 2))


def test_a_vote_after_the_count_is_refused_and_counts_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)
        voted(edition, 1, 1)
        close(edition, attendee(edition), 1, actor=secretary(), now=NOW)

        with pytest.raises(MeetingRefused):
            voted(edition, 2, 1)

        assert ballot.outcome is not None
        assert (ballot.outcome["counts"], [one.votes for one in options()]) == ([1, 0], [1, 0])


def options() -> list[BallotOption]:
    return list(session().scalars(select(BallotOption).order_by(BallotOption.position)))


def test_who_is_removed_in_the_middle_votes_no_more_and_what_was_cast_stands(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)
        voted(edition, 1, 1)
        late = attendee(edition, judge_actor(2))
        withdraw_judge(edition, "J1", "Ốm", actor=SYSTEM, now=NOW)
        withdraw_judge(edition, "J2", "Ốm", actor=SYSTEM, now=NOW)
        with pytest.raises(MeetingRefused):
            cast(edition, late, 1, 2, actor=judge_actor(2), now=NOW)
        assert awaited(edition, ballot) == 1

        voted(edition, 3, 1)

        outcome = outcome_of(ballot)
        assert outcome is not None
        assert (outcome.counts, outcome.voters, outcome.verdict) == ((2, 0), 3, Verdict.WON)


def test_who_has_a_conflict_neither_votes_nor_finds_the_ballot(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition, judges=4)
        conflicted(made[0], judge_actor(1))
        ballot = opened(edition, BallotFacts("Chọn giải nhất", f"{made[0].code}\n{made[1].code}"))

        assert judge_account(1).id not in {one.account_id for one in voters_of(ballot)}
        assert ballots_of(edition, ROUND, actor=judge_actor(1)) == []
        with pytest.raises(NotFound):
            voted(edition, 1, 1)
        assert [one.entry_id for one in options()] == [made[0].id, made[1].id]
        words = choices_of(edition, [ballot], attendee(edition))[ballot.id][0].words
        assert words == f"{made[0].code}: {made[0].title}"


def test_in_a_blind_round_a_dossier_is_voted_on_by_its_code_and_never_by_its_own_title(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        made[0].title = "Máy sấy của kỹ sư Wzyxqq"
        before = opened(edition, BallotFacts("Chọn giải nhất", f"{made[0].code}\n{made[1].code}"))
        set_blind(edition, ROUND, [], is_on=True, actor=SYSTEM, now=NOW)

        with pytest.raises(Invalid) as told:
            opened(edition, BallotFacts("Xét Máy sấy của kỹ sư Wzyxqq", "Có\nKhông"), form="t2")
        after = opened(edition, BallotFacts("Chọn giải nhất", f"{made[0].code}\n{made[1].code}"), form="t3")

        shown = choices_of(edition, [before, after], attendee(edition))
        assert [[one.words for one in shown[ballot.id]] for ballot in (before, after)] == [
            [made[0].code, made[1].code]
        ] * 2
        assert [list(told.value.errors), str(made[0].code) in told.value.errors["question"][0]] == [
            ["question"],
            True,
        ]


def test_a_dossier_named_in_the_question_alone_counts_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        conflicted(made[0], judge_actor(1))

        ballot = opened(edition, BallotFacts(f"Có xét lại {made[0].code} không?", "Có\nKhông"))

        assert (ballot.entries, len(voters_of(ballot))) == ([made[0].code], 2)


def test_a_dossier_named_by_its_title_counts_too_and_one_whose_title_goes_on_does_not(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        made[1].title = "Máy sấy chè 10"
        session().flush()

        ballot = opened(edition, BallotFacts("Có xét lại Máy sấy chè 10 không?", "Có\nKhông"))

        assert ballot.entries == [made[1].code]


def test_of_two_devices_at_once_one_vote_is_counted(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        opened(edition)
    together, said = threading.Barrier(2), []

    def try_it(choice: int) -> None:
        with in_tenant(world, world.first) as edition:
            actor = judge_actor()
            who = attendee(edition, actor)
            session().rollback()
            together.wait()
            said.append(cast(edition, who, 1, choice, actor=actor, now=NOW))

    threads = [threading.Thread(target=try_it, args=(choice,)) for choice in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with in_tenant(world, world.first):
        assert (sorted(said), sum(one.votes for one in options())) == ([False, True], 1)


def test_a_conflict_declared_while_voting_takes_the_right_away(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        opened(edition, BallotFacts("Chọn", f"{made[0].code}\n{made[1].code}"))
        conflicted(made[0], judge_actor(2))

        with pytest.raises(NotFound):
            voted(edition, 2, 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (BallotFacts("", "Có\nKhông"), "question"),
        (BallotFacts("Gì", "Có"), "options"),
        (BallotFacts("Gì", "\n".join(str(n) for n in range(11))), "options"),
        (BallotFacts("Gì", "Có\ncó"), "options"),
        (BallotFacts("Gì", "Có\nKhông", quorum="most"), "quorum"),
        (BallotFacts("Gì", "Có\nKhông", majority="all"), "majority"),
        (BallotFacts("Gì", "Có\nKhông", basis="voters"), "basis"),
        (BallotFacts("Gì", "Có\nKhông\nPhiếu trắng"), "options"),
        (BallotFacts("Gì", "Có\nKhông", voters=frozenset()), "voters"),
    ],
)
def test_what_does_not_make_a_ballot_is_told_at_its_place(
    world: World, facts: BallotFacts, field: str
) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        with pytest.raises(Invalid) as refused:
            opened(edition, facts)
        assert list(refused.value.errors) == [field]


def test_a_form_sent_twice_opens_one_ballot(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)

        assert opened(edition).id == opened(edition).id


def test_a_member_opens_and_closes_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        opened(edition)
        who, actor = attendee(edition, judge_actor()), judge_actor()
        with pytest.raises(Forbidden):
            open_ballot(edition, who, WORDS, form_token="t2", actor=actor, now=NOW)
        with pytest.raises(Forbidden):
            close(edition, who, 1, actor=actor, now=NOW)


def test_a_cancelled_ballot_stays_with_its_reason_and_takes_no_vote(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        ballot = opened(edition)

        cancel(edition, attendee(edition), 1, "Ghi nhầm phương án", actor=secretary(), now=NOW)

        assert (ballot.state, ballot.reason) == ("cancelled", "Ghi nhầm phương án")
        with pytest.raises(MeetingRefused):
            voted(edition, 1, 1)
        with pytest.raises(MeetingRefused):
            close(edition, attendee(edition), 1, actor=secretary(), now=NOW)


def test_without_a_council_every_active_judge_may_vote(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, judges=3)
        withdraw_judge(edition, "J2", "Ốm", actor=SYSTEM, now=NOW)

        assert [one.account_id for one in electorate(edition, ROUND)] == [
            judge_account(1).id,
            judge_account(3).id,
        ]


def test_the_twins_ballot_does_not_exist_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_meeting(edition)
        opened(edition)
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        assert ballots_of(edition, ROUND, actor=secretary()) == []
        with pytest.raises(NotFound):
            access_ballot(edition, attendee(edition), 1, actor=secretary())


def test_an_open_ballot_keeps_who_chose_what(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, judges=2)
        ballot = opened(edition, BallotFacts("Gì", "Có\nKhông", is_secret=False))
        voted(edition, 1, 1)
        voted(edition, 2, 1)

        assert [one.choice for one in voters_of(ballot)] == [1, 1]
        assert (ballot.outcome or {})["counts"] == [2, 0]


@pytest.mark.parametrize("choices", [(1, 2), (1, BLANK)], ids=["two options", "one blank"])
def test_of_a_secret_ballot_no_table_and_no_line_differs_with_who_chose_what(
    world: World, choices: tuple[int, int]
) -> None:
    """The same two votes, given by J1 and J2 the one way here and the other way at the twin: all that is kept must be
    the same, save ids and names of accounts, which are in the same order."""
    kept = []
    for facts, given in ((world.first, choices), (world.second, choices[::-1])):
        with in_tenant(world, facts) as edition:
            make_meeting(edition, judges=2)
            before = snapshot()
            opened(edition)
            for number, choice in enumerate(given, start=1):
                voted(edition, number, choice)
            kept.append(told(before, snapshot()))

    first, second = kept
    assert first == second
    assert {table for table, _row in first} == {
        "audit_record", "council_ballot", "council_ballot_option", "council_ballot_voter",
    }  # fmt: skip
    assert [row["choice"] for table, row in first if table == "council_ballot_voter"] == [None, None]


@pytest.mark.parametrize("choice", [2, BLANK], ids=["an option", "blank"])
def test_of_a_secret_ballot_all_options_are_written_with_each_vote(world: World, choice: int) -> None:
    """PostgreSQL keeps with each row which transaction wrote it last: it is the same for every option and for the row
    with the blank votes, whatever was chosen."""
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        opened(edition)
        session().commit()
        voted(edition, 1, choice)
        session().commit()
        if session().get_bind().dialect.name == "postgresql":
            ages: list[Any] = []
            for table in (BallotOption, Ballot):
                ages += session().scalars(select(column("xmin").label("age")).select_from(table))
            assert (len(ages), len({str(one) for one in ages})) == (3, 1)
        ballot = access_ballot(edition, attendee(edition), 1, actor=secretary())
        assert ([one.votes for one in options()], ballot.blank) == (
            ([0, 1], 0) if choice == 2 else ([0, 0], 1)
        )


SKIPPED = {
    "id",
    "tenant_id",
    "ballot_id",
    "account_id",
    "edition_id",
    "leaf",
    "opened_by",
    "actor_id",
    "name",
}


def snapshot() -> dict[tuple[str, UUID], Mapping[str, Any]]:
    """Every row of the bound tenant in every table but the head of the log, whose hash is over all ids."""
    found: dict[tuple[str, UUID], Mapping[str, Any]] = {}
    tenant = session().tenant_id
    for table in Base.metadata.sorted_tables:
        if "tenant_id" in table.c and table.name != "audit_head":
            ask = select(table).where(table.c.tenant_id == tenant)
            for row in session().execute(ask, execution_options=ALL_TENANTS).mappings():
                found[table.name, row["id"]] = dict(row)
    return found


def told(
    before: Mapping[tuple[str, UUID], Mapping[str, Any]],
    after: Mapping[tuple[str, UUID], Mapping[str, Any]],
) -> list[tuple[str, dict[str, Any]]]:
    """What came or changed, table by table, without what names persons and rows: ids were given before anybody voted,
    and those of one millisecond are in no order."""
    new = [
        (table, {name: value for name, value in row.items() if name not in SKIPPED})
        for (table, row_id), row in after.items()
        if before.get((table, row_id)) != row
    ]
    return sorted(new, key=lambda one: (one[0], one[1].get("seq", 0), one[1].get("position", 0), str(one[1])))
