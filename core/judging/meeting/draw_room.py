"""The draw in the council's room, the public page of its order, and the entrant's own place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.downloads import sent_bytes
from core.judging.council_room import Attendee, access_council_room
from core.judging.meeting.draw_script import draw_script
from core.judging.meeting.draws import (
    DrawView,
    announce,
    draw_of,
    draws_of,
    inputs_of,
    make_draw,
    places_of,
    scopes_of,
    show_to,
)
from core.judging.policies import round_of
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.text import slug
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("draws", __name__)

Answer = BaseResponse | str | tuple[str, int]


@blueprint.get("/hoi-dong/<round_key>/boc-tham")
@allows(Access.COUNCIL)
def index(round_key: str) -> Answer:
    """The draws of a round, and the form to announce one."""
    edition = current_edition()
    return _index(edition, access_council_room(edition, current_actor(), round_key))


@blueprint.post("/hoi-dong/<round_key>/boc-tham")
@allows(Access.COUNCIL)
def new(round_key: str) -> Answer:
    """Announce a draw: from now on its list and the head of the log stand."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    form = request.form
    try:
        made = announce(
            edition,
            attendee,
            form.get("scope", "-"),
            source=form.get("source", ""),
            reason=form.get("reason", ""),
            actor=actor,
            now=now(),
        )
    except Invalid as wrong:
        return _index(edition, attendee, form, wrong.errors), 422
    except DomainError as refused:
        return _index(edition, attendee, form, refusal=refused.message), refused.status
    flash(_("Đã chốt danh sách. Thứ tự chưa có cho đến khi bạn bấm bốc thăm."), "success")
    return redirect(_href(round_key, made.number), 303)


@blueprint.get("/hoi-dong/<round_key>/boc-tham/<int:number>")
@allows(Access.COUNCIL)
def show(round_key: str, number: int) -> Answer:
    """One draw: what was fixed, what was said, the order, and how to compute it again."""
    edition = current_edition()
    return _show(edition, access_council_room(edition, current_actor(), round_key), number)


@blueprint.post("/hoi-dong/<round_key>/boc-tham/<int:number>")
@allows(Access.COUNCIL)
def make(round_key: str, number: int) -> Answer:
    """Draw the order."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    said = request.form.get("said", "")
    try:
        make_draw(edition, attendee, number, said, actor=actor, now=now())
    except Invalid as wrong:
        return _show(edition, attendee, number, typed=said, errors=wrong.errors), 422
    except NotFound:
        raise
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        flash(_("Đã bốc thăm. Thứ tự dưới đây không đổi được nữa."), "success")
    return redirect(_href(round_key, number), 303)


@blueprint.post("/hoi-dong/<round_key>/boc-tham/<int:number>/cong-bo")
@allows(Access.COUNCIL)
def share(round_key: str, number: int) -> Answer:
    """Choose who reads the whole order."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    try:
        show_to(edition, attendee, number, request.form.get("shown", ""), actor=actor, now=now())
    except Invalid as wrong:
        return _show(edition, attendee, number, errors=wrong.errors), 422
    flash(_("Đã lưu ai được xem thứ tự."), "success")
    return redirect(_href(round_key, number), 303)


@blueprint.get("/hoi-dong/<round_key>/boc-tham/<int:number>/tinh-lai.py")
@allows(Access.COUNCIL)
def script(round_key: str, number: int) -> Response:
    """The program that repeats the draw; not for who is kept from a dossier on its list."""
    edition, actor = current_edition(), current_actor()
    access_council_room(edition, actor, round_key)
    return _script(edition, draw_of(edition, round_key, number, actor=actor))


@blueprint.get("/thu-tu-trinh-bay/<round_key>")
@allows(Access.PUBLIC)
def order(round_key: str) -> str:
    """The orders of a round that are open to all: codes alone, since not every title is public."""
    edition = current_edition()
    judging_round = round_of(edition, round_key)
    return render_template(
        "meeting/order.html", judging_round=judging_round, draws=_open_draws(edition, round_key)
    )


@blueprint.get("/thu-tu-trinh-bay/<round_key>/<int:number>/tinh-lai.py")
@allows(Access.PUBLIC)
def order_script(round_key: str, number: int) -> Response:
    """The program that repeats a draw whose order is open to all."""
    edition = current_edition()
    found = next((one for one in _open_draws(edition, round_key) if one.number == number), None)
    if found is None:
        raise NotFound(_("Không có lần bốc thăm này."))
    return _script(edition, found)


@blueprint.app_context_processor
def own_places() -> dict[str, Any]:
    """For the page of a dossier: `draw_places_of(entry)`."""
    return {"draw_places_of": places_of}


def _open_draws(edition: EditionView, round_key: str) -> list[DrawView]:
    round_of(edition, round_key)
    found = [
        one
        for one in draws_of(edition, round_key, actor=None)
        if one.in_force and one.shown == "all" and one.is_drawn
    ]
    if not found:
        raise NotFound(_("Thứ tự trình bày của vòng này chưa được công bố."))
    return found


def _script(edition: EditionView, draw: DrawView) -> Response:
    if not draw.is_drawn:
        raise NotFound(_("Lần này chưa bốc thăm nên chưa có gì để tính lại."))
    if not draw.is_whole:
        raise NotFound(_("Danh sách có hồ sơ mà bạn có liên quan nên tệp này không mở cho bạn."))
    name = f"boc-tham-{slug(edition.key)}-{slug(draw.round)}-{draw.number}.py"
    made = draw_script(inputs_of(edition, draw), draw.entries, name)
    return sent_bytes(made.encode(), name, "text/x-python; charset=utf-8")


def _index(
    edition: EditionView,
    attendee: Attendee,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
) -> str:
    scopes = scopes_of(edition, attendee.round.key) if attendee.leads else []
    return render_template(
        "meeting/draws.html",
        attendee=attendee,
        judging_round=attendee.round,
        draws=draws_of(edition, attendee.round.key, actor=current_actor()),
        scopes=[
            (one.key, _("%(name)s (%(count)s hồ sơ)", name=one.name, count=len(one.codes))) for one in scopes
        ],
        typed=typed or {"scope": scopes[0].key if len(scopes) == 1 else "-"},
        errors=errors or {},
        refusal=refusal,
    )


def _show(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    *,
    typed: str = "",
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    draw = draw_of(edition, attendee.round.key, number, actor=current_actor())
    return render_template(
        "meeting/draw.html",
        attendee=attendee,
        judging_round=attendee.round,
        draw=draw,
        inputs=inputs_of(edition, draw),
        order_href=url_for("draws.order", round_key=attendee.round.key, _external=True),
        typed=typed,
        errors=errors or {},
    )


def _href(round_key: str, number: int) -> str:
    return url_for("draws.show", round_key=round_key, number=number)
