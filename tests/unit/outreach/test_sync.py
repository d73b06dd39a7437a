"""The targets of the letter of May 2026, loaded from the tenant's folder."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import delete, func, select

import core.outreach.sync  # noqa: F401 - its listener loads the targets
from core.contests.queries import edition_by_key
from core.contests.sync import sync_packages
from core.kernel.db import platform_scope, session, tenant_scope
from core.outreach.models import Target
from core.outreach.queries import attainment
from core.tenancy.package import load_tenant_packages
from core.tenancy.resolver import find_tenant

NOW = datetime(2026, 8, 24, 2, 0, tzinfo=UTC)


def load(app: Flask) -> dict[str, int]:
    """Load Thái Nguyên's folder; what changed, by noun."""
    package = next(one for one in load_tenant_packages() if one.slug == "thainguyen")
    with app.app_context():
        (report,) = sync_packages([package], now=NOW)
    return report.counts


def test_the_letter_asks_for_156_entries_of_117_units_and_associations_are_counted_once(app: Flask) -> None:
    load(app)
    with app.app_context():
        with platform_scope():
            tenant = find_tenant("thainguyen")
        assert tenant is not None
        with tenant_scope(tenant.id):
            found = attainment(edition_by_key("thainguyen", "2026"), NOW)
            before = attainment(edition_by_key("thainguyen", "2025"), NOW)

    assert [(group.key, group.units, group.target, group.joint) for group in found.groups] == [
        ("xa-phuong", 92, 92, False),
        ("so-nganh", 19, 19, False),
        ("dai-hoc", 1, 20, False),
        ("hiep-hoi", 4, 20, True),
        ("lien-minh-htx", 1, 5, False),
    ]
    assert (found.target, found.asked_units, found.reached_units) == (156, 117, 0)
    assert (before.target, before.asked_units, len(before.units)) == (0, 0, 117)


def test_loading_the_folder_again_changes_nothing(app: Flask) -> None:
    first, second = load(app), load(app)

    assert (first["chỉ tiêu"], second.get("chỉ tiêu")) == (117, None)


def test_a_target_that_went_missing_comes_back_with_the_folder(app: Flask) -> None:
    load(app)
    with app.app_context():
        with platform_scope():
            tenant = find_tenant("thainguyen")
        assert tenant is not None
        with tenant_scope(tenant.id):
            session().execute(delete(Target).where(Target.group == "dai-hoc"))
            session().commit()

    assert load(app)["chỉ tiêu"] == 1
    with app.app_context(), tenant_scope(tenant.id):
        assert session().scalars(select(func.count()).select_from(Target)).one() == 117
