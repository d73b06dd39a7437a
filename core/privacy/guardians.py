"""Which authors of a dossier may be children, whether a guardian agreed for each, and the finding where none did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.finding_places import mended_at
from core.entries.models import Entry, EntryAuthor
from core.entries.services.submission import also_checked_by
from core.kernel.db import session
from core.kernel.security import keyed_digest
from core.kernel.text import fold
from core.plugin_api import Entry as RulesEntry
from core.plugin_api import Finding, Severity, Text
from core.privacy.ages import may_be_minor, must_agree_too, reference_day
from core.privacy.models import Guardian

CHECK, FIELD = "guardian", "guardian"


@dataclass(frozen=True, slots=True)
class Minor:
    """An author who may be under 16, with the guardian that holds now."""

    position: int
    name: str
    must_agree: bool
    guardian: Guardian | None


def author_digest(entry_id: UUID, name: str) -> str:
    """What stands for an author of a dossier beside a guardian."""
    return keyed_digest(f"{entry_id}:{fold(name)}", "guardian")


def minors_of(entry: Entry, edition: EditionView) -> list[Minor]:
    """The authors of a dossier who may be children, in their order. Two queries, one where there is none."""
    return _minors([entry], edition).get(entry.id, [])


@also_checked_by
def guardian_findings(
    entries: Sequence[Entry], asked: Sequence[RulesEntry], edition: EditionView
) -> Iterator[Finding]:
    """A dossier with a child among its authors waits for the guardian. No query where no author may be one."""
    day = reference_day(edition)
    young = [
        entry
        for entry, rules in zip(entries, asked, strict=True)
        if any(may_be_minor(author.birth_year, day) for author in rules.authors)
    ]
    found = _minors(young, edition) if young else {}
    for entry in young:
        for one in found.get(entry.id, []):
            if one.guardian is None:
                yield _finding(entry, one)


def _minors(entries: Sequence[Entry], edition: EditionView) -> dict[UUID, list[Minor]]:
    day = reference_day(edition)
    authors = authors_of(entry.id for entry in entries)
    young = {
        entry.id: [one for one in authors[entry.id] if may_be_minor(one.birth_year, day)] for entry in entries
    }
    ids = [entry_id for entry_id, rows in young.items() if rows]
    if not ids:
        return {}
    held = {(one.entry_id, one.author): one for one in _guardians(ids)}
    return {
        entry_id: [
            Minor(
                one.position,
                one.name,
                must_agree_too(one.birth_year or 0, day),
                held.get((entry_id, author_digest(entry_id, one.name))),
            )
            for one in rows
        ]
        for entry_id, rows in young.items()
    }


def _guardians(ids: Iterable[UUID]) -> list[Guardian]:
    ask = select(Guardian).where(Guardian.entry_id.in_(list(ids)), Guardian.withdrawn_at.is_(None))
    return list(session().scalars(ask))


def _finding(entry: Entry, one: Minor) -> Finding:
    message = Text(
        f"{one.name} có thể chưa đủ 16 tuổi: cần người giám hộ đồng ý.",
        f"{one.name} may be under 16: a guardian has to agree.",
    )
    return Finding(entry.code or entry.ref, CHECK, Severity.BLOCK, message, None, FIELD)


def author_at(entry: Entry, position: int) -> EntryAuthor | None:
    """The author at this place of the dossier. One query."""
    ask = select(EntryAuthor).where(EntryAuthor.entry_id == entry.id, EntryAuthor.position == position)
    return session().scalars(ask).one_or_none()


mended_at(FIELD, lambda entry: url_for("guardians.index", ref=entry.ref))
