"""The criteria as they changed: for the judge, who says that he has read it, and for the committee."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.judging.criteria_guard import drifted_criteria
from core.judging.criteria_versions import (
    acknowledge,
    changed_versions,
    locked_sheets_of,
    over_maximum,
    readers_of,
    unread_versions,
)
from core.judging.criteria_words import change_sentences
from core.judging.policies import access_judge
from core.judging.round_models import CriteriaVersion
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("judging_criteria", __name__)


@blueprint.get("/cham-thi/tieu-chi")
@allows(Access.JUDGE)
def shown() -> str:
    """What changed, what of the judge's drafts no longer fits, and the button that says it was read."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    rounds = edition.rules.rounds()
    return render_template(
        "desk/criteria.html",
        versions=_rows(changed_versions(edition.id)),
        unread=[one.number for one in unread_versions(edition.id, judge)],
        over=over_maximum(edition, judge),
        rounds=rounds,
        names={(one.key, row.key): row.name for one in rounds for row in one.criteria},
    )


@blueprint.post("/cham-thi/tieu-chi")
@allows(Access.JUDGE)
def read() -> Any:
    """The judge has read the change."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    number = request.form.get("number", 0, type=int)
    if number not in {one.number for one in unread_versions(edition.id, judge)}:
        return redirect(url_for("judging_criteria.shown"), 303)
    acknowledge(edition, judge, number, now=now())
    flash(_("Đã ghi nhận bạn đã đọc thay đổi tiêu chí."), "success")
    return redirect(url_for("desk.index"), 303)


@blueprint.get("/btc/cham-thi/tieu-chi")
@allows(Access.COMMITTEE)
def kept() -> str:
    """Every change of the criteria with who made it, and which judges have read it."""
    edition = current_edition()
    return render_template(
        "judging_office/criteria.html",
        versions=_rows(changed_versions(edition.id)),
        drifted=change_sentences(drifted_criteria(edition)),
        former=[f"{ref.name} {ref.version}" for ref, _installed in edition.rules.version_drift()],
        locked=locked_sheets_of(edition.id),
        is_frozen=edition.is_frozen,
        readers=readers_of(edition.id),
        terms=edition.rules.terms(),
    )


def _rows(versions: list[CriteriaVersion]) -> list[dict[str, Any]]:
    return [
        {
            "number": one.number,
            "at": one.at,
            "by": one.by_name,
            "reason": one.reason,
            "told": one.told,
            "sentences": change_sentences(one.changes),
        }
        for one in versions
    ]
