"""The judge says which fields he knows; the committee's plan uses it, and the committee may change it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.judging.plan import Fit
from core.judging.plan_forms import FIELD, read_fields
from core.judging.plan_words import fit_name
from core.judging.policies import access_judge
from core.judging.queries.planning import judges_with_fields
from core.judging.services.planning import set_own_fields
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("judging_fields", __name__, url_prefix="/cham-thi")


@blueprint.route("/linh-vuc", methods=["GET", "POST"])
@allows(Access.JUDGE)
def own() -> Any:
    """My fields."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    if request.method == "POST":
        set_own_fields(edition, read_fields(request.form), actor=current_actor(), now=now())
        flash(_("Đã ghi lĩnh vực của bạn. Ban Tổ chức dùng khi phân công."), "success")
        return redirect(url_for("desk.index"), 303)
    held = next(one for one in judges_with_fields(edition) if one.id == judge.id)
    return render_template(
        "desk/fields.html",
        fits=held.fits,
        fields=edition.rules.entry_fields(),
        prefix=FIELD,
        choices=[(fit.value, fit_name(fit)) for fit in Fit],
    )
