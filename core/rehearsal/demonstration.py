"""The demonstration: every edition of `tenants/` played up to the moment its clock starts at, then left to visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from core.contests.models import Edition
from core.contests.queries import UnitRow, active_units, edition_by_key
from core.contests.services import move_clock
from core.contests.sync import sync_packages
from core.entries.models import Entry
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.clock import local
from core.kernel.db import platform_scope, session, tenant_scope
from core.kernel.uow import unit_of_work
from core.people.passwords import hash_password
from core.rehearsal.accounts import PASSWORD, cast_of
from core.rehearsal.agenda import Deed, in_order
from core.rehearsal.ballots import vote_deeds
from core.rehearsal.council import council_deeds
from core.rehearsal.dossiers import dossier_deeds
from core.rehearsal.plan import Size, plan_entries, stream
from core.rehearsal.stage import Stage
from core.rehearsal.together import together_deeds
from core.rehearsal.units import report_deeds
from core.tenancy.package import TenantPackage
from core.tenancy.package_values import EditionPackage
from core.tenancy.resolver import find_tenant

FILLED = "demonstration.filled"
OWN_DOSSIERS = 3
UNITS = 14


def fill_demonstration(
    packages: Iterable[TenantPackage], *, now: datetime, told: Callable[[str], None] | None = None
) -> int:
    """Load the packages and fill each edition that nobody has filled or used yet; give the number filled now.

    An edition is filled in one unit of work, so it is whole or empty whenever the process dies. `told` hears
    "<slug> <edition>" before each. What stands already is never touched.
    """
    chosen = tuple(packages)
    sync_packages(chosen, now=now)
    filled = 0
    for package in chosen:
        with platform_scope():
            tenant = find_tenant(package.slug)
        if tenant is None:
            raise LookupError(package.slug)
        for edition in sorted(package.editions, key=lambda one: one.ordinal):
            with tenant_scope(tenant.id), unit_of_work():
                if _is_used(edition.key):
                    continue
                if told is not None:
                    told(f"{package.slug} {edition.key}")
                _fill(package, edition)
                filled += 1
    return filled


def _is_used(key: str) -> bool:
    """Whether the edition has been filled, or has any dossier."""
    if any(record.subject == key for record in audit.records(actions=(FILLED,))):
        return True
    ask = select(Entry.id).join(Edition, Edition.id == Entry.edition_id).where(Edition.key == key)
    return session().scalars(ask.limit(1)).first() is not None


def _fill(package: TenantPackage, shown: EditionPackage) -> None:
    wanted, until = shown.demonstration, shown.demonstration.starts_at
    edition = edition_by_key(package.slug, shown.key)
    size = Size(wanted.entries, wanted.judges, wanted.voters, wanted.seed)
    units = _units(package.slug, until)
    stage = Stage(
        package.slug,
        edition,
        size,
        plan_entries(edition, size, until=until, shared_owner=OWN_DOSSIERS),
        cast=cast_of(package),
        password_hash=hash_password(PASSWORD),
        units=tuple(units),
        taken=frozenset(session().scalars(select(Entry.title))),
    )
    for deed in in_order(_agenda(stage, until), until=until):
        deed.do(deed.at)
    move_clock(edition.id, until, actor=SYSTEM, now=until)
    audit.append(FILLED, edition.key, dict(sorted(stage.counts.items())), actor=SYSTEM, now=until)


def _agenda(stage: Stage, until: datetime) -> Iterator[Deed]:
    first = min(plan.started_at for plan in stage.entries) - timedelta(hours=1)
    yield Deed(first, 1, partial(_arrive, stage))
    yield from dossier_deeds(stage)
    yield from report_deeds(stage)
    yield from vote_deeds(stage)
    yield from council_deeds(stage, appointed_by=until - timedelta(days=1))
    yield from together_deeds(stage, until)


def _arrive(stage: Stage, now: datetime) -> None:
    """Everybody whose account is printed has it from the start, whatever part he takes later."""
    stage.committee(now)
    stage.person("committee", 1, now, role=Role.COMMITTEE)
    stage.person("entrant", 0, now)
    stage.person("coauthor", 0, now)
    stage.person("judge", 1, now, role=Role.JUDGE)
    if stage.units:
        stage.person("unit", 0, now, role=Role.UNIT, unit_id=stage.units[0].id)
    if "voter-0" in stage.cast:
        stage.person("voter", 0, now)


def _units(slug: str, until: datetime) -> list[UnitRow]:
    """A few units that bring entries; first the one whose contact has a demonstration account."""
    found = active_units(local(until).date())
    if not found:
        return []
    local_ones = [unit for unit in found if unit.kind in ("ward", "commune", "district")]
    own = min(local_ones or found, key=lambda unit: unit.code)
    others = [unit for unit in found if unit.code != own.code]
    rng = stream(0, slug, "units")
    return [own, *rng.sample(others, k=min(UNITS - 1, len(others)))]
