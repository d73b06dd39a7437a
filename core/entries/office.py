"""The committee's pages: the queue of dossiers, one dossier with all of it, decisions, publication, export."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition, edition_of
from core.contests.queries import unit_by_code
from core.contests.values import EditionView, PhaseKind
from core.entries import pages, words
from core.entries.content import units_of
from core.entries.listing import (
    QueueFilters,
    QueueRow,
    entries_awaiting_screening,
    handed_in_by_state,
    next_waiting,
    queue_all,
)
from core.entries.models import Entry
from core.entries.papers import dossier_paper, papers_of
from core.entries.policies import access_entry_office, side_of
from core.entries.queries import account_of, counts_by_unit, dossier_of, history_of, versions_of
from core.entries.services import accept, check, publish, refuse, return_, unpublish, withdraw
from core.entries.states import By, Move, State, moves
from core.kernel.errors import Invalid
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.tables import CSV_TYPE, Cell, csv_bytes
from core.kernel.text import sort_key
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("entries_office", __name__, url_prefix="/btc/ho-so")

ALL = "tat-ca"
STATE_WORDS = {
    "cho-xet": State.SUBMITTED,
    "tra-lai": State.RETURNED,
    "dang-sua": State.REVISING,
    "chap-nhan": State.ACCEPTED,
    "tu-choi": State.REFUSED,
    "da-rut": State.WITHDRAWN,
}
MAX_BULK = 200


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """The queue: those that wait longest first, filters in the address, rows by keyboard, bulk publication."""
    edition = current_edition()
    asked = _asked()
    filters = _filters(asked)
    shown = entries_awaiting_screening(edition, filters, pages.page_number(request.args.get("trang")))
    units = units_of(counts_by_unit(edition, tuple(State)))
    return render_template(
        "entries_office/index.html",
        shown=shown,
        badges={row.code: words.state_badge(row.state, is_published=row.is_published) for row in shown.rows},
        field_names={one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()},
        field_choices=pages.field_choices(edition),
        units=sorted(units.values(), key=lambda one: sort_key(one.name)),
        asked=asked,
        chips=_chips(edition, asked),
        hrefs=pages.page_hrefs("entries_office.index", shown.page, shown.pages, asked),
        export=url_for("entries_office.export", **asked),
        screening=edition.phase(PhaseKind.SCREENING),
        is_screening=edition.is_open(PhaseKind.SCREENING, now()),
    )


@blueprint.get("/xuat.csv")
@allows(Access.COMMITTEE)
def export() -> Response:
    """The rows of the queue under the same filters, all pages, as CSV for spreadsheets."""
    edition = current_edition()
    rows = queue_all(edition, _filters(_asked()))
    heads = (_("Mã hồ sơ"), _("Tên"), _("Lĩnh vực"), _("Đơn vị"), _("Tác giả"), _("Trạng thái"), _("Lần nộp"))
    body = csv_bytes([*heads, _("Nộp lúc"), _("Ghi chú")], _csv_rows(edition, rows))
    response = Response(body, content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="ho-so-{edition.tenant}-{edition.key}.csv"'
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/cong-bo")
@allows(Access.COMMITTEE)
def publish_many() -> Any:
    """Publish or take back the ticked entries, all or none."""
    chosen = [access_entry_office(current_actor(), name) for name in request.form.getlist("pick")[:MAX_BULK]]
    if not chosen:
        flash(_("Bạn chưa chọn hồ sơ nào."), "warning")
    elif request.form.get("do") == "unpublish":
        count = unpublish(chosen, actor=current_actor(), now=now())
        flash(ngettext("Đã gỡ %(num)s bài.", "Đã gỡ %(num)s bài.", count), "success")
    else:
        count = publish(chosen, actor=current_actor(), now=now())
        flash(ngettext("Đã công bố %(num)s bài.", "Đã công bố %(num)s bài.", count), "success")
    return redirect(url_for("entries_office.index", **_asked()), 303)


@blueprint.get("/<name>")
@allows(Access.COMMITTEE)
def detail(name: str) -> Any:
    """One dossier: everything in it, the findings by clause, what happened, what can be decided."""
    entry = access_entry_office(current_actor(), name)
    if entry.state == State.REVISING:
        # What the entrant is writing is nobody else's business; the version that counts is.
        return redirect(url_for("entries_versions.version", name=name, number=entry.version), 303)
    return _detail(entry, {}, {})


@blueprint.get("/<name>/giay-to/<key>")
@allows(Access.COMMITTEE)
def document(name: str, key: str) -> str:
    """A document of the contest filled from a dossier, as its entrant has it."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    return render_template(
        "extensions/paper.html",
        paper=dossier_paper(dossier_of(entry), edition, key, now(), locale()),
        frame="office.html",
        is_form=True,
        way=[
            (_("Hồ sơ dự thi"), url_for("entries_office.index")),
            (entry.code, url_for("entries_office.detail", name=name)),
        ],
    )


