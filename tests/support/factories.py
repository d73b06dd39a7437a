"""Builders of test data: plain functions that add rows through the ORM, and the world of twin tenants.

Times are around NOW; `phases` gives each phase as days from NOW. Rooms add their own builders in files beside this
one (`tests/support/<room>.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from core.contests.models import Edition, Phase, Unit
from core.contests.queries import edition_by_key
from core.contests.values import EditionView
from core.kernel.actor import Actor, Role
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.text import fold, sort_key
from core.people.models import Account
from core.tenancy.models import Tenant
from core.tenancy.scope import touch_public

TWINS = ("motmot", "haihai")
NOW = datetime(2025, 11, 12, 3, 0, tzinfo=UTC)
OPEN = {
    "submission": (-30, 30),
    "screening": (-30, 40),
    "voting": (-5, 5),
    "judging": (-2, 10),
    "results": (10, 40),
}


@dataclass(frozen=True)
class TenantFacts:
    """A tenant of the test world."""

    id: UUID
    slug: str
    edition_key: str


@dataclass(frozen=True)
class World:
    """Two tenants with twin data."""

    app: Flask
    first: TenantFacts
    second: TenantFacts


def make_tenant(slug: str, *, current_edition: str = "k1") -> TenantFacts:
    """A tenant with a small profile; committed."""
    with platform_scope() as current:
        profile = {
            "slug": slug,
            "code_prefix": slug[:2].upper(),
            "name": {"vi": f"Cuộc thi thử {slug}", "en": f"Test contest {slug}"},
            "short_name": {"vi": f"Thử {slug}", "en": f"Test {slug}"},
            "current_edition": current_edition,
        }
        tenant = Tenant(slug=slug, profile=profile, profile_synced={})
        current.add(tenant)
        current.flush()
        facts = TenantFacts(tenant.id, slug, current_edition)
        current.commit()
    return facts


def make_edition(
    key: str = "k1",
    *,
    plugins: Sequence[str] = ("thainguyen_innovation",),
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    phases: Mapping[str, tuple[float, float]] = OPEN,
    now: datetime = NOW,
    prefix: str = "TT-K1",
    ordinal: int = 1,
) -> Edition:
    """An edition of the bound tenant with phases around `now`, its demonstration clock standing at `now`."""
    edition = Edition(
        key=key,
        ordinal=ordinal,
        name={"vi": f"Cuộc thi thử kỳ {key}", "en": f"Test contest {key}"},
        short_name={"vi": f"Kỳ {key}", "en": f"Edition {key}"},
        years=[2025],
        code_prefix=prefix,
        plugins=list(plugins),
        settings={k: dict(v) for k, v in (settings or {}).items()},
        committee_size=15,
        clock_offset=int((now - real_now()).total_seconds()),
    )
    session().add(edition)
    for kind, (opens, closes) in phases.items():
        session().add(
            Phase(
                edition_id=edition.id,
                kind=kind,
                name={"vi": kind, "en": kind},
                opens_at=now + timedelta(days=opens),
                closes_at=now + timedelta(days=closes),
            )
        )
    session().flush()
    return edition


def set_clock(edition_id: UUID, instant: datetime) -> None:
    """Move an edition's clock so that it shows `instant` now."""
    edition = session().get_one(Edition, (session().tenant_id, edition_id))
    edition.clock_offset = round((instant - real_now()).total_seconds())
    touch_public()


def make_account(
    email: str, *, name: str = "Nguyễn Văn Thử", roles: Sequence[Role] = (), unit: Unit | None = None
) -> Account:
    """A verified account of the bound tenant (no password: sign in through `tests.support.people.sign_in`)."""
    account = Account(
        email=email,
        name=name,
        roles=[str(role) for role in roles],
        unit_id=unit.id if unit else None,
        created_at=NOW,
        verified_at=NOW,
    )
    session().add(account)
    session().flush()
    return account


def make_unit(code: str = "xa-thu", *, name: str = "Xã Thử", kind: str = "commune") -> Unit:
    """A unit of the bound tenant."""
    unit = Unit(code=code, name=name, name_key=sort_key(name), folded=fold(name), kind=kind)
    session().add(unit)
    session().flush()
    return unit


def actor_of(account: Account) -> Actor:
    """The actor that `account` is."""
    return Actor(id=account.id, name=account.name, roles=frozenset(Role(x) for x in account.roles))


def view(facts: TenantFacts) -> EditionView:
    """The edition of `facts` as the rooms see it; the tenant must be bound."""
    return edition_by_key(facts.slug, facts.edition_key)


def find_world(app: Flask) -> World:
    """The world that the database was copied with, its clocks put on NOW."""
    with app.app_context():
        with platform_scope() as current:
            rows = current.execute(select(Tenant.id, Tenant.slug), execution_options=ALL_TENANTS)
            ids = {row.slug: row.id for row in rows}
        for tenant_id in ids.values():
            with tenant_scope(tenant_id) as current:
                offset = int((NOW - real_now()).total_seconds())
                current.execute(update(Edition).values(clock_offset=offset))
                current.commit()
    return World(app, *(TenantFacts(ids[slug], slug, "k1") for slug in TWINS))


def build_world(app: Flask) -> World:
    """Two tenants whose rows are alike: one edition, one unit, an account of each role."""
    with app.app_context():
        first, second = (make_tenant(slug) for slug in TWINS)
        for facts in (first, second):
            with tenant_scope(facts.id) as current:
                make_edition(facts.edition_key)
                unit = make_unit()
                make_account("btc@example.vn", name="Cán bộ Thử", roles=[Role.COMMITTEE])
                make_account("giamkhao@example.vn", name="Giám khảo Thử", roles=[Role.JUDGE])
                make_account("donvi@example.vn", name="Đơn vị Thử", roles=[Role.UNIT], unit=unit)
                make_account("tacgia@example.vn", name="Tác giả Thử")
                make_account("cutri@example.vn", name="Người bình chọn Thử")
                current.commit()
    return World(app, first, second)
