"""Targets from the tenant's folder: one row a unit and edition, renewed each time the folder is loaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.documents import words
from core.contests.events import TenantSynced
from core.contests.models import Unit
from core.kernel.db import session
from core.kernel.events import listens_to
from core.outreach.models import Target
from core.tenancy.package import units_of
from core.tenancy.package_values import TargetPackage, TenantPackage, UnitGroupPackage, UnitSeed


@listens_to(TenantSynced)
def sync_targets(event: TenantSynced) -> None:
    """Make the targets what the folder says; units without one have no row. Three queries."""
    unit_ids = {code: unit_id for unit_id, code in session().execute(select(Unit.id, Unit.code))}
    held = {(row.edition_id, row.unit_id): row for row in session().scalars(select(Target))}
    changed = 0
    for seed, group, target in _asked(event.package):
        key = (event.editions[target.edition], unit_ids[seed.code])
        changed += _put(held.pop(key, None), key, _values(seed, group, target))
    for row in held.values():
        session().delete(row)
        changed += 1
    session().flush()
    if changed:
        event.counts["chỉ tiêu"] = event.counts.get("chỉ tiêu", 0) + changed


def _asked(package: TenantPackage) -> list[tuple[UnitSeed, UnitGroupPackage, TargetPackage]]:
    groups = {group.key: group for group in package.unit_groups}
    pairs = [(seed, groups[seed.group]) for seed in units_of(package)]
    return [(seed, group, group.target) for seed, group in pairs if group.target is not None]


def _values(seed: UnitSeed, group: UnitGroupPackage, target: TargetPackage) -> dict[str, Any]:
    return {
        "group": group.key,
        "group_name": words(group.name),
        "group_order": group.order,
        "minimum": seed.target,
        "joint": target.minimum if target.joint else None,
        "mark": str(target.mark),
        "source": words(target.source),
        "note": words(target.note),
    }


def _put(row: Target | None, key: tuple[UUID, UUID], values: dict[str, Any]) -> bool:
    """Add or change one row; whether anything changed."""
    if row is None:
        session().add(Target(edition_id=key[0], unit_id=key[1], **values))
        return True
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
