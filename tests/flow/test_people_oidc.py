"""Signing in by another house's account, against real providers: HTTP servers of their own on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.kernel.db import session, tenant_scope
from core.kernel.errors import WrongUse
from core.kernel.providers import OidcProvider, read_providers
from core.people import passwords
from core.people.models import Account, LinkedIdentity
from tests.support.app import client_of
from tests.support.factories import World, make_account
from tests.support.oidc import authorize, start_provider
from tests.support.people import sign_in

EMAIL, PASSWORD = "hoa@example.vn", "con trâu là đầu cơ nghiệp"
CONSENT = {"consent_account": "1"}


@pytest.fixture(scope="module")
def issuers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Two providers."""
    folder = tmp_path_factory.mktemp("oidc")
    started = [start_provider(folder, name) for name in ("mot", "hai")]
    yield started[0][1], started[1][1]
    for process, _issuer in started:
        process.terminate()
        process.wait(timeout=10)


@pytest.fixture
def offered(app: Flask, world: World, issuers: tuple[str, str]) -> None:
    """Both are configured, the second for the other tenant too; Hoa has an account with a password."""
    app.config["OIDC"] = tuple(
        OidcProvider(name, issuer, f"client-{name}", "secret", f"Cổng {name}", tenants)
        for name, issuer, tenants in zip(
            ("mot", "hai"), issuers, (frozenset({"motmot"}), frozenset[str]()), strict=True
        )
    )
    with app.app_context(), tenant_scope(world.first.id):
        make_account(EMAIL, name="Nguyễn Thị Hoa").password_hash = passwords.hash_password(PASSWORD)
        session().commit()


def go(client: FlaskClient, subject: str, provider: str = "mot", *, wanted: str = "") -> str:
    """Out to the provider and back; where the callback leads."""
    begun = client.get(f"/tai-khoan/ben-ngoai/{provider}?next={wanted}")
    return client.get(authorize(begun.location, subject)).location


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


@pytest.mark.usefixtures("offered")
def test_the_buttons_stand_where_the_tenant_offers_them(app: Flask) -> None:
    pages = [client_of(app, slug).get("/tai-khoan/dang-nhap").text for slug in ("motmot", "haihai")]

    assert [[f"Đăng nhập bằng Cổng {name}" in page for name in ("mot", "hai")] for page in pages] == [
        [True, True],
        [False, True],
    ]
    assert client_of(app, "haihai").get("/tai-khoan/ben-ngoai/mot").location == "/tai-khoan/dang-nhap"


def test_without_providers_there_is_no_button(app: Flask, world: World) -> None:
    assert "Dùng tài khoản có sẵn" not in client_of(app, "motmot").get("/tai-khoan/dang-nhap").text


@pytest.mark.usefixtures("offered")
def test_the_provider_is_asked_with_pkce_state_and_nonce(app: Flask, issuers: tuple[str, str]) -> None:
    location = client_of(app, "motmot").get("/tai-khoan/ben-ngoai/mot").location
    asked = query_of(location)

    assert location.startswith(f"{issuers[0]}/oauth2/authorize?")
    assert {key: asked[key] for key in ("client_id", "response_type", "scope", "code_challenge_method")} == {
        "client_id": "client-mot",
        "response_type": "code",
        "scope": "openid profile email",
        "code_challenge_method": "S256",
    }
    assert asked["redirect_uri"] == "http://motmot.localhost/tai-khoan/ben-ngoai/mot/ve"
    assert min(len(asked[key]) for key in ("state", "nonce", "code_challenge")) >= 43


@pytest.mark.usefixtures("offered")
def test_a_new_account_is_made_and_opened_again_by_the_same_identity(app: Flask, world: World) -> None:
    client, again = client_of(app, "motmot"), client_of(app, "motmot")

    location = go(client, "mai@example.vn", wanted="/du-thi/")
    page = client.get(location).text
    refused = client.post("/tai-khoan/ben-ngoai/moi", data={"name": "Lò Thị Mai"})
    made = client.post("/tai-khoan/ben-ngoai/moi", data={"name": "Lò Thị Mai", **CONSENT})
    back = again.get(go(again, "mai@example.vn", wanted="/du-thi/")).text
    entered = again.post("/tai-khoan/ben-ngoai", data={"next": "/du-thi/"})

    assert location == "/tai-khoan/ben-ngoai?next=/du-thi/"
    assert "Lập tài khoản mới" in page
    assert (refused.status_code, "không được phép lập tài khoản" in refused.text) == (422, True)
    assert (made.status_code, made.location) == (302, "/tai-khoan/dia-chi-thu?email=mai@example.vn")
    assert "đã liên kết với tài khoản của bạn" in back
    assert (entered.status_code, entered.location) == (302, "/du-thi/")
    with app.app_context(), tenant_scope(world.first.id):
        row = session().scalars(select(Account).where(Account.name == "Lò Thị Mai")).one()
        assert (row.email, row.roles) == (None, [])
        assert session().scalars(select(LinkedIdentity.account_id)).all() == [row.id]


