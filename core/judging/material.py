"""New material from the entries of a round, as it is read: by entrants, by the committee, by the round's judges.

The dossier as it was handed in is not touched: what comes here stands beside it, under the round that asked for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.entries.models import Entry
from core.entries.pages import Answer, AnswerGroup, FileCopy
from core.entries.policies import NO_FILE, access_entry, has_right
from core.entries.rights import Right
from core.entries.states import State
from core.judging.assigning import is_running
from core.judging.material_models import (
    MaterialCall,
    MaterialFile,
    MaterialQuestion,
    MaterialReceipt,
    MaterialText,
)
from core.judging.models import Assignment, Judge, RoundEntry
from core.judging.policies import reads_entry_blind
from core.judging.seating import pledge_missing
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.plugin_api import FieldKind, FormField, Round, Text

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
ACCEPT = (".pdf", ".docx", ".pptx", ".xlsx", ".jpg", ".jpeg", ".png")


class Asked(StrEnum):
    """What a question takes."""

    TEXT = "text"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file as a list of files shows it."""

    id: UUID
    name: str
    size: int
    pages: int | None
    scan: str = "clean"
    preview: str | None = None

    @property
    def href(self) -> str:
        """Where those who may read it find it."""
        return url_for("material.file", file_id=self.id)


@dataclass(frozen=True, slots=True)
class Sent:
    """What an entry's entrants sent to one question."""

    question: MaterialQuestion
    text: str
    files: tuple[MaterialFile, ...]

    @property
    def is_missing(self) -> bool:
        """Whether nothing is there though it is asked for."""
        return self.question.is_required and not self.text and not self.files

    @property
    def shown(self) -> tuple[ShownFile, ...]:
        """The files for a list."""
        return tuple(ShownFile(one.id, one.name, one.size, one.pages) for one in self.files)

    @property
    def in_dossier(self) -> tuple[FileCopy, ...]:
        """The files beside those of the dossier."""
        return tuple(
            FileCopy(
                f"/du-thi/tai-lieu-bo-sung/tep/{one.id}",  # `material.file`; jobs have no request to build it from
                one.name,
                one.sha256,
                one.size,
                one.media_type,
                one.pages,
            )
            for one in self.files
        )


def call_of(edition_id: UUID, round_key: str) -> MaterialCall | None:
    """What is asked of the entries of a round, if anything is. One query."""
    ask = select(MaterialCall).where(MaterialCall.edition_id == edition_id, MaterialCall.round == round_key)
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()


def questions_of(call_id: UUID) -> list[MaterialQuestion]:
    """The questions of a call in their order. One query."""
    ask = select(MaterialQuestion).where(MaterialQuestion.call_id == call_id)
    return list(session().scalars(ask.order_by(MaterialQuestion.position)))


def sent_by(call: MaterialCall, entry_id: UUID) -> list[Sent]:
    """What came from an entry, by question. Three queries."""
    return _sent(questions_of(call.id), [entry_id])[entry_id]


def receipts_of(call_id: UUID, entry_id: UUID) -> list[MaterialReceipt]:
    """The receipts of an entry, the newest first. One query."""
    ask = select(MaterialReceipt).where(
        MaterialReceipt.call_id == call_id, MaterialReceipt.entry_id == entry_id
    )
    return list(session().scalars(ask.order_by(MaterialReceipt.number.desc())))


def access_material(actor: Actor, ref: str) -> tuple[Entry, MaterialCall]:
    """The reader's own dossier and what is asked of it; NotFound where nothing is. Three queries at most."""
    entry = access_entry(actor, ref)
    ask = (
        select(MaterialCall)
        .join(
            RoundEntry,
            (RoundEntry.round == MaterialCall.round) & (RoundEntry.edition_id == MaterialCall.edition_id),
        )
        .where(RoundEntry.entry_id == entry.id, MaterialCall.edition_id == entry.edition_id)
        .order_by(MaterialCall.opens_at.desc())
    )
    call = session().scalars(ask).first()
    if call is None or entry.state != State.ACCEPTED:
        raise NotFound(_("Ban Tổ chức chưa đề nghị hồ sơ này nộp thêm tài liệu."))
    return entry, call


def access_material_file(actor: Actor, file_id: UUID) -> MaterialFile:
    """A file for who may read it: who has a right to the dossier, the committee, and the judges of that round.

    What an officer or a judge has a conflict with is not his, nor what a judge reads blind. Raises NotFound.
    """
    found = session().scalars(select(MaterialFile).where(MaterialFile.id == file_id)).one_or_none()
    if found is None:
        raise NotFound(_(NO_FILE))
    entry = session().get(Entry, (session().tenant_id, found.entry_id))
    if entry is None:
        raise NotFound(_(NO_FILE))
    if has_right(actor, entry, Right.VIEW):
        return found
    is_reader = actor.is_(Role.COMMITTEE) or _judges_there(actor, entry, found)
    if not is_reader or is_barred(actor, entry.id):
        raise NotFound(_(NO_FILE))
    return found


