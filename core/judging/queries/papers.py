"""Reads of paper score sheets: one by its code with what was keyed in, and a round's list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, case, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running
from core.judging.blind import approved_title, blind_by_rules, reads_blind, title_shown
from core.judging.models import Assignment, Judge
from core.judging.paper_models import PaperAnswer, PaperKeying, PaperSheet
from core.judging.values import JudgeView
from core.kernel.db import session
from core.people.models import Account

PER_PAGE = 50


class Standing(StrEnum):
    """How far a paper sheet is."""

    PRINTED = "printed"
    BEGUN = "begun"
    KEYED = "keyed"  # by one; the second person's turn
    DIFFERS = "differs"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Keying:
    """What one person keyed in."""

    turn: int
    account_id: UUID
    name: str
    scores: Mapping[str, Decimal]
    remark: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """An objection of the judge and what he was answered."""

    at: datetime
    objection: str
    answer: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper sheet with its judge, its entry, what was keyed in from it (the first turn first), and what was answered
    to the judge's objections (the newest first)."""

    stored: PaperSheet
    judge: JudgeView
    judge_name: str
    entry_code: str
    entry_title: str
    keyings: tuple[Keying, ...]
    answers: tuple[Answered, ...] = ()

    @property
    def has_objection(self) -> bool:
        """Whether the judge objects and waits for an answer."""
        return self.stored.objected_at is not None and self.stored.settled_at is None

    @property
    def differing(self) -> frozenset[str]:
        """Where two whole readings differ: keys of criteria, and "remark" for other words (blanks do not count)."""
        if sum(one.is_done for one in self.keyings) < 2:
            return frozenset()
        first, second = self.keyings
        keys = first.scores.keys() | second.scores.keys()
        found = {key for key in keys if first.scores.get(key) != second.scores.get(key)}
        if first.remark.split() != second.remark.split():
            found.add("remark")
        return frozenset(found)

    @property
    def standing(self) -> Standing:
        """How far it is."""
        return _standing(
            is_locked=self.stored.locked_at is not None,
            keyed=len(self.keyings),
            done=sum(one.is_done for one in self.keyings),
        )

    def turn_of(self, account_id: UUID) -> int:
        """The turn that is, or would be, this person's."""
        for one in self.keyings:
            if one.account_id == account_id:
                return one.turn
        return 1 if not self.keyings else 2

    def keying(self, turn: int) -> Keying | None:
        """What was keyed in at a turn."""
        return next((one for one in self.keyings if one.turn == turn), None)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line of the list."""

    code: str
    judge: str
    judge_name: str
    entry_code: str
    entry_title: str
    standing: Standing
    has_scan: bool
    has_objection: bool


def paper_by_code(edition: EditionView, round_key: str, code: str) -> Paper | None:
    """The paper sheet of that code in the round. Two queries, and one more where the judge objected."""
    ask = (
        select(PaperSheet, Judge, Account.name, Entry.code, title_shown(edition, round_key))
        .join(Judge, Judge.id == PaperSheet.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .join(Entry, Entry.id == PaperSheet.entry_id)
        .where(PaperSheet.edition_id == edition.id, PaperSheet.round == round_key, PaperSheet.code == code)
    )
    row = session().execute(ask.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        return None
    stored, judge, name, entry_code, title = row
    keyed = (
        select(PaperKeying, Account.name)
        .join(Account, Account.id == PaperKeying.account_id)
        .where(PaperKeying.paper_id == stored.id)
        .order_by(PaperKeying.turn)
        .execution_options(populate_existing=True)
    )
    keyings = tuple(
        Keying(
            one.turn,
            one.account_id,
            who,
            {key: Decimal(text) for key, text in one.scores.items()},
            one.remark,
            one.is_done,
        )
        for one, who in session().execute(keyed)
    )
    view = JudgeView(judge.id, judge.account_id, judge.number, judge.is_active)
    answers = _answers(stored) if stored.objected_at is not None else ()
    return Paper(stored, view, name, entry_code or "", title, keyings, answers)


def _answers(stored: PaperSheet) -> tuple[Answered, ...]:
    ask = select(PaperAnswer).where(PaperAnswer.paper_id == stored.id).order_by(PaperAnswer.at.desc())
    return tuple(Answered(one.at, one.objection, one.answer) for one in session().scalars(ask))


def paper_list(
    edition: EditionView, round_key: str, *, page: int = 1, only: Standing | None = None
) -> tuple[list[PaperRow], int]:
    """One page of the round's paper sheets, what needs work first, and how many there are. Two queries."""
    keyed = (
        select(
            PaperKeying.paper_id,
            func.count().label("keyed"),
            func.sum(case((PaperKeying.is_done.is_(True), 1), else_=0)).label("done"),
        )
        .group_by(PaperKeying.paper_id)
        .subquery()
    )
    count, done = func.coalesce(keyed.c.keyed, 0), func.coalesce(keyed.c.done, 0)
    order = case(
        (and_(PaperSheet.objected_at.is_not(None), PaperSheet.settled_at.is_(None)), 0),
        (PaperSheet.locked_at.is_not(None), 4),
        (done == 2, 1),
        (done == 1, 2),
        else_=3,
    )
    ask = (
        select(
            PaperSheet, Judge.number, Account.name, Entry.code, title_shown(edition, round_key), count, done
        )
        .join(Judge, Judge.id == PaperSheet.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .join(Entry, Entry.id == PaperSheet.entry_id)
        .outerjoin(keyed, keyed.c.paper_id == PaperSheet.id)
        .where(PaperSheet.edition_id == edition.id, PaperSheet.round == round_key)
    )
    if only is Standing.KEYED:
        ask = ask.where(PaperSheet.locked_at.is_(None), done == 1)
    elif only is Standing.DIFFERS:
        ask = ask.where(PaperSheet.locked_at.is_(None), done == 2)
    total = session().scalars(select(func.count()).select_from(ask.subquery())).one()
    shown = ask.order_by(order, Judge.number, Entry.code).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    rows = [
        PaperRow(
            code=one.code,
            judge=number,
            judge_name=name,
            entry_code=entry_code or "",
            entry_title=title,
            standing=_standing(is_locked=one.locked_at is not None, keyed=keyed_by, done=done_by),
            has_scan=one.scan_sha256 is not None,
            has_objection=one.objected_at is not None and one.settled_at is None,
        )
        for one, number, name, entry_code, title, keyed_by, done_by in session().execute(shown)
    ]
    return rows, total


def waiting_in_round(edition: EditionView, round_key: str) -> int:
    """How many entries of a blind round cannot be printed for their judges: nothing of them is approved. One query."""
    ask = (
        select(func.count(Entry.id.distinct()))
        .join(Assignment, Assignment.entry_id == Entry.id)
        .where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
        .where(Assignment.round == round_key, is_running())
        .where(reads_blind([], blind_by_rules(edition), round_key), approved_title(round_key).is_(None))
    )
    return session().scalars(ask).one()


def _standing(*, is_locked: bool, keyed: int, done: int) -> Standing:
    if is_locked:
        return Standing.LOCKED
    if done:
        return Standing.KEYED if done == 1 else Standing.DIFFERS
    return Standing.BEGUN if keyed else Standing.PRINTED
