"""A dossier's own papers: what fills the contest's documents, and where each is opened."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale

from core.contests.values import EditionView
from core.entries.forms import answer_text, questions
from core.entries.models import EntryAuthor
from core.entries.queries import Dossier
from core.entries.words import role_name, share_text
from core.extensions.documents import Paper, access_document, documents_of, paper_of
from core.plugin_api import FieldKind, FormField, Text


def papers_of(edition: EditionView) -> list[tuple[str, Text]]:
    """Key and title of each document that a dossier of the edition has filled in."""
    return [(one.key, one.title) for one in documents_of(edition, per_entry=True)]


def dossier_paper(dossier: Dossier, edition: EditionView, key: str, now: datetime, language: str) -> Paper:
    """The document `key` filled from the dossier as it stands now; raises NotFound."""
    document = access_document(edition, key, per_entry=True)
    return paper_of(document, edition, values_of(dossier, edition), now, language)


def values_of(dossier: Dossier, edition: EditionView) -> dict[str, Text]:
    """What the names in a document stand for in this dossier, in both languages; "" where nothing is known."""
    vietnamese, english = (_values_in(dossier, edition, language) for language in ("vi", "en"))
    return {name: Text(words, english[name]) for name, words in vietnamese.items()}


def _values_in(dossier: Dossier, edition: EditionView, language: str) -> dict[str, str]:
    entry = dossier.entry
    fields = {one.key: one.name.in_(language) for one in edition.rules.entry_fields()}
    with force_locale(language):
        answers = {f"answer.{one.key}": _answer(dossier, one, language) for one in questions(edition)}
        authors = [_author(one) for one in dossier.authors]
    return {
        "code": entry.code or "",
        "title": entry.title,
        "field": fields.get(entry.field or "", ""),
        "unit": dossier.unit.name if dossier.unit else "",
        "authors": ";\n".join(authors),
        **answers,
    }


def _author(author: EntryAuthor) -> str:
    year = str(author.birth_year) if author.birth_year else ""
    share = "" if author.share is None else share_text(author.share)
    parts = (author.name, role_name(author.role), share, year, author.workplace)
    return ", ".join(part for part in parts if part)


def _answer(dossier: Dossier, asked: FormField, language: str) -> str:
    if asked.kind is FieldKind.FILES:
        return ";\n".join(one.name for one in dossier.files_in(asked.key))
    return answer_text(asked, dossier.entry.facts.get(asked.key), language)
