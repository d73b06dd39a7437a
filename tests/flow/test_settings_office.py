"""The committee changes a plugin's settings in the office, and two officers open frozen rules again."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Edition, RulesReopening
from core.contests.services import freeze_rules
from core.kernel import audit
from core.kernel.actor import SYSTEM, Role
from core.kernel.db import session, tenant_scope
from tests.support.app import client_of
from tests.support.factories import NOW, World, make_account, view
from tests.support.people import sign_in
from tests.support.queries import count_queries

PLUGIN = "thainguyen_innovation"
PAGE = f"/btc/ky-thi/cai-dat/{PLUGIN}"
REASON = "Theo biên bản họp Ban Tổ chức."


@pytest.fixture
def office(app: Flask, world: World) -> FlaskClient:
    """The committee of the first tenant."""
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    return client


@pytest.fixture
def colleague(app: Flask, world: World) -> FlaskClient:
    """A second officer of the first tenant."""
    with app.app_context(), tenant_scope(world.first.id) as current:
        make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE])
        current.commit()
    client = client_of(app, "motmot")
    sign_in(client, "btc2@example.vn")
    return client


def typed(page: str, **changed: str) -> dict[str, str | list[str]]:
    """What a browser would send of the page's form, some of it changed."""
    found: dict[str, str | list[str]] = dict(
        re.findall(r'name="(s_[a-z_]+)" type="text"[^>]* value="([^"]*)"', page)
    )
    assert found, page
    return {**found, **changed}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a preview."""
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', page))


def settings_of(world: World) -> object:
    with world.app.app_context(), tenant_scope(world.first.id):
        return session().scalars(select(Edition.settings)).one()


def freeze(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        freeze_rules(view(world.first).id, actor=SYSTEM, now=NOW)
        current.commit()


def actions(world: World) -> list[str]:
    with world.app.app_context(), tenant_scope(world.first.id):
        return [one.action for one in audit.records(subject="k1")]


def test_the_form_shows_each_setting_with_value_limits_and_source(office: FlaskClient) -> None:
    page = office.get(PAGE).text

    assert "Số giải: Giải Ba" in page
    assert "Từ 0 đến 1.000." in page
    assert "Đang dùng: 5 (mặc định)." in page
    assert typed(page)["s_quota_ba"] == "5"
    assert typed(page)["s_score_step"] == "0,5"


def test_the_edition_page_leads_to_the_settings_of_each_plugin(office: FlaskClient) -> None:
    page = office.get("/btc/ky-thi/").text

    assert f'href="{PAGE}"' in page
    assert 'href="/btc/ky-thi/cai-dat/core"' in page


def test_settings_are_previewed_then_saved_with_a_reason(world: World, office: FlaskClient) -> None:
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7", s_score_step="0,25"))

    assert preview.status_code == 200
    assert "Giải Ba: số giải từ 5 lên 7." in preview.text
    assert "Chưa có dữ liệu chấm" in preview.text
    assert settings_of(world) == {}

    saved = office.post(f"{PAGE}/luu", data={**hidden(preview.text), "reason": REASON})

    assert (saved.status_code, saved.location) == (302, f"/btc/ky-thi/#quy-tac-{PLUGIN}")
    assert settings_of(world) == {PLUGIN: {"quota_ba": 7, "score_step": "0.25"}}
    assert "kỳ này" in office.get("/btc/ky-thi/").text
    assert actions(world) == ["criteria.changed", "settings.changed"]
    assert "bước điểm từ 0,5 thành 0,25." in preview.text
    assert "bước điểm từ 0,5 thành 0,25." in client_of(world.app, world.first.slug).get("/the-le").text


def test_values_that_do_not_fit_each_other_are_told_before_they_are_saved(office: FlaskClient) -> None:
    fine = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text
    odd = office.post(PAGE, data=typed(office.get(PAGE).text, s_points_doi_moi="23")).text

    assert ("Soát thể lệ" in fine, "Soát thể lệ" in odd) == (False, True)


def test_sending_the_preview_twice_saves_once(world: World, office: FlaskClient) -> None:
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text
    data = {**hidden(preview), "reason": REASON}

    answers = [office.post(f"{PAGE}/luu", data=data).status_code for _turn in range(2)]

    assert answers == [302, 302]
    assert actions(world) == ["settings.changed"]


def test_a_value_refused_is_told_at_its_field_and_stays(world: World, office: FlaskClient) -> None:
    answer = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="5000", s_quota_nhi="ba"))

    assert answer.status_code == 422
    assert 'id="e-s_quota_ba"' in answer.text
    assert "Số giải từ 0 đến 1000." in answer.text
    assert "Viết một số nguyên." in answer.text
    assert (typed(answer.text)["s_quota_ba"], typed(answer.text)["s_quota_nhi"]) == ("5000", "ba")
    assert settings_of(world) == {}


def test_saving_without_a_reason_shows_the_preview_again(world: World, office: FlaskClient) -> None:
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text

    answer = office.post(f"{PAGE}/luu", data={**hidden(preview), "reason": " "})

    assert answer.status_code == 422
    assert 'id="e-reason"' in answer.text
    assert hidden(answer.text)["s_quota_ba"] == "7"
    assert settings_of(world) == {}


def test_going_back_from_the_preview_keeps_what_was_typed(office: FlaskClient) -> None:
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text

    answer = office.post(PAGE, data={**hidden(preview), "back": "1"})

    assert typed(answer.text)["s_quota_ba"] == "7"


def test_a_value_changed_by_a_colleague_meanwhile_is_not_overwritten(
    world: World, office: FlaskClient, colleague: FlaskClient
) -> None:
    mine = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text
    theirs = colleague.post(PAGE, data=typed(colleague.get(PAGE).text, s_quota_ba="9")).text
    colleague.post(f"{PAGE}/luu", data={**hidden(theirs), "reason": REASON})

    answer = office.post(f"{PAGE}/luu", data={**hidden(mine), "reason": REASON})

    assert answer.status_code == 409
    assert "vừa được người khác thay đổi" in answer.text
    assert settings_of(world) == {PLUGIN: {"quota_ba": 9}}


def test_a_tick_confirms_a_value_and_its_mark_goes(world: World, office: FlaskClient) -> None:
    data = {**typed(office.get(PAGE).text), "confirmed": ["quota_ba"]}
    preview = office.post(PAGE, data=data).text
    assert "(không còn ghi minh họa)" in preview

    office.post(f"{PAGE}/luu", data={**hidden(preview), "reason": REASON})

    assert settings_of(world) == {PLUGIN: {"confirmed": ["quota_ba"]}}
    assert re.search(r'value="quota_ba" checked', office.get(PAGE).text)


def test_nothing_changed_says_so_and_offers_no_saving(office: FlaskClient) -> None:
    page = office.post(PAGE, data=typed(office.get(PAGE).text)).text

    assert "Không có gì thay đổi" in page
    assert "/luu" not in page


def test_a_plugin_of_nobody_is_not_found(office: FlaskClient) -> None:
    assert office.get("/btc/ky-thi/cai-dat/backan_stkt").status_code == 404


def test_frozen_settings_are_shown_and_refused(world: World, office: FlaskClient) -> None:
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text
    freeze(world)

    page = office.get(PAGE).text
    answer = office.post(f"{PAGE}/luu", data={**hidden(preview), "reason": REASON})

    assert "Quy tắc đã chốt" in page
    assert 'href="/btc/ky-thi/mo-lai"' in page
    assert 'name="s_quota_ba"' not in page
    assert answer.status_code == 409
    assert settings_of(world) == {}


def test_the_form_needs_the_same_queries_for_any_number_of_settings(app: Flask, office: FlaskClient) -> None:
    counts = []
    for page in (PAGE, "/btc/ky-thi/cai-dat/core"):
        office.get(page)
        with count_queries(app) as counted:
            office.get(page)
        counts.append(counted.count)

    assert counts[0] == counts[1]


def test_two_officers_open_the_rules_and_freeze_them_again(
    world: World, office: FlaskClient, colleague: FlaskClient
) -> None:
    freeze(world)
    asked = office.post("/btc/ky-thi/mo-lai/de-nghi", data={"reason": REASON})
    assert asked.status_code == 302
    assert "Rút đề nghị" in office.get("/btc/ky-thi/mo-lai").text
    assert "Cán bộ Thử đề nghị mở lại quy tắc" in colleague.get("/btc/ky-thi/").text
    request_ = hidden(colleague.get("/btc/ky-thi/mo-lai").text)

    alone = office.post("/btc/ky-thi/mo-lai/dong-y", data=request_)
    assert (alone.status_code, "cần một cán bộ khác" in alone.text) == (409, True)
    assert colleague.post("/btc/ky-thi/mo-lai/dong-y", data=request_).status_code == 302

    assert "Quy tắc đang được mở lại" in office.get("/btc/ky-thi/").text
    preview = office.post(PAGE, data=typed(office.get(PAGE).text, s_quota_ba="7")).text
    office.post(f"{PAGE}/luu", data={**hidden(preview), "reason": REASON})
    assert office.post("/btc/ky-thi/mo-lai/chot-lai").status_code == 302

    assert actions(world) == [
        "rules.frozen",
        "rules.reopening_asked",
        "rules.reopened",
        "settings.changed",
        "rules.frozen",
    ]
    with world.app.app_context(), tenant_scope(world.first.id):
        found = view(world.first)
        assert (found.is_frozen, found.values.settings[PLUGIN]["quota_ba"]) == (True, 7)


def test_a_request_without_a_reason_is_told_at_the_field(world: World, office: FlaskClient) -> None:
    freeze(world)

    answer = office.post("/btc/ky-thi/mo-lai/de-nghi", data={"reason": ""})

    assert (answer.status_code, 'id="e-reason"' in answer.text) == (422, True)


def test_an_officer_withdraws_the_request(world: World, office: FlaskClient, colleague: FlaskClient) -> None:
    freeze(world)
    office.post("/btc/ky-thi/mo-lai/de-nghi", data={"reason": REASON})
    request_ = hidden(office.get("/btc/ky-thi/mo-lai").text)

    assert colleague.post("/btc/ky-thi/mo-lai/rut", data=request_).status_code == 409
    assert office.post("/btc/ky-thi/mo-lai/rut", data=request_).status_code == 302

    assert "đã được rút" in office.get("/btc/ky-thi/mo-lai").text


def test_the_other_tenants_officer_cannot_agree(app: Flask, world: World, office: FlaskClient) -> None:
    freeze(world)
    office.post("/btc/ky-thi/mo-lai/de-nghi", data={"reason": REASON})
    with app.app_context(), tenant_scope(world.first.id):
        request_id = str(session().scalars(select(RulesReopening.id)).one())
    stranger = client_of(app, "haihai")
    sign_in(stranger, "btc@example.vn")

    assert stranger.post("/btc/ky-thi/mo-lai/dong-y", data={"request": request_id}).status_code == 404
    assert REASON not in stranger.get("/btc/ky-thi/mo-lai").text


def test_a_frozen_version_that_is_not_the_installed_one_is_told(world: World, office: FlaskClient) -> None:
    freeze(world)
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        row = current.scalars(select(Edition)).one()
        assert row.frozen is not None
        installed = row.frozen["plugins"][0]["version"]
        row.frozen = {**row.frozen, "plugins": [{"name": PLUGIN, "version": "0.9.0"}]}
        current.commit()

    assert f"Đã chốt 0.9.0, máy chủ đang có {installed}." in office.get("/btc/ky-thi/").text
