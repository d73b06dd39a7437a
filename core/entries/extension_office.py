"""The committee's page of extensions: propose one, see whom it reaches, confirm or decline a colleague's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.lint.panel import LintRow, lint_rows
from core.contests.policies import may_change_phase
from core.contests.schemas import parse_closing
from core.contests.values import EditionView, PhaseKind
from core.entries.errors import ExtensionRefused
from core.entries.extension_queries import extensions_of, subject_of
from core.entries.models import Entry
from core.entries.policies import access_entry_to_extend
from core.entries.services.extensions import (
    LONGEST_REASON,
    check_extension,
    confirm_extension,
    decline_extension,
    propose_extension,
    touched_by,
    withdraw_extension,
)
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("entries_extensions", __name__, url_prefix="/btc/ky-thi/gia-han")

Answer = Response | str | tuple[str, int]
NAMES = ("scope", "dossier", "until", "until_time", "reason")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """The proposals, those that wait first, and the form for a new one; `?ho-so=` names a dossier in it."""
    dossier = clean_line(request.args.get("ho-so", ""))[:40]
    return _page({"scope": "one" if dossier else "all", "dossier": dossier})


@blueprint.post("/xem-truoc")
@allows(Access.COMMITTEE)
def preview() -> Answer:
    """What the extension would change and whom it reaches; nothing is stored."""
    return _checked(store=False)


@blueprint.post("")
@allows(Access.COMMITTEE)
def propose() -> Answer:
    """Propose the extension that the preview showed."""
    return _checked(store=True)


@blueprint.post("/xac-nhan")
@allows(Access.COMMITTEE)
def confirm() -> Answer:
    """Confirm a colleague's proposal: from now on it holds."""
    return _decided(
        lambda edition, asked: confirm_extension(edition, asked, actor=current_actor(), now=now()),
        _("Đã gia hạn. Người dự thi được báo bằng thư."),
    )


@blueprint.post("/tu-choi")
@allows(Access.COMMITTEE)
def decline() -> Answer:
    """Turn a colleague's proposal down, with a word why."""
    note = request.form.get("note", "")[:2000]
    return _decided(
        lambda edition, asked: decline_extension(edition, asked, note, actor=current_actor(), now=now()),
        _("Đã ghi là không đồng ý; thời hạn không đổi."),
    )


@blueprint.post("/rut")
@allows(Access.COMMITTEE)
def withdraw() -> Answer:
    """Take one's own proposal back."""
    return _decided(
        lambda edition, asked: withdraw_extension(edition, asked, actor=current_actor(), now=now()),
        _("Đã rút đề nghị; thời hạn không đổi."),
    )


def _checked(*, store: bool) -> Answer:
    edition, actor = current_edition(), current_actor()
    typed = {name: request.form.get(name, "") for name in NAMES}
    try:
        entry = _dossier(typed, edition)
        until = parse_closing(typed["until"], typed["until_time"], "until")
        reason = typed["reason"]
        if store:
            propose_extension(edition, entry, until=until, reason=reason, actor=actor, now=now())
        else:
            check_extension(edition, entry, until, reason, actor=actor, now=now())
    except Invalid as invalid:
        return _page(typed, errors=invalid.errors), 422
    except DomainError as refused:
        return _page(typed, refused=refused.message), refused.status
    if store:
        flash(_("Đã ghi đề nghị. Một cán bộ khác của Ban Tổ chức cần xác nhận trong bảy ngày."), "success")
        return redirect(url_for("entries_extensions.index"), 303)
    return render_template(
        "entries_office/extension_preview.html",
        typed=typed,
        until=until,
        subject=None if entry is None else subject_of(entry),
        touched=touched_by(edition, entry),
        lint=[] if entry is not None else _new_findings(edition, until),
    )


def _dossier(typed: Mapping[str, str], edition: EditionView) -> Entry | None:
    if typed["scope"] == "all":
        return None
    name = clean_line(typed["dossier"]).upper()
    if not name:
        raise Invalid.one("dossier", _("Bạn hãy ghi mã hồ sơ, hoặc chọn gia hạn cho mọi hồ sơ."))
    try:
        entry = access_entry_to_extend(current_actor(), name)
    except NotFound as missing:
        raise Invalid.one("dossier", missing.message) from None
    if entry.edition_id != edition.id:
        raise Invalid.one("dossier", _("Hồ sơ này thuộc một kỳ thi khác."))
    return entry


def _new_findings(edition: EditionView, until: datetime) -> list[LintRow]:
    """What no longer fits in the calendar with the later end and fits now."""
    phases = tuple(
        replace(one, closes_at=until) if one.kind is PhaseKind.SUBMISSION else one for one in edition.phases
    )
    known = lint_rows(edition)
    return [one for one in lint_rows(replace(edition, phases=phases)) if one not in known]


def _decided(deed: Callable[[EditionView, UUID], bool], said: str) -> Answer:
    edition = current_edition()
    try:
        deed(edition, _asked_id())
    except Invalid as invalid:
        sentences = [one for many in invalid.errors.values() for one in many]
        return _page({"scope": "all"}, refused=" ".join(sentences)), 422
    except DomainError as refused:
        return _page({"scope": "all"}, refused=refused.message), refused.status
    flash(said, "success")
    return redirect(url_for("entries_extensions.index"), 303)


def _asked_id() -> UUID:
    try:
        return UUID(request.form.get("extension", ""))
    except ValueError:
        raise ExtensionRefused(_("Chưa rõ đề nghị nào: bạn hãy mở lại trang này rồi bấm lại.")) from None


def _page(
    typed: Mapping[str, Any],
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: str | None = None,
) -> str:
    edition = current_edition()
    return render_template(
        "entries_office/extensions.html",
        rows=extensions_of(edition, now()),
        me=current_actor().id,
        submission=edition.phase(PhaseKind.SUBMISSION),
        may_propose=may_change_phase(PhaseKind.SUBMISSION, is_frozen=edition.has_judging_begun),
        longest=LONGEST_REASON,
        typed=typed,
        errors=errors or {},
        refused=refused,
    )
