"""One row's dossier: made once, as a draft of an invited person or as handed in on paper; and taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.contests.queries import unit_by_code
from core.contests.services import take_number
from core.contests.values import EditionView, PhaseKind
from core.entries.content import authors_of, folded_of, snapshot_of, units_of
from core.entries.events import EntrySubmitted, EntryWithdrawn
from core.entries.letters import send_entry_letter
from core.entries.models import Entry, EntryAuthor, EntryVersion
from core.entries.services.moves import fresh
from core.entries.states import State
from core.imports.models import ImportRow, ImportRun
from core.imports.rows import row_token
from core.imports.states import Outcome, Owners
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.events import emit
from core.kernel.ids import spoken_code, token
from core.kernel.prepared import insert_once
from core.letters.post import Reader, bound_tenant, by_when, language_for
from core.people.models import Account
from core.people.services.mails import reached_at
from core.people.services.sign_up import find_or_add

WHY = "Hoàn tác lần nhập danh sách."


def make_row(row: ImportRow, edition: EditionView, run: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Make the dossier of one row, unless a dossier of this row exists: then the row is known."""
    is_paper = run.owners == Owners.PAPER
    owner = _owner(row, run, is_paper=is_paper, now=now)
    values = _values(row.data, edition, owner, now) | {"form_token": row_token(edition, row.key)}
    is_new = insert_once(Entry, ("form_token",), values)
    entry = session().scalars(select(Entry).where(Entry.form_token == values["form_token"])).one()
    if not is_new:
        row.outcome, row.note = str(Outcome.KNOWN), entry.code or entry.title[:200]
        row.data = {"title": entry.title}
        return
    _add_authors(entry, row.data["authors"])
    audit.append(
        "entry.started", entry.ref, {"edition": edition.key, "import": str(run.id)}, actor=actor, now=now
    )
    if is_paper:
        _hand_in_on_paper(entry, edition, actor=actor, now=now)
    else:
        _invite(entry, edition, owner, now=now)
    row.outcome, row.entry_ref, row.made_at = str(Outcome.MADE), entry.ref, entry.updated_at
    row.data = {"title": entry.title, "chief": row.data["authors"][0]["name"]}
    session().flush()


def take_back(row: ImportRow, edition: EditionView, run: ImportRun, *, actor: Actor, now: datetime) -> None:
    """Take the dossier of one row out of the contest; its row may be imported again. One that was touched stays."""
    entry = session().scalars(select(Entry).where(Entry.ref == row.entry_ref)).one_or_none()
    if entry is None:
        row.outcome = str(Outcome.UNDONE)
        return
    fresh(entry)
    if entry.updated_at != row.made_at or entry.state not in (State.DRAFT, State.SUBMITTED):
        row.outcome = str(Outcome.KNOWN)
        row.note = entry.code or entry.title[:200]
        return
    source = entry.state
    entry.state, entry.form_token, entry.updated_at = str(State.WITHDRAWN), token(), now
    session().flush()
    data = {"by": "committee", "from": source, "import": str(run.id)}
    audit.append("entry.withdrawn", entry.code or entry.ref, data, actor=actor, now=now)
    emit(EntryWithdrawn(edition.id, entry.id, entry.code, now))
    row.outcome = str(Outcome.UNDONE)


def _owner(row: ImportRow, run: ImportRun, *, is_paper: bool, now: datetime) -> Account:
    if is_paper:
        return session().get_one(Account, (session().tenant_id, run.by_id))
    return find_or_add(row.data["email"], row.data["authors"][0]["name"], now=now)


def _values(data: dict[str, Any], edition: EditionView, owner: Account, now: datetime) -> dict[str, Any]:
    unit = unit_by_code(data["unit"]) if data.get("unit") else None
    facts = {key: value for key, value in (data.get("facts") or {}).items() if value not in (None, "")}
    return {
        "edition_id": edition.id,
        "owner_id": owner.id,
        "unit_id": None if unit is None else unit.id,
        "ref": spoken_code(10),
        "title": data["title"],
        "folded": "",
        "field": data.get("field"),
        "facts": facts,
        "state": str(State.DRAFT),
        "version": 0,
        "created_at": now,
        "updated_at": now,
        "is_demonstration": owner.is_demonstration,
    }


def _add_authors(entry: Entry, authors: list[dict[str, Any]]) -> None:
    for position, one in enumerate(authors, start=1):
        session().add(
            EntryAuthor(
                entry_id=entry.id,
                position=position,
                name=one["name"],
                role=one["role"],
                birth_year=one.get("birth_year"),
                workplace=one.get("workplace") or "",
            )
        )
    session().flush()
    _refold(entry)


def _refold(entry: Entry) -> None:
    names = [one.name for one in authors_of([entry.id])[entry.id]]
    unit = units_of([entry.unit_id]).get(entry.unit_id) if entry.unit_id else None
    entry.folded = folded_of(entry, names, unit)
    session().flush()


def _hand_in_on_paper(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> None:
    """Give a code and fix the version: what is missing here lies on paper, so nothing is asked for."""
    entry.code = f"{edition.code_prefix}-{take_number(edition.id):04d}"
    entry.state, entry.version, entry.submitted_at = str(State.SUBMITTED), 1, now
    _refold(entry)
    snapshot = snapshot_of(entry, edition, number=1, at=now.isoformat())
    digest = sha256_of(snapshot)
    session().add(
        EntryVersion(
            entry_id=entry.id, number=1, snapshot=snapshot, sha256=digest, receipt=spoken_code(10), at=now
        )
    )
    session().flush()
    data = {"edition": edition.key, "version": 1, "sha256": digest, "ref": entry.ref, "way": "paper"}
    audit.append("entry.submitted", entry.code, data, actor=actor, now=now)
    emit(EntrySubmitted(edition.id, entry.id, entry.code, 1, now))


def _invite(entry: Entry, edition: EditionView, owner: Account, *, now: datetime) -> None:
    phase = edition.phase(PhaseKind.SUBMISSION)
    language = language_for(owner.language, bound_tenant().profile)
    values = {"truoc_han": by_when(None if phase is None else phase.closes_at, language)}
    to = Reader(reached_at(owner), owner.name, owner.language)
    send_entry_letter("entry-imported", entry, edition, to, values, now=now)
