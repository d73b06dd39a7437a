"""The committee's list of accounts: who has which role, and invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.suppression import suppression_of
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor
from core.people import queries, rescue_queries, services
from core.people.schemas import InviteForm, load
from core.people.services import LastCommitteeAccount
from core.people.units import unit_choices

blueprint = Blueprint("people_office", __name__, url_prefix="/btc/tai-khoan")

Answer = Response | str | tuple[str, int]


@blueprint.get("/")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """Accounts, by words and role."""
    words = clean_line(request.args.get("q", ""))[:100]
    role = _role(request.args.get("vai-tro", ""))
    found = queries.accounts_page(words, role, request.args.get("trang", 1, type=int))
    units = {choice.id: choice.name for choice in unit_choices()}

    def address(page: int, one: Role | None) -> str:
        query: dict[str, Any] = {"q": words, "vai-tro": one, "trang": page if page > 1 else None}
        return url_for("people_office.index", **{key: value for key, value in query.items() if value})

    shown = {1, found.pages, *range(found.page - 2, found.page + 3)}
    hrefs = {page: address(page, role) for page in sorted(shown) if 1 <= page <= found.pages}
    chips = [
        {
            "label": services.role_word(one),
            "href": address(1, None if one is role else one),
            "on": one is role,
        }
        for one in Role
    ]
    return render_template(
        "people_office/index.html",
        found=found,
        words=words,
        role=role,
        units=units,
        hrefs=hrefs,
        chips=chips,
        role_word=services.role_word,
        rescues=rescue_queries.waiting_rescues(real_now(), besides=current_actor().id),
    )


@blueprint.get("/moi")
@allows(Access.COMMITTEE)
def invite() -> Answer:
    """The form of an invitation."""
    return _invite()


@blueprint.post("/moi")
@allows(Access.COMMITTEE)
def invite_send() -> Answer:
    """Invite a person by mail."""
    try:
        form = load(InviteForm(), request.form)
        account_id = services.invite(
            form["email"],
            form["name"],
            _role(request.form.get("role", "")),
            unit_id=_unit_id(),
            site=request.host_url.rstrip("/"),
            actor=current_actor(),
            now=real_now(),
        )
    except Invalid as error:
        return _invite(error)
    flash(_("Đã gửi lời mời đến %(email)s.", email=form["email"]), "success")
    return redirect(url_for("people_office.show", account_id=account_id))


@blueprint.get("/<uuid:account_id>")
@allows(Access.COMMITTEE)
def show(account_id: UUID) -> Answer:
    """One account and its roles."""
    return _show(account_id)


@blueprint.post("/<uuid:account_id>/vai-tro")
@allows(Access.COMMITTEE)
def change_role(account_id: UUID) -> Answer:
    """Give (`give`) or take (`take`) one role."""
    actor, now = current_actor(), real_now()
    give, take = _role(request.form.get("give", "")), _role(request.form.get("take", ""))
    try:
        if give is not None:
            services.grant_role(account_id, give, unit_id=_unit_id(), actor=actor, now=now)
        elif take is not None:
            services.revoke_role(account_id, take, actor=actor, now=now)
    except Invalid as error:
        return _show(account_id, error)
    except LastCommitteeAccount as error:
        return _show(account_id, Invalid.one("", error.message))
    flash(_("Đã lưu vai trò."), "success")
    return redirect(url_for("people_office.show", account_id=account_id))


def _show(account_id: UUID, error: Invalid | None = None) -> tuple[str, int]:
    account = queries.account_by_id(account_id)
    if account is None:
        raise NotFound
    page = render_template(
        "people_office/show.html",
        person=account,
        units=[(str(choice.id), choice.name) for choice in unit_choices()],
        unit=request.form.get("unit") or str(account.unit_id or ""),
        roles=list(Role),
        role_word=services.role_word,
        rescue=rescue_queries.open_rescue_of(account_id, real_now()),
        suppression=suppression_of(account.email) if account.email else None,
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _invite(error: Invalid | None = None) -> tuple[str, int]:
    page = render_template(
        "people_office/invite.html",
        form=request.form,
        roles=[(str(role), services.role_word(role)) for role in Role],
        units=[(str(choice.id), choice.name) for choice in unit_choices()],
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _role(value: str) -> Role | None:
    return Role(value) if value in set(Role) else None


def _unit_id() -> UUID | None:
    try:
        return UUID(request.form.get("unit", ""))
    except ValueError:
        return None