@pytest.mark.usefixtures("offered")
def test_an_address_that_the_provider_claims_opens_nothing(app: Flask, world: World) -> None:
    """The provider says "hoa@example.vn"; Hoa's account stays closed."""
    client = client_of(app, "motmot")

    page = client.get(go(client, EMAIL)).text
    tried = client.post("/tai-khoan/ben-ngoai")

    assert "Ở đây chưa có tài khoản nào liên kết" in page
    assert tried.location == "/tai-khoan/ben-ngoai"
    assert client.get("/tai-khoan/").status_code == 302


@pytest.mark.usefixtures("offered")
def test_an_account_is_linked_after_its_own_proof_and_then_opened(app: Flask, world: World) -> None:
    client, later = client_of(app, "motmot"), client_of(app, "motmot")
    go(client, "somebody-at-the-province")

    entered = client.post(
        "/tai-khoan/dang-nhap?next=/tai-khoan/ben-ngoai", data={"email": EMAIL, "password": PASSWORD}
    )
    page = client.get(entered.location).text
    linked = client.post("/tai-khoan/ben-ngoai/lien-ket")
    own = client.get("/tai-khoan/").text
    go(later, "somebody-at-the-province")
    later.post("/tai-khoan/ben-ngoai")

    assert "Liên kết với tài khoản Nguyễn Thị Hoa" in page
    assert linked.status_code == 302
    assert "Bỏ liên kết" in own
    assert "Nguyễn Thị Hoa" in later.get("/tai-khoan/").text


@pytest.mark.usefixtures("offered")
def test_without_a_fresh_proof_nothing_is_linked(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, EMAIL, proved=False)
    go(client, "an attacker at a desk left open")

    answer = client.post("/tai-khoan/ben-ngoai/lien-ket")

    assert (answer.status_code, "Xác nhận đúng là bạn" in answer.text) == (422, True)
    with app.app_context(), tenant_scope(world.first.id):
        assert session().scalars(select(LinkedIdentity)).all() == []


@pytest.mark.usefixtures("offered")
def test_the_same_subject_of_another_provider_is_somebody_else(app: Flask, world: World) -> None:
    first, second = client_of(app, "motmot"), client_of(app, "motmot")
    go(first, "12345")
    first.post("/tai-khoan/ben-ngoai/moi", data={"name": "Lò Thị Mai", **CONSENT})

    page = second.get(go(second, "12345", "hai")).text

    assert "Ở đây chưa có tài khoản nào liên kết" in page


@pytest.mark.usefixtures("offered")
def test_an_answer_of_one_provider_is_not_taken_at_the_callback_of_another(app: Flask) -> None:
    client = client_of(app, "motmot")
    begun = client.get("/tai-khoan/ben-ngoai/mot")
    answer = authorize(begun.location, "12345").replace("/ben-ngoai/mot/ve", "/ben-ngoai/hai/ve")

    assert client.get(answer).location == "/tai-khoan/dang-nhap"
    assert client.get("/tai-khoan/ben-ngoai").location == "/tai-khoan/dang-nhap"


