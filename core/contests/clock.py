"""The clock that deadlines go by, for pages to follow; and the demonstration's, which anyone may move.

Anybody may watch a deadline pass in a demonstration. In production that page does not exist.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests import services
from core.contests.current import current_edition
from core.contests.schemas import parse_opening
from core.contests.values import EditionView
from core.kernel.actor import Actor
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, now, safe_next

blueprint = Blueprint("clock", __name__)

BEFORE_TURN = timedelta(minutes=1)
STEPS = {"gio": timedelta(hours=1), "ngay": timedelta(days=1), "tuan": timedelta(days=7)}


@blueprint.get("/gio/<key>")
@allows(Access.PUBLIC)
def tell(key: str) -> Response:
    """The instant on the server's clock for an edition, so that a page need not trust its device's."""
    edition = next((one for one in g.editions if one.key == key), None)
    if edition is None:
        raise NotFound
    answer = jsonify(now=edition.now().isoformat())
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/dong-ho")
@allows(Access.PUBLIC)
def show() -> str | tuple[str, int]:
    """What the clock shows, and how to move it."""
    _require_demonstration()
    return _page()


@blueprint.post("/dong-ho")
@allows(Access.PUBLIC)
@limiter.limit("300 per 15 minutes")
def move() -> Response | tuple[str, int]:
    """Move the clock: `move` = gio, ngay, tuan, toi-han, qua-han, dat-lai, or to the `when` and `when_time` typed."""
    _require_demonstration()
    edition = current_edition()
    actor = g.actor or Actor(id=None, name=_("Khách xem trình diễn"), address=request.remote_addr)
    try:
        instant = _wanted(edition, request.form.get("move", ""))
        services.move_clock(edition.id, instant, actor=actor, now=now())
    except Invalid as error:
        return _page(error)
    except OverflowError:
        return _page(Invalid.one("when", _("Đồng hồ không chỉnh xa hơn được nữa.")))
    flash(_("Đã chỉnh đồng hồ của kỳ thi này."), "success")
    return redirect(safe_next(request.form.get("next"), url_for("clock.show")))


def _wanted(edition: EditionView, move: str) -> datetime | None:
    at = now()
    if move in STEPS:
        return at + STEPS[move]
    if move == "dat-lai":
        return None
    turn = edition.next_turn(at + BEFORE_TURN if move == "toi-han" else at)
    if move in ("toi-han", "qua-han"):
        if turn is None:
            raise Invalid.one("when", _("Kỳ thi này không còn mốc nào phía sau."))
        return turn - BEFORE_TURN if move == "toi-han" else turn
    return parse_opening(request.form.get("when", ""), request.form.get("when_time", ""), "when")


def _page(error: Invalid | None = None) -> tuple[str, int]:
    edition = current_edition()
    turn = edition.next_turn(now())
    page = render_template(
        "contests/clock.html",
        shows=now(),
        turn_text=None if turn is None else datetime_(turn, locale()),
        when=request.form.get("when", ""),
        when_time=request.form.get("when_time", ""),
        next=safe_next(request.values.get("next"), "") or None,
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _require_demonstration() -> None:
    if not current_app.config["BANGVANG"].is_demonstration:
        raise NotFound
