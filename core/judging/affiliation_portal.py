"""The page on which somebody of a council or the office says where he works."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.judging.affiliations import access_affiliation, say_affiliation
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now
from core.people.units import unit_choices

blueprint = Blueprint("affiliations", __name__)


@blueprint.route("/tai-khoan/noi-lam-viec", methods=["GET", "POST"])
@allows(Access.ACCOUNT)
def own() -> Any:
    """Unit and workplace, for finding conflicts of interest only."""
    said = access_affiliation(current_actor())
    typed = {"unit": str(said.unit_id or ""), "workplace": said.workplace}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = {key: request.form.get(key, "") for key in typed}
        try:
            say_affiliation(**typed, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            flash(_("Đã lưu nơi làm việc của bạn."), "success")
            return redirect(url_for("affiliations.own"), 303)
    page = render_template(
        "councils/affiliation.html",
        typed=typed,
        errors=errors,
        units=[(str(one.id), one.name) for one in unit_choices()],
        terms=current_edition().rules.terms(),
    )
    return (page, 422) if errors else page
