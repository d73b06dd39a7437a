"""Criteria: versions before the first locked sheet, none after it, on whichever way the change comes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests import rules
from core.contests.enabling import set_plugins
from core.contests.queries import edition_by_key
from core.contests.services import freeze_rules
from core.contests.settings_plan import digest_of
from core.contests.sync import sync_packages
from core.contests.values import EditionView
from core.judging.criteria import changes_between, document_of
from core.judging.criteria_versions import (
    acknowledge,
    changed_versions,
    over_maximum,
    readers_of,
    unread_versions,
    versions_of,
)
from core.judging.criteria_words import change_sentences
from core.judging.errors import SheetsAreLocked
from core.judging.policies import access_judge
from core.judging.queries import sheet_of
from core.judging.services import lock_sheet, open_round
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import platform_scope, session, tenant_scope
from core.kernel.errors import Invalid
from core.kernel.mail import Mail
from core.kernel.uow import unit_of_work
from core.plugin_api import Anchor, Criterion, Round, Text
from core.plugin_host import dump_one
from core.tenancy.package import load_tenant_packages
from core.tenancy.resolver import find_tenant
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import ROUND, fill, judge_actor, lock, make_council, make_round, place_of
from tests.support.voting import in_tenant

PLUGIN = "thainguyen_innovation"
REASON = "Theo văn bản sửa đổi."


def a_round(*criteria: Criterion, key: str = "r") -> list[dict[str, Any]]:
    return document_of([Round(key, Text("Vòng", "Round"), criteria)])


NEW = Criterion("moi", Text("Tính mới", "Novelty"), Decimal(30))


def test_each_part_of_a_criterion_that_changes_is_told_before_and_after() -> None:
    anchor = Anchor(Decimal(20), Decimal(25), Text("rất mới", "very new"))
    after = replace(NEW, maximum=Decimal(25), name=Text("Mới", "New"), anchors=(anchor,))
    found = changes_between(a_round(NEW), a_round(after))
    assert [(one["what"], one["before"], one["after"]) for one in found[:2]] == [
        ("name", {"vi": "Tính mới", "en": "Novelty"}, {"vi": "Mới", "en": "New"}),
        ("maximum", "30", "25"),
    ]
    assert found[2]["after"] == [{"least": "20", "most": "25", "text": {"vi": "rất mới", "en": "very new"}}]


def test_criteria_and_rounds_that_come_or_go_are_told() -> None:
    other = replace(NEW, key="khac", maximum=Decimal(10))
    assert [(one["criterion"], one["what"]) for one in changes_between(a_round(NEW), a_round(other))] == [
        ("khac", "added"),
        ("moi", "removed"),
    ]
    assert [one["what"] for one in changes_between([], a_round(NEW))] == ["added"]


def test_confirming_an_illustration_changes_no_criterion() -> None:
    assert changes_between(a_round(NEW), a_round(replace(NEW, official=False))) == []


def change(world: World, **values: Any) -> bool:
    edition = view(world.first)
    held = edition.values.settings[PLUGIN]
    wanted = {**dump_one(PLUGIN, held), **values}
    seen = digest_of(PLUGIN, held)
    return rules.change_settings(edition, PLUGIN, wanted, REASON, seen=seen, actor=SYSTEM, now=NOW)


def open_again(world: World) -> None:
    one, two = (actor_of(make_account(f"cb{number}@example.vn", roles=[Role.COMMITTEE])) for number in (1, 2))
    asked = rules.ask_reopening(view(world.first), REASON, actor=one, now=NOW)
    rules.agree_reopening(view(world.first), asked.id, actor=two, now=NOW)


def test_a_change_before_the_first_locked_sheet_is_a_version_announced_to_each_judge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition, judges=2)
        assert change(world, points_doi_moi="25")
        newest, first = versions_of(edition.id)
        assert (newest.number, first.number, newest.told, newest.reason) == (2, 1, ["J1", "J2"], REASON)
        assert change_sentences(newest.changes)[0].endswith("điểm tối đa từ 20 thành 25.")
        letters = list(session().scalars(select(Mail).where(Mail.kind == "criteria-changed")))
        assert len(letters) == 2
        assert "điểm tối đa từ 20 thành 25." in letters[0].body
        (line,) = audit.records(actions=("criteria.changed",))
        assert (line.data["version"], line.data["judges"]) == (2, 2)


def test_a_setting_that_is_no_criterion_makes_no_version(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        assert change(world, quota_ba=1)
        assert [one.number for one in versions_of(edition.id)] == [1]


def test_the_judge_is_told_until_he_says_that_he_read_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_council(edition)
        change(world, points_doi_moi="25")
        judge = access_judge(edition, judge_actor())
        assert [one.number for one in unread_versions(edition.id, judge)] == [2]
        acknowledge(edition, judge, 2, now=NOW)
        acknowledge(edition, judge, 2, now=NOW)
        assert unread_versions(edition.id, judge) == []
        assert readers_of(edition.id) == {2: {"J1"}}
        change(world, points_doi_moi="24")
        assert [one.number for one in unread_versions(edition.id, judge)] == [3]


def test_points_above_the_new_maximum_are_kept_and_told_and_do_not_lock(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry)
        open_again(world)
        change(world, points_doi_moi="10")
        moved = view(world.first)
        judge = access_judge(moved, judge_actor())
        ((found),) = over_maximum(moved, judge)
        assert (found.code, found.criterion, found.points, found.most) == (
            entry.code,
            "doi_moi",
            Decimal("18.5"),
            Decimal(10),
        )
        place = place_of(moved, entry)
        held = sheet_of(place)
        with pytest.raises(Invalid):
            lock_sheet(moved, place, held.revision, actor=judge_actor(), now=NOW)
        assert sheet_of(place).scores["doi_moi"] == Decimal("18.5")


def test_once_a_sheet_is_locked_no_setting_changes_a_criterion_of_any_round(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
        open_again(world)
        for values in ({"points_doi_moi": "25"}, {"score_step": "0.25"}):
            with pytest.raises(SheetsAreLocked):
                change(world, **values)
        assert changed_versions(edition.id) == []


def test_once_a_sheet_is_locked_no_list_of_plugins_changes_a_criterion(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(edition, entry)
        open_again(world)
        with pytest.raises(SheetsAreLocked):
            set_plugins("k1", ["stkt_base", "bacgiang_stkt"], reason=REASON, actor=SYSTEM, now=NOW)


def test_another_list_of_plugins_before_judging_is_a_version_too(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        set_plugins("k1", ["stkt_base", "bacgiang_stkt"], reason=REASON, actor=SYSTEM, now=NOW)
        assert [one.number for one in versions_of(edition.id)] == [2, 1]


def test_opening_the_first_round_keeps_what_judging_begins_by(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_entry(edition, account())
        make_council(edition)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        (only,) = versions_of(edition.id)
        assert (only.number, only.criteria) == (1, document_of(edition.rules.rounds()))


def test_the_twin_knows_nothing_of_a_change(world: World) -> None:
    with in_tenant(world, world.first):
        change(world, points_doi_moi="25")
    with in_tenant(world, world.second) as edition:
        assert versions_of(edition.id) == []


def synced(world: World, **settings: str) -> list[str]:
    """What the office keeps differently after Thái Nguyên's folder was loaded with these settings."""
    package = next(one for one in load_tenant_packages() if one.slug == "thainguyen")
    with world.app.app_context():
        (report,) = sync_packages([replace(package, settings={PLUGIN: settings})], now=NOW)
    return report.differences


