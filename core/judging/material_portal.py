"""The entrant's page for new material, and the address of its files for all who may read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.entries.downloads import sent_file
from core.entries.events import DossierOpened
from core.entries.models import Entry
from core.entries.policies import has_right, opener_role
from core.entries.rights import Right
from core.judging.errors import MaterialClosed
from core.judging.material import (
    ACCEPT,
    MOST_BYTES,
    Asked,
    access_material,
    access_material_file,
    name_of,
    receipts_of,
    sent_by,
)
from core.judging.material_models import MaterialCall
from core.judging.policies import round_of
from core.judging.services.material import TEXT_CHARS, Delivery, send_material
from core.kernel import uow
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("material", __name__, url_prefix="/du-thi")


@blueprint.get("/<ref>/tai-lieu-bo-sung")
@allows(Access.ACCOUNT)
def page(ref: str) -> str:
    """What is asked of my dossier, what I have sent, until when I may replace it."""
    entry, call = access_material(current_actor(), ref)
    edition_of(entry.edition_id)
    return _page(entry, call)


@blueprint.post("/<ref>/tai-lieu-bo-sung")
@allows(Access.ACCOUNT)
def send(ref: str) -> Any:
    """Keep what I send."""
    entry, call = access_material(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    names = [name_of(one.question) for one in sent_by(call, entry.id)]
    files = {
        name: [(one.filename or "", one.stream) for one in request.files.getlist(name) if one.filename]
        for name in names
    }
    texts = {name: request.form[name] for name in names if name in request.form}
    ticked = [_id(word) for name in names for word in request.form.getlist(f"{name}__remove")]
    given = Delivery(texts, files, [one for one in ticked if one is not None])
    try:
        receipt = send_material(entry, call, edition, given, actor=current_actor(), now=now())
    except Invalid as wrong:
        uow.rollback()
        entry, call = access_material(current_actor(), ref)
        return _page(entry, call, errors=wrong.errors), wrong.status
    except MaterialClosed as late:
        return _page(entry, call, refusal=late.message), late.status
    if receipt is None:
        flash(_("Không có gì mới nên tài liệu giữ nguyên như đã gửi."), "info")
    else:
        flash(_("Đã nhận tài liệu bổ sung. Mã biên nhận: %(code)s.", code=receipt.code), "success")
    return redirect(url_for("material.page", ref=ref), 303)


@blueprint.get("/tai-lieu-bo-sung/tep/<uuid:file_id>")
@allows(Access.ACCOUNT)
def file(file_id: UUID) -> Any:
    """The content of a file for who may read it."""
    actor = current_actor()
    held = access_material_file(actor, file_id)
    entry = session().get(Entry, (session().tenant_id, held.entry_id))
    if entry is None:
        raise NotFound
    emit(DossierOpened(entry.id, entry.owner_id, actor.id, opener_role(actor), "file"))
    return sent_file(held.sha256, held.name, held.media_type, held.size)


def _page(
    entry: Entry,
    call: MaterialCall,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    refusal: str = "",
) -> str:
    edition = edition_of(entry.edition_id)
    sent = sent_by(call, entry.id)
    typed = {name_of(one.question): request.form.get(name_of(one.question), one.text) for one in sent}
    return render_template(
        "material/page.html",
        entry=entry,
        call=call,
        judging_round=round_of(edition, call.round),
        sent=[(name_of(one.question), one) for one in sent],
        typed=typed,
        labels={name_of(one.question): one.question.title for one in sent},
        receipts=receipts_of(call.id, entry.id),
        is_open=call.opens_at <= now() < call.closes_at,
        may_send=has_right(current_actor(), entry, Right.EDIT),
        errors=errors or {},
        refusal=refusal,
        accept=ACCEPT,
        most_bytes=MOST_BYTES,
        most_chars=TEXT_CHARS,
        text_kind=Asked.TEXT.value,
        now=now(),
    )


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
