"""A person's own data: what they may ask, their requests, the copy of everything, what they consented to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.entries.downloads import sent_file
from core.kernel.clock import local, real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.ids import token
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, current_actor
from core.people.reauth import require_fresh_proof
from core.privacy import queries, services, words
from core.privacy.policies import access_copy, access_own_request
from core.privacy.states import OPEN, Kind

blueprint = Blueprint("privacy", __name__, url_prefix="/tai-khoan/du-lieu")

OFTEN = "120 per 15 minutes"
Answer = Response | str | tuple[str, int]


@blueprint.get("/")
@allows(Access.ACCOUNT)
def index() -> Answer:
    """What the person may ask, what they asked, and the copy of their data."""
    account_id = _account_id()
    return render_template(
        "privacy/index.html",
        kinds=words.kind_rows(),
        requests=queries.requests_of(account_id),
        copies=queries.copies_of(account_id),
        at=real_now(),
        kind_name=words.kind_name,
        badge=words.state_badge,
    )


@blueprint.post("/ban-sao")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
@require_fresh_proof
def copy_order() -> Answer:
    """Ask for a copy of everything; while one is being made, no second one is."""
    try:
        services.order_copy(actor=current_actor(), now=real_now())
    except Invalid as error:
        flash(error.errors[""][0], "warning")
    return redirect(url_for("privacy.index", _anchor="ban-sao"), 303)


@blueprint.get("/ban-sao/tien-do")
@allows(Access.ACCOUNT)
def copy_progress() -> Answer:
    """The part of the page that tells how far the copy is."""
    return render_template("privacy/_copy_part.html", copies=queries.copies_of(_account_id()), at=real_now())


@blueprint.get("/ban-sao/<uuid:copy_id>")
@allows(Access.ACCOUNT)
def copy(copy_id: UUID) -> Answer:
    """The copy itself, for its person alone and while it is kept."""
    found = access_copy(current_actor(), copy_id, real_now())
    day = local(found.asked_at).strftime("%Y-%m-%d")
    return sent_file(found.sha256 or "", f"du-lieu-ca-nhan-{day}.zip", "application/zip", found.size or 0)


@blueprint.get("/dong-y")
@allows(Access.ACCOUNT)
def consents() -> Answer:
    """Every consent ever given, in the words it was given in."""
    return render_template("privacy/consents.html", lines=queries.consent_lines(_account_id()))


@blueprint.get("/yeu-cau")
@allows(Access.ACCOUNT)
def ask() -> Answer:
    """The form of a request; `?loai=` chooses its kind."""
    chosen = request.args.get("loai", "")
    if chosen == Kind.DELETE:
        return redirect(url_for("privacy.ask_erasure"))
    return _form("ask", {"kind": chosen, "form_token": token()})


@blueprint.post("/yeu-cau")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def ask_send() -> Answer:
    """Take in a request; a double click gives the same one."""
    kind = request.form.get("kind", "")
    return _take_in("ask", "" if kind == Kind.DELETE else kind)


@blueprint.get("/xoa")
@allows(Access.ACCOUNT)
def ask_erasure() -> Answer:
    """What erasing an account means, and the form to ask for it."""
    return _form("ask_erasure", {"form_token": token()})


@blueprint.post("/xoa")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
@require_fresh_proof
def ask_erasure_send() -> Answer:
    """Take in a request to erase the account."""
    return _take_in("ask_erasure", Kind.DELETE)


@blueprint.get("/yeu-cau/<code>")
@allows(Access.ACCOUNT)
def show(code: str) -> Answer:
    """One of the person's own requests: how it stands, until when, what was answered."""
    found = access_own_request(current_actor(), code)
    return render_template(
        "privacy/show.html",
        request_=found,
        kind_name=words.kind_name,
        badge=words.state_badge(found.state),
        steps=queries.steps_of(found),
        is_open=found.state in OPEN,
        is_late=found.state in OPEN and found.due_at <= real_now(),
    )


@blueprint.post("/yeu-cau/<code>/rut")
@allows(Access.ACCOUNT)
def take_back(code: str) -> Answer:
    """Take an open request back."""
    found = access_own_request(current_actor(), code)
    services.take_back(found, actor=current_actor(), now=real_now())
    flash(_("Bạn đã rút yêu cầu %(code)s.", code=code), "success")
    return redirect(url_for("privacy.show", code=code), 303)


def _take_in(page: str, kind: str) -> Answer:
    typed = {key: request.form.get(key, "") for key in ("text", "form_token")}
    try:
        made = services.ask(
            kind, typed["text"], form_token=typed["form_token"], actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _form(page, {**typed, "kind": kind}, error)
    flash(_("Đã nhận yêu cầu của bạn. Mã yêu cầu: %(code)s.", code=made.code), "success")
    return redirect(url_for("privacy.show", code=made.code), 303)


def _form(page: str, typed: dict[str, Any], error: Invalid | None = None) -> tuple[str, int]:
    errors = {} if error is None else error.errors
    if "" in errors:
        typed["form_token"] = token()
    kinds = [(row.kind, row.name, row.help) for row in words.kind_rows() if row.kind is not Kind.DELETE]
    html = render_template(f"privacy/{page}.html", typed=typed, errors=errors, kinds=kinds)
    return html, 200 if error is None else error.status


def _account_id() -> Any:
    account_id = current_actor().id
    if account_id is None:
        raise NotFound
    return account_id