@blueprint.post("/<name>/xet")
@allows(Access.COMMITTEE)
def decide(name: str) -> Any:
    """Accept, return, refuse or withdraw; what lacks a reason or clause is told at its field."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    typed = {key: request.form.get(key, "") for key in ("do", "reason", "clause")}
    try:
        said = _decide(entry, edition, typed)
    except Invalid as invalid:
        return _detail(entry, invalid.errors, typed), 422
    flash(said, "success")
    return redirect(url_for("entries_office.detail", name=entry.code or entry.ref), 303)


@blueprint.post("/<name>/cong-bo")
@allows(Access.COMMITTEE)
def publish_one(name: str) -> Any:
    """Publish one accepted entry for reading and voting, or take it back."""
    entry = access_entry_office(current_actor(), name)
    edition_of(entry.edition_id)
    if request.form.get("do") == "unpublish":
        unpublish([entry], actor=current_actor(), now=now())
        flash(_("Đã gỡ %(code)s khỏi trang công khai.", code=entry.code), "success")
    else:
        publish([entry], actor=current_actor(), now=now())
        flash(_("Đã công bố %(code)s.", code=entry.code), "success")
    return redirect(url_for("entries_office.detail", name=entry.code or entry.ref), 303)


def _decide(entry: Entry, edition: EditionView, typed: dict[str, str]) -> str:
    reason, clause, actor, at = typed["reason"][:5000], typed["clause"] or None, current_actor(), now()
    if typed["do"] == Move.ACCEPT:
        accept(entry, edition, reason=reason, actor=actor, now=at)
        return str(_("Đã chấp nhận hồ sơ %(code)s.", code=entry.code))
    if typed["do"] == Move.RETURN:
        return_(entry, edition, reason=reason, clause=clause, actor=actor, now=at)
        return str(_("Đã trả lại hồ sơ %(code)s để bổ sung.", code=entry.code))
    if typed["do"] == Move.REFUSE:
        refuse(entry, edition, reason=reason, clause=clause, actor=actor, now=at)
        return str(_("Đã từ chối hồ sơ %(code)s.", code=entry.code))
    if typed["do"] == Move.WITHDRAW:
        withdraw(entry, edition, reason=reason, actor=actor, now=at)
        return str(_("Đã rút hồ sơ %(code)s.", code=entry.code))
    raise Invalid.one("do", _("Bạn hãy chọn một quyết định."))


def _detail(entry: Entry, errors: dict[str, list[str]], typed: dict[str, str]) -> str:
    edition = edition_of(entry.edition_id)
    dossier = dossier_of(entry)
    findings = pages.finding_rows(entry, edition, check(entry, edition))
    side = side_of(current_actor(), entry)
    return render_template(
        "entries_office/detail.html",
        entry=entry,
        dossier=dossier,
        owner=account_of(entry.owner_id),
        badge=words.state_badge(entry.state, is_published=entry.published_at is not None),
        field_name=words.field_name(edition, entry.field),
        has_fields=bool(edition.rules.entry_fields()),
        authors=words.named_authors(dossier.authors),
        groups=pages.answers(dossier, edition),
        findings=pages.by_clause(findings),
        finding_count=len(findings),
        blocking_count=sum(1 for one in findings if one.blocks),
        versions=versions_of(entry),
        happened=pages.timeline(history_of(entry), edition, for_office=True),
        can=[str(one) for one in moves(entry.state, By.COMMITTEE)] if side is By.COMMITTEE else [],
        is_own=side in (By.OWNER, By.CO_AUTHOR),
        clauses=[
            (one.key, f"{one.article.in_(locale())}: {one.text.in_(locale())}")
            for one in edition.rules.clauses()
        ],
        is_screening=edition.is_open(PhaseKind.SCREENING, now()),
        screening=edition.phase(PhaseKind.SCREENING),
        following=next_waiting(edition, entry),
        errors=errors,
        typed=typed,
        papers=papers_of(edition),
        checklist=pages.checklist(edition),
    )


def _asked() -> dict[str, Any]:
    """The filters of the address, as they stand in links."""
    keys = ("trang-thai", "linh-vuc", "don-vi", "q")
    return {key: value[:100] for key in keys if (value := request.args.get(key, "").strip())}


def _filters(asked: dict[str, Any]) -> QueueFilters:
    chosen = asked.get("trang-thai", "cho-xet")
    unit = unit_by_code(asked["don-vi"]) if "don-vi" in asked else None
    return QueueFilters(
        state=None if chosen == ALL else STATE_WORDS.get(chosen, State.SUBMITTED),
        field=asked.get("linh-vuc"),
        unit_id=unit.id if unit else None,
        words=asked.get("q", ""),
    )


def _chips(edition: EditionView, asked: dict[str, Any]) -> list[dict[str, Any]]:
    counts = handed_in_by_state(edition)
    chosen = asked.get("trang-thai", "cho-xet")
    kept = {key: value for key, value in asked.items() if key != "trang-thai"}
    chips = [
        {
            "label": words.state_badge(state).label,
            "href": url_for("entries_office.index", **{**kept, "trang-thai": word}),
            "on": chosen == word,
            "count": counts[state],
        }
        for word, state in STATE_WORDS.items()
    ]
    everything = {
        "label": _("Tất cả"),
        "href": url_for("entries_office.index", **{**kept, "trang-thai": ALL}),
        "on": chosen == ALL,
        "count": sum(counts.values()),
    }
    return [*chips, everything]


def _csv_rows(edition: EditionView, rows: tuple[QueueRow, ...]) -> list[list[Cell]]:
    names = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    return [
        [
            row.code,
            row.title,
            names.get(row.field or "", ""),
            row.unit.name if row.unit else "",
            "; ".join(row.authors),
            words.state_badge(row.state, is_published=row.is_published).label,
            row.version,
            datetime_(row.waiting_since, locale()) if row.waiting_since else "",
            _("dữ liệu minh họa") if row.is_demonstration else "",
        ]
        for row in rows
    ]
