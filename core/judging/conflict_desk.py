"""Somebody of a council says what he has to do with: any dossier of the round, before he opened it or was given it."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.judging import conflict_words
from core.judging.conflict_declaring import Declarer, access_declared, access_declaring, declarable
from core.judging.policies import access_judge
from core.judging.services import declare
from core.kernel.errors import Invalid
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("conflicts_desk", __name__)

MOST_CODES = 500
MOST_TYPED = 2000


@blueprint.route("/cham-thi/<round_key>/lien-quan", methods=["GET", "POST"])
@allows(Access.JUDGE)
def declare_own(round_key: str) -> Any:
    """The same page from a judge's desk."""
    access_judge(current_edition(), current_actor())
    return _declare(round_key, "conflicts_desk.declare_own")


@blueprint.route("/hoi-dong/<round_key>/lien-quan", methods=["GET", "POST"])
@allows(Access.COUNCIL)
def declare_in_council(round_key: str) -> Any:
    """Tick or name the dossiers, say what ties one to them; they are closed at once."""
    return _declare(round_key, "conflicts_desk.declare_in_council")


def _declare(round_key: str, endpoint: str) -> Any:
    edition, actor = current_edition(), current_actor()
    declarer = access_declaring(edition, actor, round_key)
    picked = request.form.getlist("entries")[:MOST_CODES]
    typed = request.form.get("codes", "")[:MOST_TYPED]
    kinds, words = request.form.getlist("kinds"), request.form.get("words", "")
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        codes = [*picked, *re.split(r"[\s,;]+", typed)]
        try:
            entries = access_declared(edition, declarer, codes)
            if not entries:
                raise Invalid.one("codes", _("Bạn hãy chọn hoặc ghi mã hồ sơ."))
            done = declare(entries, kinds, words, actor=actor, now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            flash(_told(done), "success")
            return redirect(_back(declarer) or url_for(endpoint, round_key=round_key), 303)
    else:
        typed = request.args.get("ho-so", "")[:40]
        picked = [typed] if declarer.lists and typed else []
        typed = "" if declarer.lists else typed
    search = clean_line(request.args.get("q", ""))[:100]
    rows, more = declarable(edition, declarer, search, picked)
    page = render_template(
        "desk/related.html",
        declarer=declarer,
        action=url_for(endpoint, round_key=round_key),
        back=_back(declarer),
        rows=rows,
        more=more,
        search=search,
        picked=picked,
        typed=typed,
        choices=conflict_words.kinds(),
        kinds=kinds,
        words=words,
        errors=errors,
        terms=edition.rules.terms(),
    )
    return (page, 422) if errors else page


def _back(declarer: Declarer) -> str:
    """A judge goes back to his desk; who has none stays."""
    return str(url_for("desk.index", vong=declarer.round.key)) if declarer.judge else ""


def _told(done: int) -> str:
    if not done:
        return str(_("Bạn đã khai từ trước; các hồ sơ đó đã đóng với bạn."))
    told = ngettext(
        "Đã ghi nhận bạn có liên quan với %(num)s hồ sơ. Bạn không còn thấy và không chấm hồ sơ đó; Ban Tổ "
        "chức đã được báo.",
        "Đã ghi nhận bạn có liên quan với %(num)s hồ sơ. Bạn không còn thấy và không chấm các hồ sơ đó; Ban Tổ "
        "chức đã được báo.",
        done,
    )
    return str(told)
