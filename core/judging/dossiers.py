"""What a judge reads of a dossier: the one way from a sheet's place to the words and files shown to him."""

from __future__ import annotations

from dataclasses import dataclass

from core.contests.values import EditionView
from core.entries import words
from core.entries.models import Entry
from core.entries.pages import AnswerGroup, answers
from core.entries.queries import dossier_of
from core.judging.material import material_group
from core.judging.values import SheetPlace
from core.kernel.db import session
from core.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShownAuthor:
    """An author as a judge reads him."""

    name: str
    role: str
    workplace: str


@dataclass(frozen=True, slots=True)
class ShownDossier:
    """A dossier as its judge reads it; what he may not know is not in it."""

    code: str
    title: str
    field_name: str
    authors: tuple[ShownAuthor, ...]
    unit_name: str
    groups: tuple[AnswerGroup, ...]


def shown_to_judge(edition: EditionView, place: SheetPlace) -> ShownDossier:
    """What the judge of `place` may read of the dossier there."""
    entry = session().get(Entry, (session().tenant_id, place.entry_id))
    if entry is None:
        raise NotFound
    dossier = dossier_of(entry)
    return ShownDossier(
        code=place.entry_code,
        title=dossier.entry.title,
        field_name=words.field_name(edition, dossier.entry.field) or "",
        authors=tuple(
            ShownAuthor(one.name, words.role_name(one.role), one.workplace or "") for one in dossier.authors
        ),
        unit_name=dossier.unit.name if dossier.unit else "",
        groups=(*answers(dossier, edition), *material_group(edition, place.round, entry.id)),
    )
