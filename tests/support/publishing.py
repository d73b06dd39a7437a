"""What this room's tests need: the tenants of the repository, loaded; news rows; a tenant's look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.sync import sync_packages
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.markdown import html_of
from core.publishing.models import Content
from core.tenancy.models import Tenant
from core.tenancy.package import load_tenant_packages
from tests.support.factories import NOW, TenantFacts

TENANTS = Path(__file__).parents[2] / "tenants"
PALETTE = {"accent": "#123456", "accent_strong": "#0a2a4a", "accent_soft": "#eef3f8", "on_accent": "#ffffff"}
EMBLEM = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'


@pytest.fixture
def synced(app: Flask) -> Flask:
    """The application with the three tenants of the repository, each edition's clock at its demonstration's start."""
    packages = load_tenant_packages(TENANTS)
    with app.app_context():
        sync_packages(packages, now=real_now())
        for package in packages:
            with platform_scope() as current:
                ask = select(Tenant.id).where(Tenant.slug == package.slug)
                tenant_id = current.execute(ask, execution_options=ALL_TENANTS).scalar_one()
            with tenant_scope(tenant_id) as current:
                for row in current.scalars(select(Edition)):
                    start = package.edition(row.key).demonstration.starts_at
                    row.clock_offset = round((start - real_now()).total_seconds())
                current.commit()
    return app


def make_news(
    key: str,
    *,
    title: str = "Tin thử",
    body: str = "Nội dung thử.",
    at: datetime = NOW,
    kind: str = "news",
) -> None:
    """A news item of the bound tenant."""
    words = {"vi": body, "en": ""}
    session().add(
        Content(
            kind=kind, key=key, title={"vi": title, "en": ""}, body=words, html=html_of(words), data={}, at=at
        )
    )
    session().flush()


def dress(facts: TenantFacts, **more: Any) -> None:
    """Give a tenant of the test world colours, an emblem and `more` of a profile."""
    with platform_scope() as current:
        ask = select(Tenant).where(Tenant.id == facts.id)
        tenant = current.execute(ask, execution_options=ALL_TENANTS).scalar_one()
        profile = {"light": PALETTE, "dark": PALETTE, "emblem": EMBLEM, **more}
        tenant.profile = {**tenant.profile, **profile}
        tenant.version += 1
        current.commit()
