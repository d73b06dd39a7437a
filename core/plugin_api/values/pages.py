"""Panels in the pages of a tenant, and documents to read, fill in and print."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.plugin_api.values.words import Text


class Slot(StrEnum):
    """The places where a panel may stand."""

    HOME = "home"
    """The tenant's home page."""
    DOSSIER = "dossier"
    """Beside the form in which an entrant writes a dossier."""
    DESK = "desk"
    """The judge's list of entries."""
    OFFICE = "office"
    """The committee's first page."""
    UNIT = "unit"
    """The unit's first page."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A box with a heading in a page. `body` is Markdown; panels stand by ascending `order`, then by key."""

    key: str
    slot: str
    title: Text
    body: Text
    order: int = 100
    clause: str | None = None


DOCUMENT_FIELDS = ("edition", "code", "title", "field", "unit", "authors", "date")
"""Names that may stand in braces in a document: of the edition, and where it is one entry's, of the entry."""


@dataclass(frozen=True, slots=True)
class Document:
    """A paper of the contest, in Markdown, to read and print.

    Without `per_entry` it stands on the page of documents; with it, each dossier has its own, filled from the dossier:
    DOCUMENT_FIELDS in braces, and `{answer.KEY}` for the answer to a question of the dossier form.
    """

    key: str
    title: Text
    body: Text
    per_entry: bool = False
    clause: str | None = None
