"""Ask again who it is before a sensitive change: the decorator `require_fresh_proof`.

A device that stays signed in for thirty days is not always in its owner's hands. What opens the account, erases it or
hands it on is therefore asked for only by who proved within ten minutes that it is them (OWASP ASVS 5.0, 7.5.1):

    @blueprint.post("/tai-khoan/ban-giao")
    @allows(Access.ACCOUNT)
    @require_fresh_proof
    def hand_over() -> Answer: ...

The decorator stands below `allows(Access.ACCOUNT)`. With a fresh proof the view runs as if it were not there (one
query). Without, a GET is led to the page of proof and comes back; a POST gets that page in place of its own answer,
with everything that was typed in hidden fields, and the view runs when the proof is right. Passwords and files are not
carried: a form that has them asks on its GET first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.kernel import uow
from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.text import clean
from core.kernel.web import current_actor, safe_next
from core.people import queries, services
from core.people.devices import this_place
from core.people.oidc import providers
from core.people.services import TooManyTries

View = TypeVar("View", bound=Callable[..., Any])
Page = tuple[str, int]
_OWN_FIELDS = ("csrf_token", "proof_password", "proof_code", "proof_send", "proof_go")
_NEVER_CARRIED = ("password", "current")


def require_fresh_proof(view: View) -> View:
    """Let `view` run only for who proved within ten minutes that the account is theirs; see the module."""

    @wraps(view)
    def asked(*args: Any, **kwargs: Any) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("people.proof", next=request.full_path.rstrip("?")))
        refused = take_proof()
        return refused if refused is not None else view(*args, **kwargs)

    return cast(View, asked)


def is_fresh() -> bool:
    """Whether this request's sign-in has a fresh proof. One query."""
    return services.has_fresh_proof(g.account.sign_in_id, now=real_now())


def take_proof() -> Page | None:
    """Read a proof from the form of this request: None when it is right, and then it is stored; else the page."""
    form, actor, now = request.form, current_actor(), real_now()
    if "proof_send" in form:
        services.send_proof_code(g.account.sign_in_id, place=this_place(), actor=actor, now=now)
        uow.commit()
        return proof_page(sent=True)
    if not any(form.get(name) for name in ("proof_password", "proof_code")):
        error = None
        if "proof_go" in form:
            error = Invalid.one("proof_password", _("Bạn hãy nhập mật khẩu hoặc mã."))
        return proof_page(error)
    try:
        services.prove(
            g.account.sign_in_id,
            password=form.get("proof_password", ""),
            code="".join(clean(form.get("proof_code", "")).split()),
            place=this_place(),
            actor=actor,
            now=now,
        )
    except Invalid as refusal:
        return proof_page(refusal, sent="proof_code" in form)
    except TooManyTries as refusal:
        return proof_page(Invalid.one("proof_password", refusal.message))[0], refusal.status
    # A unit of its own: the proof holds also when the view then finds something wrong with what was typed.
    uow.commit()
    return None


def proof_page(error: Invalid | None = None, *, sent: bool = False) -> Page:
    """The page that asks for the password or a code, sent to the address of this request."""
    carried = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _OWN_FIELDS and not any(word in name for word in _NEVER_CARRIED)
    ]
    body = render_template(
        "people/proof.html",
        profile=queries.profile_of(g.account.id),
        carried=carried,
        action=request.full_path.rstrip("?"),
        sent=sent,
        providers=providers(),
        asked_by_link=request.path == url_for("people.proof"),
        back=safe_next(request.values.get("next"), url_for("people.me")),
        errors={} if error is None else error.errors,
    )
    return body, 200 if sent and error is None else 422
