"""What the office's pages of screening show, computed before the template: the list, a dossier, what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.contests.queries import unit_by_code
from core.contests.values import EditionView, PhaseKind
from core.entries import pages, words
from core.entries.filers import filed_by
from core.entries.models import Entry
from core.entries.papers import papers_of
from core.entries.paperwork import description_title
from core.entries.policies import side_of
from core.entries.queries import account_of, dossier_of, history_of, last_screening, versions_of
from core.entries.screening.checklist import Evidence, Typed, items_of, proposal_of, proposal_words, rows_of
from core.entries.screening.claims import CLAIMABLE, claims_of
from core.entries.screening.due import counts_until, default_due, due_of
from core.entries.screening.likeness import similar_to
from core.entries.screening.queue import Marks, QueueFilters, QueueRow, Reader, marks_of, next_waiting
from core.entries.states import By, Move, State, moves
from core.kernel.clock import end_of, local
from core.kernel.formats import datetime_
from core.kernel.formats import deadline as deadline_words
from core.kernel.i18n import locale
from core.kernel.tables import Cell
from core.kernel.web import current_actor, now, safe_next

ALL = "tat-ca"
STATE_WORDS = {
    "cho-xet": State.SUBMITTED,
    "tra-lai": State.RETURNED,
    "dang-sua": State.REVISING,
    "chap-nhan": State.ACCEPTED,
    "tu-choi": State.REFUSED,
    "da-rut": State.WITHDRAWN,
}
CLAIM_WORDS = {"toi": "mine", "khac": "others", "chua": "nobody"}
FILTER_KEYS = ("trang-thai", "linh-vuc", "don-vi", "q", "nhan", "han", "canh-bao", "giong")

Errors = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of a deed that was refused: sentences at fields, one for the whole, and what was typed."""

    errors: Errors
    typed: Mapping[str, str]
    refusal: str = ""


NOTHING_TOLD = Told({}, {})


def reader() -> Reader:
    """Who asks, and when."""
    return Reader(current_actor(), now())


