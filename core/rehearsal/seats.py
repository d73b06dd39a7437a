"""The councils of a play: one a round, everybody invited, accepting and signing; a secretary, a reserve, groups.

The number and day of a decision are no more known here than to anybody, and stay empty. Everybody judges in every
group, so that groups change nothing of who judges what.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from core.judging.seating import council_of, seat_rows
from core.judging.seats import SeatRole
from core.judging.services import (
    CouncilFacts,
    GroupFacts,
    accept_seat,
    invite_to_council,
    own_seat_in,
    pledge_of_seat,
    save_council,
    save_group,
    sign_pledge,
)
from core.kernel.actor import Actor, Role
from core.rehearsal.agenda import Deed
from core.rehearsal.stage import Stage

MERGED = 2
"""How many fields the first group of a council takes together."""
VICE_FROM = 3
"""With this many judges the second is vice-chair."""


def seat_deeds(stage: Stage, appointed: datetime) -> Iterator[Deed]:
    """The councils are made at `appointed`, a judge sits down each minute, then the secretary, the reserve, groups."""
    yield Deed(appointed, 29, partial(_make, stage))
    judges = stage.size.judges
    for number in range(1, judges + 1):
        yield Deed(appointed + timedelta(minutes=number), 30 + number, partial(_seat_judge, stage, number))
    after = appointed + timedelta(minutes=judges + 1)
    yield Deed(after, 31 + judges, partial(_seat_others, stage))
    yield Deed(after, 32 + judges, partial(_group, stage))


def _make(stage: Stage, now: datetime) -> None:
    for one in stage.edition.rules.rounds():
        save_council(stage.edition, one.key, CouncilFacts(), actor=stage.committee(now), now=now)
        stage.counts["councils"] += 1


def _seat_judge(stage: Stage, number: int, now: datetime) -> None:
    actor = stage.person("judge", number, now, role=Role.JUDGE)
    role = SeatRole.CHAIR if number == 1 else SeatRole.MEMBER
    if number == VICE_FROM - 1 and stage.size.judges >= VICE_FROM:
        role = SeatRole.VICE_CHAIR
    _seat(stage, actor, role, now)
    stage.counts["judges"] += 1


def _seat_others(stage: Stage, now: datetime) -> None:
    # Numbered past the voters, so that nobody shares a name with one.
    for place, role in enumerate((SeatRole.SECRETARY, SeatRole.RESERVE), start=1):
        _seat(stage, stage.person(role.value, stage.size.voters + place, now), role, now)


def _seat(stage: Stage, actor: Actor, role: SeatRole, now: datetime) -> None:
    """Invite, accept, read and sign, for each round's council."""
    edition = stage.edition
    for one in edition.rules.rounds():
        seat = invite_to_council(
            edition, one.key, stage.account(actor).id, role, actor=stage.committee(now), now=now
        )
        accept_seat(edition, seat.id, actor=actor, now=now)
        council, seat = own_seat_in(edition, actor, one.key)
        read = pledge_of_seat(edition, council, seat, actor)
        sign_pledge(edition, one.key, read.sha256, agreed=True, device="", actor=actor, now=now)
        stage.counts["pledges"] += 1


def _group(stage: Stage, now: datetime) -> None:
    """The first fields are merged, the others make the second group."""
    keys = [one.key for one in stage.edition.rules.entry_fields()]
    if len(keys) <= MERGED:
        return
    for one in stage.edition.rules.rounds():
        council = council_of(stage.edition.id, one.key)
        seats = frozenset(row.id for row in (seat_rows(council) if council else ()) if row.is_judging)
        for number, fields in enumerate((keys[:MERGED], keys[MERGED:]), start=1):
            facts = GroupFacts(f"Nhóm {number}", frozenset(fields), seats)
            save_group(stage.edition, one.key, None, facts, actor=stage.committee(now), now=now)
            stage.counts["groups"] += 1
