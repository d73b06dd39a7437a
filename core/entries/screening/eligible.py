"""The list of eligible dossiers: drafted by one officer, decided by another, then changed by amendments alone.

While nothing is decided, every acceptance and refusal can be undone. Once list number 1 is decided, screening stands
still until somebody opens an amendment (number 2, 3 …); it takes effect when another officer decides it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.services import locked_edition
from core.contests.values import EditionView
from core.entries.barring import barred_entries
from core.entries.content import authors_of, units_of
from core.entries.models import Entry
from core.entries.queries import accepted_entries
from core.entries.screening.models import EligibleList
from core.entries.states import State
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import everything_found, session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.proposals import require_person
from core.kernel.text import clean, clean_line

DRAFT, DECIDED = "draft", "decided"
MAX_REASON = 2000


class ListDecided(DomainError):
    """The list is decided, and no amendment is open."""

    kind = "eligible-list-decided"


class ListRefused(DomainError):
    """The list cannot be drafted, decided or dropped now; the sentence says why."""

    kind = "eligible-list-refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the lists of an edition stand: the draft, what is decided (newest first), the rows as of now.

    `digest` names `rows`; `waiting` and `returned` count dossiers that are not screened to an end.
    """

    draft: EligibleList | None
    decided: tuple[EligibleList, ...]
    rows: tuple[dict[str, Any], ...]
    digest: str
    waiting: int
    returned: int

    @property
    def newest(self) -> EligibleList | None:
        """The list in force."""
        return self.decided[0] if self.decided else None


@dataclass(frozen=True, slots=True)
class Changes:
    """What an amendment adds and takes away, rows by code; `altered` have other words than before."""

    added: tuple[dict[str, Any], ...]
    removed: tuple[dict[str, Any], ...]
    altered: tuple[dict[str, Any], ...]

    @property
    def is_none(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.removed or self.altered)


def standing_of(edition: EditionView) -> Standing:
    """Where the lists of the edition stand. Five queries."""
    ask = select(EligibleList).where(EligibleList.edition_id == edition.id)
    lists = list(session().scalars(ask.order_by(EligibleList.number.desc())))
    rows = rows_of(edition)
    counted = (
        select(Entry.state, func.count())
        .where(Entry.edition_id == edition.id, Entry.state.in_((State.SUBMITTED, State.RETURNED)))
        .group_by(Entry.state)
    )
    counts = {state: count for state, count in session().execute(counted)}  # noqa: C416 - rows, not pairs
    return Standing(
        draft=next((one for one in lists if one.state == DRAFT), None),
        decided=tuple(one for one in lists if one.state == DECIDED),
        rows=rows,
        digest=sha256_of(list(rows)),
        waiting=counts.get(State.SUBMITTED, 0),
        returned=counts.get(State.RETURNED, 0),
    )


def list_of(edition: EditionView, number: int) -> EligibleList:
    """The list with this number; raises NotFound. One query."""
    ask = select(EligibleList).where(EligibleList.edition_id == edition.id, EligibleList.number == number)
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound(_("Không tìm thấy danh sách này."))
    return found


def rows_of(edition: EditionView) -> tuple[dict[str, Any], ...]:
    """The accepted dossiers as the list names them, by code. Three queries."""
    entries = accepted_entries(edition)
    authors, units = (
        authors_of([entry.id for entry in entries]),
        units_of(entry.unit_id for entry in entries),
    )
    fields = {one.key: one.name.vi for one in edition.rules.entry_fields()}
    return tuple(
        {
            "code": entry.code,
            "title": entry.title,
            "field": fields.get(entry.field or "", ""),
            "authors": [one.name for one in authors[entry.id]],
            "unit": units[entry.unit_id].name if entry.unit_id in units else "",
        }
        for entry in entries
    )


