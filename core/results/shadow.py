"""Two outputs of the same frozen entries side by side: what another version or other settings would change.

Pure, like the computation: nothing is read but the two `Outputs`, and neither is altered. "Official" is what the
computation of the edition gave, "shadow" what the run beside it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import cast

from core.results.formats import NotRanked, Outputs

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands in one of the two outputs. Without a rank, `reason` says why.

    `awards` are the tier and the special awards proposed for it, in their order; `undecided` says that a tie left
    its tier to the committee.
    """

    rank: int | None = None
    total: Decimal | None = None
    components: Mapping[str, Decimal] = field(default_factory=dict, hash=False)
    awards: tuple[str, ...] = ()
    undecided: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PartChange:
    """One part of an entry's total, before and after; None where the total has no such part."""

    key: str
    official: Decimal | None
    shadow: Decimal | None

    @property
    def difference(self) -> Decimal:
        """Points gained (lost when negative); a part that is missing counts as none."""
        return (self.shadow or ZERO) - (self.official or ZERO)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry in both outputs, changed or not."""

    entry: str
    official: Standing
    shadow: Standing

    @property
    def is_same(self) -> bool:
        """Whether rank, points, awards and the reason for no rank are all as they were."""
        return self.official == self.shadow

    @property
    def places(self) -> int:
        """Places gained (lost when negative); 0 for an entry that has no rank in one of the two."""
        if self.official.rank is None or self.shadow.rank is None:
            return 0
        return self.official.rank - self.shadow.rank

    @property
    def difference(self) -> Decimal:
        """Points of the total gained (lost when negative); 0 for an entry without a total in one of the two."""
        if self.official.total is None or self.shadow.total is None:
            return ZERO
        return self.shadow.total - self.official.total

    @property
    def parts(self) -> tuple[PartChange, ...]:
        """The parts of the total that differ, in the order of the official total."""
        keys = [*self.official.components, *self.shadow.components]
        both = (
            PartChange(key, self.official.components.get(key), self.shadow.components.get(key))
            for key in dict.fromkeys(keys)
        )
        return tuple(part for part in both if part.official != part.shadow)


@dataclass(frozen=True, slots=True)
class AwardChange:
    """One tier or special award: how many entries it is proposed for, and who is gained and lost, best first."""

    key: str
    official: int
    shadow: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the same entries would get it."""
        return not self.gained and not self.lost


@dataclass(frozen=True, slots=True)
class ShadowDifference:
    """What a shadow run would change, entry by entry and award by award.

    `entries` holds every entry of the two, in the order of the official ranking, then those without a rank there;
    `tiers` and `specials` hold every award, changed or not.
    """

    entries: tuple[EntryChange, ...]
    tiers: tuple[AwardChange, ...]
    specials: tuple[AwardChange, ...]
    undecided_gained: tuple[str, ...]
    undecided_lost: tuple[str, ...]
    undecided_specials_gained: tuple[str, ...]
    undecided_specials_lost: tuple[str, ...]

    @property
    def changed(self) -> tuple[EntryChange, ...]:
        """The entries for which anything differs."""
        return tuple(one for one in self.entries if not one.is_same)

    @property
    def risen(self) -> tuple[EntryChange, ...]:
        """The entries with a better rank, those that gain most places first."""
        return tuple(
            sorted((one for one in self.entries if one.places > 0), key=lambda one: (-one.places, one.entry))
        )

    @property
    def fallen(self) -> tuple[EntryChange, ...]:
        """The entries with a worse rank, those that lose most places first."""
        return tuple(
            sorted((one for one in self.entries if one.places < 0), key=lambda one: (one.places, one.entry))
        )

    @property
    def ranked_gained(self) -> tuple[EntryChange, ...]:
        """The entries that only the shadow ranks."""
        return tuple(one for one in self.entries if one.official.rank is None and one.shadow.rank is not None)

    @property
    def ranked_lost(self) -> tuple[EntryChange, ...]:
        """The entries that the shadow no longer ranks."""
        return tuple(one for one in self.entries if one.official.rank is not None and one.shadow.rank is None)

    @property
    def awards(self) -> tuple[AwardChange, ...]:
        """The tiers and special awards that would not go to the same entries."""
        return tuple(one for one in (*self.tiers, *self.specials) if not one.is_same)

    @property
    def is_same(self) -> bool:
        """Whether nothing differs: ranks, points, awards, ties left open, reasons for no rank."""
        left = (*self.undecided_specials_gained, *self.undecided_specials_lost)
        return not self.changed and not self.awards and not left


