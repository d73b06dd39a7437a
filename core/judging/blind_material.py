"""New material in blind rounds: part of what is looked through, covered and approved, and read by judges then alone.

What is approved holds for the material as it was sent then. Once more comes, the dossier stays approved and its
material is shown no longer, until an officer has approved it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.pages import Answer, AnswerGroup, FileCopy
from core.judging.material import call_of, receipts_of, sent_by
from core.judging.material_models import (
    MaterialCall,
    MaterialFile,
    MaterialReceipt,
    MaterialText,
)
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.plugin_api import Round

PLACE = "material"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is there for it: the text as it was sent, and its files."""

    id: UUID
    title: str
    text: str
    files: tuple[MaterialFile, ...]

    @property
    def place(self) -> str:
        """Where its text stands, as findings name it."""
        return place_of_text(self.id)


@dataclass(frozen=True, slots=True)
class Material:
    """What came from an entry in a round; `number` and `at` are those of its newest receipt."""

    number: int
    at: datetime
    questions: tuple[Question, ...]


def material_of(edition: EditionView, entry: Entry, round_key: str) -> Material | None:
    """What came from the entry in the round, None when nothing did. Five queries at most."""
    call = call_of(edition.id, round_key)
    receipts = [] if call is None else receipts_of(call.id, entry.id)
    if call is None or not receipts:
        return None
    asked = tuple(
        Question(one.question.id, one.question.title, one.text, one.files) for one in sent_by(call, entry.id)
    )
    return Material(receipts[0].number, receipts[0].at, asked)


def material_texts(entry_id: UUID) -> list[tuple[str, str]]:
    """Each text that came from the entry, in all rounds, with its place. One query."""
    ask = select(MaterialText).where(MaterialText.entry_id == entry_id, MaterialText.text != "")
    return [(place_of_text(one.question_id), one.text) for one in session().scalars(ask)]


def material_files(entry_id: UUID) -> list[MaterialFile]:
    """The files that came from the entry, in all rounds, and were not taken out again. One query."""
    ask = select(MaterialFile).where(MaterialFile.entry_id == entry_id, MaterialFile.removed_at.is_(None))
    return list(session().scalars(ask.order_by(MaterialFile.added_at, MaterialFile.id)))


def material_mark(texts: Sequence[tuple[str, str]], files: Sequence[MaterialFile]) -> str:
    """Names what was looked through, "" for nothing: what came since makes another."""
    if not texts and not files:
        return ""
    return sha256_of([sorted(texts), sorted([one.id.hex, one.sha256] for one in files)])


def newest_receipt(round_key: str) -> ScalarSelect[int]:
    """The number of the newest receipt of an `Entry` in the round, as a column; 0 where nothing came."""
    return (
        select(func.coalesce(func.max(MaterialReceipt.number), 0))
        .join(MaterialCall, MaterialCall.id == MaterialReceipt.call_id)
        .where(MaterialReceipt.tenant_id == Entry.tenant_id, MaterialReceipt.entry_id == Entry.id)
        .where(MaterialCall.edition_id == Entry.edition_id, MaterialCall.round == round_key)
        .correlate(Entry)
        .scalar_subquery()
    )


def place_of_text(question_id: UUID) -> str:
    """Where the text to a question stands, as findings name it."""
    return f"{PLACE}.{question_id.hex}"


def question_titles(material: Material | None) -> dict[str, str]:
    """Place of a text → the question, for pages that name places."""
    return {} if material is None else {one.place: one.title for one in material.questions}


def approved_group(
    judging_round: Round, shown: Mapping[str, Any], copies: Sequence[FileCopy]
) -> list[AnswerGroup]:
    """What was approved of the material, as a group beside those of the dossier; `copies` are its files in order."""
    answers, left = [], list(copies)
    for one in shown["answers"]:
        own, left = left[: len(one["files"])], left[len(one["files"]) :]
        answers.append(Answer(one["title"], one["text"], True, tuple(own)))
    if not answers:
        return []
    title = _(
        "Tài liệu bổ sung, %(round)s (gửi lúc %(at)s)",
        round=judging_round.name.in_(locale()),
        at=datetime_(datetime.fromisoformat(shown["at"]), locale()),
    )
    return [AnswerGroup("tai_lieu_bo_sung", title, tuple(answers))]


def material_file(entry_id: UUID, file_id: UUID) -> MaterialFile | None:
    """A file that came from the entry and was not taken out again. One query."""
    ask = select(MaterialFile).where(
        MaterialFile.entry_id == entry_id, MaterialFile.id == file_id, MaterialFile.removed_at.is_(None)
    )
    return session().scalars(ask).one_or_none()
