"""An organisation through the pages: made, an officer invited, a dossier given to it, taken over, handed over."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.people.models import Account
from tests.support.app import client_of
from tests.support.entries import make_entry
from tests.support.factories import World, view
from tests.support.people import sign_in
from tests.support.queries import count_queries


def come_in(world: World, email: str, *, proved: bool = True) -> FlaskClient:
    client = client_of(world.app, "motmot")
    sign_in(client, email, proved=proved)
    return client


def dossier(world: World, email: str, title: str) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        owner = session().scalars(select(Account).where(Account.email == email)).one()
        ref = make_entry(view(world.first), owner, title=title, state="draft", published=False).ref
        session().commit()
        return ref


def value_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="{name}"', page)
    assert found is not None, name
    return found[1] or found[2]


def test_from_an_invitation_to_a_dossier_handed_over(app: Flask, world: World) -> None:
    steward, officer = come_in(world, "tacgia@example.vn"), come_in(world, "cutri@example.vn")
    ref = dossier(world, "tacgia@example.vn", "Máy sấy chè")
    made = steward.post("/tai-khoan/to-chuc", data={"name": "Hợp tác xã Chè"}).location
    organisation = made.rpartition("/")[2]
    steward.post(f"{made}/moi", data={"email": "cutri@example.vn"})
    waiting = officer.get("/tai-khoan/to-chuc").text
    officer.post("/tai-khoan/to-chuc/nhan-loi", data={"invitation": value_in(waiting, "invitation")})

    steward.post(f"/du-thi/to-chuc/{organisation}/them", data={"ref": ref})
    seen = officer.get(f"/du-thi/to-chuc/{organisation}").text
    closed = officer.get(f"/du-thi/{ref}").status_code
    taken = officer.post(f"/du-thi/to-chuc/{organisation}/phu-trach", data={"ref": ref})
    opened = officer.get(f"/du-thi/{ref}").status_code
    page = officer.get(made).text
    left = officer.post(
        f"{made}/ban-giao", data={"successor": re.findall(r'<option value="([^"]{36})"', page)[0]}
    )

    assert ("Lời mời từ Hợp tác xã Chè" in waiting, "Nhận phụ trách" in seen) == (True, True)
    assert (closed, taken.status_code, opened) == (404, 302, 200)
    assert left.location == "/tai-khoan/to-chuc"
    assert officer.get(made).status_code == 404
    assert steward.get(f"/du-thi/{ref}").status_code == 200


def test_handing_over_needs_a_proof_and_keeps_the_choice(app: Flask, world: World) -> None:
    steward = come_in(world, "tacgia@example.vn", proved=False)
    made = steward.post("/tai-khoan/to-chuc", data={"name": "Hợp tác xã Chè"}).location

    answer = steward.post(f"{made}/ban-giao", data={"successor": "chosen"})

    assert (answer.status_code, "Xác nhận đúng là bạn" in answer.text) == (422, True)
    assert '<input type="hidden" name="successor" value="chosen">' in answer.text


def test_the_list_of_dossiers_needs_the_same_queries_for_any_number_of_rows(app: Flask, world: World) -> None:
    steward = come_in(world, "tacgia@example.vn")
    organisation = steward.post("/tai-khoan/to-chuc", data={"name": "Hợp tác xã Chè"}).location.rpartition(
        "/"
    )[2]
    counts = []
    for rows in (1, 29):
        for number in range(rows):
            ref = dossier(world, "tacgia@example.vn", f"Máy sấy số {number}")
            steward.post(f"/du-thi/to-chuc/{organisation}/them", data={"ref": ref})
        steward.get(f"/du-thi/to-chuc/{organisation}")
        with count_queries(app) as counted:
            page = steward.get(f"/du-thi/to-chuc/{organisation}").text
        counts.append((counted.count, page.count("Chuyển về hồ sơ riêng")))

    assert counts == [(5, 1), (5, 30)]
    with app.app_context(), tenant_scope(world.first.id):
        assert len(session().scalars(select(Entry)).all()) == 30


def house_of(steward: FlaskClient, officer: FlaskClient) -> str:
    """The id of a house with a steward and an officer."""
    made = steward.post("/tai-khoan/to-chuc", data={"name": "Hợp tác xã Chè"}).location
    steward.post(f"{made}/moi", data={"email": "cutri@example.vn"})
    waiting = officer.get("/tai-khoan/to-chuc").text
    officer.post("/tai-khoan/to-chuc/nhan-loi", data={"invitation": value_in(waiting, "invitation")})
    return str(made.rpartition("/")[2])


def test_who_is_no_officer_is_asked_nothing(app: Flask, world: World) -> None:
    page = come_in(world, "tacgia@example.vn").get("/du-thi/moi").text

    assert ("Bạn nộp thay mặt ai?" in page, "Tạo bản nháp" in page) == (False, True)


def test_an_officer_chooses_for_whom_a_dossier_is_begun(app: Flask, world: World) -> None:
    steward, officer = come_in(world, "tacgia@example.vn"), come_in(world, "cutri@example.vn")
    house = house_of(steward, officer)
    form = officer.get(f"/du-thi/moi?to-chuc={house}").text
    send = {"form_token": value_in(form, "form_token")}
    silent = officer.post("/du-thi/moi", data=send)
    begun = officer.post("/du-thi/moi", data={**send, "filed_for": house})
    again = officer.post("/du-thi/moi", data={**send, "filed_for": house})
    own = officer.post("/du-thi/moi", data={"form_token": "x" * 32, "filed_for": "personal"})
    ref, own_ref = (answer.location.split("/")[2] for answer in (begun, own))

    assert re.search(rf'value="{house}" checked', form)
    assert (silent.status_code, "Bạn hãy chọn nộp thay mặt ai." in silent.text) == (422, True)
    assert value_in(silent.text, "form_token") == send["form_token"]
    assert (begun.status_code, begun.location) == (303, again.location)
    assert "Nộp thay mặt Hợp tác xã Chè." in officer.get(f"/du-thi/{ref}").text
    assert "Nộp thay mặt" not in officer.get(f"/du-thi/{own_ref}").text
    mine, listed = officer.get("/du-thi/").text, steward.get(f"/du-thi/to-chuc/{house}").text
    assert mine.count("Thay mặt Hợp tác xã Chè") == 1
    assert (ref in listed, own_ref in listed) == (True, False)


def test_an_organisation_that_was_left_or_never_ones_own_begins_nothing(app: Flask, world: World) -> None:
    steward, officer = come_in(world, "tacgia@example.vn"), come_in(world, "cutri@example.vn")
    house = house_of(steward, officer)
    page = officer.get(f"/tai-khoan/to-chuc/{house}").text
    successor = re.findall(r'<option value="([^"]{36})"', page)[0]
    officer.post(f"/tai-khoan/to-chuc/{house}/ban-giao", data={"successor": successor})
    answers = [
        client.post("/du-thi/moi", data={"form_token": "y" * 32, "filed_for": house})
        for client in (officer, come_in(world, "donvi@example.vn"))
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Bạn không phải là cán bộ của tổ chức đó." in answer.text for answer in answers)
    with app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(Entry)).all() == []


def test_a_steward_opens_a_dossier_to_read_and_its_officer_sees_who_did(app: Flask, world: World) -> None:
    steward, officer = come_in(world, "tacgia@example.vn"), come_in(world, "cutri@example.vn")
    house = house_of(steward, officer)
    ref = dossier(world, "cutri@example.vn", "Máy sấy chè")
    officer.post(f"/du-thi/to-chuc/{house}/them", data={"ref": ref})
    listed = steward.get(f"/du-thi/to-chuc/{house}").text
    address = f"/du-thi/to-chuc/{house}/ho-so/{ref}"
    read = steward.get(address)
    edited = steward.get(f"/du-thi/{ref}/sua").status_code
    told = officer.get(f"/du-thi/{ref}").text
    refused = come_in(world, "donvi@example.vn").get(address).status_code

    assert address in listed
    assert (read.status_code, "Bạn đang xem với tư cách người quản lý" in read.text) == (200, True)
    assert (edited, refused) == (404, 404)
    assert "Người quản lý của tổ chức: Tác giả Thử" in told
    assert "Thành hồ sơ của tổ chức" in read.text
    taken = steward.post(f"/du-thi/to-chuc/{house}/phu-trach", data={"ref": ref})
    assert (taken.status_code, steward.get(f"/du-thi/{ref}/sua").status_code) == (302, 200)


def test_receipt_and_office_name_the_organisation(app: Flask, world: World) -> None:
    steward, officer = come_in(world, "tacgia@example.vn"), come_in(world, "cutri@example.vn")
    house = house_of(steward, officer)
    with app.app_context(), tenant_scope(world.first.id):
        owner = session().scalars(select(Account).where(Account.email == "cutri@example.vn")).one()
        entry = make_entry(view(world.first), owner, title="Máy sấy chè", state="submitted", published=False)
        ref, code = entry.ref, entry.code
        session().commit()
    officer.post(f"/du-thi/to-chuc/{house}/them", data={"ref": ref})

    office = come_in(world, "btc@example.vn").get(f"/btc/ho-so/{code}").text

    said = "Người bình chọn Thử, thay mặt Hợp tác xã Chè"
    assert said in office
    assert said in officer.get(f"/du-thi/{ref}/bien-nhan/1").text
