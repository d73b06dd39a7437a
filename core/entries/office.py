"""The committee's pages: the list of dossiers, one dossier with all of it, decisions, publication, export."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from core.contests.current import current_edition, edition_of
from core.contests.values import EditionView, PhaseKind
from core.entries import pages, words
from core.entries.content import units_of
from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.papers import dossier_paper
from core.entries.policies import access_entry_office
from core.entries.queries import counts_by_unit, dossier_of
from core.entries.screening import bulk_views, eligible_views, views
from core.entries.screening.claims import ClaimedByOther
from core.entries.screening.eligible import ListDecided
from core.entries.screening.pages import (
    NOTHING_TOLD,
    Told,
    asked_filters,
    counted_marks,
    decided_words,
    detail_of,
    due_typed,
    filters_of,
    mark_chips,
    peek_hrefs,
    reader,
    state_chips,
    table_rows,
    way_back,
)
from core.entries.screening.queue import QueueRow, queue_all, queue_page, saved_views
from core.entries.services import accept, publish, refuse, reopen, return_, unpublish, withdraw
from core.entries.states import Move, State
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.tables import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes
from core.kernel.text import sort_key
from core.kernel.web import Access, allows, current_actor, is_fragment, now

blueprint = Blueprint("entries_office", __name__, url_prefix="/btc/ho-so")
views.register(blueprint)
bulk_views.register(blueprint)
eligible_views.register(blueprint)

MAX_REASON = 5000


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """The list: what waits longest first, filters in the address, one dossier open beside it where `mo` names it."""
    edition = current_edition()
    asked = asked_filters()
    shown = queue_page(edition, filters_of(asked), reader(), pages.page_number(request.args.get("trang")))
    units = units_of(counts_by_unit(edition, tuple(State)))
    marks = counted_marks(edition, asked)
    opened = _opened(request.args.get("mo", ""))
    return render_template(
        "entries_office/index.html",
        shown=shown,
        badges={row.code: words.state_badge(row.state, is_published=row.is_published) for row in shown.rows},
        field_names={one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()},
        field_choices=pages.field_choices(edition),
        units=sorted(units.values(), key=lambda one: sort_key(one.name)),
        asked=asked,
        chips=state_chips(marks, asked),
        marks=mark_chips(marks, asked),
        views=saved_views(current_actor()),
        hrefs=pages.page_hrefs("entries_office.index", shown.page, shown.pages, asked),
        peeks=peek_hrefs(shown.rows, asked, shown.page),
        screening=edition.phase(PhaseKind.SCREENING),
        is_screening=edition.is_open(PhaseKind.SCREENING, now()),
        reader_id=current_actor().id,
        at=now(),
        open_name=opened.code if opened else "",
        pane=_pane(opened, request.full_path.rstrip("?")) if opened else "",
    )


@blueprint.get("/xuat.csv")
@allows(Access.COMMITTEE)
def export() -> Response:
    """The rows of the list under the same filters, all pages, as CSV for programs."""
    edition = current_edition()
    return _file(edition, "csv", CSV_TYPE, csv_bytes(*table_rows(edition, _all_rows(edition))))


@blueprint.get("/xuat.xlsx")
@allows(Access.COMMITTEE)
def export_workbook() -> Response:
    """The same as a workbook for people."""
    edition = current_edition()
    body = xlsx_bytes(_("Hồ sơ dự thi"), *table_rows(edition, _all_rows(edition)))
    return _file(edition, "xlsx", XLSX_TYPE, body)


@blueprint.get("/<name>")
@allows(Access.COMMITTEE)
def detail(name: str) -> Any:
    """One dossier: everything in it, the ticks by clause, what happened, what can be decided.

    Asked for as a part of the list, it comes without the frame.
    """
    entry = access_entry_office(current_actor(), name)
    if entry.state == State.REVISING:
        # What the entrant is writing is nobody else's business; the version that counts is.
        return redirect(url_for("entries_versions.version", name=name, number=entry.version), 303)
    if is_fragment():
        return _pane(entry, request.args.get("ve", ""))
    return _detail(entry, NOTHING_TOLD)


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
    """Accept, return, refuse, withdraw or reopen; what is lacking or stands against it is told at its place."""
    entry = access_entry_office(current_actor(), name)
    edition = edition_of(entry.edition_id)
    typed = {key: request.form.get(key, "") for key in ("do", "reason", "clause", "due")}
    try:
        said = _decide(entry, edition, typed)
    except Invalid as invalid:
        return _detail(entry, Told(invalid.errors, typed)), 422
    except (ClaimedByOther, ListDecided, MoveRefused) as refused:
        return _detail(entry, Told({}, typed, refused.message)), refused.status
    flash(said, "success")
    return redirect(way_back(_page_of(entry)), 303)


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
    return redirect(way_back(_page_of(entry)), 303)


def _decide(entry: Entry, edition: EditionView, typed: dict[str, str]) -> str:
    reason, clause, actor, at = typed["reason"], typed["clause"] or None, current_actor(), now()
    move = typed["do"]
    if len(reason) > MAX_REASON:
        raise Invalid.one("reason", _("Lý do dài quá 5.000 ký tự."))
    if move == Move.ACCEPT:
        accept(entry, edition, reason=reason, actor=actor, now=at)
    elif move == Move.RETURN:
        due = due_typed(typed["due"])
        if typed["due"] and due is None:
            raise Invalid.one("due", _("Ngày này không đọc được. Bạn hãy chọn lại hạn bổ sung."))
        return_(entry, edition, reason=reason, clause=clause, due_at=due, actor=actor, now=at)
    elif move == Move.REFUSE:
        refuse(entry, edition, reason=reason, clause=clause, actor=actor, now=at)
    elif move == Move.WITHDRAW:
        withdraw(entry, edition, reason=reason, actor=actor, now=at)
    elif move == Move.REOPEN:
        reopen(entry, edition, reason=reason, actor=actor, now=at)
    else:
        raise Invalid.one("do", _("Bạn hãy chọn một quyết định."))
    return decided_words(entry, Move(move))


def _detail(entry: Entry, told: Told) -> str:
    return render_template("entries_office/detail.html", **detail_of(entry, told), typed_ticks=None)


def _pane(entry: Entry, back: str) -> Markup:
    """The dossier as it stands beside the list; its forms lead to `back`."""
    return Markup(render_template("entries_office/_pane.html", **detail_of(entry, back=back)))  # noqa: S704 - our own template, escaped


def _opened(name: str) -> Entry | None:
    """The dossier that the address opens beside the list; a name that names none opens nothing."""
    if not name:
        return None
    try:
        return access_entry_office(current_actor(), name)
    except NotFound:
        return None


def _all_rows(edition: EditionView) -> tuple[QueueRow, ...]:
    return queue_all(edition, filters_of(asked_filters()), reader())


def _file(edition: EditionView, ending: str, media_type: str, body: bytes) -> Response:
    response = Response(body, content_type=media_type)
    name = f"ho-so-{edition.tenant}-{edition.key}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page_of(entry: Entry) -> str:
    return url_for("entries_office.detail", name=entry.code or entry.ref)
