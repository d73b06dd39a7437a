"""Settings and what rests on them: locked sheets, a published result, and the effect on data that is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from core.contests import rules
from core.contests.enabling import set_plugins
from core.contests.models import Edition
from core.contests.settings_plan import digest_of
from core.contests.values import EditionView
from core.judging.errors import SheetsAreLocked
from core.judging.models import Sheet
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.plugin_host import dump_one
from core.results.errors import AlreadyPublished, NotReady
from core.results.services import compute_results, publish
from core.results.settings_effect import Effect, effect_of
from tests.support.factories import TenantFacts, World, actor_of, make_account, make_edition, view
from tests.support.results import LATER, OFFICER, Judged, computed, decide, judge_edition

PLUGIN = "thainguyen_innovation"
REASON = "Theo biên bản họp Ban Tổ chức."


@pytest.fixture
def tenant(world: World) -> Iterator[World]:
    """The world, its first tenant bound, in a request so that words have a language."""
    with world.app.test_request_context(), tenant_scope(world.first.id):
        yield world


@pytest.fixture
def judged(tenant: World) -> Judged:
    """A judged edition: four entries, sheets locked, votes frozen."""
    return judge_edition(tenant.first)


def wanted(edition: EditionView, plugin: str = PLUGIN, **values: Any) -> dict[str, Any]:
    return {**dump_one(plugin, edition.values.settings[plugin]), **values}


def open_again(facts: TenantFacts) -> tuple[Actor, Actor]:
    first, second = (
        actor_of(make_account(f"btc{number}@example.vn", name=f"Cán bộ {number}", roles=[Role.COMMITTEE]))
        for number in (1, 2)
    )
    asked = rules.ask_reopening(view(facts), REASON, actor=first, now=LATER)
    rules.agree_reopening(view(facts), asked.id, actor=second, now=LATER)
    return first, second


def change(facts: TenantFacts, **values: Any) -> bool:
    edition = view(facts)
    seen = digest_of(PLUGIN, edition.values.settings[PLUGIN])
    return rules.change_settings(
        edition, PLUGIN, wanted(edition, **values), REASON, seen=seen, actor=OFFICER, now=LATER
    )


def effect(edition: EditionView, **values: Any) -> Effect:
    return effect_of(edition, rules.plan_settings(edition, PLUGIN, wanted(edition, **values)))


def next_edition(world: World, settings: Mapping[str, Any] | None = None) -> EditionView:
    make_edition("k2", ordinal=2, prefix="TT-K2", settings={PLUGIN: settings} if settings else None)
    return view(replace(world.first, edition_key="k2"))


def test_criteria_of_locked_sheets_stay_when_rules_are_reopened(tenant: World, judged: Judged) -> None:
    open_again(tenant.first)

    with pytest.raises(SheetsAreLocked, match="đã khóa 8 phiếu"):
        change(tenant.first, points_doi_moi="25")
    with pytest.raises(SheetsAreLocked):
        change(tenant.first, score_step="0.25")


def test_another_list_of_plugins_does_not_take_the_criteria_of_locked_sheets_away(
    tenant: World, judged: Judged
) -> None:
    first, _second = open_again(tenant.first)

    with pytest.raises(SheetsAreLocked):
        set_plugins(
            "k1", ["thainguyen_innovation", "stkt_base", "backan_stkt"], reason=REASON, actor=first, now=LATER
        )


def test_what_no_sheet_rests_on_changes_and_sheets_stay_locked(tenant: World, judged: Judged) -> None:
    before = list(session().scalars(select(Sheet.commitment).order_by(Sheet.id)))
    open_again(tenant.first)

    assert change(tenant.first, quota_ba=1)

    assert list(session().scalars(select(Sheet.commitment).order_by(Sheet.id))) == before
    assert set(session().scalars(select(Sheet.state))) == {"locked"}


def test_nothing_is_computed_before_reopened_rules_are_frozen_again(tenant: World, judged: Judged) -> None:
    first, _second = open_again(tenant.first)

    with pytest.raises(NotReady, match="chốt lại"):
        compute_results(view(tenant.first), actor=OFFICER, now=LATER)

    rules.freeze_again(view(tenant.first), actor=first, now=LATER)
    assert compute_results(view(tenant.first), actor=OFFICER, now=LATER).number == 1


def test_rules_of_a_published_result_are_not_reopened(tenant: World, judged: Judged) -> None:
    first, second = (
        actor_of(make_account(f"btc{number}@example.vn", roles=[Role.COMMITTEE])) for number in (1, 2)
    )
    asked = rules.ask_reopening(view(tenant.first), REASON, actor=first, now=LATER)
    decide(judged, computed(judged))
    publish(view(tenant.first), actor=OFFICER, now=LATER)

    with pytest.raises(AlreadyPublished):
        rules.agree_reopening(view(tenant.first), asked.id, actor=second, now=LATER)
    rules.withdraw_reopening(view(tenant.first), asked.id, actor=first, now=LATER)
    with pytest.raises(AlreadyPublished):
        rules.ask_reopening(view(tenant.first), REASON, actor=first, now=LATER)
    assert session().scalars(select(Edition.reopened_at)).one() is None


def test_without_data_the_effect_says_what_is_set_differently(tenant: World) -> None:
    found = effect(view(tenant.first), quota_ba=7)

    assert (found.source, found.warning) == (None, "")
    assert found.lines == ("Giải Ba: số giải từ 5 lên 7.",)


def test_the_effect_is_told_on_the_data_of_the_edition_before(tenant: World, judged: Judged) -> None:
    computed(judged)
    edition = next_edition(tenant, {"quota_nhat": 1, "quota_nhi": 1})

    found = effect(edition, quota_nhi=2)

    assert found.source is not None
    assert found.source.vi == "Kỳ k1"
    assert found.lines == (
        "Giải Nhì: số giải từ 1 lên 2: theo dữ liệu Kỳ k1, có thêm 1 công trình vào hạng này.",
        "Giải Ba: theo dữ liệu Kỳ k1, có 1 công trình ra khỏi hạng này.",
    )


def test_an_effect_that_moves_nobody_says_so(tenant: World, judged: Judged) -> None:
    computed(judged)
    edition = next_edition(tenant)

    (line,) = effect(edition, quota_khuyen_khich=11).lines
    assert line.startswith(
        "Giải Khuyến khích: số giải từ 10 lên 11: theo dữ liệu Kỳ k1, không công trình nào"
    )
    assert effect(edition, confirmed=["quota_ba"]).lines == (
        "Theo dữ liệu Kỳ k1, điểm, thứ hạng và giải đề xuất không đổi.",
    )


def test_data_that_the_new_settings_refuse_are_told_as_such(tenant: World, judged: Judged) -> None:
    computed(judged)
    edition = next_edition(tenant)

    found = effect(edition, points_doi_moi="10")

    assert found.warning.startswith("Theo cài đặt mới, dữ liệu của Kỳ k1 không còn hợp lệ:")
    assert "vượt điểm tối đa 10" in found.warning


def test_data_judged_by_other_rules_are_not_compared(tenant: World, judged: Judged) -> None:
    computed(judged)
    edition = next_edition(tenant, {"points_doi_moi": "10"})

    found = effect(edition, quota_ba=7)

    assert found.warning == "Dữ liệu của Kỳ k1 được chấm theo quy tắc khác nên không so được."
    assert found.lines == ("Giải Ba: số giải từ 5 lên 7.",)


def test_the_other_tenants_data_are_never_used(tenant: World, judged: Judged) -> None:
    computed(judged)
    session().commit()

    with tenant_scope(tenant.second.id):
        assert effect(view(tenant.second), quota_ba=7).source is None


def test_the_official_computation_is_left_alone(tenant: World, judged: Judged) -> None:
    made = computed(judged)
    texts = (made.inputs, made.outputs)

    effect(next_edition(tenant), quota_ba=1)

    session().expire(made)
    assert (made.inputs, made.outputs) == texts
