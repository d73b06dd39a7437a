"""A rescue through the pages: asked for at the counter, confirmed by a colleague, stopped or carried out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from sqlalchemy import select

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.people import passwords, services
from core.people.models import Account, SecondFactor
from core.people.rescue_models import AccountRescue
from core.people.services.rescue_ends import carry_out
from tests.support.app import client_of
from tests.support.factories import World, actor_of, make_account
from tests.support.people import code_in, last_letter, sign_in
from tests.support.queries import count_queries

EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
FORM = {"viec": "second_factor", "papers": "citizen_card", "reason": "Mất điện thoại, không cất mã dự phòng"}


@pytest.fixture
def page(world: World) -> str:
    """The office's page of Hoa, who has a password and a second factor; there are two officers."""
    with world.app.app_context(), tenant_scope(world.first.id):
        hoa = make_account(EMAIL, name="Nguyễn Thị Hoa")
        hoa.password_hash = passwords.hash_password(PASSWORD)
        make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE])
        session().flush()
        at = real_now()
        services.begin_second_factor(actor=actor_of(hoa), now=at)
        secret = session().scalars(select(SecondFactor.secret)).one()
        services.confirm_second_factor(TOTP(secret).at(at), this_sign_in=None, actor=actor_of(hoa), now=at)
        session().commit()
        return f"/btc/tai-khoan/{hoa.id}/khoi-phuc"


def officer(world: World, email: str = "btc@example.vn", *, proved: bool = True) -> FlaskClient:
    client = client_of(world.app, "motmot")
    sign_in(client, email, proved=proved)
    return client


