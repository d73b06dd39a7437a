"""The committee's page of locked sheets that are not what the audit log says: a program or a hand changed them."""

from __future__ import annotations

from flask import Blueprint, render_template

from core.contests.current import current_edition
from core.judging.queries.proofs import check_with_log
from core.judging.queries.standings import judge_progress
from core.kernel.web import Access, allows, now

blueprint = Blueprint("proofs_office", __name__, url_prefix="/btc/cham-thi/doi-chieu-nhat-ky")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """Every locked sheet of the edition compared with the log at this moment."""
    edition = current_edition()
    council = judge_progress(edition, edition.rules.deciding_round().key)
    return render_template(
        "judging_office/proofs.html",
        found=check_with_log(edition),
        names={one.number: one.name for one in council},
        rounds={one.key: one.name for one in edition.rules.rounds()},
        now=now(),
    )