def material_group(edition: EditionView, judging_round: Round, entry_id: UUID) -> list[AnswerGroup]:
    """What came from an entry in the round, as a group of its dossier for the judges of that round. One query."""
    newest = (
        select(func.max(MaterialReceipt.at))
        .where(MaterialReceipt.call_id == MaterialCall.id, MaterialReceipt.entry_id == entry_id)
        .scalar_subquery()
    )
    its_text = (MaterialText.question_id == MaterialQuestion.id) & (MaterialText.entry_id == entry_id)
    its_file = (MaterialFile.question_id == MaterialQuestion.id) & (MaterialFile.entry_id == entry_id)
    ask = (
        select(MaterialQuestion, func.coalesce(MaterialText.text, ""), MaterialFile, newest)
        .join(MaterialCall, MaterialCall.id == MaterialQuestion.call_id)
        .outerjoin(MaterialText, its_text)
        .outerjoin(MaterialFile, its_file & MaterialFile.removed_at.is_(None))
        .where(MaterialCall.edition_id == edition.id, MaterialCall.round == judging_round.key)
        .order_by(MaterialQuestion.position, MaterialFile.added_at, MaterialFile.id)
    )
    sent: list[Sent] = []
    at: datetime | None = None
    for (question, text), rows in groupby(session().execute(ask), key=lambda row: (row[0], row[1])):
        files: list[MaterialFile] = []
        for row in rows:
            at, held = row[3], row[2]
            if held is not None:
                files.append(held)
        sent.append(Sent(question, text, tuple(files)))
    if not any(one.text or one.files for one in sent):
        return []
    title = _("Tài liệu bổ sung, %(round)s", round=judging_round.name.in_(locale()))
    if at is not None:
        title = _("%(title)s (gửi lúc %(at)s)", title=title, at=datetime_(at, locale()))
    answers = tuple(Answer(one.question.title, one.text, True, one.in_dossier) for one in sent)
    return [AnswerGroup("tai_lieu_bo_sung", title, answers)]


@dataclass(frozen=True, slots=True)
class SentRow:
    """An entry of the round in the committee's list: how many questions are answered, what came, and when last."""

    code: str
    title: str
    answered: int
    missing: int
    last_at: datetime | None
    sent: tuple[Sent, ...] = ()


def sent_rows(edition: EditionView, call: MaterialCall) -> list[SentRow]:
    """Every entry of the round with what came from it, by code. Five queries."""
    ask = (
        select(Entry.id, Entry.code, Entry.title)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == call.round)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    rows = list(session().execute(ask))
    sent = _sent(questions_of(call.id), [row.id for row in rows])
    last = {
        row[0]: row[1]
        for row in session().execute(
            select(MaterialReceipt.entry_id, func.max(MaterialReceipt.at))
            .where(MaterialReceipt.call_id == call.id)
            .group_by(MaterialReceipt.entry_id)
        )
    }
    return [
        SentRow(
            code=row.code or "",
            title=row.title,
            answered=sum(1 for one in sent[row.id] if one.text or one.files),
            missing=sum(1 for one in sent[row.id] if one.is_missing),
            last_at=last.get(row.id),
            sent=tuple(one for one in sent[row.id] if one.text or one.files),
        )
        for row in rows
    ]


def field_of(question: MaterialQuestion) -> FormField:
    """A question that takes files as a field of a form, so that the house's checks of files hold for it."""
    return FormField(
        name_of(question),
        Text(question.title),
        FieldKind.FILES,
        required=question.is_required,
        accept=ACCEPT,
        max_files=question.max_files,
        max_bytes=MOST_BYTES,
        official=False,
    )


def name_of(question: MaterialQuestion) -> str:
    """What a question is called in its form."""
    return f"q{question.position}"


def _sent(questions: Sequence[MaterialQuestion], ids: Iterable[UUID]) -> dict[UUID, list[Sent]]:
    """Entry → what came, by question. Two queries."""
    wanted, keys = list(ids), [one.id for one in questions]
    texts = {
        (one.entry_id, one.question_id): one.text
        for one in session().scalars(
            select(MaterialText).where(MaterialText.question_id.in_(keys), MaterialText.entry_id.in_(wanted))
        )
    }
    files: dict[tuple[UUID, UUID], list[MaterialFile]] = defaultdict(list)
    ask = select(MaterialFile).where(
        MaterialFile.question_id.in_(keys),
        MaterialFile.entry_id.in_(wanted),
        MaterialFile.removed_at.is_(None),
    )
    for one in session().scalars(ask.order_by(MaterialFile.added_at, MaterialFile.id)):
        files[one.entry_id, one.question_id].append(one)
    return {
        entry: [
            Sent(asked, texts.get((entry, asked.id), ""), tuple(files[entry, asked.id]))
            for asked in questions
        ]
        for entry in wanted
    }


def _judges_there(actor: Actor, entry: Entry, held: MaterialFile) -> bool:
    if actor.id is None or not actor.is_(Role.JUDGE) or reads_entry_blind(actor.id, entry):
        return False
    ask = (
        select(Assignment.id)
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(MaterialQuestion, MaterialQuestion.id == held.question_id)
        .join(MaterialCall, MaterialCall.id == MaterialQuestion.call_id)
        .where(Judge.account_id == actor.id, Judge.is_active.is_(True), is_running())
        .where(Assignment.entry_id == held.entry_id, Assignment.round == MaterialCall.round)
        .where(~pledge_missing(actor.id))
    )
    return session().scalars(ask.limit(1)).first() is not None
