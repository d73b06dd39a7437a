"""Reads of editions and units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.models import Edition, Phase, RulesReopening, Unit
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.kernel.db import ALL_TENANTS, session
from core.kernel.errors import NotFound
from core.kernel.text import fold
from core.people.units import UnitChoice, reads_units
from core.plugin_api import Edition as RulesEdition
from core.plugin_api import PluginRef, Text
from core.plugin_host import Layers, layers_for, plugin_refs, resolve_settings
from core.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as lists and choices need it."""

    id: UUID
    code: str
    name: str
    kind: str


def words(value: dict[str, str]) -> Text:
    """The two languages of a stored name."""
    return Text(value["vi"], value.get("en", ""))


def editions(tenant_slug: str, profile: Mapping[str, Any] | None = None) -> list[EditionView]:
    """The tenant's editions, newest first. Two queries, and one more where the tenant's `profile` is not at hand."""
    given = tenant_settings() if profile is None else settings_in(profile)
    rows = list(session().scalars(select(Edition).order_by(Edition.ordinal.desc())))
    phases: dict[UUID, list[PhaseView]] = {row.id: [] for row in rows}
    for phase in session().scalars(select(Phase).order_by(Phase.opens_at)):
        phases[phase.edition_id].append(
            PhaseView(PhaseKind(phase.kind), words(phase.name), phase.opens_at, phase.closes_at, phase.facts)
        )
    order = list(PhaseKind)
    return [
        view_of(row, tenant_slug, tuple(sorted(phases[row.id], key=lambda x: order.index(x.kind))), given)
        for row in rows
    ]


def tenant_settings() -> dict[str, dict[str, Any]]:
    """What the tenant gives its plugins in every edition (plugin → setting → value). One query."""
    ask = select(Tenant.profile).where(Tenant.id == session().tenant_id)
    return settings_in(session().scalars(ask, execution_options=ALL_TENANTS).one())


def settings_in(profile: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The plugins' settings that a tenant's profile holds."""
    return dict(profile.get("settings") or {})


def layers_of(row: Edition, given: Mapping[str, Mapping[str, Any]]) -> Layers:
    """The levels of a stored edition's settings; `given` is what its tenant gives."""
    return layers_for(tuple(row.plugins), given, row.settings)


def view_of(
    row: Edition,
    tenant_slug: str,
    phases: tuple[PhaseView, ...],
    given: Mapping[str, Mapping[str, Any]],
) -> EditionView:
    """The frozen view of a stored edition; `given` is what its tenant gives its plugins."""
    layers = layers_of(row, given)
    return EditionView(
        id=row.id,
        tenant=tenant_slug,
        key=row.key,
        name=words(row.name),
        short_name=words(row.short_name),
        years=tuple(row.years),
        ordinal=row.ordinal,
        code_prefix=row.code_prefix,
        committee_size=row.committee_size,
        notes=row.notes,
        phases=phases,
        values=rules_values(row, tenant_slug, layers),
        layers=layers,
        is_frozen=row.frozen is not None,
        is_reopened=row.reopened_at is not None,
        clock_offset=timedelta(seconds=row.clock_offset),
    )


def rules_values(row: Edition, tenant_slug: str, layers: Layers) -> RulesEdition:
    """What the plugins are told of the edition: frozen versions and settings once judging has started."""
    if row.frozen is None:
        refs = plugin_refs(tuple(row.plugins))
        settings: Any = resolve_settings(tuple(row.plugins), layers.merged())
    else:
        refs = tuple(PluginRef(x["name"], x["version"]) for x in row.frozen["plugins"])
        settings = resolve_settings(tuple(ref.name for ref in refs), row.frozen["settings"])
    return RulesEdition(
        tenant=tenant_slug,
        key=row.key,
        name=words(row.name),
        years=tuple(row.years),
        ordinal=row.ordinal,
        plugins=refs,
        settings=settings,
    )


def edition_by_key(tenant_slug: str, key: str) -> EditionView:
    """The edition named `key`; raises NotFound."""
    for edition in editions(tenant_slug):
        if edition.key == key:
            return edition
    raise NotFound(_("Không có kỳ thi %(key)s.", key=key))


def latest_reopening(edition_id: UUID) -> RulesReopening | None:
    """The newest request to reopen the edition's frozen rules, whatever became of it; or None. One query."""
    ask = select(RulesReopening).where(RulesReopening.edition_id == edition_id)
    newest = ask.order_by(RulesReopening.asked_at.desc(), RulesReopening.id.desc()).limit(1)
    return session().scalars(newest).one_or_none()


def active_units(on: date) -> list[UnitRow]:
    """The units that exist on the day `on`, by kind and Vietnamese order. One query."""
    ask = (
        select(Unit.id, Unit.code, Unit.name, Unit.kind)
        .where(Unit.is_active.is_(True))
        .where((Unit.since.is_(None)) | (Unit.since <= on))
        .where((Unit.until.is_(None)) | (Unit.until > on))
        .order_by(Unit.kind, Unit.name_key)
    )
    return [UnitRow(*row) for row in session().execute(ask)]


def unit_by_code(code: str) -> UnitRow | None:
    """The tenant's unit with this code."""
    ask = select(Unit.id, Unit.code, Unit.name, Unit.kind).where(Unit.code == code)
    row = session().execute(ask).one_or_none()
    return None if row is None else UnitRow(*row)


def search_units(words_: str, limit: int = 20) -> list[UnitRow]:
    """Units whose folded name holds every word typed."""
    ask = select(Unit.id, Unit.code, Unit.name, Unit.kind).where(Unit.is_active.is_(True))
    for word in fold(words_).split():
        ask = ask.where(Unit.folded.contains(word, autoescape=True))
    return [UnitRow(*row) for row in session().execute(ask.order_by(Unit.name_key).limit(limit))]


@reads_units
def unit_choices() -> list[UnitChoice]:
    """The units an account may speak for, in Vietnamese order. One query."""
    ask = select(Unit.id, Unit.name).where(Unit.is_active.is_(True)).order_by(Unit.name_key)
    return [UnitChoice(*row) for row in session().execute(ask)]
