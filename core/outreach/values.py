"""What the room shows: units and groups with what they were asked for and what they brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from core.entries.states import State
from core.outreach.periods import ReportMonth
from core.outreach.states import ReportState
from core.plugin_api import Text

# Before the key of a figure that a plugin asks for, among a report's figures.
_TYPED = "typed-"
# A dossier that was handed in and neither refused nor withdrawn counts towards a target.
COUNTED = (State.SUBMITTED, State.RETURNED, State.REVISING, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Dossiers by state."""

    by_state: Mapping[State, int]

    def of(self, *states: State) -> int:
        """How many stand in one of `states`."""
        return sum(self.by_state.get(state, 0) for state in states)

    @property
    def drafted(self) -> int:
        """Begun and not handed in yet."""
        return self.of(State.DRAFT)

    @property
    def counted(self) -> int:
        """Those that count towards the target."""
        return self.of(*COUNTED)

    @property
    def accepted(self) -> int:
        """Accepted by the screening."""
        return self.of(State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit in an edition. `target` is its own minimum; None when it has none, or shares its group's (`joint`).

    `reached` is None for a unit that nothing is asked of; in a joint group it is the group's.
    """

    id: UUID
    code: str
    name: str
    folded: str
    kind: str
    group: str
    target: int | None
    joint: int | None
    counts: Counts
    reached: bool | None

    @property
    def is_asked(self) -> bool:
        """Whether the edition asks this unit for entries, alone or with others."""
        return self.target is not None or self.joint is not None


@dataclass(frozen=True, slots=True)
class GroupStanding:
    """A group of units; `target` counts a joint minimum once. `reached_units` of `asked_units` have reached theirs."""

    key: str
    name: Text
    target: int | None
    joint: bool
    mark: str
    source: Text | None
    note: Text | None
    units: int
    asked_units: int
    reached_units: int
    counts: Counts

    @property
    def share(self) -> Fraction | None:
        """Counted entries over the target; None without a target."""
        return Fraction(self.counts.counted, self.target) if self.target else None

    @property
    def reached(self) -> bool:
        """Whether all that was asked for is there: together for a joint target, else unit by unit."""
        return self.target is not None and self.reached_units == self.asked_units


@dataclass(frozen=True, slots=True)
class Attainment:
    """All units of an edition, group by group, and the sums.

    `loose` are dossiers that name no unit. `total` is counted apart, over the whole edition: `balances` says that
    units and loose dossiers add up to it.
    """

    units: tuple[UnitStanding, ...]
    groups: tuple[GroupStanding, ...]
    loose: Counts
    total: Counts

    @property
    def target(self) -> int:
        """What all groups together are asked for."""
        return sum(group.target or 0 for group in self.groups)

    @property
    def counts(self) -> Counts:
        """The sum over the groups."""
        return add(group.counts for group in self.groups)

    @property
    def asked_units(self) -> int:
        """Units that are asked for entries."""
        return sum(group.asked_units for group in self.groups)

    @property
    def reached_units(self) -> int:
        """Units that have brought what they were asked for."""
        return sum(group.reached_units for group in self.groups)

    @property
    def balances(self) -> bool:
        """Whether the dossiers of the units and the loose ones are all dossiers of the edition, state by state."""
        parts = add([self.counts, self.loose])
        return all(parts.of(state) == self.total.of(state) for state in State)

    def unit(self, unit_id: UUID) -> UnitStanding | None:
        """The unit with this id."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def group_of(self, unit: UnitStanding) -> GroupStanding:
        """The group `unit` belongs to."""
        return next(group for group in self.groups if group.key == unit.group)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as lists need it, without its long texts."""

    unit_id: UUID
    month: str
    events: int
    news: int
    people: int
    figures: Mapping[str, int]
    version: int
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """A month with how a unit's report on it stands."""

    month: ReportMonth
    state: ReportState
    report: ReportRow | None


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A unit with its report of each month, in the order of the months."""

    unit: UnitStanding
    months: tuple[MonthStanding, ...]


@dataclass(frozen=True, slots=True)
class Referred:
    """A dossier that a unit brought: what it may know of it, nothing about a person."""

    code: str
    title: str
    state: State
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the committee in this room; `endpoint` and `args` lead there, `due` is exclusive."""

    label: str
    count: int
    due: datetime | None
    endpoint: str
    args: Mapping[str, str]


def typed_key(figure: str) -> str:
    """The key among a report's figures of what was typed for the figure of a plugin."""
    return f"{_TYPED}{figure}"


def typed_figures(figures: Mapping[str, int]) -> dict[str, int]:
    """Those of a report's figures that its unit typed."""
    return {key: number for key, number in figures.items() if key.startswith(_TYPED)}


def add(parts: Iterable[Counts]) -> Counts:
    """The sum of several counts."""
    sums: dict[State, int] = {}
    for part in parts:
        for state, number in part.by_state.items():
            sums[state] = sums.get(state, 0) + number
    return Counts(sums)
