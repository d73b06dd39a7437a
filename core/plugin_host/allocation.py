"""Quotas as ceilings: from a ranking to a proposal of prize tiers.

A tier takes from the top those who reach its minimum, up to its quota; who does not reach it goes on to the
next tier. Places that nobody reaches stay empty, unless the scheme spills them into the next tier.

Entries that are still tied after the tie-breaks and do not all fit into one tier are left to the committee:
nothing is proposed for them. The places they would take, in this tier and, for the rest of them, in the tiers
below, are held for them, so that nobody ranked lower takes a disputed place. Those ranked lower are seated in
what remains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from core.plugin_api import Allocation, AwardScheme, Proposal, Ranked, Step, Text, Tier


def allocate_by_quota(scheme: AwardScheme, ranking: Iterable[Ranked], clause: str) -> Allocation:
    """Propose tiers for `ranking`; `clause` is cited where a tier has none of its own. Row order does not matter."""
    board = _Board(scheme, clause)
    ordered = sorted(ranking, key=lambda row: (row.rank, row.entry))
    for _, tied in groupby(ordered, key=lambda row: row.rank):
        board.seat(tuple(tied))
    return board.close()


@dataclass(slots=True)
class _Seats:
    """One tier while it is being filled; `left` None means no limit."""

    tier: Tier
    left: int | None
    spilled: int = 0
    taken: int = 0
    held: int = 0

    def reserve(self, places: int) -> None:
        if self.left is not None:
            self.left -= places


@dataclass(slots=True)
class _Board:
    scheme: AwardScheme
    clause: str
    seats: list[_Seats] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    disputes: list[Step] = field(default_factory=list)
    current: int = 0

    def __post_init__(self) -> None:
        self.seats = [_Seats(tier, tier.quota) for tier in self.scheme.tiers]

    def seat(self, tied: Sequence[Ranked]) -> None:
        """Seat entries of one rank: all in one tier, or none of them and their places held."""
        waiting = len(tied)
        spans: list[tuple[_Seats, int]] = []
        while waiting and (seats := self._open_for(tied[0].total)) is not None:
            places = waiting if seats.left is None else min(waiting, seats.left)
            seats.reserve(places)
            spans.append((seats, places))
            waiting -= places
        if not spans:
            return
        if len(spans) == 1 and waiting == 0:
            self._propose(spans[0][0], tied)
            return
        self._leave_to_committee(spans, tied)

    def close(self) -> Allocation:
        """The proposal with one step for each tier and one for each dispute."""
        while self.current < len(self.seats):
            self._next_tier()
        steps = tuple(self._tier_step(seats) for seats in self.seats)
        return Allocation(tuple(self.proposals), tuple(self.undecided), (*steps, *self.disputes))

    def _open_for(self, total: Decimal) -> _Seats | None:
        """The first tier that has a place and whose minimum `total` reaches; totals come in falling order."""
        while self.current < len(self.seats):
            seats = self.seats[self.current]
            reaches = seats.tier.minimum is None or total >= seats.tier.minimum
            if reaches and seats.left != 0:
                return seats
            self._next_tier()
        return None

    def _next_tier(self) -> None:
        left = self.seats[self.current].left
        self.current += 1
        if not self.scheme.spill or not left or self.current == len(self.seats):
            return
        following = self.seats[self.current]
        self.seats[self.current - 1].left = 0
        if following.left is not None:
            following.left += left
        following.spilled = left

    def _propose(self, seats: _Seats, tied: Sequence[Ranked]) -> None:
        tier = seats.tier
        seats.taken += len(tied)
        for row in tied:
            self.proposals.append(Proposal(row.entry, tier.key, _why(row, tier), tier.clause or self.clause))

    def _leave_to_committee(self, spans: Sequence[tuple[_Seats, int]], tied: Sequence[Ranked]) -> None:
        entries = tuple(row.entry for row in tied)
        self.undecided.extend(entries)
        for seats, places in spans:
            seats.held += places
        self.disputes.append(
            Step(
                Text(
                    "Các bài bằng điểm sau mọi tiêu chí phụ và không đủ chỗ cho tất cả: không đề xuất, Ban "
                    "Tổ chức quyết định; các suất này được giữ lại, không chuyển cho bài xếp sau.",
                    "Entries still tied after every tie-break do not all fit: nothing is proposed and the "
                    "committee decides; these places are held and do not go to entries ranked lower.",
                ),
                self.clause,
                {
                    "entries": list(entries),
                    "rank": tied[0].rank,
                    "total": str(tied[0].total),
                    "places": {seats.tier.key: places for seats, places in spans},
                },
            )
        )

    def _tier_step(self, seats: _Seats) -> Step:
        tier = seats.tier
        return Step(
            Text(f"Xét {tier.name.vi}", f"Considering {tier.name.en or tier.name.vi}"),
            tier.clause or self.clause,
            {
                "tier": tier.key,
                "minimum": None if tier.minimum is None else str(tier.minimum),
                "quota": tier.quota,
                "spilled_in": seats.spilled,
                "proposed": seats.taken,
                "held": seats.held,
                "empty": seats.left,
            },
        )


def _why(row: Ranked, tier: Tier) -> Text:
    vi = [f"xếp hạng {row.rank} với {_vi(row.total)} điểm"]
    en = [f"rank {row.rank} with {row.total} points"]
    if tier.minimum is not None:
        vi.append(f"đạt mức tối thiểu {_vi(tier.minimum)}")
        en.append(f"reaches the minimum of {tier.minimum}")
    if tier.quota is not None:
        vi.append(f"trong chỉ tiêu {tier.quota} giải")
        en.append(f"within the quota of {tier.quota}")
    return Text(_sentence(vi), _sentence(en))


def _vi(points: Decimal) -> str:
    return str(points).replace(".", ",")


def _sentence(parts: Sequence[str]) -> str:
    joined = ", ".join(parts)
    return f"{joined[0].upper()}{joined[1:]}."
