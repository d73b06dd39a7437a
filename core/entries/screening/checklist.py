"""What an officer ticks off in a dossier, by clause and by version, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.content import files_of
from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.screening import claims
from core.entries.screening.models import ChecklistMark
from core.entries.services import check
from core.entries.services.moves import fresh
from core.entries.states import Move, State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.text import clean, clean_line
from core.plugin_api import Clause, Finding, Severity, Text

MAX_REMARK = 1000
MAX_LINE = 300


class Answer(StrEnum):
    """What is said to an item."""

    YES = "yes"
    NO = "no"
    NA = "na"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to look at. `found` tells what the checks found of it: None for what only a person sees."""

    key: str
    label: Text
    how: Text | None
    clause: Clause | None
    official: bool
    evidence: bool = False
    found: Severity | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an item: names of files of the dossier, who confirmed it, since when; "" where not noted."""

    files: tuple[str, ...] = ()
    confirmed_by: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What an officer typed to one item."""

    answer: str
    remark: str = ""
    evidence: Evidence = Evidence()


@dataclass(frozen=True, slots=True)
class Row:
    """An item with what was said to it: now, and in the round before ("" and None for nothing)."""

    item: Item
    answer: Answer | None
    remark: str
    evidence: Evidence
    who: str
    at: datetime | None
    before: Answer | None
    before_remark: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What follows from the ticks: a move, or None while `missing` items are open. The officer decides.

    `reason` are the words to the entrant, a line for each item that is not met; `clause` is that of the first of them.
    """

    move: Move | None
    missing: int
    reason: str
    clause: str | None


def items_of(entry: Entry, edition: EditionView) -> tuple[Item, ...]:
    """What is to be looked at: what asks for evidence, what a person sees, what the checks found."""
    asked = [
        Item(
            one.key,
            one.label,
            one.how,
            edition.rules.clause(one.clause),
            one.official,
            evidence=one.evidence,
        )
        for one in edition.rules.screening_checklist()
    ]
    found = _of_findings(check(entry, edition), edition)
    return (*(one for one in asked if one.evidence), *(one for one in asked if not one.evidence), *found)


def rows_of(entry: Entry, items: Sequence[Item]) -> tuple[Row, ...]:
    """The items with what was said to them about the newest version and the one before. One query."""
    ask = select(ChecklistMark).where(ChecklistMark.entry_id == entry.id)
    marks = {(one.round, one.item): one for one in session().scalars(ask)}
    return tuple(
        _row(item, marks.get((entry.version, item.key)), marks.get((entry.version - 1, item.key)))
        for item in items
    )


def proposal_of(rows: Sequence[Row], locale: str) -> Proposal:
    """What the ticks lead to: all met, accept; something unmet, return, or refuse when it was unmet before too."""
    missing = sum(1 for row in rows if row.answer is None)
    unmet = [row for row in rows if row.answer is Answer.NO]
    if not unmet:
        return Proposal(None if missing or not rows else Move.ACCEPT, missing, "", None)
    again = [row for row in unmet if row.before is Answer.NO and row.item.clause is not None]
    first = next((row for row in (*again, *unmet) if row.item.clause is not None), None)
    return Proposal(
        Move.REFUSE if again else Move.RETURN,
        missing,
        "\n".join(_line(row, locale) for row in unmet),
        first.item.clause.key if first is not None and first.item.clause is not None else None,
    )


def proposal_words(proposal: Proposal) -> str:
    """The proposal as a sentence for the officer."""
    if proposal.move is Move.ACCEPT:
        return str(_("Mọi mục đã đạt: đề xuất chấp nhận."))
    if proposal.move is Move.RETURN:
        return str(_("Có mục chưa đạt: đề xuất trả lại để bổ sung."))
    if proposal.move is Move.REFUSE:
        return str(_("Mục chưa đạt này đã được yêu cầu bổ sung ở lần nộp trước: đề xuất từ chối."))
    return str(
        ngettext("Còn %(num)s mục chưa đối chiếu.", "Còn %(num)s mục chưa đối chiếu.", proposal.missing)
    )


def save_marks(
    entry: Entry,
    edition: EditionView,
    typed: Mapping[str, Typed],
    *,
    round_: int,
    actor: Actor,
    now: datetime,
) -> int:
    """Keep what was ticked about version `round_`; an item without an answer stays open. Returns how many changed.

    Takes the dossier in hand for the actor. Raises ClaimedByOther, MoveRefused when the dossier does not wait or was
    handed in again meanwhile, Invalid at `remark-<item>` for words that are too long.
    """
    fresh(entry)
    if entry.state != State.SUBMITTED or entry.version != round_:
        raise MoveRefused(
            _(
                "Hồ sơ vừa đổi trạng thái hoặc được nộp lại, nên phần đối chiếu này không lưu được. Xin tải lại trang."
            )
        )
    claims.claim(entry, actor=actor, now=now)
    ask = select(ChecklistMark).where(ChecklistMark.entry_id == entry.id, ChecklistMark.round == round_)
    held = {one.item: one for one in session().scalars(ask)}
    names = {one.name for one in files_of([entry.id])[entry.id]}
    changed = {}
    for item in items_of(entry, edition):
        given = typed.get(item.key)
        if given is None or given.answer not in tuple(Answer):
            continue
        values = _values(item, given, names)
        mark = held.get(item.key)
        if mark is not None and all(getattr(mark, name) == value for name, value in values.items()):
            continue
        if mark is None:
            mark = ChecklistMark(entry_id=entry.id, round=round_, item=item.key)
            session().add(mark)
        for name, value in values.items():
            setattr(mark, name, value)
        mark.label, mark.clause = item.label.vi, item.clause.key if item.clause else None
        mark.by_id, mark.by_name, mark.at = actor.id, actor.name, now
        changed[item.key] = given.answer
    session().flush()
    if changed:
        data = {"round": round_, "answers": changed}
        audit.append("screening.checked", entry.code or entry.ref, data, actor=actor, now=now)
    return len(changed)


def _of_findings(findings: Sequence[Finding], edition: EditionView) -> list[Item]:
    items, seen = [], set()
    for one in findings:
        base = f"{one.check}:{one.field or ''}"[:150]
        number = next(n for n in range(len(findings) + 1) if (base, n) not in seen)
        seen.add((base, number))
        key = f"kt:{base}:{number}" if number else f"kt:{base}"
        items.append(Item(key, one.message, None, edition.rules.clause(one.clause), True, found=one.severity))
    return items


def _values(item: Item, given: Typed, names: Collection[str]) -> dict[str, object]:
    remark = clean(given.remark)
    if len(remark) > MAX_REMARK:
        raise Invalid.one(f"remark-{item.key}", _("Ghi chú dài quá 1.000 ký tự."))
    details: dict[str, object] = {}
    if item.evidence:
        details = {
            "files": [name for name in given.evidence.files if name in names],
            "confirmed_by": clean_line(given.evidence.confirmed_by)[:MAX_LINE],
            "since": clean_line(given.evidence.since)[:MAX_LINE],
        }
    return {"answer": given.answer, "remark": remark, "details": details}


def _row(item: Item, mark: ChecklistMark | None, before: ChecklistMark | None) -> Row:
    details = mark.details if mark is not None else {}
    return Row(
        item=item,
        answer=Answer(mark.answer) if mark is not None else None,
        remark=mark.remark if mark is not None else "",
        evidence=Evidence(
            tuple(details.get("files", ())), details.get("confirmed_by", ""), details.get("since", "")
        ),
        who=mark.by_name if mark is not None else "",
        at=mark.at if mark is not None else None,
        before=Answer(before.answer) if before is not None else None,
        before_remark=before.remark if before is not None else "",
    )


def _line(row: Row, locale: str) -> str:
    label = row.item.label.in_(locale)
    return f"- {label}: {row.remark}" if row.remark else f"- {label}"
