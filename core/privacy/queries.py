"""Reads of requests, consents and copies, each in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from core.entries.models import Entry
from core.kernel.audit import AuditRecord
from core.kernel.db import session
from core.people.consents import ConsentText, consent_text
from core.people.models import Account, Consent
from core.privacy.models import DataRequest, Erasure, PersonalExport
from core.privacy.states import State
from core.privacy.words import step_words

PAGE = 30


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in the office's list; `due` is what is due next: the acknowledgement, then the answer."""

    code: str
    kind: str
    state: str
    name: str
    received_at: datetime
    due: datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One page of the list; `pages` is at least 1."""

    rows: tuple[RequestRow, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the office: open requests, those past what is due next, and the next due instant."""

    open: int
    overdue: int
    closed: int
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a request."""

    at: datetime
    words: str
    who: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent as it was given: in which words (None: a version that is unknown here), when, and when withdrawn."""

    purpose: str
    version: str
    text: ConsentText | None
    given_at: datetime
    withdrawn_at: datetime | None


_next_due = case((DataRequest.state == State.RECEIVED, DataRequest.acknowledge_by), else_=DataRequest.due_at)


def requests_of(account_id: UUID) -> list[DataRequest]:
    """The requests of an account, newest first. One query."""
    ask = select(DataRequest).where(DataRequest.account_id == account_id)
    return list(session().scalars(ask.order_by(DataRequest.received_at.desc(), DataRequest.id.desc())))


def requests_page(chosen: str, now: datetime, page: int = 1) -> RequestPage:
    """The tenant's requests: "mo" open ones by what is due next, "qua-han" the overdue, "xong" closed. Two queries."""
    matching = _matching(chosen, now)
    total = session().scalars(select(func.count()).select_from(DataRequest).where(*matching)).one()
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 1), pages)
    order = (DataRequest.closed_at.desc(),) if chosen == "xong" else (_next_due,)
    ask = (
        select(
            DataRequest.code,
            DataRequest.kind,
            DataRequest.state,
            Account.name,
            DataRequest.received_at,
            _next_due,
            DataRequest.closed_at.is_(None),
        )
        .join(Account, and_(Account.tenant_id == DataRequest.tenant_id, Account.id == DataRequest.account_id))
        .where(*matching)
        .order_by(*order, DataRequest.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    rows = tuple(RequestRow(*row) for row in session().execute(ask))
    return RequestPage(rows, page, pages, total)


def waiting(now: datetime) -> Waiting:
    """How many requests wait, are overdue, are closed, and what is due next. One query."""
    is_open = DataRequest.closed_at.is_(None)
    ask = select(
        func.count().filter(is_open),
        func.count().filter(is_open, _next_due <= now),
        func.count().filter(DataRequest.closed_at.is_not(None)),
        func.min(_next_due).filter(is_open),
    ).select_from(DataRequest)
    return Waiting(*session().execute(ask).one())


def steps_of(request: DataRequest) -> list[Step]:
    """What happened to a request, oldest first. One query."""
    ask = select(AuditRecord).where(AuditRecord.subject == request.code).order_by(AuditRecord.seq)
    return [Step(one.at, step_words(one.action), one.actor_name) for one in session().scalars(ask)]


def consent_lines(account_id: UUID) -> list[ConsentLine]:
    """Every consent the account ever gave, newest first, in the words it was given in. One query."""
    ask = select(Consent).where(Consent.account_id == account_id)
    return [
        ConsentLine(
            one.purpose,
            one.text_version,
            consent_text(one.purpose, one.text_version),
            one.given_at,
            one.withdrawn_at,
        )
        for one in session().scalars(ask.order_by(Consent.given_at.desc(), Consent.id.desc()))
    ]


def person_of(request: DataRequest) -> Account:
    """The account that asked. One query."""
    return session().get_one(Account, (session().tenant_id, request.account_id))


def dossiers_of(account_id: UUID) -> list[Entry]:
    """The dossiers of the account that the office may see: those handed in. One query."""
    ask = select(Entry).where(Entry.owner_id == account_id, Entry.version > 0)
    return list(session().scalars(ask.order_by(Entry.submitted_at.desc(), Entry.id)))


def copies_of(account_id: UUID, limit: int = 3) -> list[PersonalExport]:
    """The newest copies that the account asked for. One query."""
    ask = select(PersonalExport).where(PersonalExport.account_id == account_id)
    return list(
        session().scalars(ask.order_by(PersonalExport.asked_at.desc(), PersonalExport.id.desc()).limit(limit))
    )


def erasure_of(request: DataRequest) -> Erasure | None:
    """The newest proposal to erase the account that asked, unless it was withdrawn. One query."""
    ask = select(Erasure).where(Erasure.request_id == request.id, Erasure.withdrawn_at.is_(None))
    return session().scalars(ask.order_by(Erasure.proposed_at.desc(), Erasure.id.desc()).limit(1)).first()


def last_runs(action: str, limit: int = 5) -> list[AuditRecord]:
    """The newest lines of the log with this action. One query."""
    ask = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.seq.desc())
    return list(session().scalars(ask.limit(limit)))


def _matching(chosen: str, now: datetime) -> list[ColumnElement[bool]]:
    if chosen == "xong":
        return [DataRequest.closed_at.is_not(None)]
    found: list[ColumnElement[bool]] = [DataRequest.closed_at.is_(None)]
    if chosen == "qua-han":
        found.append(_next_due <= now)
    return found
