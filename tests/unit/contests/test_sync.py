"""Loading the folders of the tenants, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.contests.models import Edition, Phase, Unit
from core.contests.queries import editions
from core.contests.services import freeze_rules
from core.contests.sync import SyncReport, sync_packages
from core.contests.values import PhaseKind
from core.kernel.actor import SYSTEM
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.uow import unit_of_work
from core.plugin_api import Text
from core.plugin_host import SettingsInvalid
from core.tenancy.models import Tenant
from core.tenancy.package import load_tenant_packages, units_of
from core.tenancy.package_values import TenantPackage
from core.tenancy.profile import tenant_view
from core.tenancy.resolver import CurrentTenant, find_tenant
from core.tenancy.scope import touch_public

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PACKAGES = load_tenant_packages()
PLUGIN = "thainguyen_innovation"
THAI_NGUYEN = next(package for package in PACKAGES if package.slug == "thainguyen")


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def sync(package: TenantPackage = THAI_NGUYEN) -> SyncReport:
    (report,) = sync_packages([package], now=NOW)
    return report


def stored() -> CurrentTenant:
    with platform_scope():
        found = find_tenant("thainguyen")
    assert found is not None
    return found


def with_voting_until(closes: datetime) -> TenantPackage:
    edition = THAI_NGUYEN.edition("2025")
    phases = tuple(
        replace(phase, closes=replace(phase.closes, instant=closes)) if phase.kind == "voting" else phase
        for phase in edition.phases
    )
    changed = replace(edition, phases=phases)
    return replace(
        THAI_NGUYEN,
        editions=tuple(changed if one.key == "2025" else one for one in THAI_NGUYEN.editions),
    )


def voting_end() -> datetime:
    with tenant_scope(stored().id):
        edition = next(one for one in editions("thainguyen") if one.key == "2025")
        phase = edition.phase(PhaseKind.VOTING)
        assert phase is not None
        return phase.closes_at


@pytest.mark.usefixtures("context")
def test_every_folder_is_loaded_and_loading_again_changes_nothing() -> None:
    first = sync_packages(PACKAGES, now=NOW)
    with platform_scope() as current:
        versions = list(current.execute(select(Tenant.slug, Tenant.version), execution_options=ALL_TENANTS))
    second = sync_packages(PACKAGES, now=NOW)

    assert [report.slug for report in first] == ["bacgiang", "backan", "thainguyen"]
    assert [report.differences for report in first + second] == [[]] * 6
    assert [report.summary for report in second] == ["không có gì thay đổi"] * 3
    with platform_scope() as current:
        again = list(current.execute(select(Tenant.slug, Tenant.version), execution_options=ALL_TENANTS))
    assert sorted(again) == sorted(versions)


@pytest.mark.usefixtures("context")
def test_editions_phases_and_units_stand_as_the_folder_says() -> None:
    sync()

    with tenant_scope(stored().id):
        found = editions("thainguyen")
        assert [one.key for one in found] == ["2026", "2025"]
        assert found[1].code_prefix == "TN-2025"
        assert found[1].committee_size == 15
        assert found[1].notes["demonstration"]["seed"] == 2025
        voting = found[1].phase(PhaseKind.VOTING)
        assert voting is not None
        assert voting.opens_at == datetime(2025, 11, 4, 17, tzinfo=UTC)
        assert voting.closes_at == datetime(2025, 11, 20, 17, tzinfo=UTC)
        assert voting.facts["closes"]["mark"] == "exact"
        assert session().scalar(select(func.count()).select_from(Unit)) == len(units_of(THAI_NGUYEN))
        assert session().scalar(select(func.count()).select_from(Phase)) == sum(
            len(one.phases) for one in THAI_NGUYEN.editions
        )


@pytest.mark.usefixtures("context")
def test_the_profile_holds_what_pages_show() -> None:
    sync()

    shown = tenant_view(stored())

    assert shown.agency == THAI_NGUYEN.contact.agency
    assert shown.short_name == Text("Đổi mới sáng tạo Thái Nguyên", "Thái Nguyên Innovation")
    assert shown.note is None
    assert shown.profile["light"]["accent"] == "#1f6f43"
    assert shown.profile["current_edition"] == "2026"
    assert {one["key"] for one in shown.profile["documents"]} >= {"kh-255", "qd-72"}
    assert shown.profile["emblem"].lstrip().startswith("<")
    assert len(shown.theme_version) == 12


@pytest.mark.usefixtures("context")
def test_a_date_changed_in_the_folder_is_taken_over() -> None:
    sync()
    later = datetime(2025, 11, 25, 17, tzinfo=UTC)

    report = sync(with_voting_until(later))

    assert report.counts == {"giai đoạn": 1}
    assert report.differences == []
    assert voting_end() == later


@pytest.mark.usefixtures("context")
def test_a_date_changed_in_the_office_is_kept_and_the_difference_reported() -> None:
    sync()
    office = datetime(2025, 11, 22, 17, tzinfo=UTC)
    with tenant_scope(stored().id) as current:
        ask = select(Phase).join(Edition, Edition.id == Phase.edition_id)
        phase = current.scalars(ask.where(Edition.key == "2025", Phase.kind == "voting")).one()
        phase.closes_at = office
        current.commit()

    unchanged = sync()
    changed = sync(with_voting_until(office + timedelta(days=3)))

    path = "thainguyen.editions.2025.phases.voting.closes_at"
    assert unchanged.differences == [
        f"{path}: hồ sơ 2025-11-20T17:00:00+00:00 ≠ văn phòng 2025-11-22T17:00:00+00:00"
    ]
    assert changed.differences == [
        f"{path}: hồ sơ 2025-11-25T17:00:00+00:00 ≠ văn phòng 2025-11-22T17:00:00+00:00"
    ]
    assert voting_end() == office


@pytest.mark.usefixtures("context")
def test_frozen_rules_are_not_changed_by_the_folder() -> None:
    sync()
    with tenant_scope(stored().id) as current:
        row = current.scalars(select(Edition).where(Edition.key == "2025")).one()
        freeze_rules(row.id, actor=SYSTEM, now=NOW)
        current.commit()
    edition = replace(THAI_NGUYEN.edition("2025"), settings={"thainguyen_innovation": {"quota_nhat": 2}})
    package = replace(THAI_NGUYEN, editions=(edition, THAI_NGUYEN.edition("2026")))

    report = sync(package)

    assert [line.split(":")[0] for line in report.differences] == ["thainguyen.editions.2025.settings"]
    with tenant_scope(stored().id) as current:
        row = current.scalars(select(Edition).where(Edition.key == "2025")).one()
        assert "quota_nhat" not in row.settings.get("thainguyen_innovation", {})


@pytest.mark.usefixtures("context")
def test_settings_that_no_plugin_knows_are_refused_and_nothing_is_stored() -> None:
    edition = replace(THAI_NGUYEN.edition("2025"), settings={"thainguyen_innovation": {"quota_nhaat": 1}})
    package = replace(THAI_NGUYEN, editions=(edition, THAI_NGUYEN.edition("2026")))

    with pytest.raises(SettingsInvalid, match=r"thainguyen_innovation\.quota_nhaat"):
        sync(package)

    with platform_scope():
        assert find_tenant("thainguyen") is None


def setting(key: str, edition: str = "2026") -> object:
    with tenant_scope(stored().id):
        found = next(one for one in editions("thainguyen") if one.key == edition)
        return found.values.settings[PLUGIN][key]


def giving(**settings: object) -> TenantPackage:
    """The folder with settings for every edition."""
    return replace(THAI_NGUYEN, settings={PLUGIN: settings})


@pytest.mark.usefixtures("context")
def test_what_the_folder_gives_the_tenant_holds_in_its_editions() -> None:
    sync()
    before = setting("quota_ba")

    report = sync(giving(quota_ba=9))

    assert (before, setting("quota_ba"), report.differences) == (5, 9, [])
    assert stored().profile["settings"] == {PLUGIN: {"quota_ba": 9}}
    sync()
    assert setting("quota_ba") == 5


@pytest.mark.usefixtures("context")
def test_a_setting_of_the_tenant_that_its_plugin_does_not_have_loads_nothing() -> None:
    with pytest.raises(SettingsInvalid, match="Không có cài đặt này"):
        sync(giving(quota_baa=9))

    with platform_scope():
        assert find_tenant("thainguyen") is None


@pytest.mark.usefixtures("context")
def test_what_the_office_set_for_an_edition_outlives_the_folder() -> None:
    sync()
    with tenant_scope(stored().id), unit_of_work():
        row = session().scalars(select(Edition).where(Edition.key == "2026")).one()
        row.settings = {**row.settings, PLUGIN: {"quota_ba": 7}}
        touch_public()

    report = sync(giving(quota_ba=9))

    assert (setting("quota_ba"), setting("quota_ba", "2025")) == (7, 9)
    assert any("settings" in line for line in report.differences)


@pytest.mark.usefixtures("context")
def test_the_folder_has_no_say_while_frozen_rules_are_reopened() -> None:
    sync()
    with tenant_scope(stored().id), unit_of_work():
        row = session().scalars(select(Edition).where(Edition.key == "2026")).one()
        row.reopened_at = NOW
    edition = THAI_NGUYEN.edition("2026")
    changed = replace(edition, settings={PLUGIN: {"quota_ba": 9}})
    package = replace(
        THAI_NGUYEN, editions=tuple(changed if one.key == "2026" else one for one in THAI_NGUYEN.editions)
    )

    report = sync(package)

    assert setting("quota_ba") == 5
    assert any("settings" in line for line in report.differences)


@pytest.mark.usefixtures("context")
def test_what_the_office_set_and_a_new_list_of_plugins_cannot_stand_together() -> None:
    sync()
    with tenant_scope(stored().id), unit_of_work():
        row = session().scalars(select(Edition).where(Edition.key == "2026")).one()
        row.settings = {PLUGIN: {"quota_ba": 7}}

    with pytest.raises(SettingsInvalid, match=r"thainguyen\.editions\.2026"):
        sync(replace(THAI_NGUYEN, plugins=("stkt_base",)))

    assert setting("quota_ba") == 7
