"""Units of a tenant: groups as written in `units.toml`, communes from the national list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from core.tenancy.package_values import TargetPackage, TenantPackage, UnitGroupPackage, UnitSeed

COMMUNE_KINDS = {"xã": "commune", "phường": "ward", "đặc khu": "special_zone"}


def make_group(order: int, raw: Mapping[str, Any]) -> UnitGroupPackage:
    """A validated table `[[groups]]` as a value; a unit without dates of its own has its group's."""
    target: TargetPackage | None = raw["target"]
    units = tuple(
        UnitSeed(
            code=unit["code"],
            name=unit["name"],
            kind=raw["kind"],
            group=raw["key"],
            target=_own_target(target),
            target_edition=target.edition if target else None,
            since=unit["since"] or raw["since"],
            until=unit["until"] or raw["until"],
        )
        for unit in raw["units"]
    )
    return UnitGroupPackage(
        key=raw["key"],
        name=raw["name"],
        kind=raw["kind"],
        order=order,
        mark=raw["mark"],
        source=raw["source"],
        target=target,
        province_code=raw["province_code"],
        since=raw["since"],
        until=raw["until"],
        units=units,
    )


def units_of(package: TenantPackage) -> tuple[UnitSeed, ...]:
    """Every unit of the tenant in the order of its groups, communes expanded; codes are unique.

    Communes and wards come from the package `vietnam-provinces` in the order of their official codes.
    """
    return tuple(unit for group in package.unit_groups for unit in _expand(group))


def target_total(package: TenantPackage, edition: str) -> int:
    """How many entries all units together are asked for in an edition; a joint target counts once."""
    own = sum(unit.target or 0 for unit in units_of(package) if unit.target_edition == edition)
    joint = sum(
        group.target.minimum
        for group in package.unit_groups
        if group.target and group.target.joint and group.target.edition == edition
    )
    return own + joint


def _expand(group: UnitGroupPackage) -> tuple[UnitSeed, ...]:
    if group.province_code is None:
        return group.units
    return _communes(group, group.province_code)


def _communes(group: UnitGroupPackage, province_code: int) -> tuple[UnitSeed, ...]:
    # Imported here: the tables of the whole country are needed when tenants are loaded, not by every worker.
    from vietnam_provinces import ProvinceCode, Ward

    wards = sorted(Ward.iter_by_province(ProvinceCode(province_code)), key=lambda ward: int(ward.code))
    # Two communes may differ by marks alone ("Văn Lang", "Văn Lăng"): their codes carry the official number.
    shared = {name for name, times in Counter(ward.codename for ward in wards).items() if times > 1}
    return tuple(
        UnitSeed(
            code=_commune_code(ward.codename, f"{int(ward.code):05d}", shared),
            name=ward.name,
            kind=COMMUNE_KINDS[ward.division_type.value],
            group=group.key,
            target=_own_target(group.target),
            target_edition=group.target.edition if group.target else None,
            since=group.since,
            until=group.until,
            official_code=f"{int(ward.code):05d}",
        )
        for ward in wards
    )


def _commune_code(codename: str, official: str, shared: set[str]) -> str:
    slug = codename.replace("_", "-")
    return f"{slug}-{official}" if codename in shared else slug


def _own_target(target: TargetPackage | None) -> int | None:
    if target is None or target.joint:
        return None
    return target.minimum
