"""All contests of the installation at a glance, for the platform's own pages."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.models import Edition, Phase
from core.contests.queries import settings_in, view_of, words
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.kernel import formats
from core.kernel.db import ALL_TENANTS, platform_scope, session
from core.plugin_api import Text
from core.plugin_host import PluginError
from core.tenancy.profile import text_of
from core.tenancy.resolver import CurrentTenant, all_tenants


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition of a contest: its name, what runs now on its clock, and its address."""

    name: Text
    phase: str
    left: str
    href: str


@dataclass(frozen=True, slots=True)
class TenantCard:
    """A contest as the platform's page shows it; `emblem` is a data address, for the page's own host only.

    `is_paused`: its site answers 503, since a plugin that it needs cannot be used.
    """

    slug: str
    name: Text
    province: Text
    agency: Text
    note: Text | None
    emblem: str
    href: str
    editions: tuple[EditionLine, ...]
    is_paused: bool


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """The demonstration accounts of one contest: (e-mail, password, what it may do) each."""

    name: Text
    href: str
    accounts: tuple[tuple[str, str, Any], ...]


def tenant_cards(scheme: str, host: str, language: str, *, now: datetime) -> list[TenantCard]:
    """Every contest by slug. Three queries, whatever the number of contests. `host` keeps its port."""
    with platform_scope():
        tenants = all_tenants()
        editions, paused = _editions(tenants)
    return [
        TenantCard(
            slug=tenant.slug,
            name=text_of(tenant.profile.get("name")),
            province=text_of(tenant.profile.get("province")),
            agency=text_of((tenant.profile.get("contact") or {}).get("agency")),
            note=text_of(tenant.profile["merger"]["note"]) if tenant.profile.get("merger") else None,
            emblem=emblem_address(tenant.profile.get("emblem")),
            href=address_of(scheme, host, tenant.slug),
            editions=tuple(
                _line(one, address_of(scheme, host, tenant.slug), language, now=now + one.clock_offset)
                for one in editions[tenant.id]
            ),
            is_paused=tenant.id in paused,
        )
        for tenant in tenants
    ]


def address_of(scheme: str, host: str, slug: str) -> str:
    """The address of a tenant's site beside the bare `host` (with its port)."""
    return f"{scheme}://{slug}.{host.lower()}/"


def emblem_address(drawing: str | None) -> str:
    """The drawing as a data address: another host's picture may not be shown here."""
    if not drawing:
        return ""
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def demo_accounts(offered: Iterable[Any] | None, cards: Iterable[TenantCard]) -> list[DemoGroup]:
    """The accounts a demonstration offers (slug, email, password, role_words each), by contest."""
    by_slug: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    for one in offered or ():
        by_slug[one.slug].append((one.email, one.password, one.role_words))
    return [
        DemoGroup(card.name, card.href, tuple(by_slug[card.slug])) for card in cards if by_slug[card.slug]
    ]


def _editions(tenants: Iterable[CurrentTenant]) -> tuple[dict[UUID, list[EditionView]], set[UUID]]:
    """The editions by tenant, and the tenants with one whose rules cannot be asked: that is left out."""
    owners = {tenant.id: tenant for tenant in tenants}
    current = session()
    phases: dict[UUID, list[PhaseView]] = defaultdict(list)
    for row in current.scalars(select(Phase).order_by(Phase.opens_at), execution_options=ALL_TENANTS):
        phases[row.edition_id].append(
            PhaseView(PhaseKind(row.kind), words(row.name), row.opens_at, row.closes_at, row.facts)
        )
    found: dict[UUID, list[EditionView]] = defaultdict(list)
    paused: set[UUID] = set()
    ask = select(Edition).order_by(Edition.ordinal.desc())
    for edition in current.scalars(ask, execution_options=ALL_TENANTS):
        owner = owners.get(edition.tenant_id)
        if owner is None:
            continue  # loaded since the tenants were read
        try:
            view = view_of(edition, owner.slug, tuple(phases[edition.id]), settings_in(owner.profile))
        except PluginError:
            paused.add(edition.tenant_id)
            continue
        found[edition.tenant_id].append(view)
    return found, paused


def _line(edition: EditionView, href: str, language: str, *, now: datetime) -> EditionLine:
    running = [phase for phase in edition.phases if phase.is_open(now)]
    # Screening often runs beside another phase that more people wait for.
    running.sort(key=lambda phase: (phase.kind is PhaseKind.SCREENING, phase.closes_at))
    coming = next((phase for phase in edition.phases if now < phase.opens_at), None)
    if running:
        phase = running[0].name.in_(language)
        left = formats.left(running[0].closes_at, now, language)
    elif coming is not None:
        phase = _("Sắp tới: %(phase)s", phase=coming.name.in_(language))
        left = _("từ %(when)s", when=formats.date(coming.opens_at, language))
    else:
        phase, left = _("Đã qua các mốc thời gian"), ""
    return EditionLine(edition.short_name, phase, left, f"{href}?ky={edition.key}")
