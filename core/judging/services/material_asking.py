"""Asking the entries of a round for more: what, and from when until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.errors import MaterialClosed
from core.judging.material import Asked, call_of, questions_of
from core.judging.material_letters import tell_wanted
from core.judging.material_models import MaterialCall, MaterialQuestion
from core.judging.models import RoundEntry
from core.judging.policies import require_manager, round_of
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.text import clean, clean_line
from core.people.models import Account

MOST_QUESTIONS, MOST_FILES = 6, 10
TITLE_CHARS, HELP_CHARS, NOTE_CHARS = 200, 1000, 2000


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """One question as the committee typed it."""

    title: str
    help: str = ""
    kind: Asked = Asked.FILES
    max_files: int = 1
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class CallFacts:
    """What the committee asks for; `revision` is the one it read, 0 for a new one."""

    opens_at: datetime
    closes_at: datetime
    questions: tuple[QuestionFacts, ...]
    note: str = ""
    revision: int = 0


def save_call(edition: EditionView, round_key: str, wanted: CallFacts, *, actor: Actor, now: datetime) -> int:
    """Ask the entries of a round for more, or change what is asked; gives how many letters went out.

    Each entry is told once. Once the window has opened the questions stay; its end may still move, into the future.
    Raises Forbidden, NotFound, MaterialClosed for somebody else's change, Invalid with everything that is wrong.
    """
    require_manager(actor)
    round_of(edition, round_key)
    held_edition(edition.id)
    call = call_of(edition.id, round_key)
    has_opened = call is not None and call.opens_at <= now
    if call is not None and call.revision != wanted.revision:
        raise MaterialClosed(_("Đề nghị này vừa được người khác sửa. Bạn hãy xem lại rồi sửa nếu vẫn cần."))
    _require_fitting(wanted, call, now, has_opened=has_opened)
    if call is None:
        call = MaterialCall(edition_id=edition.id, round=round_key, revision=0)
    call.opens_at = call.opens_at if has_opened else wanted.opens_at
    call.closes_at, call.note = wanted.closes_at, clean(wanted.note)
    call.revision += 1
    session().add(call)
    session().flush()
    if not has_opened:
        for old in questions_of(call.id):
            session().delete(old)
        session().flush()
        for position, one in enumerate(wanted.questions, start=1):
            session().add(
                MaterialQuestion(
                    call_id=call.id,
                    position=position,
                    title=clean_line(one.title),
                    help=clean(one.help),
                    kind=one.kind.value,
                    max_files=one.max_files,
                    is_required=one.is_required,
                )
            )
        session().flush()
    line = {
        "round": round_key,
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat(),
        "questions": [one.title for one in questions_of(call.id)],
    }
    audit.append("material.asked", f"{edition.key}/{round_key}", line, actor=actor, now=now)
    return tell_entrants(edition, call, now=now)


def tell_entrants(edition: EditionView, call: MaterialCall, *, now: datetime) -> int:
    """A letter to the owner of each entry of the round, once; gives how many were asked to go out."""
    ask = (
        select(Entry, Account)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .join(Account, Account.id == Entry.owner_id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == call.round)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    sent = 0
    for entry, account in session().execute(ask):
        tell_wanted(edition, call, entry, account, now=now)
        sent += 1
    return sent


def _require_fitting(
    wanted: CallFacts, call: MaterialCall | None, now: datetime, *, has_opened: bool
) -> None:
    wrong: dict[str, list[str]] = {} if has_opened else _wrong_questions(wanted.questions)
    opens_at = call.opens_at if call is not None and has_opened else wanted.opens_at
    if wanted.closes_at <= opens_at:
        wrong["closes"] = [_("Thời điểm kết thúc phải sau thời điểm mở.")]
    elif wanted.closes_at <= now and (call is None or wanted.closes_at != call.closes_at):
        wrong["closes"] = [_("Thời điểm kết thúc mới phải sau lúc này.")]
    if len(wanted.note) > NOTE_CHARS:
        wrong["note"] = [_too_long(NOTE_CHARS)]
    if wrong:
        raise Invalid(wrong)


def _wrong_questions(questions: Sequence[QuestionFacts]) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    if not questions:
        wrong["title_1"] = [_("Bạn hãy ghi ít nhất một mục cần nộp.")]
    for number, one in enumerate(questions[:MOST_QUESTIONS], start=1):
        if len(clean_line(one.title)) > TITLE_CHARS:
            wrong[f"title_{number}"] = [_too_long(TITLE_CHARS)]
        if len(one.help) > HELP_CHARS:
            wrong[f"help_{number}"] = [_too_long(HELP_CHARS)]
        if not 1 <= one.max_files <= MOST_FILES:
            wrong[f"max_files_{number}"] = [
                _("Hãy ghi một số nguyên từ %(least)s đến %(most)s.", least=1, most=MOST_FILES)
            ]
    return wrong


def _too_long(most: int) -> str:
    return str(_("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=most))
