"""The files of a dossier beside the judge's sheet: page by page, as pictures."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.entries.models import Attachment
from core.entries.page_pictures import drawn_page, page_picture
from core.entries.pages import FileCopy
from core.entries.policies import access_attachment
from core.judging.dossiers import shown_to_judge
from core.judging.policies import access_sheet
from core.kernel.errors import NotFound
from core.kernel.web import Access, allows, current_actor

blueprint = Blueprint("desk_files", __name__, url_prefix="/cham-thi")


@blueprint.get("/<round_key>/<code>/tep/<uuid:file_id>/trang/<int:number>")
@allows(Access.JUDGE)
def page(round_key: str, code: str, file_id: UUID, number: int) -> Response:
    """A page of a file that the judge reads with this sheet; what his sheet does not show is not there."""
    edition, actor = current_edition(), current_actor()
    place = access_sheet(edition, actor, round_key, code)
    dossier = shown_to_judge(edition, place)
    shown = (one for group in dossier.groups for answer in group.answers for one in answer.files)
    if not any(isinstance(one, Attachment) and one.id == file_id for one in shown):
        raise NotFound(_("Không có tệp này trong hồ sơ."))
    _entry, attachment = access_attachment(actor, file_id)
    tag = f"{attachment.sha256}-{number}"
    if tag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(page_picture(attachment, number), mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.set_etag(tag)
    return response


@blueprint.get("/<round_key>/<code>/ban/<digest>/trang/<int:number>")
@allows(Access.JUDGE)
def copy_page(round_key: str, code: str, digest: str, number: int) -> Response:
    """A page of a file that stands in the dossier beside or in place of its own: a covered copy, new material.

    A copy is kept by no browser, like the whole of it: what was approved may be taken back.
    """
    edition = current_edition()
    dossier = shown_to_judge(edition, access_sheet(edition, current_actor(), round_key, code))
    shown = (one for group in dossier.groups for answer in group.answers for one in answer.files)
    for one in shown:
        if isinstance(one, FileCopy) and one.has_pages and one.sha256 == digest:
            response = Response(drawn_page(one.sha256, one.pages, number), mimetype="image/webp")
            response.headers["Cache-Control"] = "private, no-store"
            return response
    raise NotFound(_("Không có tệp này trong hồ sơ."))
