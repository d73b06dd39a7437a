"""Load the folders of `tenants/` into the database, as often as one likes.

Three values meet at every place: what the folder says now, what it said last time, and what stands in the database.
Where the last two differ, the office has changed the value: it stays, and the difference is reported.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.documents import edition_document, phase_documents, profile_document
from core.contests.events import TenantSynced
from core.contests.models import Edition, Phase, Unit
from core.contests.policies import has_judging_begun
from core.contests.queries import layers_of, tenant_settings
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.events import emit
from core.kernel.ids import uuid7
from core.kernel.text import fold, sort_key
from core.kernel.uow import unit_of_work
from core.plugin_host import SettingsInvalid, layers_for, resolve_settings
from core.tenancy.models import Tenant
from core.tenancy.package import units_of
from core.tenancy.package_values import EditionPackage, TenantPackage, UnitSeed
from core.tenancy.resolver import CurrentTenant, find_tenant
from core.tenancy.scope import touch_public

GONE: Any = object()
# Once judging has begun the folder has no say in these, also while two officers have the rules open.
FROZEN_WITH_RULES = ("plugins", "settings")


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What loading one folder did: how many rows were added or changed, and what the office keeps differently."""

    slug: str
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line: what changed."""
        changed = ", ".join(f"{count} {noun}" for noun, count in self.counts.items() if count)
        return changed or "không có gì thay đổi"

    def count(self, noun: str) -> None:
        """One more `noun` was added or changed."""
        self.counts[noun] = self.counts.get(noun, 0) + 1


def sync_packages(packages: Iterable[TenantPackage], *, now: datetime) -> tuple[SyncReport, ...]:
    """Load every package in a transaction of its own; later rooms load their part on the event TenantSynced."""
    return tuple(_sync(package, now) for package in packages)


def merge(new: Any, held: Any, last: Any, path: str, differ: Callable[[str, Any, Any], None]) -> Any:
    """What shall stand at `path`: the folder's `new` value where the office left alone what it said `last`, else
    `held`; `differ(path, new, held)` is told what was not taken over. Mappings are merged key by key.
    """
    if isinstance(new, dict) and isinstance(held, dict):
        before = last if isinstance(last, dict) else {}
        keys = [*new, *(key for key in held if key not in new)]
        merged = {
            key: merge(
                new.get(key, GONE), held.get(key, GONE), before.get(key, GONE), f"{path}.{key}", differ
            )
            for key in keys
        }
        return {key: value for key, value in merged.items() if value is not GONE}
    if held in (last, new):
        return new
    differ(path, new, held)
    return held


def _sync(package: TenantPackage, now: datetime) -> SyncReport:
    report = SyncReport(package.slug)
    check_settings(package)
    with platform_scope():
        found = find_tenant(package.slug)
    tenant_id = uuid7() if found is None else found.id
    with tenant_scope(tenant_id), unit_of_work():
        tenant = _sync_tenant(package, tenant_id, report)
        editions = {one.key: _sync_edition(package, one, report) for one in package.editions}
        _sync_units(package, report)
        session().flush()
        emit(
            TenantSynced(
                tenant=CurrentTenant(tenant.id, tenant.slug, tenant.profile, tenant.version),
                package=package,
                editions=editions,
                differences=report.differences,
                counts=report.counts,
                now=now,
            )
        )
        if any(report.counts.values()):
            touch_public()
    return report


def check_settings(package: TenantPackage) -> None:
    """Raise SettingsInvalid or PluginUnavailable when an edition's settings are not what its plugins know.

    Stored, they would make the edition unreadable; so nothing of the tenant is loaded.
    """
    resolve_settings(package.plugins, package.settings)
    for edition in package.editions:
        resolve_settings(
            package.plugins, layers_for(package.plugins, package.settings, edition.settings).merged()
        )


def _check_merged(row: Edition, slug: str) -> None:
    """Raise SettingsInvalid when what the folder says and what the office changed cannot stand together."""
    if row.frozen is not None:
        return
    try:
        resolve_settings(tuple(row.plugins), layers_of(row, tenant_settings()).merged())
    except SettingsInvalid as error:
        raise SettingsInvalid(
            {f"{slug}.editions.{row.key}.{path}": said for path, said in error.errors.items()}
        ) from None


def _sync_tenant(package: TenantPackage, tenant_id: UUID, report: SyncReport) -> Tenant:
    new = profile_document(package)
    ask = select(Tenant).where(Tenant.id == tenant_id).with_for_update()
    tenant = session().scalars(ask, execution_options=ALL_TENANTS).one_or_none()
    if tenant is None:
        tenant = Tenant(id=tenant_id, slug=package.slug, profile=new, profile_synced=new, version=1)
        session().add(tenant)
        session().flush()
        report.count("tỉnh")
        return tenant
    merged = merge(new, tenant.profile, tenant.profile_synced, package.slug, _reporter(report))
    if merged != tenant.profile:
        report.count("tỉnh")
        tenant.profile = merged
    tenant.profile_synced = new
    return tenant


def _sync_edition(package: TenantPackage, one: EditionPackage, report: SyncReport) -> UUID:
    path = f"{package.slug}.editions.{one.key}"
    new = edition_document(package, one)
    phases = phase_documents(one)
    row = session().scalars(select(Edition).where(Edition.key == one.key).with_for_update()).one_or_none()
    if row is None:
        row = Edition(key=one.key, synced={}, **new)
        session().add(row)
        session().flush()
        report.count("kỳ thi")
    else:
        held = {key: getattr(row, key) for key in new}
        differ = _reporter(report)
        if has_judging_begun(row):
            for key in FROZEN_WITH_RULES:
                if new[key] != held[key]:
                    differ(f"{path}.{key}", new[key], held[key])
                new[key] = held[key]
        merged = merge(new, held, row.synced, path, differ)
        if merged != held:
            report.count("kỳ thi")
        for key, value in merged.items():
            setattr(row, key, value)
        _check_merged(row, package.slug)
    _sync_phases(row, phases, path, report)
    row.synced = {**new, "phases": phases}
    return row.id


def _sync_phases(edition: Edition, new: Mapping[str, dict[str, Any]], path: str, report: SyncReport) -> None:
    rows = {row.kind: row for row in session().scalars(select(Phase).where(Phase.edition_id == edition.id))}
    last = edition.synced.get("phases", {})
    for kind, document in new.items():
        row = rows.get(kind)
        if row is None:
            report.count("giai đoạn")
            session().add(Phase(edition_id=edition.id, kind=kind, **_phase_values(document)))
            continue
        held = {
            "name": row.name,
            "opens_at": row.opens_at.isoformat(),
            "closes_at": row.closes_at.isoformat(),
            "facts": row.facts,
        }
        merged = merge(document, held, last.get(kind, GONE), f"{path}.phases.{kind}", _reporter(report))
        if merged == held:
            continue
        report.count("giai đoạn")
        for key, value in _phase_values(merged).items():
            setattr(row, key, value)


def _phase_values(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **document,
        "opens_at": datetime.fromisoformat(document["opens_at"]),
        "closes_at": datetime.fromisoformat(document["closes_at"]),
    }


def _sync_units(package: TenantPackage, report: SyncReport) -> None:
    rows = {row.code: row for row in session().scalars(select(Unit))}
    for seed in units_of(package):
        new = _unit_document(seed)
        row = rows.get(seed.code)
        if row is None:
            report.count("đơn vị")
            session().add(Unit(code=seed.code, synced=new, **_unit_values(new)))
            continue
        held = {"name": row.name, "kind": row.kind, "since": _iso(row.since), "until": _iso(row.until)}
        merged = merge(new, held, row.synced, f"{package.slug}.units.{seed.code}", _reporter(report))
        if merged != held:
            report.count("đơn vị")
            for key, value in _unit_values(merged).items():
                setattr(row, key, value)
        if row.synced != new:
            row.synced = new


def _unit_document(seed: UnitSeed) -> dict[str, Any]:
    return {"name": seed.name, "kind": seed.kind, "since": _iso(seed.since), "until": _iso(seed.until)}


def _unit_values(document: Mapping[str, Any]) -> dict[str, Any]:
    name: str = document["name"]
    return {
        "name": name,
        "name_key": sort_key(name),
        "folded": fold(name),
        "kind": document["kind"],
        "since": date.fromisoformat(document["since"]) if document["since"] else None,
        "until": date.fromisoformat(document["until"]) if document["until"] else None,
    }


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _reporter(report: SyncReport) -> Callable[[str, Any, Any], None]:
    def differ(path: str, new: Any, held: Any) -> None:
        report.differences.append(f"{path}: hồ sơ {_shown(new)} ≠ văn phòng {_shown(held)}")

    return differ


def _shown(value: Any) -> str:
    if value is GONE:
        return "(không có)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 120 else text[:117] + "…"
