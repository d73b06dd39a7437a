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
from core.entries.under_way import uploads_of_others
from core.judging.errors import MaterialClosed
from core.judging.material import (
    ACCEPT,
    MOST_BYTES,
    Asked,
    Sent,
    access_material,
    access_material_file,
    name_of,
    receipts_of,
    sent_by,
)
from core.judging.material_models import MaterialCall, MaterialQuestion
from core.judging.material_window import grace_ends, is_open, late_name, place_key
from core.judging.policies import round_of
from core.judging.services.material import TEXT_CHARS, Delivery, send_material
from core.judging.services.material_pieces import take_out
from core.kernel import uow
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
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
        flash(_unchanged(call, entry), "info")
    else:
        flash(_("Đã nhận tài liệu bổ sung. Mã biên nhận: %(code)s.", code=receipt.code), "success")
    return redirect(url_for("material.page", ref=ref), 303)


@blueprint.get("/<ref>/tai-lieu-bo-sung/muc/<field>")
@allows(Access.ACCOUNT)
def kept(ref: str, field: str) -> str:
    """The files under one question, as the form shows them, and the newest receipt: for the page that just sent one."""
    entry, call = access_material(current_actor(), ref)
    edition_of(entry.edition_id)
    held = next((one for one in sent_by(call, entry.id) if name_of(one.question) == field), None)
    if held is None:
        raise NotFound
    return _kept(entry, call, held)


@blueprint.post("/<ref>/tai-lieu-bo-sung/<uuid:file_id>/bo")
@allows(Access.ACCOUNT)
def remove(ref: str, file_id: UUID) -> str:
    """Take one file out at once, without sending the form; answers with the list that is left."""
    entry, call = access_material(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    return _kept(entry, call, take_out(entry, call, edition, file_id, actor=current_actor(), now=now()))


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
    edition, actor = edition_of(entry.edition_id), current_actor()
    sent = sent_by(call, entry.id)
    typed = {name_of(one.question): request.form.get(name_of(one.question), one.text) for one in sent}
    may_send = has_right(actor, entry, Right.EDIT)
    late = late_name(call, edition, entry.id, actor=actor, now=now()) if may_send else None
    takes = may_send and (is_open(call, now()) or late is not None)
    others = (
        uploads_of_others(entry, actor=actor, now=real_now(), place=place_key(call.round)) if takes else {}
    )
    return render_template(
        "material/page.html",
        entry=entry,
        call=call,
        judging_round=round_of(edition, call.round),
        sent=[(name_of(one.question), one) for one in sent],
        typed=typed,
        helps={name_of(one.question): _help(one.question) for one in sent},
        labels={name_of(one.question): one.question.title for one in sent},
        receipts=receipts_of(call.id, entry.id),
        is_open=is_open(call, now()),
        may_send=may_send,
        takes=takes,
        late=late,
        late_until=grace_ends(call, edition),
        under_way=others,
        errors=errors or {},
        refusal=refusal,
        accept=ACCEPT,
        most_bytes=MOST_BYTES,
        most_chars=TEXT_CHARS,
        text_kind=Asked.TEXT.value,
        now=now(),
    )


def _help(question: MaterialQuestion) -> str:
    """What the committee wrote to a question that takes files, closed as a sentence since others follow."""
    own = question.help.strip()
    if own and own[-1] not in ".!?…:;":
        own += "."
    if question.max_files > 1:
        return own
    return " ".join(one for one in (own, str(_("Tệp gửi sau thay tệp gửi trước."))) if one)


def _kept(entry: Entry, call: MaterialCall, held: Sent) -> str:
    receipts = receipts_of(call.id, entry.id)
    return render_template(
        "material/_kept.html", files=held.shown, name=name_of(held.question), receipts=receipts
    )


def _unchanged(call: MaterialCall, entry: Entry) -> str:
    receipts = receipts_of(call.id, entry.id)
    if not receipts:
        return str(_("Chưa có gì được gửi. Bạn hãy chọn tệp hoặc điền nội dung rồi gửi."))
    return str(
        _(
            "Không có gì thay đổi, tài liệu giữ nguyên như đã nhận lúc %(at)s. Mã biên nhận: %(code)s.",
            at=datetime_(receipts[0].at, locale()),
            code=receipts[0].code,
        )
    )


def _id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
