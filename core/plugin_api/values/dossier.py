"""The dossier: fields of the contest, form sections and form fields."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.plugin_api.values.words import Text


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field of the contest (lĩnh vực) that an entry is filed under."""

    key: str
    name: Text


class FieldKind(StrEnum):
    """What a form field takes, and what `Entry.facts[key]` holds for it."""

    TEXT = "text"
    """One line; a str."""
    LONG_TEXT = "long_text"
    """Paragraphs; a str."""
    CHOICE = "choice"
    """One of `choices`; the choice's key, a str."""
    NUMBER = "number"
    """A number; a Decimal, or its text such as "12.5"."""
    MONEY = "money"
    """Whole đồng; an int."""
    DATE = "date"
    """A day; "YYYY-MM-DD"."""
    MONTH = "month"
    """A month; "YYYY-MM"."""
    CHECK = "check"
    """A box; a bool."""
    FILES = "files"
    """Attached files; a list of their names."""
    TABLE = "table"
    """Rows under `columns`; a list of mappings column key → value as of the column's own kind, what is empty left out.

    .. versionadded:: 1.2
    """


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of a TABLE field. `kind` is TEXT, NUMBER or MONEY; the sum of a MONEY column is shown, never stored.

    `max_chars` limits TEXT; `unit` is a word after the numbers of the column.

    .. versionadded:: 1.2
    """

    key: str
    label: Text
    kind: FieldKind = FieldKind.TEXT
    max_chars: int | None = None
    unit: Text | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a CHOICE field."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class FormField:
    """One question of the dossier form.

    `clause` is the key of the clause that asks for it. `max_chars` limits TEXT and LONG_TEXT; `accept` lists
    file extensions with the dot (".pdf"), `max_bytes` is the limit of one file, `max_pages` that of one PDF.
    `public` answers are shown in the gallery once the entry is published. `official` is False when the question
    or its limits are not from a document of the contest.

    `example` is an answer as it could be, shown folded beside the question. `max_words` limits LONG_TEXT; a word is
    what stands between blanks and has a letter or a digit. `columns` and `max_rows` are those of a TABLE.
    `blind`: the answer tells nothing of who the authors are, so that a blind round may show it once it was looked at.

    .. versionchanged:: 1.2
       `example`, `max_words`, `columns`, `max_rows`, `max_pages` and `blind`.
    """

    key: str
    label: Text
    kind: FieldKind
    required: bool = False
    help: Text | None = None
    clause: str | None = None
    max_chars: int | None = None
    choices: tuple[Choice, ...] = ()
    accept: tuple[str, ...] = ()
    max_files: int | None = None
    max_bytes: int | None = None
    public: bool = False
    official: bool = True
    example: Text | None = None
    max_words: int | None = None
    columns: tuple[FormColumn, ...] = ()
    max_rows: int | None = None
    max_pages: int | None = None
    blind: bool = False


@dataclass(frozen=True, slots=True)
class FormSection:
    """A group of questions that belongs together: one screen of the wizard, whose address ends in `key`."""

    key: str
    title: Text
    fields: tuple[FormField, ...]
    help: Text | None = None
