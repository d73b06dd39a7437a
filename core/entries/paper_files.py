"""Where the papers of a dossier are fetched, as PDF and as Word documents: by its people, and by the committee."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, g, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.contests.values import EditionView
from core.entries import paperwork
from core.entries.downloads import sent_bytes
from core.entries.models import Entry
from core.entries.policies import access_entry, access_entry_office
from core.entries.queries import dossier_of, version_of
from core.kernel.errors import NotFound
from core.kernel.paper import OfficialPaper
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import MEDIA_TYPE, word_of
from core.kernel.pdf import PDF
from core.kernel.text import slug
from core.kernel.web import Access, allows, current_actor, now
from core.tenancy.profile import tenant_view

blueprint = Blueprint("entry_papers", __name__)

_KINDS = {"pdf": PDF, "docx": MEDIA_TYPE}


@blueprint.get("/du-thi/<ref>/giay-to/<key>.<any(pdf, docx):kind>")
@allows(Access.ACCOUNT)
def own(ref: str, key: str, kind: str) -> Response:
    """A paper of one of my dossiers as it stands now: a document of the contest, or the description."""
    return _paper(access_entry(current_actor(), ref), key, kind)


@blueprint.get("/btc/ho-so/<name>/giay-to/<key>.<any(pdf, docx):kind>")
@allows(Access.COMMITTEE)
def office(name: str, key: str, kind: str) -> Response:
    """The same of a dossier that was handed in, for the committee."""
    return _paper(access_entry_office(current_actor(), name), key, kind)


@blueprint.get("/du-thi/<ref>/bien-nhan/<int:number>/phieu-gui.<any(pdf, docx):kind>")
@allows(Access.ACCOUNT)
def cover(ref: str, number: int, kind: str) -> Response:
    """The cover sheet of what was handed in as this version."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    version = version_of(entry, number)
    address = url_for("intake.scan", receipt=version.receipt, _external=True)
    paper = paperwork.cover(dossier_of(entry), version, edition, tenant_view(g.tenant), address)
    return _sent(paper, edition, kind, name=_("phieu-gui"), code=entry.code or entry.ref, at=version.at)


def _paper(entry: Entry, key: str, kind: str) -> Response:
    edition, at = edition_of(entry.edition_id), now()
    dossier = dossier_of(entry)
    if key == paperwork.DESCRIPTION:
        paper = paperwork.description(dossier, edition)
    else:
        paper = paperwork.registration(dossier, edition, key, at)
    return _sent(paper, edition, kind, name=key, code=entry.code or entry.ref, at=at)


def _sent(
    paper: OfficialPaper, edition: EditionView, kind: str, *, name: str, code: str, at: datetime
) -> Response:
    if kind not in _KINDS:
        raise NotFound
    if kind == "pdf":
        made = pdf_of(paper, at=at, organiser=edition.rules.terms().committee.in_(paper.language))
    else:
        made = word_of(paper, at=at)
    file_name = f"{slug(code)}-{slug(name)}.{kind}"
    return sent_bytes(made, file_name, _KINDS[kind])
