"""A judged edition made through the real services: entries, a council, locked sheets, votes, and the clock after all.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.policies import access_sheet
from core.judging.services import appoint_judge, lock_sheet, open_round, save_scores
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.people.models import Account
from core.results.decisions import DecidedItem
from core.results.models import Computation, Decision
from core.results.services import compute_results, record_decision
from core.voting.services import cast_vote, freeze_votes
from tests.support.entries import make_entry
from tests.support.factories import NOW, TenantFacts, actor_of, make_account, set_clock, view

LATER = NOW + timedelta(days=11)
HELD_ON = date(2025, 11, 22)
OFFICER = Actor(id=None, name="Cán bộ Thử", roles=frozenset({Role.COMMITTEE}))
SCORES = (("18.5", "27", "25"), ("18", "27", "24.5"), ("12", "20", "20"), ("10", "15", "15"))
VOTES = (3, 5, 0, 1)


@dataclass(frozen=True)
class Judged:
    """An edition with its codes, as it stands after voting and judging."""

    edition: EditionView
    codes: tuple[str, ...]


def judge_edition(
    facts: TenantFacts,
    scores: Sequence[Sequence[str]] = SCORES,
    votes: Sequence[int] = VOTES,
    *,
    judges: int = 2,
    freeze: bool = True,
    authors: Mapping[int, int] | None = None,
) -> Judged:
    """Entries with these points (every judge gives the same) and votes, frozen; the clock stands after it all."""
    edition = view(facts)
    owner = session().scalars(select(Account).where(Account.email == "tacgia@example.vn")).one()
    entries = [_entry(edition, owner, number, authors or {}) for number, _ in enumerate(scores, start=1)]
    _judge(edition, entries, scores, judges)
    _vote(edition, entries, votes)
    if freeze and edition.rules.vote_policy().enabled:
        freeze_votes(edition, actor=OFFICER, now=LATER)
    set_clock(edition.id, LATER)
    session().flush()
    return Judged(view(facts), tuple(entry.code or "" for entry in entries))


def decide(
    judged: Judged, computation: Computation, *items: DecidedItem, members: int = 15, agreed: int = 12
) -> Decision:
    """The committee's decision: as proposed but for `items`."""
    return record_decision(
        judged.edition, computation, items, members, agreed, HELD_ON, "15/BB-BTC", actor=OFFICER, now=LATER
    )


def computed(judged: Judged, now: datetime = LATER) -> Computation:
    """The computation of a judged edition."""
    return compute_results(judged.edition, actor=OFFICER, now=now)


def _entry(edition: EditionView, owner: Account, number: int, authors: Mapping[int, int]) -> Entry:
    stored = session().get_one(Edition, (session().tenant_id, edition.id))
    person = (f"Trần Thị Sáng Kiến {number}", "chief", authors.get(number, 1980))
    return make_entry(stored, owner, title=f"Máy thử số {number}", authors=(person,))


def _judge(
    edition: EditionView, entries: Sequence[Entry], scores: Sequence[Sequence[str]], judges: int
) -> None:
    council = []
    for number in range(1, judges + 1):
        account = make_account(f"gk{number}@example.vn", name=f"Lê Giám Khảo {number}", roles=[Role.JUDGE])
        appoint_judge(edition, account.id, actor=SYSTEM, now=NOW)
        council.append(actor_of(account))
    deciding = edition.rules.deciding_round()
    for judging in edition.rules.rounds():
        open_round(edition, judging.key, actor=SYSTEM, now=NOW)
    for actor in council:
        for entry, points in zip(entries, scores, strict=True):
            if not points:
                continue
            place = access_sheet(edition, actor, deciding.key, entry.code or "")
            given = {one.key: Decimal(text) for one, text in zip(deciding.criteria, points, strict=True)}
            saved = save_scores(edition, place, given, None, 0, actor=actor, now=NOW)
            lock_sheet(edition, place, saved.sheet.revision, actor=actor, now=NOW)


def _vote(edition: EditionView, entries: Sequence[Entry], votes: Sequence[int]) -> None:
    voters = [make_account(f"cutri{number}@example.vn") for number in range(max(votes, default=0))]
    for entry, count in zip(entries, votes, strict=False):
        for voter in voters[:count]:
            cast_vote(edition, entry, voter=actor_of(voter), now=NOW, address=None)
