"""Signing people in, the quick way: a real row and a real cookie, without the form and its slow password check."""

from __future__ import annotations

import re
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.ids import token as new_token
from core.kernel.mail import Mail
from core.people.models import Account, SignIn
from core.people.sessions import token_digest
from core.tenancy.resolver import find_tenant, slug_of


def sign_in(client: FlaskClient, email: str, *, proved: bool = True) -> None:
    """Sign the account `email` of the client's tenant in on `client`; `proved`: a moment ago, as a real sign-in is."""
    host = str(client.environ_base["HTTP_HOST"])
    token = new_token()
    with client.application.app_context():
        tenant = find_tenant(slug_of(host, "localhost") or "")
        assert tenant is not None, f"no tenant answers at {host}"
        session().rollback()
        with tenant_scope(tenant.id):
            account = session().scalars(select(Account).where(Account.email == email)).one()
            now = real_now()
            row = SignIn(
                account_id=account.id,
                digest=token_digest(token),
                device="pytest",
                created_at=now,
                expires_at=now + timedelta(days=1),
                proved_at=now if proved else None,
            )
            session().add(row)
            session().commit()
    with client.session_transaction(base_url=f"http://{host}") as cookie:
        cookie.clear()
        cookie.permanent = True
        cookie["_user_id"] = token


def sign_out(client: FlaskClient) -> None:
    """Forget the cookies of `client`: it is a stranger again."""
    for cookie in list((client._cookies or {}).values()):
        client.delete_cookie(cookie.key, domain=cookie.domain, path=cookie.path)


def last_letter(email: str) -> Mail:
    """The newest letter to `email` in the bound tenant."""
    ask = select(Mail).where(Mail.recipient == email).order_by(Mail.id.desc()).limit(1)
    return session().scalars(ask).one()


def code_in(text: str) -> str:
    """The six digits in a letter."""
    found = re.search(r"\b[0-9]{6}\b", text)
    assert found is not None, f"no code in {text!r}"
    return found[0]
