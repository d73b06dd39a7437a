"""The committee's desk for requests about personal data: the list by what is due, and one request."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.entries.words import state_badge as dossier_badge
from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor
from core.privacy import queries, services, words
from core.privacy.models import DataRequest
from core.privacy.policies import access_request_office
from core.privacy.states import Kind, Move, moves

blueprint = Blueprint("privacy_office", __name__, url_prefix="/btc/du-lieu-ca-nhan")

Answer = Response | str | tuple[str, int]
VIEWS = ("mo", "qua-han", "xong")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """Requests by what is due next, the overdue in red."""
    now = real_now()
    chosen = request.args.get("xem", "mo")
    chosen = chosen if chosen in VIEWS else "mo"
    counts = queries.waiting(now)
    found = queries.requests_page(chosen, now, request.args.get("trang", 1, type=int))
    numbers = {"mo": counts.open, "qua-han": counts.overdue, "xong": counts.closed}
    labels = {"mo": _("Đang chờ"), "qua-han": _("Quá hạn"), "xong": _("Đã khép lại")}
    near = sorted({1, found.pages, *range(max(1, found.page - 2), min(found.pages, found.page + 2) + 1)})
    return render_template(
        "privacy_office/index.html",
        found=found,
        chosen=chosen,
        chips=[
            {
                "label": labels[one],
                "href": url_for("privacy_office.index", xem=one),
                "on": one == chosen,
                "count": numbers[one],
            }
            for one in VIEWS
        ],
        hrefs={one: url_for("privacy_office.index", xem=chosen, trang=one) for one in near},
        at=now,
        kind_name=words.kind_name,
        badge=words.office_badge,
    )


@blueprint.get("/<code>")
@allows(Access.COMMITTEE)
def show(code: str) -> Answer:
    """One request: what was asked, by whom, until when, and what can be done."""
    return _show(access_request_office(current_actor(), code))


@blueprint.post("/<code>")
@allows(Access.COMMITTEE)
def decide(code: str) -> Answer:
    """Acknowledge, extend, finish or refuse; what was typed stays when something is missing."""
    found = access_request_office(current_actor(), code)
    actor, now, typed = current_actor(), real_now(), request.form.get("words", "")
    try:
        match request.form.get("do", ""):
            case Move.ACKNOWLEDGE:
                services.acknowledge(found, actor=actor, now=now)
                said = _("Đã báo người gửi là đang xử lý.")
            case Move.EXTEND:
                services.extend(found, reason=typed, actor=actor, now=now)
                said = _("Đã gia hạn và báo người gửi.")
            case Move.FINISH:
                services.finish(found, answer=typed, actor=actor, now=now)
                said = _("Đã ghi là xong và báo người gửi.")
            case Move.REFUSE:
                services.refuse(found, answer=typed, actor=actor, now=now)
                said = _("Đã ghi lý do và báo người gửi.")
            case _other:
                raise Invalid.one("do", _("Bạn hãy chọn một việc."))
    except Invalid as error:
        return _show(found, error, typed)
    flash(said, "success")
    return redirect(url_for("privacy_office.show", code=code), 303)


@blueprint.post("/<code>/xoa")
@allows(Access.COMMITTEE)
def erase(code: str) -> Answer:
    """Propose to erase the account that asked, confirm another officer's proposal, or take a proposal back."""
    found = access_request_office(current_actor(), code)
    actor, now = current_actor(), real_now()
    match request.form.get("do", ""):
        case "propose":
            services.propose_erasure(found, actor=actor, now=now)
            flash(_("Đã đề nghị xóa. Một cán bộ khác cần xác nhận."), "success")
        case "confirm":
            services.confirm_erasure(found, actor=actor, now=now)
            flash(_("Đã xóa dữ liệu của người gửi và báo cho họ."), "success")
        case "withdraw":
            services.withdraw_erasure(found, actor=actor, now=now)
            flash(_("Đã rút đề nghị xóa."), "success")
        case _other:
            flash(_("Bạn hãy chọn một việc."), "warning")
    return redirect(url_for("privacy_office.show", code=code), 303)


def _show(found: DataRequest, error: Invalid | None = None, typed: str = "") -> tuple[str, int]:
    now = real_now()
    can = moves(found.state)
    page = render_template(
        "privacy_office/show.html",
        request_=found,
        kind_name=words.kind_name,
        badge=words.office_badge(found.state),
        person=queries.person_of(found),
        dossiers=[
            (one, dossier_badge(one.state, is_published=one.published_at is not None))
            for one in queries.dossiers_of(found.account_id)
        ],
        steps=queries.steps_of(found),
        can=[str(one) for one in can],
        at=now,
        typed=typed,
        errors={} if error is None else error.errors,
        **_more(found),
    )
    return page, 200 if error is None else error.status


def _more(found: DataRequest) -> dict[str, Any]:
    """What a request to erase needs besides: what would go, what would stay, and who proposed it."""
    if found.kind != Kind.DELETE:
        return {"erasure": None, "plan": None}
    plan = services.plan_of(queries.person_of(found))
    return {
        "erasure": queries.erasure_of(found),
        "plan": plan,
        "kept": services.kept_words(plan),
        "me": current_actor().id,
    }
