"""What a unit does through the browser, and what the public sees of it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import unit_by_code
from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.outreach.queries import report_of
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, make_unit, set_clock, view
from tests.support.outreach import NOVEMBER, report_form, unit_world
from tests.support.people import sign_in

FORM = f"/don-vi/bao-cao/{NOVEMBER}"
LONG = "Trung tâm Ứng dụng tiến bộ khoa học, công nghệ và đổi mới sáng tạo liên xã vùng cao phía bắc " * 2


@pytest.fixture
def unit_client(world: World) -> FlaskClient:
    """The unit's speaker of the first tenant, signed in; both tenants ask for reports."""
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id):
                unit_world(facts)
                session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "donvi@example.vn")
    return client


def test_a_unit_sends_its_report_and_cannot_send_another(world: World, unit_client: FlaskClient) -> None:
    form = unit_client.get(FORM)
    assert form.status_code == 200
    assert 'name="activities"' in form.text

    sent = unit_client.post(FORM, data=report_form(do="send"))
    page = unit_client.get(FORM)
    changed = unit_client.post(FORM, data=report_form(do="send", events="9"))

    assert (sent.status_code, sent.location, changed.status_code) == (303, FORM, 409)
    assert "Đã gửi báo cáo tháng 11/2025." in page.text
    assert "1.250" in page.text
    assert 'name="activities"' not in page.text


def test_what_is_wrong_is_told_at_the_field_and_what_was_typed_stays(unit_client: FlaskClient) -> None:
    answer = unit_client.post(FORM, data=report_form(do="send", people="nhiều", activities=""))

    assert answer.status_code == 422
    assert 'id="e-people"' in answer.text
    assert 'id="e-activities"' in answer.text
    assert 'id="e-news"' not in answer.text
    assert 'value="nhiều"' in answer.text
    assert 'value="12"' in answer.text


def test_a_refused_report_stores_nothing(world: World, unit_client: FlaskClient) -> None:
    unit_client.post(FORM, data=report_form(do="send", people="nhiều"))

    with world.app.app_context(), tenant_scope(world.first.id):
        unit = unit_by_code("xa-thu")
        assert unit is not None

        assert report_of(view(world.first), unit.id, NOVEMBER) is None


def test_a_draft_is_saved_and_waits(unit_client: FlaskClient) -> None:
    unit_client.post(FORM, data={"do": "save", "activities": "Mới viết một nửa", "events": ""})
    page = unit_client.get(FORM)
    home = unit_client.get("/don-vi/")

    assert "Bản nháp chưa được gửi" in page.text
    assert "Mới viết một nửa" in page.text
    assert "Đang soạn" in home.text


def test_a_unit_reopens_its_report(unit_client: FlaskClient) -> None:
    unit_client.post(FORM, data=report_form(do="send"))

    answer = unit_client.post(f"{FORM}/mo-lai")

    assert answer.status_code == 303
    assert 'name="activities"' in unit_client.get(FORM).text


def test_the_paper_leaves_number_and_day_to_the_clerk(unit_client: FlaskClient) -> None:
    unit_client.post(FORM, data=report_form(do="send"))

    page = unit_client.get(f"{FORM}/ban-in?lang=en").text

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert "ỦY BAN NHÂN DÂN" in page
    assert "XÃ THỬ" in page
    assert "Hồ sơ tính vào chỉ tiêu" in page


def test_the_unit_s_page_shows_states_and_titles_and_no_person(
    world: World, unit_client: FlaskClient
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        here = session()
        unit = unit_by_code("xa-thu")
        assert unit is not None

        row = here.get_one(Unit, (here.tenant_id, unit.id))
        make_entry(view(world.first), account(), state="returned", title=LONG.strip(), unit=row)
        here.commit()

    page = unit_client.get("/don-vi/").text

    assert LONG.strip() in page
    assert "Cần bổ sung" in page
    assert "Nguyễn Văn Thử" not in page


def test_the_public_page_leads_to_a_dossier_in_the_unit_s_name(
    world: World, unit_client: FlaskClient
) -> None:
    stranger = client_of(world.app, world.first.slug)
    page = stranger.get("/don-vi/xa-thu")
    assert page.status_code == 200
    assert "/du-thi/moi?don-vi=xa-thu" in page.text
    assert "<svg" in page.text
    assert "Set-Cookie" not in page.headers

    sign_in(stranger, "tacgia@example.vn")
    token = stranger.get("/du-thi/moi?don-vi=xa-thu").text.split('name="form_token" value="')[1].split('"')[0]
    stranger.post("/du-thi/moi?don-vi=xa-thu", data={"form_token": token, "don-vi": "xa-thu"})

    with world.app.app_context(), tenant_scope(world.first.id):
        unit = unit_by_code("xa-thu")
        assert unit is not None
        assert session().scalars(select(Entry.unit_id)).all() == [unit.id]


def test_the_poster_holds_the_unit_s_address(world: World) -> None:
    page = client_of(world.app, world.first.slug).get("/don-vi/xa-thu/ap-phich")

    assert page.status_code == 200
    assert "http://motmot.localhost/don-vi/xa-thu" in page.text


@pytest.mark.parametrize("path", ["/don-vi/khong-co", "/don-vi/khong-co/ap-phich"])
def test_an_unknown_unit_has_no_page(world: World, path: str) -> None:
    assert client_of(world.app, world.first.slug).get(path).status_code == 404


def test_a_unit_of_the_other_tenant_has_no_page_here(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.second.id):
        make_unit("chi-hai", name="Đơn vị của Hai")
        session().commit()

    assert client_of(world.app, world.first.slug).get("/don-vi/chi-hai").status_code == 404
    assert client_of(world.app, world.second.slug).get("/don-vi/chi-hai").status_code == 200


def test_the_twin_s_report_stays_the_twin_s(world: World, unit_client: FlaskClient) -> None:
    twin = client_of(world.app, world.second.slug)
    sign_in(twin, "donvi@example.vn")
    twin.post(FORM, data=report_form(do="send", activities="Chỉ của Hai"))

    assert "Chỉ của Hai" not in unit_client.get(FORM).text
    assert 'name="activities"' in unit_client.get(FORM).text


def test_others_have_no_business_here(world: World) -> None:
    client = client_of(world.app, world.first.slug)
    assert client.get("/don-vi/").status_code == 302
    sign_in(client, "tacgia@example.vn")
    assert client.get("/don-vi/").status_code == 403
    assert client.post(FORM, data=report_form(do="send")).status_code == 403


def test_a_month_not_begun_has_no_form(world: World, unit_client: FlaskClient) -> None:
    assert unit_client.get("/don-vi/bao-cao/2025-12").status_code == 404
    with world.app.app_context(), tenant_scope(world.first.id):
        set_clock(view(world.first).id, NOW.replace(month=12, day=1))
        session().commit()
    assert unit_client.get("/don-vi/bao-cao/2025-12").status_code == 200
