"""Reads of dossiers: for their entrants, for the rules and results, and how many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries.content import authors_of, files_of, rules_entries_of, units_of
from core.entries.listing import (
    Card,
    GalleryPage,
    gallery_page,
    newest_cards,
)
from core.entries.models import (
    Attachment,
    Entry,
    EntryAuthor,
    EntryRight,
    EntryVersion,
    Screening,
    UnsentRevision,
)
from core.entries.policies import access_entry, access_published, is_shared_with
from core.entries.rights import Right
from core.entries.states import State
from core.kernel.actor import Actor
from core.kernel.audit import AuditRecord
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.people.models import Account
from core.plugin_api import Entry as RulesEntry

__all__ = [
    "Card",
    "Dossier",
    "GalleryPage",
    "Happening",
    "accepted_entries",
    "account_of",
    "counts_by_state",
    "counts_by_unit",
    "dossier_of",
    "entries_of",
    "entry_for_owner",
    "gallery_page",
    "history_of",
    "last_screening",
    "newest_cards",
    "public_entry",
    "published_count",
    "rights_held",
    "rights_on",
    "rules_entries",
    "unsent_of",
    "version_by_receipt",
    "version_of",
    "versions_of",
    "withdrawn_codes",
]


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier with all that belongs to it, read for one page."""

    entry: Entry
    authors: tuple[EntryAuthor, ...]
    files: tuple[Attachment, ...]
    unit: UnitRow | None

    def files_in(self, field: str) -> list[Attachment]:
        """The files that answer the form field `field`."""
        return [one for one in self.files if one.field == field]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a dossier; `note` are the words that went with it, `clause` the key cited."""

    at: datetime
    action: str
    who: str
    note: str = ""
    clause: str | None = None


def entries_of(account_id: UUID) -> list[Entry]:
    """The dossiers of an account and those shared with it, over all editions, newest first. One query."""
    ask = select(Entry).where(or_(Entry.owner_id == account_id, is_shared_with(account_id)))
    return list(session().scalars(ask.order_by(Entry.created_at.desc(), Entry.id.desc())))


def rights_held(account_id: UUID) -> dict[UUID, Right]:
    """The rights that owners gave an account, by entry. One query."""
    ask = select(EntryRight.entry_id, EntryRight.level).where(EntryRight.account_id == account_id)
    return {entry_id: Right(level) for entry_id, level in session().execute(ask)}


def rights_on(entry: Entry) -> dict[UUID, Right]:
    """The rights given to a dossier, by account. One query."""
    ask = select(EntryRight.account_id, EntryRight.level).where(EntryRight.entry_id == entry.id)
    return {account_id: Right(level) for account_id, level in session().execute(ask)}


def entry_for_owner(actor: Actor, ref: str) -> Dossier:
    """The dossier `ref` that the actor owns or has a right to, with all its parts; raises NotFound. Four queries."""
    return dossier_of(access_entry(actor, ref))


def dossier_of(entry: Entry) -> Dossier:
    """`entry` with all its parts. Three queries."""
    units = units_of([entry.unit_id])
    return dossier_with(entry, units.get(entry.unit_id) if entry.unit_id else None)


def dossier_with(entry: Entry, unit: UnitRow | None) -> Dossier:
    """`entry` with all its parts, for those who have read its unit already. Two queries."""
    authors, files = authors_of([entry.id])[entry.id], files_of([entry.id])[entry.id]
    return Dossier(entry, tuple(authors), tuple(files), unit)


def public_entry(code: str) -> Dossier:
    """The published entry with this code and all its parts (the reader sees only the public ones); NotFound."""
    return dossier_of(access_published(code))


def account_of(account_id: UUID) -> Account:
    """The account with this id; raises NotFound."""
    account = session().get(Account, (session().tenant_id, account_id))
    if account is None:
        raise NotFound
    return account


def accepted_entries(edition: EditionView) -> list[Entry]:
    """The accepted entries of an edition by code. One query."""
    ask = select(Entry).where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    return list(session().scalars(ask.order_by(Entry.code)))


def rules_entries(edition: EditionView) -> tuple[RulesEntry, ...]:
    """The accepted entries of an edition by code, as rules and results see them. Four queries."""
    return rules_entries_of(accepted_entries(edition))


def withdrawn_codes(edition: EditionView) -> list[str]:
    """Codes of what was handed in and then withdrawn or refused, sorted. One query."""
    gone = (State.WITHDRAWN, State.REFUSED)
    ask = select(Entry.code).where(
        Entry.edition_id == edition.id, Entry.state.in_(gone), Entry.code.is_not(None)
    )
    return sorted(code for code in session().scalars(ask) if code is not None)


def counts_by_state(edition: EditionView) -> dict[State, int]:
    """How many dossiers of the edition stand in each state; every state is named. One query."""
    ask = select(Entry.state, func.count()).where(Entry.edition_id == edition.id).group_by(Entry.state)
    found = {State(state): number for state, number in session().execute(ask)}
    return {state: found.get(state, 0) for state in State}


def published_count(edition: EditionView) -> int:
    """How many entries of the edition stand in the public gallery. One query."""
    ask = select(func.count()).select_from(Entry)
    ask = ask.where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    return session().scalars(ask.where(Entry.published_at.is_not(None))).one()


def counts_by_unit(edition: EditionView, states: Sequence[State] = ()) -> dict[UUID, int]:
    """How many dossiers of the edition each unit brought, by unit id: those in `states`, else all handed in.

    One query. A withdrawn dossier counts only when its state is asked for.
    """
    wanted = tuple(states) or (
        State.SUBMITTED,
        State.RETURNED,
        State.REVISING,
        State.ACCEPTED,
        State.REFUSED,
    )
    ask = (
        select(Entry.unit_id, func.count())
        .where(Entry.edition_id == edition.id, Entry.state.in_(wanted), Entry.unit_id.is_not(None))
        .group_by(Entry.unit_id)
    )
    return {unit: number for unit, number in session().execute(ask) if unit is not None}


def version_of(entry: Entry, number: int) -> EntryVersion:
    """One handed-in version of a dossier; raises NotFound. One query."""
    ask = select(EntryVersion).where(EntryVersion.entry_id == entry.id, EntryVersion.number == number)
    version = session().scalars(ask).one_or_none()
    if version is None:
        raise NotFound(_("Không tìm thấy biên nhận này."))
    return version


def version_by_receipt(receipt: str) -> tuple[Entry, EntryVersion] | None:
    """The version a receipt code was given for, with its entry; None when nobody was given it. One query."""
    ask = (
        select(Entry, EntryVersion)
        .join(EntryVersion, EntryVersion.entry_id == Entry.id)
        .where(EntryVersion.receipt == receipt.strip().upper())
    )
    row = session().execute(ask).one_or_none()
    return None if row is None else (row[0], row[1])


def versions_of(entry: Entry) -> list[EntryVersion]:
    """All handed-in versions, newest first. One query."""
    ask = select(EntryVersion).where(EntryVersion.entry_id == entry.id)
    return list(session().scalars(ask.order_by(EntryVersion.number.desc())))


def unsent_of(entry: Entry) -> list[UnsentRevision]:
    """What was changed and not handed in, newest first. One query."""
    ask = select(UnsentRevision).where(UnsentRevision.entry_id == entry.id)
    return list(session().scalars(ask.order_by(UnsentRevision.at.desc(), UnsentRevision.id.desc())))


def history_of(entry: Entry) -> list[Happening]:
    """What happened to a dossier, newest first, from the audit log and the screening's words. Two queries."""
    outcomes = session().scalars(select(Screening).where(Screening.entry_id == entry.id))
    said = {one.at: one for one in outcomes}
    subjects = [one for one in (entry.ref, entry.code) if one is not None]
    ask = select(AuditRecord).where(AuditRecord.subject.in_(subjects)).order_by(AuditRecord.seq.desc())
    return [
        Happening(
            record.at,
            record.action,
            record.actor_name,
            said[record.at].reason if _is_outcome(record, said) else "",
            said[record.at].clause if _is_outcome(record, said) else None,
        )
        for record in session().scalars(ask)
        if record.action.startswith("entry.")
    ]


def last_screening(entry: Entry) -> Screening | None:
    """What was decided last about a dossier, with its words; None when nothing was. One query."""
    ask = select(Screening).where(Screening.entry_id == entry.id)
    return session().scalars(ask.order_by(Screening.at.desc(), Screening.id.desc())).first()


_OUTCOMES = ("entry.accepted", "entry.returned", "entry.refused", "entry.withdrawn", "entry.reopened")


def _is_outcome(record: AuditRecord, said: Mapping[datetime, Screening]) -> bool:
    return record.action in _OUTCOMES and record.at in said
