"""Voting policy, award scheme, ranking, proposal, and the rule of the committee's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part
from decimal import Decimal
from fractions import Fraction

from core.plugin_api.values.words import Step, Text


@dataclass(frozen=True, slots=True)
class VotePolicy:
    """How the public votes: `votes_per_entry` of one account for one entry, for at most `max_entries` entries
    (None: all).
    """

    enabled: bool
    votes_per_entry: int = 1
    max_entries: int | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """One prize tier: `minimum` total it needs (None: none), `quota` the most it may take (None: no limit).

    `money` is one prize of it in whole đồng, None where the documents name none.
    """

    key: str
    name: Text
    minimum: Decimal | None = None
    quota: int | None = None
    clause: str | None = None
    official: bool = True
    money: int | None = None


@dataclass(frozen=True, slots=True)
class SpecialAward:
    """A prize beside the tiers (the oldest author …); it may go to an entry that has a tier too."""

    key: str
    name: Text
    quota: int = 1
    clause: str | None = None
    official: bool = True
    money: int | None = None


@dataclass(frozen=True, slots=True)
class AwardScheme:
    """The tiers from the highest to the lowest, and the specials; `spill` moves unused places to the next tier.

    `clause` is the provision that says how the tiers are filled. `most` prizes of all tiers together and the
    `budget` for all of them, specials too, in whole đồng, stand where the documents name them; the lint of an
    edition holds the quotas against both.
    """

    tiers: tuple[Tier, ...] = ()
    specials: tuple[SpecialAward, ...] = ()
    spill: bool = False
    official: bool = True
    clause: str | None = None
    most: int | None = None
    budget: int | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One ranked entry; ties share a rank (1, 1, 3) and name each other in `tied_with`."""

    rank: int
    entry: str
    total: Decimal
    field: str | None = None
    components: Mapping[str, Decimal] = part(default_factory=dict, hash=False)
    tied_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose for an entry: a tier or a special award, and why. The committee decides."""

    entry: str
    tier: str
    why: Text
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Allocation:
    """Proposals, the entries left to the committee (ties that do not fit), and how it came to that."""

    proposals: tuple[Proposal, ...] = ()
    undecided: tuple[str, ...] = ()
    steps: tuple[Step, ...] = part(default=(), hash=False)


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """The share of `of` that must agree: at least numerator/denominator of them, or more than it when `strictly`."""

    numerator: int
    denominator: int
    of: Text
    clause: str | None = None
    strictly: bool = False
    official: bool = True

    def needed(self, members: int) -> int:
        """The least number of agreeing members out of `members`; 2/3 of 11 is 8, more than 1/2 of 10 is 6."""
        share = Fraction(members * self.numerator, self.denominator)
        if self.strictly:
            return share.__floor__() + 1
        return share.__ceil__()

    def is_met(self, agreeing: int, members: int) -> bool:
        """Whether `agreeing` out of `members` is enough; never with no member at all."""
        return members > 0 and agreeing >= self.needed(members)
