"""Casting votes: one account, one vote an entry, inside the window and nowhere else."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.contests.policies import PhaseClosed
from core.contests.values import EditionView, PhaseKind
from core.entries.models import Entry
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session, tenant_scope
from core.kernel.errors import NotFound
from core.voting.policies import NotVerified, NotVotable, VoteLimit
from core.voting.queries import access_votable, receipt_by_code, receipt_of, votes_of
from core.voting.services import cast_vote, commitment_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, view
from tests.support.voting import (
    ADDRESS,
    cast,
    in_tenant,
    limited,
    make_entries,
    make_voters,
    stored_vote,
    tally_of,
    vote_count,
)

SECOND = timedelta(seconds=1)


def test_a_vote_is_counted_and_its_commitment_stands_in_the_log(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        receipt = cast(edition, entry, account("cutri@example.vn"))

        (line,) = audit.records(actions=["vote.cast"])
        assert (receipt.is_new, receipt.entry, receipt.cast_at) == (True, entry.code, NOW)
        assert (vote_count(), tally_of(entry.id)) == (1, 1)
        assert (line.subject, line.data) == (entry.code, {"commitment": receipt.commitment})


def test_the_log_and_the_stored_vote_do_not_hold_the_voters_address(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        receipt = cast(edition, entry, voter)
        (line,) = audit.records(actions=["vote.cast"])
        assert ADDRESS not in str(line.data)
        stored = stored_vote(receipt.code)
        assert stored.address_digest is not None
        assert ADDRESS not in stored.address_digest
        assert stored.commitment == commitment_of(
            edition.key, entry.code or "", voter.id, receipt.code, stored.nonce
        )


def test_voting_again_gives_the_first_receipt_and_counts_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        first = cast(edition, entry, voter)
        again = cast(edition, entry, voter, now=NOW + timedelta(hours=1))
        assert again.is_new is False
        assert (again.code, again.commitment, again.cast_at) == (first.code, first.commitment, NOW)
        assert (vote_count(), tally_of(entry.id), len(audit.records(actions=["vote.cast"]))) == (1, 1, 1)


def test_one_account_may_vote_for_several_entries(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_entries(edition, 3)
        voter = account("cutri@example.vn")
        codes = {entry.id: cast(edition, entry, voter).code for entry in entries}
        assert votes_of(voter.id, edition.id) == codes


@pytest.mark.parametrize(("second", "is_taken"), [(-1, False), (0, True), (1, True)])
def test_the_vote_opens_at_its_instant(world: World, second: int, is_taken: bool) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        phase = edition.phase(PhaseKind.VOTING)
        assert phase is not None
        assert _is_taken(edition, entry, phase.opens_at + second * SECOND) is is_taken
        assert (vote_count(), tally_of(entry.id)) == (int(is_taken), int(is_taken))


@pytest.mark.parametrize(("second", "is_taken"), [(-1, True), (0, False), (1, False)])
def test_the_vote_closes_at_its_instant(world: World, second: int, is_taken: bool) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        phase = edition.phase(PhaseKind.VOTING)
        assert phase is not None
        assert _is_taken(edition, entry, phase.closes_at + second * SECOND) is is_taken
        assert (vote_count(), tally_of(entry.id)) == (int(is_taken), int(is_taken))


def test_a_vote_outside_its_window_is_refused_with_the_windows_dates(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        with pytest.raises(PhaseClosed) as refusal:
            cast(edition, entry, account("cutri@example.vn"), now=NOW + timedelta(days=6))
        assert refusal.value.message == (
            "Đã hết thời gian bình chọn: từ 10:00 ngày 07/11/2025 đến 10:00 ngày 17/11/2025."
        )


@pytest.mark.parametrize(
    ("state", "published"), [("accepted", False), ("submitted", False), ("withdrawn", True)]
)
def test_an_entry_outside_the_gallery_cannot_be_voted_for(world: World, state: str, published: bool) -> None:
    with in_tenant(world, world.first) as edition:
        entry = make_entry(edition, account(), state=state, published=published)
        with pytest.raises(NotVotable):
            cast(edition, entry, account("cutri@example.vn"))
        assert vote_count() == 0


def test_an_account_that_is_not_verified_cannot_vote(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        voter.verified_at = None
        session().flush()
        with pytest.raises(NotVerified):
            cast(edition, entry, voter)


def test_the_platform_itself_cannot_vote(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        with pytest.raises(NotVerified):
            cast_vote(edition, entry, voter=Actor(id=None, name="Hệ thống"), now=NOW, address=None)


def test_where_the_rules_limit_the_entries_the_next_vote_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        first, second = make_entries(edition, 2)
        voter = account("cutri@example.vn")
        cast(edition, first, voter)
        with pytest.raises(VoteLimit):
            cast(limited(edition, 1), second, voter)
        assert cast(limited(edition, 1), first, voter).is_new is False
        assert cast(limited(edition, 2), second, voter).is_new is True


def test_a_receipt_tells_its_holder_what_counts_and_where_it_is_logged(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter = account("cutri@example.vn")
        receipt = cast(edition, entry, voter)
        typed = f" {receipt.code[:5].lower()}-{receipt.code[5:]} "
        found = receipt_by_code(typed)
        assert found is not None
        assert (found.entry, found.title, found.log_number) == (entry.code, entry.title, 0)
        assert found == receipt_of(receipt.code, voter.id)


def test_a_receipt_of_the_other_tenant_is_unknown_here(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        code, entry_code = cast(edition, entry, account("cutri@example.vn")).code, entry.code
    with in_tenant(world, world.second) as edition:
        assert receipt_by_code(code) is None
        with pytest.raises(NotFound):
            access_votable(entry_code or "")


def test_one_account_voting_from_many_devices_at_once_has_one_vote(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voter_id, entry_id, code = account("cutri@example.vn").id, entry.id, entry.code or ""
    codes, errors = _at_once(world, [(voter_id, code)] * 6)
    assert errors == []
    assert len(set(codes)) == 1
    with in_tenant(world, world.first):
        assert (vote_count(), tally_of(entry_id)) == (1, 1)


def test_many_voters_at_once_are_all_counted_and_the_log_holds(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_entries(edition, 1)
        voters, entry_id, code = [one.id for one in make_voters(6)], entry.id, entry.code or ""
    codes, errors = _at_once(world, [(voter, code) for voter in voters])
    assert errors == []
    assert len(set(codes)) == 6
    with in_tenant(world, world.first):
        assert (vote_count(), tally_of(entry_id)) == (6, 6)
        assert audit.first_false_record() is None


def _is_taken(edition: EditionView, entry: Entry, now: datetime) -> bool:
    try:
        cast(edition, entry, account("cutri@example.vn"), now=now)
    except PhaseClosed:
        return False
    return True


def _at_once(world: World, votes: list[tuple[UUID, str]]) -> tuple[list[str], list[Exception]]:
    """Each (account, entry code) votes from a thread and a transaction of its own; all start together."""
    start = threading.Barrier(len(votes))
    codes: list[str] = []
    errors: list[Exception] = []

    def one(voter_id: UUID, code: str) -> None:
        with world.app.app_context(), tenant_scope(world.first.id) as current:
            voter = Actor(id=voter_id, name="Người bình chọn")
            start.wait(30)
            try:
                receipt = cast_vote(
                    view(world.first), access_votable(code), voter=voter, now=NOW, address=ADDRESS
                )
                current.commit()
            except Exception as error:  # noqa: BLE001 - the test tells what went wrong
                errors.append(error)
            else:
                codes.append(receipt.code)

    threads = [threading.Thread(target=one, args=vote) for vote in votes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return codes, errors
