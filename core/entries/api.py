# mypy: disable-error-code="untyped-decorator"
"""Entries for programs: published ones for all, one's own dossiers by the session cookie and the CSRF header.

The same services and the same schema as the pages: a 422 names the same paths with the same sentences.
"""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_smorest import Blueprint

from core.contests.current import current_edition, edition_of
from core.entries.api_schemas import (
    DOSSIER_BODY,
    DossierSchema,
    EntryListSchema,
    EntryQuerySchema,
    PublicEntrySchema,
    ReceiptOutSchema,
)
from core.entries.errors import NotEligible
from core.entries.forms import path_of, questions
from core.entries.listing import Card, cards_of, gallery_page, pictures_of
from core.entries.pages import page_number
from core.entries.policies import access_entry, access_published
from core.entries.queries import Dossier, account_of, dossier_of
from core.entries.services import save_draft, start_draft, submit
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import N_, locale
from core.kernel.ids import token
from core.kernel.problems import problem
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import FieldKind, Severity

blueprint = Blueprint("entries_api", __name__, url_prefix="/api/v1", description=N_("Bài dự thi"))


@blueprint.get("/entries")
@allows(Access.PUBLIC)
@blueprint.arguments(EntryQuerySchema, location="query")
@blueprint.response(200, EntryListSchema)
def entries(asked: dict[str, str]) -> dict[str, Any]:
    """The published entries of the current edition, 24 a page, by code."""
    shown = gallery_page(current_edition(), asked["q"], asked["field"] or None, page_number(asked["page"]))
    return {
        "entries": [_card(one) for one in shown.cards],
        "page": shown.page,
        "pages": shown.pages,
        "total": shown.total,
    }


@blueprint.get("/entries/<code>")
@allows(Access.PUBLIC)
@blueprint.response(200, PublicEntrySchema)
@blueprint.alt_response(404, description=N_("Không có bài dự thi công khai nào mang mã này"))
def entry(code: str) -> dict[str, Any]:
    """One published entry by its public code, with what its form marks as public."""
    found = access_published(code)
    edition = edition_of(found.edition_id)
    public = [one for one in questions(edition) if one.public and one.kind is not FieldKind.FILES]
    return {
        **_card(cards_of([found])[0]),
        "published_at": found.published_at,
        "answers": {one.key: found.facts[one.key] for one in public if one.key in found.facts},
        "pictures": [
            {
                "url": url_for("gallery.picture", code=code, sha8=one.sha256[:8], _external=True),
                "width": one.width,
                "height": one.height,
            }
            for one in pictures_of(found)
        ],
    }


@blueprint.post("/entries")
@allows(Access.ACCOUNT)
@blueprint.doc(
    requestBody=DOSSIER_BODY,
    parameters=[
        {
            "in": "header",
            "name": "Idempotency-Key",
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{20,64}$"},
            "description": N_("Gửi lại với cùng giá trị thì vẫn là một hồ sơ"),
        }
    ],
)
@blueprint.response(201, DossierSchema)
@blueprint.alt_response(409, description=N_("Ngoài thời gian nhận hồ sơ"))
@blueprint.alt_response(422, description=N_("Có mục chưa đúng; không có gì được lưu"))
def start() -> dict[str, Any]:
    """Begin a dossier with the content given; nothing is kept when any of it is wrong."""
    edition, actor = current_edition(), current_actor()
    if actor.id is None:
        raise NotFound
    data = _body()
    key = request.headers.get("Idempotency-Key") or token()
    made = start_draft(edition, owner=account_of(actor.id), form_token=key, actor=actor, now=now())
    save_draft(made, edition, data, actor=actor, now=now())
    return _dossier(dossier_of(made))


@blueprint.put("/entries/<code>")
@allows(Access.ACCOUNT)
@blueprint.doc(requestBody=DOSSIER_BODY)
@blueprint.response(200, DossierSchema)
@blueprint.alt_response(404, description=N_("Không có hồ sơ này của bạn"))
@blueprint.alt_response(409, description=N_("Hồ sơ đã nộp hoặc đã khép lại"))
@blueprint.alt_response(422, description=N_("Có mục chưa đúng; không có gì được lưu"))
def save(code: str) -> dict[str, Any]:
    """Save one's own dossier (named by its `ref`); parts that are not sent stay as they are."""
    own = access_entry(current_actor(), code)
    save_draft(own, edition_of(own.edition_id), _body(), actor=current_actor(), now=now())
    return _dossier(dossier_of(own))


@blueprint.post("/entries/<code>/submit")
@allows(Access.ACCOUNT)
@blueprint.response(200, ReceiptOutSchema)
@blueprint.alt_response(404, description=N_("Không có hồ sơ này của bạn"))
@blueprint.alt_response(409, description=N_("Ngoài thời gian nhận hồ sơ"))
@blueprint.alt_response(422, description=N_("Hồ sơ còn thiếu; `errors` nêu từng mục"))
def hand_in(code: str) -> Any:
    """Hand in one's own dossier (named by its `ref`); handing in twice gives the first receipt again."""
    own = access_entry(current_actor(), code)
    try:
        return submit(own, edition_of(own.edition_id), actor=current_actor(), now=now())
    except NotEligible as refusal:
        return problem(
            refusal.status, refusal.kind, refusal.message, errors=_by_path(refusal), clause=refusal.clause
        )


def _by_path(refusal: NotEligible) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for one in refusal.findings:
        if one.severity is Severity.BLOCK:
            errors.setdefault(path_of(one.field), []).append(one.message.in_(locale()))
    return errors


def _body() -> dict[str, Any]:
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        raise Invalid.one("", _("Nội dung gửi lên phải là một đối tượng JSON."))
    return data


def _card(card: Card) -> dict[str, Any]:
    return {
        "code": card.code,
        "title": card.title,
        "field": card.field,
        "unit": card.unit,
        "authors": list(card.authors),
        "url": url_for("gallery.entry", code=card.code, _external=True),
        "is_demonstration": card.is_demonstration,
    }


def _dossier(dossier: Dossier) -> dict[str, Any]:
    own = dossier.entry
    return {
        "ref": own.ref,
        "code": own.code,
        "state": own.state,
        "title": own.title,
        "field": own.field,
        "unit": dossier.unit.code if dossier.unit else None,
        "authors": dossier.authors,
        "facts": own.facts,
        "files": dossier.files,
        "updated_at": own.updated_at,
    }
