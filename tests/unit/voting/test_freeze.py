"""Cancelling votes and freezing the count: only by the committee, only at its time, and exactly what was voted."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from core.contests.models import Phase
from core.contests.policies import PhaseClosed
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid
from core.voting.models import VoteTally
from core.voting.policies import VoteCancelled, VotesFrozen, VotingStillOpen
from core.voting.queries import access_votable, access_vote, freeze_of, frozen_votes
from core.voting.services import cancel_vote, cast_vote, freeze_votes
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, view
from tests.support.voting import ADDRESS, cast, in_tenant, make_entries, make_voters, tally_of, vote_count

AFTER = NOW + timedelta(days=5)
COMMITTEE = "btc@example.vn"


def test_the_frozen_counts_are_the_votes_with_zeros_and_without_what_left(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second, third = make_entries(edition, 3)
        hidden = make_entry(edition, account(), published=False)
        gone = make_entry(edition, account())
        for voter in make_voters(3):
            cast(edition, first, voter)
            cast(edition, gone, voter)
        cast(edition, second, account("cutri@example.vn"))
        gone.state = "withdrawn"
        session().flush()

        frozen = freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER)

        assert dict(frozen.votes) == {first.code: 3, second.code: 1, third.code: 0}
        assert hidden.code not in frozen.votes
        assert (frozen.total, frozen.at, frozen.by_name) == (4, AFTER, "Cán bộ Thử")
        assert frozen.sha256 == sha256_of({first.code: 3, second.code: 1, third.code: 0})
        assert frozen_votes(edition.id) == dict(frozen.votes)
        (line,) = audit.records(actions=["votes.frozen"])
        assert line.data == {"sha256": frozen.sha256, "total": 4, "entries": 3, "differences": {}}


def test_the_freeze_counts_votes_and_reports_a_tally_that_differs(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        cast(edition, entry, account("cutri@example.vn"))
        session().execute(update(VoteTally).values(votes=9), execution_options={"synchronize_session": False})
        frozen = freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER)
        assert dict(frozen.votes) == {entry.code: 1}
        assert dict(frozen.differences) == {entry.code: (9, 1)}


def test_freezing_twice_gives_the_first_freeze(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entries(edition, 1)
        committee = actor_of(account(COMMITTEE))
        first = freeze_votes(edition, actor=committee, now=AFTER)
        again = freeze_votes(edition, actor=committee, now=AFTER + timedelta(days=1))
        assert again == first
        assert len(audit.records(actions=["votes.frozen"])) == 1


def test_one_second_before_the_end_votes_are_not_frozen_and_the_dates_are_told(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        with pytest.raises(VotingStillOpen) as refusal:
            freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER - timedelta(seconds=1))
        assert "đến 10:00 ngày 17/11/2025" in refusal.value.message
        assert freeze_of(edition.id) is None


def test_only_the_committee_freezes(world: World) -> None:
    with in_tenant(world, world.first) as edition, pytest.raises(Forbidden):
        freeze_votes(edition, actor=actor_of(account("giamkhao@example.vn")), now=AFTER)


def test_a_vote_after_the_freeze_is_refused_and_counts_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        code = entry.code or ""
        freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER)
        _move_end(edition.id, AFTER + timedelta(days=3))  # as if the clock had been turned back
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        voter = actor_of(account("cutri@example.vn"))
        with pytest.raises(VotesFrozen):
            cast_vote(view(world.first), access_votable(code), voter=voter, now=AFTER, address=ADDRESS)
        current.rollback()
        assert (vote_count(), tally_of(access_votable(code).id)) == (0, 0)
        assert frozen_votes(view(world.first).id) == {code: 0}


def test_a_cancelled_vote_stays_with_its_reason_and_no_longer_counts(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        vote = access_vote(cast(edition, entry, voter).code)
        cancel_vote(vote, "Tài khoản lập hộ", actor=actor_of(account(COMMITTEE)), now=NOW)
        assert (vote.cancelled_at, vote.cancel_reason) == (NOW, "Tài khoản lập hộ")
        assert (vote_count(), tally_of(entry.id)) == (1, 0)
        with pytest.raises(VoteCancelled):
            cast(edition, entry, voter)
        assert dict(freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER).votes) == {
            entry.code: 0
        }


def test_cancelling_twice_takes_one_vote_away(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        vote = access_vote(cast(edition, entry, account("cutri@example.vn")).code)
        for _ in range(2):
            cancel_vote(vote, "Trùng người", actor=actor_of(account(COMMITTEE)), now=NOW)
        assert (tally_of(entry.id), len(audit.records(actions=["vote.cancelled"]))) == (0, 1)


def test_cancelling_needs_a_reason_and_the_committee(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        vote = access_vote(cast(edition, entry, voter).code)
        with pytest.raises(Invalid) as wrong:
            cancel_vote(vote, "  ", actor=actor_of(account(COMMITTEE)), now=NOW)
        assert wrong.value.errors == {"reason": ["Cần ghi lý do hủy phiếu."]}
        with pytest.raises(Forbidden):
            cancel_vote(vote, "Không thích", actor=actor_of(voter), now=NOW)


def test_no_vote_is_cancelled_after_the_freeze(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        vote = access_vote(cast(edition, entry, account("cutri@example.vn")).code)
        committee = actor_of(account(COMMITTEE))
        freeze_votes(edition, actor=committee, now=AFTER)
        with pytest.raises(VotesFrozen):
            cancel_vote(vote, "Muộn", actor=committee, now=AFTER)


def test_votes_that_race_with_the_freeze_are_either_counted_or_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        code = entry.code or ""
        voters = [one.id for one in make_voters(6)]
        chief = actor_of(account(COMMITTEE))
    taken, errors = _race(world, voters, code, chief)
    assert all(isinstance(error, (VotesFrozen, PhaseClosed)) for error in errors)
    with in_tenant(world, world.first) as edition:
        assert frozen_votes(edition.id) == {code: vote_count()}
        assert len(taken) == vote_count() == 6 - len(errors)
        assert audit.first_false_record() is None


def test_a_freeze_of_one_tenant_leaves_its_twin_open(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        (twin,) = make_entries(edition, 1)
        twin_id = twin.id
    with in_tenant(world, world.first) as edition:
        make_entries(edition, 1)
        freeze_votes(edition, actor=actor_of(account(COMMITTEE)), now=AFTER)
    with in_tenant(world, world.second) as edition:
        assert freeze_of(edition.id) is None
        (entry,) = [access_votable("TT-K1-0001")]
        cast_vote(edition, entry, voter=actor_of(account("cutri@example.vn")), now=NOW, address=None)
        assert tally_of(twin_id) == 1


def _move_end(edition_id: UUID, until: datetime) -> None:
    statement = update(Phase).where(Phase.edition_id == edition_id, Phase.kind == "voting")
    session().execute(statement.values(closes_at=until), execution_options={"synchronize_session": False})


def _race(world: World, voters: list[UUID], code: str, chief: Actor) -> tuple[list[str], list[Exception]]:
    """Votes cast one second before the end, and the freeze of one second after it, all at once."""
    start = threading.Barrier(len(voters) + 1)
    taken: list[str] = []
    errors: list[Exception] = []

    def vote(voter_id: UUID) -> None:
        with world.app.app_context(), tenant_scope(world.first.id) as current:
            start.wait(30)
            voter, now = Actor(id=voter_id, name="Cử tri"), AFTER - timedelta(seconds=1)
            try:
                found = cast_vote(view(world.first), access_votable(code), voter=voter, now=now, address=None)
                current.commit()
            except Exception as error:  # noqa: BLE001 - the test tells what went wrong
                current.rollback()
                errors.append(error)
            else:
                taken.append(found.code)

    def freeze() -> None:
        with world.app.app_context(), tenant_scope(world.first.id) as current:
            start.wait(30)
            freeze_votes(view(world.first), actor=chief, now=AFTER + timedelta(seconds=1))
            current.commit()

    threads = [threading.Thread(target=vote, args=(voter,)) for voter in voters]
    threads.append(threading.Thread(target=freeze))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return taken, errors