def rescue_in(text: str) -> str:
    found = re.search(r'name="rescue" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def letter_to(world: World, email: str) -> str:
    with world.app.app_context(), tenant_scope(world.first.id):
        return last_letter(email).body


def confirmed(world: World, page: str) -> str:
    """Asked by one officer and confirmed by the other; returns the rescue's id."""
    first, second = officer(world), officer(world, "btc2@example.vn")
    assert first.post(page, data=FORM).status_code == 303
    rescue = rescue_in(second.get(page).text)
    answer = second.post(f"{page}/xac-nhan", data={"rescue": rescue, "has_looked": "1"})
    assert answer.status_code == 303
    return rescue


def test_from_the_counter_to_a_new_second_factor(app: Flask, world: World, page: str) -> None:
    first, second = officer(world), officer(world, "btc2@example.vn")
    form = first.get(page).text
    first.post(page, data=FORM)
    own, other = first.get(page).text, second.get(page).text
    waits = ["đề nghị khôi phục lối vào" in one.get("/btc/").text for one in (first, second)]
    second.post(f"{page}/xac-nhan", data={"rescue": rescue_in(other), "has_looked": "1"})
    with app.app_context(), tenant_scope(world.first.id):
        rescue = session().scalars(select(AccountRescue)).one()
        assert carry_out(rescue.id, now=real_now() + timedelta(hours=25))
        rescue.ended_at = real_now()
        session().commit()
    hoa = client_of(app, "motmot")
    came_in = hoa.post("/tai-khoan/dang-nhap", data={"email": EMAIL, "password": PASSWORD})

    assert "Giấy tờ tùy thân bạn đã xem" in form
    assert ("Rút đề nghị" in own, "Tôi đã tự đối chiếu" in own) == (True, False)
    assert ("Rút đề nghị" in other, "Tôi đã tự đối chiếu" in other) == (False, True)
    assert waits == [False, True]
    assert came_in.location == "/tai-khoan/buoc-hai"
    assert "Bước xác thực thứ hai đã được gỡ" in hoa.get("/tai-khoan/").text


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(
    app: Flask, world: World, page: str
) -> None:
    first, second = officer(world), officer(world, "btc2@example.vn")
    bad = first.post(page, data={**FORM, "papers": ""})
    empty = first.post(page, data={"viec": "address", "email": "không phải thư"})
    first.post(page, data=FORM)
    unticked = second.post(f"{page}/xac-nhan", data={"rescue": rescue_in(second.get(page).text)})
    own = first.post(f"{page}/xac-nhan", data={"rescue": rescue_in(first.get(page).text), "has_looked": "1"})

    assert (bad.status_code, "Bạn hãy chọn loại giấy tờ đã xem." in bad.text) == (422, True)
    assert FORM["reason"] in bad.text
    assert (empty.text.count('class="field__error"'), "không phải thư" in empty.text) == (3, True)
    assert (unticked.status_code, "rồi đánh dấu vào ô này" in unticked.text) == (422, True)
    assert (own.status_code, "Bạn là người đề nghị" in own.text) == (409, True)


@pytest.mark.parametrize("deed", ["", "/ma", "/xac-nhan"])
def test_each_deed_asks_again_who_the_officer_is(app: Flask, world: World, page: str, deed: str) -> None:
    answer = officer(world, proved=False).post(page + deed, data=FORM)

    assert (answer.status_code, "Xác nhận đúng là bạn" in answer.text) == (422, True)


def test_a_new_address_is_proved_by_the_code_that_is_read_out(app: Flask, world: World, page: str) -> None:
    first, second = officer(world), officer(world, "btc2@example.vn")
    first.post(page, data={**FORM, "viec": "address", "email": "Hoa.Moi@example.vn"})
    early = second.get(page).text
    code = code_in(letter_to(world, "hoa.moi@example.vn"))
    proved = first.post(f"{page}/ma", data={"rescue": rescue_in(early), "code": code})
    late = second.get(page).text

    assert ("Tôi đã tự đối chiếu" in early, "Mã người đó đọc cho bạn" in early) == (False, True)
    assert proved.status_code == 303
    assert ("Tôi đã tự đối chiếu" in late, "hoa.moi@example.vn" in late) == (True, True)


def test_the_link_of_the_letter_stops_it_without_signing_in(app: Flask, world: World, page: str) -> None:
    confirmed(world, page)
    link = re.search(r"http://\S+(/tai-khoan/dung-khoi-phuc/\S+)", letter_to(world, EMAIL))
    assert link is not None
    stranger = client_of(app, "motmot")
    seen = stranger.get(link[1])
    stopped = stranger.post(link[1])
    after = stranger.get(link[1]).text

    assert (seen.status_code, "Gỡ bước xác thực thứ hai" in seen.text, "Hoa" in seen.text) == (
        200,
        True,
        False,
    )
    assert (stopped.status_code, "Đề nghị này không còn hiệu lực" in after) == (303, True)
    assert stranger.get(link[1][:-1] + "x").status_code == 404


def test_a_device_that_is_still_signed_in_sees_it_and_stops_it(app: Flask, world: World, page: str) -> None:
    hoa = client_of(app, "motmot")
    sign_in(hoa, EMAIL)
    confirmed(world, page)
    seen = hoa.get("/tai-khoan/").text
    hoa.post("/tai-khoan/dung-khoi-phuc")

    assert "Không phải tôi, dừng lại" in seen
    assert "Không phải tôi, dừng lại" not in hoa.get("/tai-khoan/").text
    assert "chủ tài khoản dừng ở trang tài khoản" in officer(world).get(page).text


def test_a_page_of_an_earlier_rescue_decides_nothing(app: Flask, world: World, page: str) -> None:
    first, second = officer(world), officer(world, "btc2@example.vn")
    first.post(page, data=FORM)
    old = rescue_in(second.get(page).text)
    first.post(f"{page}/dung", data={"rescue": old, "do": "withdraw"})
    first.post(page, data=FORM)

    answer = second.post(f"{page}/xac-nhan", data={"rescue": old, "has_looked": "1"})
    unknown = second.post(f"{page}/xac-nhan", data={"rescue": "x", "has_looked": "1"})

    assert (answer.status_code, "Đề nghị này đã được rút." in answer.text) == (409, True)
    assert unknown.status_code == 409


def test_the_waiting_time_is_marked_until_it_is_set(app: Flask, world: World) -> None:
    first = officer(world)
    before = first.get("/btc/tai-khoan/khoi-phuc").text
    wrong = first.post("/btc/tai-khoan/khoi-phuc/thoi-gian-cho", data={"hours": "2"})
    first.post("/btc/tai-khoan/khoi-phuc/thoi-gian-cho", data={"hours": "36"})
    after = first.get("/btc/tai-khoan/khoi-phuc").text

    assert ("chờ 24 giờ" in before, "minh họa" in before) == (True, True)
    assert (wrong.status_code, "từ 12 đến 168" in wrong.text) == (422, True)
    assert ("chờ 36 giờ" in after, 'class="illustration"' in after) == (True, False)


def test_the_list_needs_the_same_queries_for_any_number_of_rows(app: Flask, world: World) -> None:
    first, counts = officer(world), []
    for rows in (1, 20):
        with app.app_context(), tenant_scope(world.first.id):
            asker = session().scalars(select(Account).where(Account.email == "btc@example.vn")).one()
            for number in range(rows):
                one = make_account(f"n{rows}-{number}@example.vn", name=f"Người {rows} {number}")
                session().add(
                    AccountRescue(
                        account_id=one.id,
                        kind="second_factor",
                        papers="passport",
                        reason="Mất điện thoại",
                        asked_by=asker.id,
                        asked_name=asker.name,
                        asked_at=real_now(),
                    )
                )
            session().commit()
        first.get("/btc/tai-khoan/khoi-phuc")
        with count_queries(app) as counted:
            text = first.get("/btc/tai-khoan/khoi-phuc").text
        counts.append((counted.count, text.count("Chờ cán bộ thứ hai")))

    assert counts == [(counts[0][0], 1), (counts[0][0], 21)]
