"""The files of a blind round: a judge reads the copies that were approved, under names that tell nothing."""

from __future__ import annotations

from flask import Blueprint, Response

from core.contests.current import current_edition
from core.entries.downloads import sent_file
from core.judging.dossiers import shown_file
from core.judging.policies import access_sheet
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint("blind_desk", __name__, url_prefix="/cham-thi")


@blueprint.get("/<round_key>/<code>/tep/<int:number>")
@allows(Access.JUDGE)
def file(round_key: str, code: str, number: int) -> Response:
    """The copy with this number of a dossier that the judge reads blind."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    found = shown_file(edition, place, number)
    return sent_file(found.sha256, found.name, found.media_type, found.size)
