"""The committee's pages of the receiving office: the list, one dossier's papers, filing for a citizen."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition, edition_of
from core.contests.values import PhaseKind
from core.entries import pages
from core.entries.downloads import sent_file
from core.entries.models import Entry
from core.entries.paperwork import expected_papers
from core.entries.policies import access_entry_office
from core.entries.queries import account_of
from core.intake import queries, services, words
from core.intake.models import PaperScan
from core.intake.policies import access_arrival, access_by_label, access_scan
from core.intake.schemas import load_arrival, load_filed_for
from core.intake.values import Standing
from core.kernel.clock import local
from core.kernel.errors import Invalid, NotFound
from core.kernel.i18n import locale
from core.kernel.ids import token
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("intake", __name__, url_prefix="/btc/ban-giay")

MAX_SCAN = 64 * 1024 * 1024
STANDINGS = {
    "chua-co": Standing.NONE,
    "con-thieu": Standing.PARTIAL,
    "ban-cu": Standing.OUTDATED,
    "da-du": Standing.COMPLETE,
}
Answer = str | tuple[str, int] | BaseResponse


@blueprint.url_value_preprocessor
def make_room_for_scans(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the form that carries scans be larger than other requests, before anything reads its body."""
    if endpoint == "intake.record":
        request.max_content_length = MAX_SCAN


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """Every dossier that was handed in and how it stands on paper; a code that was scanned or typed opens it."""
    edition = current_edition()
    asked = {key: value[:100] for key in ("giay", "q") if (value := request.args.get(key, "").strip())}
    found = queries.paper_page(
        edition,
        STANDINGS.get(asked.get("giay", "")),
        asked.get("q", ""),
        pages.page_number(request.args.get("trang")),
    )
    return render_template(
        "intake_office/index.html",
        found=found,
        titles={one.key: one.title.in_(locale()) for one in expected_papers(edition)},
        chips=_chips(found.counts, asked),
        hrefs=pages.page_hrefs("intake.index", found.page, found.pages, asked),
        asked=asked,
        standing=words.standing,
        timely=words.timely,
    )


@blueprint.get("/tim")
@allows(Access.COMMITTEE)
def find() -> Answer:
    """From what a scanner or an officer typed to the papers of that dossier."""
    label = request.args.get("ma", "")[:300]
    try:
        entry, version = access_by_label(current_actor(), label)
    except NotFound as error:
        flash(error.message, "warning")
        return redirect(url_for("intake.index"), 303)
    return redirect(_href(entry, version), 303)


@blueprint.get("/ma/<receipt>")
@allows(Access.COMMITTEE)
def scan(receipt: str) -> Answer:
    """Where the code of a cover sheet leads."""
    entry, version = access_by_label(current_actor(), receipt)
    return redirect(_href(entry, version), 303)


@blueprint.get("/nhap-moi")
@allows(Access.COMMITTEE)
def begin() -> Answer:
    """The form to begin a dossier for a citizen who came with paper alone."""
    return _begin_page({}, {})


@blueprint.post("/nhap-moi")
@allows(Access.COMMITTEE)
def begin_send() -> Answer:
    """Begin it: the citizen's consent is recorded first, then the officer fills in the same form as everybody."""
    edition, actor = current_edition(), current_actor()
    try:
        form = load_filed_for(request.form, now())
        entry = services.begin_for(
            edition,
            form,
            officer=account_of(_officer_id()),
            form_token=request.form.get("form_token", ""),
            actor=actor,
            now=now(),
        )
    except Invalid as invalid:
        return _begin_page(request.form.to_dict(), invalid.errors), 422
    flash(_("Đã lập hồ sơ cho %(person)s. Bạn hãy nhập nội dung từ bản giấy.", person=form.person), "success")
    return redirect(url_for("entries.edit", ref=entry.ref), 303)


@blueprint.get("/<name>")
@allows(Access.COMMITTEE)
def show(name: str) -> Answer:
    """The papers of one dossier: what came, what is missing, and the form to tick what came today."""
    return _show(access_entry_office(current_actor(), name), {}, {})