def compare_outputs(
    official: Outputs, other: Outputs, *, tiers: Sequence[str] = (), specials: Sequence[str] = ()
) -> ShadowDifference:
    """How `other` differs from `official`: two computations of the same entries.

    `tiers` and `specials` are the awards' keys from the highest; a proposed award that neither names is taken for a
    tier and stands after them.
    """
    before, after = _Side.of(official), _Side.of(other)
    named = {*tiers, *specials}
    found = (row.tier for row in (*official.proposal, *other.proposal))
    all_tiers = dict.fromkeys((*tiers, *(key for key in found if key not in named)))
    places = _places(official, other)
    return ShadowDifference(
        entries=tuple(EntryChange(code, before.standing(code), after.standing(code)) for code in places),
        tiers=tuple(_award(key, before, after, places) for key in all_tiers),
        specials=tuple(_award(key, before, after, places) for key in dict.fromkeys(specials)),
        undecided_gained=_only(other.undecided, official.undecided, places),
        undecided_lost=_only(official.undecided, other.undecided, places),
        undecided_specials_gained=_only(_open_specials(other), _open_specials(official), places),
        undecided_specials_lost=_only(_open_specials(official), _open_specials(other), places),
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two outputs, by entry."""

    ranked: Mapping[str, Standing]
    holders: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, outputs: Outputs) -> _Side:
        awards: dict[str, list[str]] = {}
        holders: dict[str, set[str]] = {}
        for proposal in outputs.proposal:
            awards.setdefault(proposal.entry, []).append(proposal.tier)
            holders.setdefault(proposal.tier, set()).add(proposal.entry)
        left = set(outputs.undecided)
        return cls(
            dict(_standings(outputs, awards, left)),
            {key: frozenset(codes) for key, codes in holders.items()},
        )

    def standing(self, code: str) -> Standing:
        return self.ranked.get(code, _ABSENT)


_ABSENT = Standing()


def _standings(
    outputs: Outputs, awards: Mapping[str, Sequence[str]], left: set[str]
) -> Iterator[tuple[str, Standing]]:
    for row in outputs.ranking:
        yield (
            row.entry,
            Standing(
                row.rank,
                row.total,
                row.components,
                tuple(awards.get(row.entry, ())),
                row.entry in left,
            ),
        )
    for without in outputs.not_ranked:
        yield without.entry, _without_rank(without)


def _without_rank(row: NotRanked) -> Standing:
    return Standing(reason=row.reason)


def _places(official: Outputs, other: Outputs) -> dict[str, int]:
    """Every entry of the two with its number in the comparison."""
    codes: list[str] = []
    for side in (official, other):
        codes += [row.entry for row in side.ranking]
        codes += [row.entry for row in side.not_ranked]
    return {code: number for number, code in enumerate(dict.fromkeys(codes))}


def _award(key: str, before: _Side, after: _Side, places: Mapping[str, int]) -> AwardChange:
    had, has = before.holders.get(key, frozenset()), after.holders.get(key, frozenset())
    return AwardChange(key, len(had), len(has), _only(has, had, places), _only(had, has, places))


def _only(these: Iterable[str], not_these: Iterable[str], places: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted({*these} - {*not_these}, key=lambda code: (places.get(code, len(places)), code)))


def _open_specials(outputs: Outputs) -> tuple[str, ...]:
    """Entries that tie for a special award, as the last step tells."""
    told = outputs.steps[-1].data.get("undecided_specials", ()) if outputs.steps else ()
    return tuple(cast(Sequence[str], told))
