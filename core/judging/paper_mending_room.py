"""Paper sheets that are stuck or that their judge objects to: taking over a turn, answering the objection."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.judging.paper_room import leader, paper_href, paper_page
from core.judging.ranking_room import blueprint
from core.judging.services.paper import access_paper
from core.judging.services.paper_mending import settle_objection, take_over_turn
from core.kernel.errors import DomainError, Invalid
from core.kernel.web import Access, allows, current_actor, now


@blueprint.post("/<round_key>/phieu-giay/<code>/nhap-thay")
@allows(Access.COUNCIL)
def paper_take_over(round_key: str, code: str) -> Any:
    """Take the turn of somebody who cannot go on."""
    edition, actor = current_edition(), current_actor()
    found = access_paper(edition, actor, round_key, code)
    turn = request.form.get("turn", 0, type=int)
    try:
        take_over_turn(edition, found, leader(edition, round_key).round, turn, actor=actor, now=now())
    except DomainError as refused:
        told = (
            refused.errors.get("turn", [refused.message])
            if isinstance(refused, Invalid)
            else [refused.message]
        )
        flash(" ".join(told), "error")
    else:
        flash(_("Bạn nhập thay từ đây. Bạn đọc phiếu giấy và nhập lại từ đầu."), "success")
    return redirect(paper_href(found), 303)


@blueprint.post("/<round_key>/phieu-giay/<code>/tra-loi")
@allows(Access.COUNCIL)
def paper_answer(round_key: str, code: str) -> Any:
    """Answer what the judge objects to."""
    edition, actor = current_edition(), current_actor()
    found = access_paper(edition, actor, round_key, code)
    words, seen = request.form.get("answer", ""), request.form.get("seen", "")
    try:
        settle_objection(
            edition, found, leader(edition, round_key).round, words, seen=seen, actor=actor, now=now()
        )
    except Invalid as wrong:
        return paper_page(edition, found, errors=wrong.errors, answer=words), 422
    flash(_("Đã trả lời. Giám khảo được báo bằng thư và đọc trả lời ở bàn chấm."), "success")
    return redirect(paper_href(found), 303)
