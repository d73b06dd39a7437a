"""The account's owner stops a rescue: by the link of the letter, without signing in, or on their own page."""

from __future__ import annotations

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.limits import limiter
from core.kernel.proposals import Standing, standing
from core.kernel.web import Access, allows, current_actor
from core.people import services
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.rescue_queries import kind_word


@blueprint.get("/tai-khoan/dung-khoi-phuc/<uuid:rescue_id>/<seal>")
@allows(Access.PUBLIC)
def rescue_stop(rescue_id: UUID, seal: str) -> Answer:
    """What was asked for, and the button that stops it; it names nobody."""
    return _page(rescue_id, seal)


@blueprint.post("/tai-khoan/dung-khoi-phuc/<uuid:rescue_id>/<seal>")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def rescue_stop_send(rescue_id: UUID, seal: str) -> Answer:
    """Stop it; doing it twice, or too late, says how it stands."""
    services.stop_by_link(services.access_rescue_by_link(rescue_id, seal), now=real_now())
    return redirect(url_for("people.rescue_stop", rescue_id=rescue_id, seal=seal), 303)


@blueprint.post("/tai-khoan/dung-khoi-phuc")
@allows(Access.ACCOUNT)
def rescue_stop_own() -> Answer:
    """Stop what is open for the own account."""
    if services.stop_rescues(g.account.id, "own", actor=current_actor(), now=real_now()):
        flash(_("Đã dừng. Tài khoản của bạn không đổi."), "success")
    return redirect(url_for("people.me"), 303)


def _page(rescue_id: UUID, seal: str) -> str:
    found, now = services.access_rescue_by_link(rescue_id, seal), real_now()
    state = standing(found, now)
    return render_template(
        "people/rescue_stop.html",
        what=kind_word(found.kind),
        is_open=state in (Standing.PROPOSED, Standing.CONFIRMED),
        is_done=state is Standing.DONE,
        holds_from=found.holds_from if state is Standing.CONFIRMED else None,
        action=url_for("people.rescue_stop_send", rescue_id=rescue_id, seal=seal),
    )