def differences(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Changes:
    """What `after` changes of `before`, in the order of the rows."""
    old, new = {one["code"]: one for one in before}, {one["code"]: one for one in after}
    return Changes(
        added=tuple(one for code, one in new.items() if code not in old),
        removed=tuple(one for code, one in old.items() if code not in new),
        altered=tuple(one for code, one in new.items() if code in old and old[code] != one),
    )


def require_changeable(edition_id: UUID) -> None:
    """Return while screening may change what is eligible; raise ListDecided otherwise.

    Holds the edition's row to the end of the transaction, so that no list is decided in between.
    """
    locked_edition(edition_id)
    ask = select(EligibleList.state).where(EligibleList.edition_id == edition_id)
    states = set(session().scalars(ask))
    if DECIDED in states and DRAFT not in states:
        raise ListDecided(
            _(
                "Danh sách hồ sơ đủ điều kiện đã được quyết định. Muốn thay đổi, bạn hãy lập điều chỉnh danh sách "
                "trước."
            )
        )


def draft_list(edition: EditionView, reason: str = "", *, actor: Actor, now: datetime) -> EligibleList:
    """Open the list, or an amendment once one is decided; an amendment says why.

    Doing it twice gives the same draft. Raises Forbidden, Invalid at `reason`, ListRefused when another officer's
    draft is open.
    """
    person = require_person(actor)
    locked_edition(edition.id)
    ask = select(EligibleList).where(EligibleList.edition_id == edition.id)
    lists = list(session().scalars(ask.order_by(EligibleList.number)))
    held = next((one for one in lists if one.state == DRAFT), None)
    if held is not None and held.drafted_by == person:
        return held
    if held is not None:
        raise ListRefused(
            _("%(name)s đã lập dự thảo; bạn hãy xem và quyết định dự thảo đó.", name=held.drafted_name)
        )
    words = _reason(reason, is_needed=bool(lists))
    made = EligibleList(
        edition_id=edition.id,
        number=len(lists) + 1,
        state=DRAFT,
        reason=words,
        drafted_by=person,
        drafted_name=actor.name,
        drafted_at=now,
    )
    session().add(made)
    session().flush()
    _log("drafted", edition, {"number": made.number}, actor, now)
    return made


def drop_draft(edition: EditionView, *, actor: Actor, now: datetime) -> bool:
    """Throw the open draft away; returns whether there was one. What was decided stays."""
    require_person(actor)
    locked_edition(edition.id)
    held = _draft(edition)
    if held is None:
        return False
    if held.number > 1 and not differences(_before(edition), rows_of(edition)).is_none:
        raise ListRefused(
            _(
                "Đã có thay đổi trong lần điều chỉnh này; bạn hãy hoàn tác các thay đổi trước, hoặc quyết định."
            )
        )
    session().delete(held)
    session().flush()
    _log("dropped", edition, {"number": held.number}, actor, now)
    return True


def decide_list(edition: EditionView, *, seen: str, actor: Actor, now: datetime) -> EligibleList:
    """Fix the open draft as it is now: rows, hash, who and when. Another officer than the drafter decides.

    `seen` is the digest of the rows that the actor looked at; who is kept from one of them cannot have seen them all.
    Deciding twice gives the same list. Raises Forbidden, ListRefused.
    """
    person = require_person(actor)
    locked_edition(edition.id)
    held = _draft(edition)
    if held is None:
        return _decided_by(edition, person, seen)
    if held.drafted_by == person:
        raise ListRefused(_("Bạn là người lập dự thảo: cần một cán bộ khác của Ban Tổ chức quyết định."))
    with everything_found(session()):
        rows = [dict(one) for one in rows_of(edition)]
    if not rows:
        raise ListRefused(_("Chưa có hồ sơ nào được chấp nhận nên chưa có gì để quyết định."))
    if {one.code for one in barred_entries(actor)} & {one["code"] for one in rows}:
        raise ListRefused(
            _("Danh sách có hồ sơ mà bạn có liên quan nên bạn không quyết định được: cần một cán bộ khác.")
        )
    if sha256_of(rows) != seen:
        raise ListRefused(
            _("Danh sách vừa thay đổi so với trang bạn đã xem. Bạn hãy xem lại rồi quyết định.")
        )
    if held.number > 1 and differences(_before(edition), rows).is_none:
        raise ListRefused(_("Lần điều chỉnh này chưa thay đổi gì so với danh sách đã quyết định."))
    held.rows, held.sha256, held.state = rows, seen, DECIDED
    held.decided_by, held.decided_name, held.decided_at = person, actor.name, now
    session().flush()
    data = {"number": held.number, "codes": [one["code"] for one in rows], "sha256": seen}
    _log("decided", edition, data, actor, now)
    return held


def record_document(
    edition: EditionView,
    number: int,
    *,
    document_number: str,
    document_day: date | None,
    actor: Actor,
    now: datetime,
) -> EligibleList:
    """Write number and day of the official decision into a decided list once it was issued.

    Raises NotFound, Invalid, ListRefused for a draft.
    """
    require_person(actor)
    locked_edition(edition.id)
    held = list_of(edition, number)
    if held.state != DECIDED:
        raise ListRefused(_("Danh sách chưa được quyết định nên chưa có số văn bản."))
    words = clean_line(document_number)
    if not words:
        raise Invalid.one("document_number", _("Bạn hãy ghi số, ký hiệu của quyết định."))
    if len(words) > 60:
        raise Invalid.one("document_number", _("Số, ký hiệu dài quá 60 ký tự."))
    if document_day is None:
        raise Invalid.one("document_day", _("Bạn hãy ghi ngày ban hành."))
    if (held.document_number, held.document_day) == (words, document_day):
        return held
    held.document_number, held.document_day = words, document_day
    session().flush()
    data = {"number": number, "document": words, "day": document_day.isoformat()}
    _log("issued", edition, data, actor, now)
    return held


def _draft(edition: EditionView) -> EligibleList | None:
    ask = select(EligibleList).where(EligibleList.edition_id == edition.id, EligibleList.state == DRAFT)
    return session().scalars(ask.with_for_update()).one_or_none()


def _before(edition: EditionView) -> list[dict[str, Any]]:
    ask = select(EligibleList.rows).where(
        EligibleList.edition_id == edition.id, EligibleList.state == DECIDED
    )
    rows: list[dict[str, Any]] = session().scalars(ask.order_by(EligibleList.number.desc()).limit(1)).one()
    return rows


def _decided_by(edition: EditionView, person: UUID, seen: str) -> EligibleList:
    ask = select(EligibleList).where(
        EligibleList.edition_id == edition.id,
        EligibleList.state == DECIDED,
        EligibleList.decided_by == person,
        EligibleList.sha256 == seen,
    )
    done = session().scalars(ask.order_by(EligibleList.number.desc())).first()
    if done is None:
        raise ListRefused(_("Không có dự thảo nào đang chờ quyết định."))
    return done


def _reason(typed: str, *, is_needed: bool) -> str:
    words = clean(typed)
    if is_needed and not words:
        raise Invalid.one("reason", _("Bạn hãy nêu lý do điều chỉnh danh sách đã quyết định."))
    if len(words) > MAX_REASON:
        raise Invalid.one("reason", _("Lý do dài quá 2.000 ký tự."))
    return words


def _log(what: str, edition: EditionView, data: dict[str, Any], actor: Actor, now: datetime) -> None:
    audit.append(f"eligible_list.{what}", edition.key, data, actor=actor, now=now)