@blueprint.post("/<name>")
@allows(Access.COMMITTEE)
def record(name: str) -> Answer:
    """Record what arrived, with a scan where there is one."""
    entry = access_entry_office(current_actor(), name)
    edition, actor = edition_of(entry.edition_id), current_actor()
    ticked = request.form.getlist("items")
    try:
        form = load_arrival(request.form, ticked, [one.key for one in expected_papers(edition)], now())
        for sent in request.files.getlist("scan"):
            if sent.filename:
                services.add_scan(entry, sent.filename, sent.stream, actor=actor, now=now())
        services.take_in(
            entry,
            edition,
            form,
            version=_number(request.form.get("version", "")),
            form_token=request.form.get("form_token", "") or token(),
            actor=actor,
            now=now(),
        )
    except Invalid as invalid:
        return _show(entry, {**request.form.to_dict(), "items": ticked}, invalid.errors), 422
    flash(_("Đã ghi nhận giấy tờ của %(code)s.", code=entry.code), "success")
    return redirect(_href(entry), 303)


@blueprint.post("/<name>/<uuid:arrival_id>/bo")
@allows(Access.COMMITTEE)
def take_back(name: str, arrival_id: UUID) -> Answer:
    """Undo an arrival that was recorded by mistake."""
    entry = access_entry_office(current_actor(), name)
    arrival = access_arrival(entry, arrival_id)
    try:
        services.undo(arrival, entry, reason=request.form.get("reason", ""), actor=current_actor(), now=now())
    except Invalid as invalid:
        return _show(entry, {"undo": str(arrival_id)}, invalid.errors), 422
    flash(_("Đã bỏ lần ghi nhận đó; lý do được giữ lại."), "success")
    return redirect(_href(entry), 303)


@blueprint.get("/<name>/ban-quet/<uuid:scan_id>")
@allows(Access.COMMITTEE)
def scanned(name: str, scan_id: UUID) -> Response:
    """A scan of what arrived."""
    one: PaperScan = access_scan(access_entry_office(current_actor(), name), scan_id)
    return sent_file(one.sha256, one.name, one.media_type, one.size)


def _show(entry: Entry, typed: dict[str, Any], errors: dict[str, list[str]]) -> str:
    edition = edition_of(entry.edition_id)
    expected = expected_papers(edition)
    arrivals = queries.arrivals_of(entry)
    reconciled = queries.standing_of(entry, edition, arrivals)
    titles = {one.key: one.title.in_(locale()) for one in expected}
    named = _number(request.args.get("ban", ""))
    form = {
        "arrived_on": local(now()).date().isoformat(),
        "version": str(named if 0 < named <= entry.version else entry.version),
        "items": list(reconciled.missing),
        "form_token": token(),
        **typed,
    }
    return render_template(
        "intake_office/show.html",
        entry=entry,
        edition=edition,
        expected=[(one.key, one.title.in_(locale())) for one in expected],
        titles=titles,
        reconciled=reconciled,
        badge=words.standing(reconciled.standing),
        arrivals=[(one, words.arrival(one, edition, titles)) for one in arrivals],
        scans=queries.scans_of(entry),
        filed_for=queries.filed_for(entry),
        consent_words=words.consent,
        ways=words.ways(),
        versions=[
            (str(number), _("Lần nộp %(number)s", number=number)) for number in range(entry.version, 0, -1)
        ],
        form=form,
        errors=errors,
        named=named if 0 < named <= entry.version else 0,
    )


def _begin_page(typed: dict[str, Any], errors: dict[str, list[str]]) -> str:
    edition = current_edition()
    return render_template(
        "intake_office/begin.html",
        form={"arrived_on": local(now()).date().isoformat(), "form_token": token(), **typed},
        errors=errors,
        submission=edition.phase(PhaseKind.SUBMISSION),
        is_open=edition.is_open(PhaseKind.SUBMISSION, now()),
        consent_text=services.CONSENT_TEXT,
        consents=words.consents(),
    )


def _chips(counts: dict[Standing, int], asked: dict[str, Any]) -> list[dict[str, Any]]:
    chosen = asked.get("giay", "")
    kept: dict[str, Any] = {key: value for key, value in asked.items() if key != "giay"}
    chips = [
        {
            "label": words.standing(standing).label,
            "href": url_for("intake.index", **{**kept, "giay": word}),
            "on": chosen == word,
            "count": counts[standing],
        }
        for word, standing in STANDINGS.items()
    ]
    every = {
        "label": _("Tất cả"),
        "href": url_for("intake.index", **kept),
        "on": chosen not in STANDINGS,
        "count": sum(counts.values()),
    }
    return [every, *chips]


def _href(entry: Entry, version: int = 0) -> str:
    return url_for("intake.show", name=entry.code or entry.ref, ban=version or None)


def _number(words_: str) -> int:
    return int(words_) if words_.isascii() and words_.isdigit() and len(words_) < 6 else 0


def _officer_id() -> UUID:
    officer_id = current_actor().id
    if officer_id is None:
        raise NotFound
    return officer_id
