"""An edition as the rooms see it: a frozen view with its phases and its rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from core.kernel.clock import real_now
from core.plugin_api import Edition as RulesEdition
from core.plugin_api import Text
from core.plugin_host import Layers, Rules, rules_for


class PhaseKind(StrEnum):
    """The phases an edition may have, in the order they usually run."""

    SUBMISSION = "submission"
    SCREENING = "screening"
    VOTING = "voting"
    JUDGING = "judging"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One phase: open while `opens_at <= now < closes_at`."""

    kind: PhaseKind
    name: Text
    opens_at: datetime
    closes_at: datetime
    facts: Mapping[str, Any]

    def is_open(self, now: datetime) -> bool:
        """Whether the phase runs at `now`."""
        return self.opens_at <= now < self.closes_at

    def mark(self, end: str) -> str:
        """How much the date of an end ("opens", "closes") weighs: exact, inferred, illustration."""
        return str(self.facts.get(end, {}).get("mark", "exact"))

    def source(self, end: str) -> Text:
        """Where the date of an end comes from, in words; empty when nothing is said."""
        words = self.facts.get(end, {}).get("source") or {"vi": ""}
        return Text(words["vi"], words.get("en", ""))


@dataclass(frozen=True)
class EditionView:
    """One edition of the tenant's contest with its phases, clock and rules.

    `layers` is where its settings come from while they are not frozen; `is_reopened`: two officers opened rules that
    were frozen, and nobody has frozen them again yet.
    """

    id: UUID
    tenant: str
    key: str
    name: Text
    short_name: Text
    years: tuple[int, ...]
    ordinal: int
    code_prefix: str
    committee_size: int
    notes: Mapping[str, Any]
    phases: tuple[PhaseView, ...]
    values: RulesEdition
    layers: Layers
    is_frozen: bool
    is_reopened: bool
    clock_offset: timedelta

    @cached_property
    def rules(self) -> Rules:
        """The edition's rules: one typed method for each hook."""
        return rules_for(self.values)

    @property
    def has_judging_begun(self) -> bool:
        """Whether a round of judging was opened; that stays so while the rules are reopened."""
        return self.is_frozen or self.is_reopened

    def phase(self, kind: PhaseKind) -> PhaseView | None:
        """The phase of `kind`, or None when this edition has none."""
        return next((phase for phase in self.phases if phase.kind is kind), None)

    def is_open(self, kind: PhaseKind, now: datetime) -> bool:
        """Whether the phase of `kind` exists and runs at `now`."""
        phase = self.phase(kind)
        return phase is not None and phase.is_open(now)

    def next_turn(self, now: datetime) -> datetime | None:
        """The next instant after `now` at which a phase opens or closes; None when nothing is left."""
        turns = [turn for phase in self.phases for turn in (phase.opens_at, phase.closes_at)]
        return min((turn for turn in turns if turn > now), default=None)

    def now(self) -> datetime:
        """The time on this edition's clock: the real one, or the demonstration's."""
        return real_now() + self.clock_offset
