"""Changing settings with a reason, and opening frozen rules by two persons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.contests import rules
from core.contests.models import Edition, RulesReopening
from core.contests.policies import ReopeningRefused, RulesAreFrozen, RulesMoved, SettingsMoved
from core.contests.services import change_phase, freeze_rules
from core.contests.settings_plan import digest_of
from core.contests.values import EditionView, PhaseKind
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import ALL_TENANTS, session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.ids import uuid7
from core.people.queries import account_by_email
from core.plugin_host import Level, SettingsInvalid, dump_one
from core.tenancy.models import Tenant
from core.tenancy.resolver import find_tenant
from tests.support.factories import NOW, World, actor_of, make_account, view

PLUGIN = "thainguyen_innovation"
REASON = "Theo biên bản họp Ban Tổ chức."


@pytest.fixture
def first(tenant: World) -> Actor:
    """An officer."""
    row = account_by_email("btc@example.vn")
    assert row is not None
    return Actor(id=row.id, name=row.name, roles=frozenset({Role.COMMITTEE}))


@pytest.fixture
def second(tenant: World) -> Actor:
    """Another officer."""
    return actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))


def row() -> Edition:
    return session().scalars(select(Edition).where(Edition.key == "k1")).one()


def wanted(edition: EditionView, **values: Any) -> dict[str, Any]:
    return {**dump_one(PLUGIN, edition.values.settings[PLUGIN]), **values}


def change(
    world: World, actor: Actor, *, reason: str = REASON, seen: str | None = None, **values: Any
) -> bool:
    edition = view(world.first)
    return rules.change_settings(
        edition,
        PLUGIN,
        wanted(edition, **values),
        reason,
        seen=digest_of(PLUGIN, edition.values.settings[PLUGIN]) if seen is None else seen,
        actor=actor,
        now=NOW,
    )


def setting(world: World, key: str) -> object:
    return view(world.first).values.settings[PLUGIN][key]


def give(tenant_id: Any, settings: Mapping[str, Any]) -> None:
    """What the tenant gives its plugins in every edition."""
    ask = select(Tenant).where(Tenant.id == tenant_id)
    stored = session().scalars(ask, execution_options=ALL_TENANTS).one()
    stored.profile = {**stored.profile, "settings": settings}
    session().flush()


def reopen(world: World, first: Actor, second: Actor) -> None:
    freeze_rules(view(world.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(world.first), REASON, actor=first, now=NOW)
    rules.agree_reopening(view(world.first), asked.id, actor=second, now=NOW)


def test_a_setting_is_changed_with_before_and_after_in_the_log(tenant: World, first: Actor) -> None:
    before = find_tenant("motmot")

    assert change(tenant, first, quota_ba=7)

    assert setting(tenant, "quota_ba") == 7
    assert row().settings == {PLUGIN: {"quota_ba": 7}}
    (record,) = audit.records(subject="k1")
    assert (record.action, record.data) == (
        "settings.changed",
        {"plugin": PLUGIN, "before": {"quota_ba": 5}, "after": {"quota_ba": 7}, "reason": REASON},
    )
    after = find_tenant("motmot")
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


def test_the_other_tenants_edition_stays_as_it_was(tenant: World, first: Actor) -> None:
    change(tenant, first, quota_ba=7)
    session().commit()

    with tenant_scope(tenant.second.id):
        assert view(tenant.second).values.settings[PLUGIN]["quota_ba"] == 5
        assert audit.records() == []


def test_saving_the_same_again_changes_nothing(tenant: World, first: Actor) -> None:
    seen = digest_of(PLUGIN, view(tenant.first).values.settings[PLUGIN])

    assert change(tenant, first, seen=seen, quota_ba=7)
    assert not change(tenant, first, seen=seen, quota_ba=7)

    assert len(audit.records(subject="k1")) == 1


def test_settings_that_somebody_else_changed_meanwhile_are_not_overwritten(
    tenant: World, first: Actor
) -> None:
    seen = digest_of(PLUGIN, view(tenant.first).values.settings[PLUGIN])
    change(tenant, first, quota_ba=7)

    with pytest.raises(SettingsMoved):
        change(tenant, first, seen=seen, quota_ba=8)

    assert setting(tenant, "quota_ba") == 7


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_change_needs_a_reason_of_a_fitting_length(tenant: World, first: Actor, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(tenant, first, reason=reason, quota_ba=7)

    assert list(refused.value.errors) == ["reason"]
    assert setting(tenant, "quota_ba") == 5


def test_a_value_out_of_bounds_is_refused_and_nothing_is_stored(tenant: World, first: Actor) -> None:
    with pytest.raises(SettingsInvalid):
        change(tenant, first, quota_ba=5000)

    assert row().settings == {}


def test_only_the_committee_changes_settings(tenant: World) -> None:
    with pytest.raises(Forbidden):
        change(tenant, actor_of(make_account("la@example.vn")), quota_ba=7)


def test_a_plugin_that_the_edition_does_not_use_is_not_found(tenant: World, first: Actor) -> None:
    with pytest.raises(NotFound):
        rules.change_settings(view(tenant.first), "backan_stkt", {}, REASON, seen="", actor=first, now=NOW)


def test_what_the_tenant_gives_holds_until_the_edition_says_otherwise(tenant: World, first: Actor) -> None:
    give(tenant.first.id, {PLUGIN: {"quota_ba": 9, "quota_nhi": 4}})

    change(tenant, first, quota_ba=7)

    assert (setting(tenant, "quota_ba"), setting(tenant, "quota_nhi")) == (7, 4)
    assert row().settings == {PLUGIN: {"quota_ba": 7}}


def test_going_back_to_the_tenants_value_leaves_the_edition_without_one(tenant: World, first: Actor) -> None:
    give(tenant.first.id, {PLUGIN: {"quota_ba": 9}})
    change(tenant, first, quota_ba=7)

    change(tenant, first, quota_ba=9)

    assert row().settings == {}
    assert setting(tenant, "quota_ba") == 9


def test_what_the_platform_gives_holds_where_nobody_nearer_says_otherwise(
    tenant: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "plugins.toml"
    file.write_text(f"[{PLUGIN}]\nquota_ba = 9\nquota_nhi = 4\n", encoding="utf-8")
    monkeypatch.setenv("BANGVANG_PLUGIN_SETTINGS", str(file))
    give(tenant.first.id, {PLUGIN: {"quota_ba": 8}})

    found = view(tenant.first)

    assert (setting(tenant, "quota_ba"), setting(tenant, "quota_nhi")) == (8, 4)
    levels = [found.layers.level(PLUGIN, key) for key in ("quota_ba", "quota_nhi", "quota_nhat")]
    assert levels == [Level.TENANT, Level.PLATFORM, Level.DEFAULT]


def test_what_one_tenant_gives_is_nothing_to_the_other(tenant: World) -> None:
    give(tenant.first.id, {PLUGIN: {"quota_ba": 9}})
    session().commit()

    with tenant_scope(tenant.second.id):
        assert view(tenant.second).values.settings[PLUGIN]["quota_ba"] == 5


def test_freezing_keeps_what_held_at_every_level(tenant: World) -> None:
    give(tenant.first.id, {PLUGIN: {"quota_ba": 9}})
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)

    give(tenant.first.id, {PLUGIN: {"quota_ba": 2}})

    assert setting(tenant, "quota_ba") == 9


def test_frozen_settings_do_not_change(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)

    with pytest.raises(RulesAreFrozen):
        change(tenant, first, quota_ba=7)


def test_two_officers_open_frozen_rules_and_nothing_changes_by_that(
    tenant: World, first: Actor, second: Actor
) -> None:
    give(tenant.first.id, {PLUGIN: {"quota_ba": 9}})
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    give(tenant.first.id, {PLUGIN: {"quota_ba": 2}})
    frozen = view(tenant.first).values
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    assert rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=NOW)

    opened = view(tenant.first)
    assert (opened.is_frozen, opened.is_reopened, opened.has_judging_begun) == (False, True, True)
    assert opened.values == frozen
    assert [one.action for one in audit.records(subject="k1")] == [
        "rules.frozen",
        "rules.reopening_asked",
        "rules.reopened",
    ]
    assert audit.records(actions=["rules.reopened"])[0].data == {
        "plugins": [{"name": ref.name, "version": ref.version} for ref in frozen.plugins],
        "asked_at": NOW.isoformat(),
        "reason": REASON,
    }


def test_reopened_settings_change_and_are_frozen_again(tenant: World, first: Actor, second: Actor) -> None:
    reopen(tenant, first, second)
    change(tenant, first, quota_ba=7)

    assert rules.freeze_again(view(tenant.first), actor=second, now=NOW)
    assert not rules.freeze_again(view(tenant.first), actor=second, now=NOW)

    found = view(tenant.first)
    assert (found.is_frozen, found.is_reopened) == (True, False)
    assert found.values.settings[PLUGIN]["quota_ba"] == 7
    with pytest.raises(RulesAreFrozen):
        change(tenant, first, quota_ba=8)


def test_the_officer_who_asked_cannot_agree(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    with pytest.raises(ReopeningRefused, match="cần một cán bộ khác"):
        rules.agree_reopening(view(tenant.first), asked.id, actor=first, now=NOW)

    assert view(tenant.first).is_frozen


def test_the_platform_is_no_person_who_could_ask_or_agree(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    with pytest.raises(Forbidden):
        rules.ask_reopening(view(tenant.first), REASON, actor=SYSTEM, now=NOW)
    with pytest.raises(Forbidden):
        rules.agree_reopening(view(tenant.first), asked.id, actor=SYSTEM, now=NOW)


def test_who_is_not_of_the_committee_cannot_agree(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    with pytest.raises(Forbidden):
        rules.agree_reopening(
            view(tenant.first), asked.id, actor=actor_of(make_account("la@example.vn")), now=NOW
        )


def test_a_request_is_good_for_seven_days(tenant: World, first: Actor, second: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)
    over = NOW + timedelta(days=7)

    with pytest.raises(ReopeningRefused, match="quá bảy ngày"):
        rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=over)

    again = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=over)
    assert again.id != asked.id
    last = over + timedelta(days=7, seconds=-1)
    assert rules.agree_reopening(view(tenant.first), again.id, actor=second, now=last)


def test_a_withdrawn_request_cannot_be_agreed_to(tenant: World, first: Actor, second: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    with pytest.raises(ReopeningRefused, match="Chỉ người đã đề nghị"):
        rules.withdraw_reopening(view(tenant.first), asked.id, actor=second, now=NOW)
    assert rules.withdraw_reopening(view(tenant.first), asked.id, actor=first, now=NOW)
    assert not rules.withdraw_reopening(view(tenant.first), asked.id, actor=first, now=NOW)

    with pytest.raises(ReopeningRefused, match="đã được rút"):
        rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=NOW)


def test_asking_and_agreeing_twice_do_it_once(tenant: World, first: Actor, second: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)

    assert rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW) is asked
    with pytest.raises(ReopeningRefused, match="Cán bộ Thử đã đề nghị"):
        rules.ask_reopening(view(tenant.first), REASON, actor=second, now=NOW)
    assert rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=NOW)
    assert not rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=NOW)

    assert session().scalar(select(func.count()).select_from(RulesReopening)) == 1
    assert len(audit.records(actions=["rules.reopened"])) == 1


def test_rules_that_are_not_frozen_need_no_reopening(tenant: World, first: Actor) -> None:
    with pytest.raises(ReopeningRefused, match="không chốt"):
        rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW)
    with pytest.raises(ReopeningRefused, match="chưa từng"):
        rules.freeze_again(view(tenant.first), actor=first, now=NOW)


def test_a_request_without_a_reason_is_not_kept(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)

    with pytest.raises(Invalid):
        rules.ask_reopening(view(tenant.first), " ", actor=first, now=NOW)

    assert session().scalar(select(func.count()).select_from(RulesReopening)) == 0


def test_a_request_of_the_other_tenant_does_not_exist(tenant: World, first: Actor) -> None:
    freeze_rules(view(tenant.first).id, actor=SYSTEM, now=NOW)
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=NOW).id
    session().commit()

    with tenant_scope(tenant.second.id):
        freeze_rules(view(tenant.second).id, actor=SYSTEM, now=NOW)
        other = actor_of(make_account("btc2@example.vn", roles=[Role.COMMITTEE]))
        for request_id in (asked, uuid7()):
            with pytest.raises(NotFound):
                rules.agree_reopening(view(tenant.second), request_id, actor=other, now=NOW)
        assert view(tenant.second).is_frozen


def test_dates_before_judging_stay_while_the_rules_are_reopened(
    tenant: World, first: Actor, second: Actor
) -> None:
    reopen(tenant, first, second)
    voting = view(tenant.first).phase(PhaseKind.VOTING)
    assert voting is not None

    with pytest.raises(RulesAreFrozen):
        change_phase(
            view(tenant.first).id,
            PhaseKind.VOTING,
            opens_at=voting.opens_at,
            closes_at=voting.closes_at + timedelta(days=1),
            reason=REASON,
            actor=first,
            now=NOW,
        )


def test_judging_that_goes_on_freezes_reopened_rules(tenant: World, first: Actor, second: Actor) -> None:
    reopen(tenant, first, second)

    rules.freeze_for_judging(view(tenant.first), actor=SYSTEM, now=NOW)

    assert view(tenant.first).is_frozen


def test_judging_does_not_go_on_by_rules_that_changed_meanwhile(
    tenant: World, first: Actor, second: Actor
) -> None:
    reopen(tenant, first, second)
    seen = view(tenant.first)
    change(tenant, first, quota_ba=7)

    with pytest.raises(RulesMoved):
        rules.freeze_for_judging(seen, actor=SYSTEM, now=NOW)
