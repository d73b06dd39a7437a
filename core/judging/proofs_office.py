"""The committee's page of locked sheets that are not what the audit log says: a program or a hand changed them."""

from __future__ import annotations

from flask import Blueprint, render_template

from core.contests.current import current_edition
from core.judging.queries.proofs import check_with_log, line_found_at_night
from core.judging.queries.standings import judge_progress
from core.kernel.web import Access, allows, now

blueprint = Blueprint("proofs_office", __name__, url_prefix="/btc/cham-thi/doi-chieu-nhat-ky")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """Every locked sheet of the edition compared with the log at this moment, and what the last night found of the
    log itself."""
    edition = current_edition()
    council = judge_progress(edition, edition.rules.deciding_round().key)
    found, at_night = check_with_log(edition), line_found_at_night(edition.id)
    false_lines = [one for one in (found.false_line, at_night) if one is not None]
    return render_template(
        "judging_office/proofs.html",
        found=found,
        false_line=min(false_lines, default=None),
        names={one.number: one.name for one in council},
        rounds={one.key: one.name for one in edition.rules.rounds()},
        now=now(),
    )
