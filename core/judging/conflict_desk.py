"""The judge says what he has to do with: for one dossier, or from the list before he opened any."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from core.contests.current import current_edition
from core.judging import conflict_words
from core.judging.conflict_policies import access_assigned
from core.judging.policies import access_judge, round_of
from core.judging.queries import desk_queue
from core.judging.seating import owes_pledge
from core.judging.services import declare
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("conflicts_desk", __name__, url_prefix="/cham-thi")

MOST_CODES = 500


@blueprint.route("/<round_key>/lien-quan", methods=["GET", "POST"])
@allows(Access.JUDGE)
def declare_own(round_key: str) -> Any:
    """Tick the dossiers, say what ties one to them; they are closed at once."""
    edition, actor = current_edition(), current_actor()
    judge = access_judge(edition, actor)
    judging_round = round_of(edition, round_key)
    errors: dict[str, list[str]] = {}
    picked = request.form.getlist("entries")[:MOST_CODES] or request.args.getlist("ho-so")[:1]
    kinds, words = request.form.getlist("kinds"), request.form.get("words", "")
    if request.method == "POST":
        try:
            entries = access_assigned(edition, actor, round_key, picked)
            done = declare(entries, kinds, words, actor=actor, now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            told = ngettext(
                "Đã ghi nhận bạn có liên quan với %(num)s hồ sơ. Bạn không còn thấy và không chấm hồ sơ đó; Ban Tổ "
                "chức đã được báo.",
                "Đã ghi nhận bạn có liên quan với %(num)s hồ sơ. Bạn không còn thấy và không chấm các hồ sơ đó; Ban Tổ "
                "chức đã được báo.",
                done,
            )
            flash(told, "success")
            return redirect(url_for("desk.index", vong=round_key), 303)
    page = render_template(
        "desk/related.html",
        queue=desk_queue(edition, judge, judging_round),
        owes_pledge=owes_pledge(edition.id, round_key, judge.account_id),
        judge=judge,
        picked=picked,
        choices=conflict_words.kinds(),
        kinds=kinds,
        words=words,
        errors=errors,
    )
    return (page, 422) if errors else page
