"""What every view needs: a declared permission, the actor, the time, and answers that fit htmx and plain browsers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app, g, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.kernel.actor import Actor, Role
from core.kernel.errors import Forbidden, SignInNeeded
from core.kernel.typed import typed_form

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Who may call a view at all; finer rules are the policies' work."""

    PUBLIC = "public"
    ACCOUNT = "account"
    JUDGE = "judge"
    COUNCIL = "council"  # a seat on a council or an office: the view asks which; dossiers are kept apart as for judges
    UNIT = "unit"
    COMMITTEE = "committee"
    OPERATOR = "operator"
    ASSET = "asset"


_ROLE_OF = {Access.JUDGE: Role.JUDGE, Access.UNIT: Role.UNIT, Access.COMMITTEE: Role.COMMITTEE}


def allows(access: Access, *, platform: bool = False) -> Callable[[View], View]:
    """Declare who may call a view, and whether it lives on the platform's bare host instead of a tenant's.

    A view that declares nothing fails at start-up.
    """

    def declare(view: View) -> View:
        cast(Any, view).access = access
        cast(Any, view).platform = platform
        return view

    return declare


def check_permissions_declared(app: Flask) -> None:
    """Raise when a URL rule leads to a view that declares no permission."""
    silent = sorted(
        name for name, view in app.view_functions.items() if declared(app, name) is None and view is not None
    )
    if silent:
        raise RuntimeError(f"views without a declared permission: {', '.join(silent)}")


def declared(app: Flask, endpoint: str) -> Access | None:
    """The permission the view behind `endpoint` declares; None when it declares none."""
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    found = getattr(view, "access", None) or getattr(view_class, "access", None)
    return cast("Access | None", found)


def is_platform_view(app: Flask, endpoint: str) -> bool:
    """Whether the view behind `endpoint` lives on the bare host."""
    view = app.view_functions[endpoint]
    return bool(
        getattr(view, "platform", False) or getattr(getattr(view, "view_class", None), "platform", False)
    )


def guard() -> BaseResponse | None:
    """Before a view: let the actor through, or send a stranger to sign in, or refuse in words."""
    if request.endpoint is None:
        return None
    access = declared(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    return None if access is None else admit(access)


def admit(access: Access) -> BaseResponse | None:
    """None lets the actor of this request through; a stranger is sent to sign in; Forbidden without the role."""
    if access in (Access.PUBLIC, Access.ASSET):
        return None
    actor: Actor | None = g.get("actor")
    if actor is None:
        return _to_sign_in(access)
    needed = _ROLE_OF.get(access)
    if needed is not None and not actor.is_(needed):
        raise Forbidden(_("Tài khoản của bạn không có quyền vào mục này."))
    return None


def _to_sign_in(access: Access) -> BaseResponse:
    if wants_json():
        raise Forbidden(_("Cần đăng nhập để thực hiện việc này."))
    if typed_form(SignInNeeded.status) is not None and not is_fragment():
        raise SignInNeeded(_("Những gì bạn vừa gõ vẫn còn nguyên trong trang này: bạn đừng đóng trang."))
    if access is Access.OPERATOR:
        return redirect(url_for("console.sign_in"))
    if is_fragment():
        # htmx would put the sign-in page into the place of the button: send the whole page there.
        answer = make_response("", HTTPStatus.NO_CONTENT)
        answer.headers["HX-Redirect"] = url_for("people.sign_in", next=_page_of_fragment())
        return answer
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))


def _page_of_fragment() -> str:
    """The page that htmx asked from, as a path of this host."""
    shown = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{shown.path}?{shown.query}".rstrip("?") if shown.netloc == request.host else "/"


def wants_json() -> bool:
    """Whether the request is for the API."""
    return request.path.startswith("/api/")


def is_fragment() -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers


def current_actor() -> Actor:
    """The actor of this request; a view that asks for it has declared more than PUBLIC."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        raise Forbidden(_("Cần đăng nhập để thực hiện việc này."))
    return actor


def now() -> datetime:
    """The instant of this request (UTC): read once, so every part of a request sees the same time."""
    return cast(datetime, g.now)


def safe_next(target: str | None, otherwise: str) -> str:
    """`target` when it is a path of this host, else `otherwise`: nobody is sent to a foreign site."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\n" not in target:
        return target
    return otherwise