def synced_edition() -> EditionView:
    """The edition of 2025 of the tenant that is bound."""
    return edition_by_key("thainguyen", "2025")


@pytest.fixture
def thai_nguyen(world: World) -> UUID:
    """Thái Nguyên, loaded from its folder."""
    synced(world)
    with world.app.app_context(), platform_scope():
        found = find_tenant("thainguyen")
    assert found is not None
    return found.id


def test_the_folder_makes_a_version_before_judging(world: World, thai_nguyen: UUID) -> None:
    synced(world, points_doi_moi="25")
    with world.app.app_context(), tenant_scope(thai_nguyen):
        newest, first = versions_of(synced_edition().id)
        assert (newest.number, first.number, newest.by_name) == (2, 1, SYSTEM.name)


def test_the_folder_changes_no_criterion_once_judging_has_begun(world: World, thai_nguyen: UUID) -> None:
    with world.app.app_context(), tenant_scope(thai_nguyen), unit_of_work():
        freeze_rules(synced_edition().id, actor=SYSTEM, now=NOW)
    synced(world, points_doi_moi="25")
    with world.app.app_context(), tenant_scope(thai_nguyen):
        edition = synced_edition()
        assert [one.number for one in versions_of(edition.id)] == [1]
        assert edition.rules.deciding_round().criteria[0].maximum == Decimal(20)


def test_no_address_of_the_api_writes_rules(world: World) -> None:
    writing = [
        rule.rule
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    assert [one for one in writing if "edition" in one or "setting" in one or "rule" in one] == []
