"""What this room tells later ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.contests.values import PhaseKind
from core.kernel.actor import Actor
from core.plugin_api import Edition as RulesEdition
from core.tenancy.package_values import TenantPackage
from core.tenancy.resolver import CurrentTenant


@dataclass(frozen=True, slots=True)
class TenantSynced:
    """A tenant's folder is being loaded: editions, phases and units stand already, in the same unit of work.

    The tenant is bound. `editions` maps keys to ids. A listener adds a line to `differences` for everything that it
    did not overwrite because the office changed it, and to `counts` how many rows it added or changed, by noun.
    """

    tenant: CurrentTenant
    package: TenantPackage
    editions: Mapping[str, UUID]
    differences: list[str]
    counts: dict[str, int]
    now: datetime


@dataclass(frozen=True, slots=True)
class PhaseChanged:
    """The committee moved an end of a phase; instants are UTC, `reason` is public."""

    edition_id: UUID
    kind: PhaseKind
    opens_at: datetime
    closes_at: datetime
    reason: str
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class RulesFrozen:
    """Judging of an edition starts: its plugin versions and settings do not change any more."""

    edition_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class SettingsChanging:
    """The settings of an edition are about to change; a listener raises where something already rests on them."""

    edition_id: UUID
    before: RulesEdition
    after: RulesEdition
    reason: str
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class RulesReopeningWanted:
    """Two officers are about to open frozen rules; a listener raises where it is too late for that."""

    edition_id: UUID
