"""The public gallery: published entries, what may be shown of each, and their pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition, edition_of
from core.contests.values import EditionView
from core.entries import pages, words
from core.entries.downloads import sent_file, sent_picture
from core.entries.listing import gallery_page, picture_by_digits, pictures_of, published_fields
from core.entries.policies import access_public_file, access_published
from core.entries.queries import Dossier, dossier_of
from core.kernel.errors import NotFound
from core.kernel.i18n import locale
from core.kernel.pagecache import cached_public
from core.kernel.text import clean_line
from core.kernel.web import Access, allows
from core.plugin_api import FieldKind

blueprint = Blueprint("gallery", __name__)

DESCRIPTION_CHARS = 200
MAX_SEARCH = 100


@blueprint.get("/bai-du-thi")
@allows(Access.PUBLIC)
@cached_public
def index() -> str:
    """The published entries: search, chips for the fields, 24 a page."""
    edition = current_edition()
    search = clean_line(request.args.get("q", ""))[:MAX_SEARCH]
    asked = request.args.get("linh-vuc", "")
    fields = edition.rules.entry_fields()
    field = asked if asked in {one.key for one in fields} else ""
    shown = gallery_page(edition, search, field or None, pages.page_number(request.args.get("trang")))
    counts = published_fields(edition) if fields else {}
    kept = {key: value for key, value in (("q", search), ("linh-vuc", field)) if value}
    return render_template(
        "gallery/index.html",
        shown=shown,
        words=search,
        field=field,
        field_names={one.key: one.name.in_(locale()) for one in fields},
        chips=_chips(edition, field, search, counts),
        hrefs=pages.page_hrefs("gallery.index", shown.page, shown.pages, kept),
    )


@blueprint.get("/bai-du-thi/<code>")
@allows(Access.PUBLIC)
@cached_public
def entry(code: str) -> str:
    """One published entry: what its form marks as public, its authors and pictures."""
    found = access_published(code)
    edition = edition_of(found.edition_id)
    dossier = dossier_of(found)
    pictures = pictures_of(found)
    return render_template(
        "gallery/entry.html",
        entry=found,
        dossier=dossier,
        authors=[one.name for one in dossier.authors],
        field_name=words.field_name(edition, found.field),
        groups=_public_groups(dossier, edition),
        pictures=pictures,
        summary=_summary(dossier, edition),
        address=url_for("gallery.entry", code=code, _external=True),
        image=_external(code, pictures[0].sha256) if pictures else None,
    )


@blueprint.get("/bai-du-thi/<code>/anh/<sha8>")
@allows(Access.PUBLIC)
def picture(code: str, sha8: str) -> Response:
    """A public picture, made anew without metadata."""
    found = picture_by_digits(access_published(code), sha8)
    if found is None:
        raise NotFound(_("Không tìm thấy ảnh này."))
    return sent_picture(found.sha256)


@blueprint.get("/bai-du-thi/<code>/tep/<sha8>")
@allows(Access.PUBLIC)
def file(code: str, sha8: str) -> Response:
    """A file that the form marks as public; pictures only as their public copies."""
    _entry, attachment = access_public_file(code, sha8)
    if attachment.media_type.startswith("image/"):
        raise NotFound(_("Không tìm thấy tệp này."))
    return sent_file(attachment.sha256, attachment.name, attachment.media_type, attachment.size, public=True)


def _chips(edition: EditionView, field: str, search: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    kept: dict[str, Any] = {"q": search} if search else {}
    return [
        {
            "label": one.name,
            "href": url_for("gallery.index", **{**kept, "linh-vuc": None if one.key == field else one.key}),
            "on": one.key == field,
            "count": counts.get(one.key, 0),
        }
        for one in edition.rules.entry_fields()
        if counts.get(one.key) or one.key == field
    ]


def _public_groups(dossier: Dossier, edition: EditionView) -> list[pages.AnswerGroup]:
    """The public answers; pictures are shown on their own, as public copies."""
    groups = []
    for group in pages.answers(dossier, edition, public_only=True):
        kept = []
        for one in group.answers:
            files = tuple(file for file in one.files if not file.media_type.startswith("image/"))
            if one.text or files:
                kept.append(replace(one, files=files))
        if kept:
            groups.append(pages.AnswerGroup(group.key, group.title, tuple(kept)))
    return groups


def _summary(dossier: Dossier, edition: EditionView) -> str:
    """The first public paragraph, short, for those who share the page."""
    for section in edition.rules.dossier_form():
        for one in section.fields:
            text = str(dossier.entry.facts.get(one.key) or "")
            if one.public and one.kind is FieldKind.LONG_TEXT and text:
                line = " ".join(text.split())
                return (
                    line if len(line) <= DESCRIPTION_CHARS else line[: DESCRIPTION_CHARS - 1].rstrip() + "…"
                )
    return ""


def _external(code: str, sha256: str) -> str:
    return url_for("gallery.picture", code=code, sha8=sha256[:8], _external=True)
