"""The files of a dossier beside the judge's sheet: page by page, as pictures."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.entries.models import Attachment
from core.entries.page_pictures import page_picture
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
