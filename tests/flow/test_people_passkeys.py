"""What is no passkey of this site opens nothing; tests of real ones stand with the browser's."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.people.models import Account, Passkey
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in


def passkey_of(world: World, email: str) -> str:
    """A passkey kept for an account; its id."""
    with world.app.app_context(), tenant_scope(world.first.id):
        account = session().scalars(select(Account).where(Account.email == email)).one()
        row = Passkey(
            account_id=account.id,
            digest="0" * 64,
            credential_id="AAAA",
            public_key="AAAA",
            sign_count=0,
            name="Máy bàn",
            made_at=real_now(),
        )
        session().add(row)
        session().commit()
        return str(row.id)


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "không phải json",
        "[]",
        json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}),
        json.dumps(
            {
                "id": "AAAA",
                "rawId": "AAAA",
                "type": "public-key",
                "response": {"authenticatorData": "AA", "clientDataJSON": "AA", "signature": "AA"},
            }
        ),
    ],
)
def test_what_is_no_passkey_opens_nothing(app: Flask, world: World, credential: str) -> None:
    client = client_of(app, "motmot")
    page = client.get("/tai-khoan/dang-nhap/khoa")

    answer = client.post("/tai-khoan/dang-nhap/khoa", data={"credential": credential})

    assert "data-passkey-get" in page.text
    assert answer.location == "/tai-khoan/dang-nhap/khoa"
    assert "Khóa này không mở được tài khoản nào ở đây" in client.get(answer.location).text


def test_what_is_no_passkey_is_not_kept(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "tacgia@example.vn")
    client.get("/tai-khoan/khoa")

    client.post("/tai-khoan/khoa", data={"credential": "{}", "name": "Máy bàn"})

    assert "Tài khoản này chưa có khóa nào" in client.get("/tai-khoan/khoa").text


def test_a_passkey_is_removed_by_its_owner_after_a_proof_and_by_nobody_else(app: Flask, world: World) -> None:
    passkey = passkey_of(world, "tacgia@example.vn")
    owner, other, late = (client_of(app, "motmot") for _client in range(3))
    sign_in(owner, "tacgia@example.vn")
    sign_in(other, "cutri@example.vn")
    sign_in(late, "tacgia@example.vn", proved=False)

    unproved = late.post("/tai-khoan/khoa/xoa", data={"passkey": passkey})
    strange = other.post("/tai-khoan/khoa/xoa", data={"passkey": passkey})
    shown = owner.get("/tai-khoan/khoa").text
    removed = owner.post("/tai-khoan/khoa/xoa", data={"passkey": passkey})

    assert (unproved.status_code, strange.status_code, removed.status_code) == (422, 404, 302)
    assert ("Máy bàn" in shown, "Máy bàn" in owner.get("/tai-khoan/khoa").text) == (True, False)
