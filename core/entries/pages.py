"""What the entrant's pages show, computed before the template: steps, findings, timelines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from core.contests.values import EditionView
from core.entries import words
from core.entries.finding_places import place_of
from core.entries.forms import AUTHORS, GENERAL, answer_text, path_of
from core.entries.models import Attachment, Entry
from core.entries.previews import DRAWN
from core.entries.queries import Dossier, Happening
from core.entries.tables import TableAnswer, table_answer
from core.kernel.formats import datetime_, left
from core.kernel.i18n import locale
from core.kernel.web import now
from core.plugin_api import Clause, FieldKind, Finding, Severity, Text


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding for reading, with the clause behind it and a link to the control that mends it."""

    message: str
    blocks: bool
    clause: Clause | None
    href: str | None


@dataclass(frozen=True, slots=True)
class FileCopy:
    """A file that a later room shows among those of a dossier, or in the place of one, at an address of its own."""

    href: str
    name: str
    sha256: str
    size: int
    media_type: str
    pages: int | None
    preview: None = None
    scan: str = "clean"

    @property
    def has_pages(self) -> bool:
        """Whether its pages can be drawn: a PDF or a picture."""
        return self.media_type in DRAWN


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer for reading; `files` for a question that takes files, `table` (beside its `text`) for a table."""

    label: str
    text: str
    is_long: bool
    files: tuple[Attachment | FileCopy, ...]
    table: TableAnswer | None = None


@dataclass(frozen=True, slots=True)
class AnswerGroup:
    """The answers of one section of the form."""

    key: str
    title: str
    answers: tuple[Answer, ...]


def finding_rows(entry: Entry, edition: EditionView, findings: Iterable[Finding]) -> list[FindingRow]:
    """The findings for reading, what blocks first."""
    clauses = {one.key: one for one in edition.rules.clauses()}
    rows = [
        FindingRow(
            one.message.in_(locale()),
            one.severity is Severity.BLOCK,
            clauses.get(one.clause or ""),
            place_of(entry, one.field) or href_of(entry, edition, one.field),
        )
        for one in findings
    ]
    return sorted(rows, key=lambda row: not row.blocks)


def step_of(edition: EditionView, field: str | None) -> str | None:
    """The step of the form in which the field of a finding is asked; None when no step asks it."""
    if field in ("title", "field", "unit"):
        return GENERAL
    if field == "authors":
        return AUTHORS
    sections = edition.rules.dossier_form()
    return next((one.key for one in sections if any(asked.key == field for asked in one.fields)), None)


def href_of(entry: Entry, edition: EditionView, field: str | None) -> str | None:
    """Where the field of a finding is mended: the control on its step; None when the form does not ask it."""
    step = step_of(edition, field)
    if step is None:
        return None
    if step == AUTHORS:
        return url_for("entry_authors.page", ref=entry.ref)
    return url_for("entries.edit_step", ref=entry.ref, step=step, _anchor=f"f-{path_of(field)}")


def by_clause(rows: Iterable[FindingRow]) -> list[tuple[Clause | None, list[FindingRow]]]:
    """The findings under the clause they come from, in the order of their first finding."""
    groups: dict[str, tuple[Clause | None, list[FindingRow]]] = {}
    for row in rows:
        key = row.clause.key if row.clause else ""
        groups.setdefault(key, (row.clause, []))[1].append(row)
    return list(groups.values())


def answers(dossier: Dossier, edition: EditionView, *, public_only: bool = False) -> list[AnswerGroup]:
    """All answers of a dossier for reading by section; with `public_only` those the gallery may show."""
    groups = []
    for section in edition.rules.dossier_form():
        made = []
        for asked in section.fields:
            if public_only and not asked.public:
                continue
            files = tuple(dossier.files_in(asked.key)) if asked.kind is FieldKind.FILES else ()
            text = "" if files else answer_text(asked, dossier.entry.facts.get(asked.key), locale())
            if public_only and not text and not files:
                continue
            rows = dossier.entry.facts.get(asked.key) if asked.kind is FieldKind.TABLE else None
            table = table_answer(rows, asked, locale()) if rows else None
            is_long = asked.kind is FieldKind.LONG_TEXT
            made.append(Answer(asked.label.in_(locale()), text, is_long, files, table))
        if made:
            groups.append(AnswerGroup(section.key, section.title.in_(locale()), tuple(made)))
    return groups


def timeline(
    happened: Iterable[Happening], edition: EditionView, *, for_office: bool = False
) -> list[dict[str, Any]]:
    """What happened, for `ui.timeline`. An entrant reads the committee's words, an officer also the names."""
    clauses = {one.key: one for one in edition.rules.clauses()}
    items = []
    for one in happened:
        if not for_office and one.action in ("entry.file_added", "entry.file_removed"):
            continue
        badge = words.happening(one)
        cited = clauses.get(one.clause or "")
        items.append(
            {
                "when": datetime_(one.at, locale()),
                "what": badge.label,
                "who": one.who if for_office else None,
                "note": one.note,
                "clause": cited,
                "state": badge.kind,
            }
        )
    return items


def field_choices(edition: EditionView) -> list[tuple[str, Text]]:
    """The fields of the contest for a list."""
    return [(one.key, one.name) for one in edition.rules.entry_fields()]


def countdown_to(ends: datetime | None) -> tuple[str, str, str] | None:
    """What is left in words, the end, and the server's time, for `ui.countdown`; None when nothing is left."""
    if ends is None or ends <= now():
        return None
    return left(ends, now(), locale()), ends.isoformat(), now().isoformat()


def page_number(asked: str | None) -> int:
    """The page asked for, at least 1; nonsense is 1."""
    words_ = asked or ""
    return max(1, int(words_)) if words_.isascii() and words_.isdigit() and len(words_) < 7 else 1


def page_hrefs(endpoint: str, page: int, pages_: int, kept: dict[str, Any]) -> dict[int, str]:
    """Addresses of the first, the last and the pages around `page`, the filters kept."""
    near = sorted({1, pages_, *range(max(1, page - 2), min(pages_, page + 2) + 1)})
    return {one: url_for(endpoint, **kept, trang=one if one > 1 else None) for one in near}
