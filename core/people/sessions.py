"""Who asks: from the cookie to an account and an actor.

The cookie holds a random token and nothing about the person; the row behind it (`SignIn`) can be ended at any time
from any device. Sign-ins live on the machine's clock, never on a demonstration's: moving that clock signs nobody out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask, current_app, g, request
from flask import session as cookie
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import and_, bindparam, select

from core.kernel.actor import Actor, Role
from core.kernel.clock import real_now
from core.kernel.prepared import Call, Outcome, Prepared, together
from core.kernel.security import keyed_digest
from core.kernel.text import initials
from core.kernel.types import UtcInstant
from core.people.models import Account, SignIn

SIGN_IN_LIFE = timedelta(days=30)
LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account behind a request, and the sign-in that it came by."""

    id: UUID
    sign_in_id: UUID
    token: str
    name: str
    email: str | None
    roles: frozenset[Role]
    unit_id: UUID | None
    is_demonstration: bool

    @property
    def initials(self) -> str:
        """Two letters that stand for the person."""
        return initials(self.name)

    @property
    def is_authenticated(self) -> bool:
        """Always: a stranger has no view (Flask-Login asks)."""
        return True

    @property
    def is_active(self) -> bool:
        """Always: an account that is not verified has no sign-in (Flask-Login asks)."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """Never (Flask-Login asks)."""
        return False

    def get_id(self) -> str:
        """What the cookie holds: the token of the sign-in (Flask-Login asks)."""
        return self.token

    def actor(self, address: str | None) -> Actor:
        """The account as services know it, acting from `address`."""
        return Actor(id=self.id, name=self.name, roles=self.roles, address=address, is_verified=True)


def token_digest(token: str) -> str:
    """What the database keeps of a token."""
    return keyed_digest(token, "sign-in")


_by_digest = Prepared(
    lambda tenant: (
        select(
            SignIn.id,
            Account.id,
            Account.name,
            Account.email,
            Account.roles,
            Account.unit_id,
            Account.is_demonstration,
        )
        .join(Account, and_(Account.tenant_id == SignIn.tenant_id, Account.id == SignIn.account_id))
        .where(SignIn.tenant_id == tenant, SignIn.digest == bindparam("digest"))
        .where(SignIn.ended_at.is_(None), SignIn.expires_at > bindparam("now", type_=UtcInstant()))
        .where(Account.verified_at.is_not(None))
    )
)


def account_of_token(token: str) -> AccountView | None:
    """The account signed in by `token` in the bound tenant; None when it is unknown, ended or too old. One query."""
    call = _read_of(token)
    return None if call is None else _view(token, together(call)[0])


def sign_in_of_cookie() -> Call | None:
    """The read that tells who sends this request; None when its cookie names nobody."""
    if not request.cookies.get(current_app.config["SESSION_COOKIE_NAME"]):
        return None
    return _read_of(str(cookie.get("_user_id", "")))


def _read_of(token: str) -> Call | None:
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return _by_digest.given(digest=token_digest(token), now=real_now())


def _view(token: str, found: Outcome) -> AccountView | None:
    if not found.rows:
        return None
    sign_in_id, account_id, name, email, roles, unit_id, is_demonstration = found.rows[0]
    return AccountView(
        id=account_id,
        sign_in_id=sign_in_id,
        token=token,
        name=name,
        email=email,
        roles=frozenset(Role(role) for role in roles),
        unit_id=unit_id,
        is_demonstration=is_demonstration,
    )


def init_sessions(app: Flask) -> None:
    """Find the account of each request of `app`: `g.account` and `g.actor`, both None for a stranger."""
    app.config["PERMANENT_SESSION_LIFETIME"] = SIGN_IN_LIFE
    app.config["SESSION_REFRESH_EACH_REQUEST"] = (
        False  # else every answer to a signed-in reader sets the cookie again
    )
    manager = LoginManager(app)
    manager.session_protection = None  # telephones change their address; the row is what can be ended
    manager.user_loader(_of_this_request)

    @app.before_request
    def find_actor() -> None:
        g.account, g.actor = None, None
        if g.get("tenant") is None or not request.cookies.get(app.config["SESSION_COOKIE_NAME"]):
            return
        if current_user.is_authenticated:
            g.account = current_user._get_current_object()
            g.actor = g.account.actor(request.remote_addr)


def _of_this_request(token: str) -> AccountView | None:
    """Flask-Login asks for every page it helps to render: also for a refusal at a host that is no tenant's."""
    if g.get("tenant") is None or g.first_read is None:
        return None
    return _view(token, g.first_read)


def begin_session(account: AccountView) -> None:
    """Give this browser the cookie of a sign-in just made; what it held before is dropped (session fixation)."""
    cookie.clear()
    cookie.permanent = True
    login_user(account)
    for idle in ("_id", "_fresh"):  # Flask-Login's notes for features that are not used here
        cookie.pop(idle, None)
    g.account = account
    g.actor = account.actor(request.remote_addr)


def end_session() -> None:
    """Take the cookie's content away."""
    logout_user()
    cookie.clear()
    g.account, g.actor = None, None