@pytest.mark.usefixtures("offered")
def test_a_code_of_one_provider_is_worth_nothing_to_another(app: Flask) -> None:
    """A mixed-up answer: the state is right, the code is the other provider's."""
    client = client_of(app, "motmot")
    foreign = query_of(authorize(client.get("/tai-khoan/ben-ngoai/hai").location, "12345"))["code"]
    state = query_of(client.get("/tai-khoan/ben-ngoai/mot").location)["state"]

    client.get(f"/tai-khoan/ben-ngoai/mot/ve?code={foreign}&state={state}")

    assert "không hợp lệ nên bạn chưa được đăng nhập" in client.get("/tai-khoan/dang-nhap").text


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("spoilt", ["state", "iss", "error", "code", "again", "another browser", "nonce"])
def test_an_answer_that_does_not_hold_signs_nobody_in(app: Flask, spoilt: str) -> None:
    client = client_of(app, "motmot")
    callback = authorize(client.get("/tai-khoan/ben-ngoai/mot").location, "12345")
    if spoilt == "state":
        callback = callback.replace("state=", "state=x")
    if spoilt == "iss":
        callback += "&iss=https://evil.example"
    if spoilt == "error":
        callback += "&error=access_denied"
    if spoilt == "code":
        callback = callback.replace("code=", "code=x")
    if spoilt == "again":
        client.get(callback)
        client.post("/tai-khoan/dang-xuat")
    if spoilt == "another browser":
        client = client_of(app, "motmot")
    if spoilt == "nonce":
        with client.session_transaction(base_url="http://motmot.localhost") as cookie:
            provider, state, _nonce, verifier = cookie["oidc"]
            cookie["oidc"] = [provider, state, "another nonce", verifier]

    assert client.get(callback).location == "/tai-khoan/dang-nhap"
    assert client.get("/tai-khoan/ben-ngoai").location == "/tai-khoan/dang-nhap"


@pytest.mark.usefixtures("offered")
def test_a_provider_that_cannot_be_reached_is_said_in_words(app: Flask) -> None:
    app.config["OIDC"] = (OidcProvider("mot", "http://127.0.0.1:9", "x", "y", "Cổng mot"),)
    client = client_of(app, "motmot")

    assert client.get("/tai-khoan/ben-ngoai/mot").location == "/tai-khoan/dang-nhap"
    assert "Hiện không hỏi được Cổng mot" in client.get("/tai-khoan/dang-nhap").text


@pytest.mark.usefixtures("offered")
def test_an_account_with_nothing_else_proves_itself_by_the_provider_and_keeps_its_only_way(
    app: Flask, world: World
) -> None:
    client = client_of(app, "motmot")
    go(client, "mai@example.vn")
    client.post("/tai-khoan/ben-ngoai/moi", data={"name": "Lò Thị Mai", **CONSENT})
    with app.app_context(), tenant_scope(world.first.id):
        identity = str(session().scalars(select(LinkedIdentity.id)).one())

    refused = client.post("/tai-khoan/ben-ngoai/bo", data={"identity": identity})
    told = client.get(refused.location).text
    go(client, "mai@example.vn", wanted="/tai-khoan/buoc-hai")
    proved = client.post("/tai-khoan/ben-ngoai", data={"next": "/tai-khoan/buoc-hai"})

    assert "cách vào duy nhất" in told
    assert proved.location == "/tai-khoan/buoc-hai"


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"OIDC_TN_ISSUER": "http://sso.example.vn"}, "OIDC_TN_ISSUER must begin with https://"),
        ({"OIDC_TN_ISSUER": "https://sso.example.vn"}, "OIDC_TN_CLIENT_ID is missing"),
        (
            {
                f"OIDC_{name}_{key}": "https://sso.example.vn"
                for name in "AB"
                for key in ("ISSUER", "CLIENT_ID")
            },
            "Two OIDC providers have the same issuer",
        ),
    ],
)
def test_a_wrong_configuration_stops_the_start(env: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        read_providers(env)


def test_providers_are_read_from_the_environment() -> None:
    env = {
        "OIDC_TN_ISSUER": "https://sso.example.vn",
        "OIDC_TN_CLIENT_ID": "bangvang",
        "OIDC_TN_CLIENT_SECRET": "secret",
        "OIDC_TN_LABEL": "Cổng của tỉnh",
        "OIDC_TN_TENANTS": "thainguyen backan",
        "OIDC_B_ISSUER": "https://b.example.vn",
        "OIDC_B_CLIENT_ID": "x",
    }

    read = [
        (one.name, one.label, one.serves("thainguyen"), one.serves("khac")) for one in read_providers(env)
    ]

    assert read == [("b", "b.example.vn", True, True), ("tn", "Cổng của tỉnh", True, False)]
    assert "secret" not in repr(read_providers(env))