def asked_filters(source: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The filters of the address (or of a sent form), as they stand in links."""
    given = request.args if source is None else source
    return {key: value[:100] for key in FILTER_KEYS if (value := given.get(key, "").strip())}


def filters_of(asked: Mapping[str, Any]) -> QueueFilters:
    """The filters as the list takes them; what nobody knows is left out."""
    unit = unit_by_code(asked["don-vi"]) if "don-vi" in asked else None
    return QueueFilters(
        state=state_of(asked),
        field=asked.get("linh-vuc"),
        unit_id=unit.id if unit else None,
        words=asked.get("q", ""),
        claimed=CLAIM_WORDS.get(asked.get("nhan", "")),
        overdue=asked.get("han") == "qua",
        warned=asked.get("canh-bao") == "co",
        similar=asked.get("giong") == "co",
    )


def state_of(asked: Mapping[str, Any]) -> State | None:
    """The state that the list shows; None for all."""
    chosen = asked.get("trang-thai", "cho-xet")
    return None if chosen == ALL else STATE_WORDS.get(chosen, State.SUBMITTED)


def state_chips(marks: Marks, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The states as filters with their numbers, for `ui.chips`."""
    chosen = asked.get("trang-thai", "cho-xet")
    kept = {key: value for key, value in asked.items() if key not in ("trang-thai", "han")}
    chips = [
        _chip(
            words.state_badge(state).label,
            {**kept, "trang-thai": word},
            chosen == word,
            marks.by_state[state],
        )
        for word, state in STATE_WORDS.items()
    ]
    every = _chip(_("Tất cả"), {**kept, "trang-thai": ALL}, chosen == ALL, sum(marks.by_state.values()))
    return [*chips, every]


def mark_chips(marks: Marks, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The marks of screening as filters that are put on and taken off, for `ui.chips`."""
    return [
        _toggle(asked, "nhan", "toi", _("Tôi đang xử lý"), marks.mine),
        _toggle(asked, "nhan", "khac", _("Người khác đang xử lý"), None),
        _toggle(asked, "nhan", "chua", _("Chưa ai nhận"), None),
        _toggle({**asked, "trang-thai": "tra-lai"}, "han", "qua", _("Quá hạn bổ sung"), marks.overdue),
        _toggle(asked, "canh-bao", "co", _("Có điểm cần xem"), marks.warned),
        _toggle(asked, "giong", "co", _("Có hồ sơ giống"), marks.similar),
    ]


def counted_marks(edition: EditionView, asked: Mapping[str, Any]) -> Marks:
    """The numbers beside the filters within the chosen state."""
    return marks_of(edition, reader(), state_of(asked))


def peek_hrefs(rows: tuple[QueueRow, ...], asked: Mapping[str, Any], page: int) -> dict[str, str]:
    """The address of the list with each dossier open beside it, by code."""
    kept = {**asked, "trang": page} if page > 1 else dict(asked)
    return {row.code: url_for("entries_office.index", **kept, mo=row.code) for row in rows}


def query_of(asked: Mapping[str, Any]) -> str:
    """The filters as the part of an address after "?"."""
    return urlencode(asked)


def way_back(otherwise: str) -> str:
    """Where the sender of a form came from (a path of this host), else `otherwise`."""
    return safe_next(request.form.get("ve"), otherwise)


def table_rows(edition: EditionView, rows: tuple[QueueRow, ...]) -> tuple[list[str], list[list[Cell]]]:
    """Heads and rows of the export: what the list shows, without its cuts."""
    names = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    heads = [
        _("Mã hồ sơ"),
        _("Tên"),
        _("Lĩnh vực"),
        _("Đơn vị"),
        _("Tác giả"),
        _("Trạng thái"),
        _("Lần nộp"),
        _("Nộp lúc"),
        _("Hạn bổ sung"),
        _("Người đang xử lý"),
        _("Số điểm cần xem"),
        _("Số hồ sơ giống"),
        _("Ghi chú"),
    ]
    return heads, [
        [
            row.code,
            row.title,
            names.get(row.field or "", ""),
            row.unit.name if row.unit else "",
            "; ".join(row.authors),
            words.state_badge(row.state, is_published=row.is_published).label,
            row.version,
            datetime_(row.waiting_since, locale()) if row.waiting_since else "",
            deadline_words(row.due_at, locale()) if row.due_at else "",
            row.claim.name if row.claim else "",
            row.warnings,
            row.similar,
            _("dữ liệu minh họa") if row.is_demonstration else "",
        ]
        for row in rows
    ]


def detail_of(entry: Entry, told: Told = NOTHING_TOLD, *, back: str = "") -> dict[str, Any]:
    """All that the page of a dossier shows: what is in it, what was ticked, what follows, what can be decided."""
    edition = edition_of(entry.edition_id)
    actor, at = current_actor(), now()
    dossier = dossier_of(entry)
    side = side_of(actor, entry)
    rows = rows_of(entry, items_of(entry, edition))
    proposal = proposal_of(rows, "vi")
    can = [str(one) for one in moves(entry.state, By.COMMITTEE)] if side is By.COMMITTEE else []
    held = claims_of([entry.id], at).get(entry.id)
    due = counts_until(due_of(entry), entry.extended_until)
    return {
        "entry": entry,
        "edition_name": edition.short_name.in_(locale()),
        "dossier": dossier,
        "owner": account_of(entry.owner_id),
        "filed_by": filed_by(entry),
        "badge": words.state_badge(entry.state, is_published=entry.published_at is not None),
        "field_name": words.field_name(edition, entry.field),
        "has_fields": bool(edition.rules.entry_fields()),
        "authors": words.named_authors(dossier.authors),
        "groups": pages.answers(dossier, edition),
        "versions": versions_of(entry),
        "happened": pages.timeline(history_of(entry), edition, for_office=True),
        "can": can,
        "is_own": side in (By.OWNER, By.CO_AUTHOR),
        "clauses": [
            (one.key, f"{one.article.in_(locale())}: {one.text.in_(locale())}")
            for one in edition.rules.clauses()
        ],
        "is_screening": edition.is_open(PhaseKind.SCREENING, at),
        "following": next_waiting(edition, entry, reader()),
        "errors": told.errors,
        "typed": told.typed or proposed(proposal.reason, proposal.clause, edition, at),
        "refusal": told.refusal,
        "papers": papers_of(edition),
        "description": description_title(edition),
        "checklist": rows,
        "ticked": sum(1 for row in rows if row.answer is not None),
        "proposal": proposal,
        "proposal_words": proposal_words(proposal) if rows else "",
        "claim": held,
        "is_mine": held is not None and held.is_of(actor),
        "can_claim": side is By.COMMITTEE and State(entry.state) in CLAIMABLE,
        "can_tick": side is By.COMMITTEE and entry.state == State.SUBMITTED,
        "files": [one.name for one in dossier.files],
        "similar": similar_to(entry, edition),
        "state_words": {str(one): words.state_badge(one).label for one in State},
        "due": due,
        "is_overdue": due is not None and due <= at,
        "last": last_screening(entry) if entry.state in (State.RETURNED, State.REFUSED) else None,
        "today": local(at).date().isoformat(),
        "back": back,
    }


def proposed(reason: str, clause: str | None, edition: EditionView, at: datetime) -> dict[str, str]:
    """What the decision's form holds before anybody types: the words of the ticks, and the usual due date."""
    return {"reason": reason, "clause": clause or "", "due": day_of(default_due(edition, at))}


def day_of(until: datetime) -> str:
    """The last day that the exclusive instant `until` still gives, as the date control wants it."""
    return local(until - timedelta(microseconds=1)).date().isoformat()


def due_typed(typed: str) -> datetime | None:
    """The exclusive end of the day that was typed; None when it is empty or no day."""
    day = day_typed(typed)
    return None if day is None else end_of(day)


def day_typed(typed: str) -> date | None:
    """The day that was typed (ISO); None when it is empty or no day."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def ticks_typed() -> dict[str, Typed]:
    """What was ticked in the sent form, by item."""
    form = request.form
    made = {}
    for number in range(1, 201):
        key = form.get(f"item-{number}")
        if key is None:
            break
        evidence = Evidence(
            tuple(name[:255] for name in form.getlist(f"files-{number}")[:100]),
            form.get(f"confirmed-{number}", ""),
            form.get(f"since-{number}", ""),
        )
        made[key] = Typed(form.get(f"answer-{number}", ""), form.get(f"remark-{number}", ""), evidence)
    return made


def decided_words(entry: Entry, move: Move) -> str:
    """What a page says after a deed."""
    sentences = {
        Move.ACCEPT: _("Đã chấp nhận hồ sơ %(code)s.", code=entry.code),
        Move.RETURN: _("Đã trả lại hồ sơ %(code)s để bổ sung.", code=entry.code),
        Move.REFUSE: _("Đã từ chối hồ sơ %(code)s.", code=entry.code),
        Move.WITHDRAW: _("Đã rút hồ sơ %(code)s.", code=entry.code),
        Move.REOPEN: _("Hồ sơ %(code)s chờ xét lại.", code=entry.code),
    }
    return str(sentences[move])


def _chip(label: str, query: Mapping[str, Any], on: bool, count: int | None) -> dict[str, Any]:
    return {"label": label, "href": url_for("entries_office.index", **query), "on": on, "count": count}


def _toggle(asked: Mapping[str, Any], key: str, value: str, label: str, count: int | None) -> dict[str, Any]:
    is_on = asked.get(key) == value
    query = {name: held for name, held in asked.items() if name != key}
    if not is_on:
        query[key] = value
    return _chip(label, query, is_on, count)
