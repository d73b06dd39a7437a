"""The judge's view of what was locked in his name from paper, and his objection."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import PhaseKind
from core.judging.paper_room import sent_scan
from core.judging.policies import round_of
from core.judging.queries.papers import Paper
from core.judging.ranking_room import points
from core.judging.services.paper import access_own_paper, object_to
from core.kernel.errors import DomainError, Invalid
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("paper_desk", __name__, url_prefix="/cham-thi")


@blueprint.get("/<round_key>/phieu-giay/<code>")
@allows(Access.JUDGE)
def show(round_key: str, code: str) -> str:
    """The points as they were locked, the scan, and the form to object."""
    return _page(access_own_paper(current_edition(), current_actor(), round_key, code), {}, "")


@blueprint.post("/<round_key>/phieu-giay/<code>")
@allows(Access.JUDGE)
def send(round_key: str, code: str) -> Any:
    """Object."""
    edition, actor = current_edition(), current_actor()
    found = access_own_paper(edition, actor, round_key, code)
    words = request.form.get("words", "")
    try:
        object_to(edition, found, words, actor=actor, now=now())
    except Invalid as wrong:
        return _page(found, wrong.errors, words), 422
    except DomainError as refused:
        flash(refused.message, "error")
    else:
        flash(_("Đã báo cho hội đồng. Người chủ trì sẽ xem lại phiếu giấy cùng bạn."), "success")
    return redirect(url_for("paper_desk.show", round_key=round_key, code=code), 303)


@blueprint.get("/<round_key>/phieu-giay/<code>/ban-quet")
@allows(Access.JUDGE)
def scan(round_key: str, code: str) -> Response:
    """The scan of his sheet."""
    return sent_scan(access_own_paper(current_edition(), current_actor(), round_key, code))


def _page(found: Paper, errors: dict[str, list[str]], words: str) -> str:
    edition = current_edition()
    judging_round = round_of(edition, found.stored.round)
    reading = found.keyings[0]
    return render_template(
        "figures/paper_own.html",
        found=found,
        judging_round=judging_round,
        rows=[(one, points(reading.scores[one.key])) for one in judging_round.criteria],
        remark=reading.remark,
        words=words or (found.stored.objection if found.has_objection else ""),
        errors=errors,
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
    )
