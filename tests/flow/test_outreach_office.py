"""What the committee does about units through the browser."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import unit_by_code
from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.kernel.mail import mailbox
from core.outreach.services import send_report
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_unit, view
from tests.support.outreach import NOVEMBER, make_target, report_form, unit_world
from tests.support.people import sign_in
from tests.support.queries import count_queries

LONG = "Trung tâm Ứng dụng tiến bộ khoa học, công nghệ và đổi mới sáng tạo liên xã vùng cao phía bắc " * 2


@pytest.fixture
def office(world: World) -> FlaskClient:
    """The committee of the first tenant, signed in; one dossier names no unit."""
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id):
                here = unit_world(facts)
                make_entry(here.edition, here.owner, state="submitted", title=f"Của {facts.slug}")
                session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def rows_of(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_the_table_and_its_export_show_the_same_units(world: World, office: FlaskClient) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_unit("cong-thuc", name="=cmd|' /C calc'!A0", kind="department")
        make_unit("rat-dai", name=LONG.strip()[:200], kind="department")
        session().commit()

    page = office.get("/btc/don-vi?nhom=loai-department")
    table = rows_of(office.get("/btc/don-vi/xuat?nhom=loai-department&dang=csv").data)

    assert page.status_code == 200
    assert LONG.strip()[:200] in page.text
    assert "/btc/don-vi/xa-thu" not in page.text
    assert [row[:2] for row in table[1:]] == [
        ["cong-thuc", "'=cmd|' /C calc'!A0"],
        ["rat-dai", LONG.strip()[:200]],
    ]


def test_the_workbook_opens_and_names_the_unit(office: FlaskClient) -> None:
    answer = office.get("/btc/don-vi/xuat?dang=xlsx")

    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert "Xã Thử" in {cell for row in rows for cell in row}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="don-vi-motmot-k1.xlsx"'


@pytest.mark.parametrize(
    "path", ["/btc/don-vi", "/btc/don-vi/bao-cao", "/btc/don-vi/nhac", "/btc/don-vi/nhac?viec=chi-tieu"]
)
def test_lists_need_the_same_queries_for_1_and_for_30_units(
    world: World, app: Flask, office: FlaskClient, path: str
) -> None:
    office.get(path)
    with count_queries(app) as one:
        assert office.get(path).status_code == 200
    with world.app.app_context(), tenant_scope(world.first.id):
        for number in range(29):
            unit = make_unit(f"xa-{number}", name=f"Xã {number}")
            make_target(view(world.first), unit)
            make_entry(view(world.first), account(), state="submitted", unit=unit)
        session().commit()

    with count_queries(app) as thirty:
        assert office.get(path).status_code == 200

    assert one.count == thirty.count, f"{one}\n---\n{thirty}"


def test_a_dossier_is_given_to_a_unit_with_a_reason(world: World, office: FlaskClient) -> None:
    listed = office.get("/btc/don-vi/chua-gan")
    assert "Của motmot" in listed.text

    without = office.post("/btc/don-vi/gan/TT-K1-0001", data={"unit": "xa-thu", "reason": ""})
    given = office.post("/btc/don-vi/gan/TT-K1-0001", data={"unit": "xa-thu", "reason": "Tác giả xác nhận"})

    assert (without.status_code, given.status_code) == (422, 303)
    assert 'value="xa-thu" selected' in without.text
    assert "Của motmot" not in office.get("/btc/don-vi/chua-gan").text
    assert 'value="xa-thu" selected' in office.get("/btc/don-vi/gan/TT-K1-0001").text
    with world.app.app_context(), tenant_scope(world.first.id):
        unit_id = session().scalars(select(Unit.id).where(Unit.code == "xa-thu")).one()
        assert session().scalars(select(Entry.unit_id)).one() == unit_id


def test_reminders_are_shown_before_they_are_sent_and_go_out_once(world: World, office: FlaskClient) -> None:
    before = office.get("/btc/don-vi/nhac?viec=bao-cao")
    assert "Gửi 1 thư nhắc" in before.text
    for _ in range(2):
        office.post("/btc/don-vi/nhac", data={"viec": "bao-cao", "thang": NOVEMBER})

    assert "Đã nhắc" in office.get("/btc/don-vi/nhac?viec=bao-cao").text
    with world.app.app_context():
        with tenant_scope(world.first.id):
            assert [mail.recipient for mail in mailbox()] == ["donvi@example.vn"]
        with tenant_scope(world.second.id):
            assert mailbox() == []


def test_a_received_report_is_read_and_given_back_with_a_reason(world: World, office: FlaskClient) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        unit = unit_by_code("xa-thu")
        assert unit is not None
        speaker = actor_of(account("donvi@example.vn"))
        send_report(view(world.first), unit, NOVEMBER, report_form(), actor=speaker, now=NOW)
        session().commit()
    path = f"/btc/don-vi/xa-thu/bao-cao/{NOVEMBER}"

    table, page = office.get("/btc/don-vi/bao-cao"), office.get(path)
    without = office.post(f"{path}/mo-lai", data={"reason": ""})
    reopened = office.post(f"{path}/mo-lai", data={"reason": "Sai số lượt người"})

    assert path in table.text
    assert "Hội nghị phổ biến thể lệ." in page.text
    assert (without.status_code, reopened.status_code) == (422, 303)
    assert office.get(path).status_code == 404


def test_one_unit_s_page_shows_its_people_and_link(office: FlaskClient) -> None:
    page = office.get("/btc/don-vi/xa-thu")

    assert page.status_code == 200
    assert "Đơn vị Thử" in page.text
    assert "/du-thi/moi?don-vi=xa-thu" in page.text


def test_the_office_shows_nothing_of_the_other_tenant(office: FlaskClient) -> None:
    for path in ("/btc/don-vi", "/btc/don-vi/chua-gan", "/btc/don-vi/bao-cao"):
        assert "Của haihai" not in office.get(path).text
    assert office.get("/btc/don-vi/gan/TT-K1-0002").status_code == 404


@pytest.mark.parametrize("email", ["donvi@example.vn", "tacgia@example.vn", "giamkhao@example.vn"])
def test_the_office_is_the_committee_s(world: World, office: FlaskClient, email: str) -> None:
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)

    assert client.get("/btc/don-vi").status_code == 403
    assert client.post("/btc/don-vi/nhac", data={"viec": "chi-tieu"}).status_code == 403
