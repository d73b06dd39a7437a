"""Addresses of a dossier's files: the content at a link of a few minutes, the preview, the list beside the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.entries.downloads import is_link_good, sent_file, sent_picture
from core.entries.examine import file_field
from core.entries.policies import access_attachment, access_entry
from core.entries.services import detach
from core.entries.services.files import files_in
from core.kernel.clock import real_now
from core.kernel.errors import NotFound
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("files", __name__, url_prefix="/du-thi")


@blueprint.get("/tep/<uuid:file_id>/noi-dung")
@allows(Access.ACCOUNT)
def content(file_id: UUID) -> Any:
    """The content of a file at a link that `file_link` made for this account; one that has run out is made anew."""
    _entry, attachment = access_attachment(current_actor(), file_id)
    pass_ = request.args.get("ve", "")
    if not pass_ or not is_link_good(file_id, pass_, actor=current_actor(), now=real_now()):
        return redirect(url_for("entries.file", file_id=file_id, tai=request.args.get("tai")))
    return sent_file(attachment.sha256, attachment.name, attachment.media_type, attachment.size)


@blueprint.get("/tep/<uuid:file_id>/xem-truoc")
@allows(Access.ACCOUNT)
def preview(file_id: UUID) -> Response:
    """A small picture of a file, for those who may read it."""
    _entry, attachment = access_attachment(current_actor(), file_id)
    if attachment.preview is None:
        raise NotFound(_("Tệp này chưa có ảnh xem trước."))
    return sent_picture(attachment.preview, public=False)


@blueprint.get("/<ref>/tep/muc/<field>")
@allows(Access.ACCOUNT)
def kept(ref: str, field: str) -> str:
    """The files that answer one question of my dossier, as the form shows them: for the page that has just sent one."""
    entry = access_entry(current_actor(), ref)
    asked = file_field(edition_of(entry.edition_id), field)
    held = [one for one in files_in(entry) if one.field == asked.key]
    return render_template("entries/_kept.html", files=held, name=f"facts.{asked.key}")


@blueprint.post("/<ref>/tep/<uuid:file_id>/bo")
@allows(Access.ACCOUNT)
def remove(ref: str, file_id: UUID) -> str:
    """Take one file out of my dossier at once, without sending the form; answers with the list that is left."""
    entry = access_entry(current_actor(), ref)
    field = next((one.field for one in files_in(entry) if one.id == file_id), "")
    detach(entry, file_id, actor=current_actor(), now=now())
    held = [one for one in files_in(entry) if one.field == field]
    return render_template("entries/_kept.html", files=held, name=f"facts.{field}")
