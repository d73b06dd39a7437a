"""The content of dossiers, many at once: rows → what rules, snapshots and pages need. Fixed numbers of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import UnitRow
from core.contests.values import EditionView
from core.entries.models import Attachment, Entry, EntryAuthor
from core.entries.states import Scan
from core.kernel.db import session
from core.kernel.text import fold
from core.plugin_api import Author
from core.plugin_api import Entry as RulesEntry


def authors_of(ids: Iterable[UUID]) -> dict[UUID, list[EntryAuthor]]:
    """The authors of each entry in their order. One query."""
    found: dict[UUID, list[EntryAuthor]] = defaultdict(list)
    ask = select(EntryAuthor).where(EntryAuthor.entry_id.in_(list(ids)))
    for author in session().scalars(ask.order_by(EntryAuthor.entry_id, EntryAuthor.position)):
        found[author.entry_id].append(author)
    return found


def files_of(ids: Iterable[UUID]) -> dict[UUID, list[Attachment]]:
    """The files of each entry in the order they were added. One query."""
    found: dict[UUID, list[Attachment]] = defaultdict(list)
    ask = select(Attachment).where(Attachment.entry_id.in_(list(ids)))
    for attachment in session().scalars(
        ask.order_by(Attachment.entry_id, Attachment.added_at, Attachment.id)
    ):
        found[attachment.entry_id].append(attachment)
    return found


def units_of(ids: Iterable[UUID | None]) -> dict[UUID, UnitRow]:
    """The units with these ids. One query."""
    wanted = {one for one in ids if one is not None}
    ask = select(Unit.id, Unit.code, Unit.name, Unit.kind).where(Unit.id.in_(wanted))
    return {row.id: UnitRow(*row) for row in session().execute(ask)}


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to some dossiers, read once: authors and files by the dossier's id, units by their own."""

    authors: Mapping[UUID, Sequence[EntryAuthor]]
    files: Mapping[UUID, Sequence[Attachment]]
    units: Mapping[UUID, UnitRow]


def parts_of(entries: Sequence[Entry]) -> Parts:
    """The parts of the dossiers. Three queries."""
    ids = [entry.id for entry in entries]
    return Parts(authors_of(ids), files_of(ids), units_of(entry.unit_id for entry in entries))


def rules_entries_of(entries: Sequence[Entry], parts: Parts | None = None) -> tuple[RulesEntry, ...]:
    """The dossiers as the rules see them, in the order given. Three queries, none where the `parts` are at hand.

    An entry without a code is named by its ref. Authors are numbered a1, a2 … over all given entries; two rows with
    the same name and the same known year of birth are one person.
    """
    held = parts or parts_of(entries)
    authors, files, units = held.authors, held.files, held.units
    people: dict[object, str] = {}
    return tuple(
        RulesEntry(
            code=entry.code or entry.ref,
            field=entry.field,
            title=entry.title,
            unit=units[entry.unit_id].code if entry.unit_id is not None and entry.unit_id in units else None,
            authors=tuple(_author(one, people) for one in authors.get(entry.id, ())),
            facts=facts_with_files(entry, files.get(entry.id, ())),
        )
        for entry in entries
    )


def facts_with_files(entry: Entry, files: Iterable[Attachment]) -> dict[str, object]:
    """The answers of a dossier with the names of the files under their form fields; a locked file answers nothing."""
    facts: dict[str, Any] = dict(entry.facts)
    for attachment in files:
        if attachment.scan == Scan.INFECTED:
            continue
        facts.setdefault(attachment.field, []).append(attachment.name)
    return facts


def snapshot_of(
    entry: Entry, edition: EditionView, *, number: int, at: str, parts: Parts | None = None
) -> dict[str, Any]:
    """All that is handed in, as plain JSON without floats. Three queries, none where the `parts` are at hand."""
    held = parts or parts_of([entry])
    files = held.files.get(entry.id, ())
    unit = held.units.get(entry.unit_id) if entry.unit_id else None
    return {
        "format": "bangvang.dossier/1",
        "tenant": edition.tenant,
        "edition": edition.key,
        "code": entry.code,
        "number": number,
        "at": at,
        "title": entry.title,
        "field": entry.field,
        "unit": None if unit is None else {"code": unit.code, "name": unit.name},
        "authors": [
            {
                "name": one.name,
                "role": one.role,
                "birth_year": one.birth_year,
                "workplace": one.workplace,
                "share": None if one.share is None else str(one.share),
                "confirmed_at": None if one.confirmed_at is None else one.confirmed_at.isoformat(),
                "confirmed_how": one.confirmed_how,
            }
            for one in held.authors.get(entry.id, ())
        ],
        "facts": dict(entry.facts),
        "files": [
            {
                "field": one.field,
                "name": one.name,
                "sha256": one.sha256,
                "size": one.size,
                "media_type": one.media_type,
            }
            for one in files
        ],
    }


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two snapshots hold the same dossier: that an author confirmed since is no change of it."""
    return _without_confirmations(one) == _without_confirmations(other)


def _without_confirmations(said: Mapping[str, Any]) -> dict[str, Any]:
    authors = [
        {key: value for key, value in one.items() if not key.startswith("confirmed")}
        for one in said.get("authors") or ()
    ]
    return {**said, "authors": authors}


def folded_of(entry: Entry, authors: Iterable[str], unit: UnitRow | None) -> str:
    """What search looks in: title, authors, code and unit, without marks and case."""
    words = (entry.title, *authors, entry.code or "", unit.name if unit else "")
    return fold(" ".join(one for one in words if one))


def _author(row: EntryAuthor, people: dict[object, str]) -> Author:
    known = row.birth_year is not None
    person: object = (fold(row.name), row.birth_year) if known else row.id
    ref = people.setdefault(person, f"a{len(people) + 1}")
    return Author(ref, row.role, row.birth_year)
