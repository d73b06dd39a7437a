"""What a plan is made from, as it stands in the database, and the proposals for a round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet, under_conflict
from core.judging.bars import Bar, barred_pairs
from core.judging.models import Assignment, Judge, RoundEntry, Sheet
from core.judging.plan import Fit, Pair, PlanEntry, PlanJudge, Problem
from core.judging.plan_models import JudgeField, PlanProposal
from core.judging.setups import Setup, setup_of
from core.judging.states import SheetState
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class Situation:
    """A round as a plan sees it: the problem, why pairs are barred, and whom and what its names stand for."""

    setup: Setup
    problem: Problem
    bars: Mapping[Pair, Bar]
    titles: Mapping[str, str]
    names: Mapping[str, str]
    entry_ids: Mapping[str, UUID]
    judge_ids: Mapping[str, UUID]

    @property
    def digest(self) -> str:
        """SHA-256 of the problem in canonical form: another one is another situation."""
        return problem_digest(self.problem)


@dataclass(frozen=True, slots=True)
class JudgeFields:
    """A judge of the council with what he knows: field → fit."""

    id: UUID
    number: str
    name: str
    fits: Mapping[str, Fit]


def situation(edition: EditionView, round_key: str) -> Situation:
    """The round as it stands. A fixed number of queries, twelve at most."""
    setup = setup_of(edition.id, round_key)
    council = judges_with_fields(edition)
    asked = (
        select(Entry.id, Entry.code, Entry.title, Entry.field)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    rows = list(session().execute(asked))
    codes = {row.id: row.code or "" for row in rows}
    numbers = {one.id: one.number for one in council}
    bars = {
        (codes[entry], numbers[judge]): why
        for (judge, entry), why in barred_pairs(edition.id, round_key).items()
        if entry in codes and judge in numbers
    }
    kept, done = _with_sheets(edition.id, round_key, codes, numbers)
    problem = Problem(
        entries=tuple(PlanEntry(codes[row.id], row.field, done.get(row.id, 0)) for row in rows),
        judges=tuple(
            PlanJudge(
                one.number,
                frozenset(key for key, fit in one.fits.items() if fit is Fit.MATCH),
                frozenset(key for key, fit in one.fits.items() if fit is Fit.NEAR),
            )
            for one in council
        ),
        k=setup.k,
        barred=frozenset(bars),
        kept=kept,
        least=setup.least,
        most=setup.most,
        weights=setup.weights,
        seed=setup.seed,
    )
    return Situation(
        setup=setup,
        problem=problem,
        bars=bars,
        titles={codes[row.id]: row.title for row in rows},
        names={one.number: one.name for one in council},
        entry_ids={code: entry_id for entry_id, code in codes.items()},
        judge_ids={one.number: one.id for one in council},
    )


def _with_sheets(
    edition_id: UUID, round_key: str, codes: Mapping[UUID, str], numbers: Mapping[UUID, str]
) -> tuple[frozenset[Pair], dict[UUID, int]]:
    """The pairs of the council with a sheet, begun or locked; how often who left has scored an entry. One query."""
    ask = (
        select(Assignment.judge_id, Assignment.entry_id, Sheet.state, Assignment.ended_at)
        .join(Sheet, of_sheet())
        .where(Assignment.edition_id == edition_id, Assignment.round == round_key, ~under_conflict())
        .where(Sheet.state != SheetState.ABSTAINED)
    )
    kept: set[Pair] = set()
    done: dict[UUID, int] = defaultdict(int)
    for judge_id, entry_id, state, ended_at in session().execute(ask):
        if entry_id not in codes:
            continue
        if judge_id in numbers and (ended_at is None or state == SheetState.LOCKED):
            kept.add((codes[entry_id], numbers[judge_id]))
        elif state == SheetState.LOCKED:
            done[entry_id] += 1
    return frozenset(kept), dict(done)


def judges_with_fields(edition: EditionView) -> list[JudgeFields]:
    """The active judges by number, with the fields that they know. Two queries."""
    fits: dict[UUID, dict[str, Fit]] = defaultdict(dict)
    told = select(JudgeField).join(Judge, Judge.id == JudgeField.judge_id)
    for one in session().scalars(told.where(Judge.edition_id == edition.id)):
        fits[one.judge_id][one.field] = Fit(one.fit)
    ask = (
        select(Judge.id, Judge.number, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
    )
    found = [JudgeFields(row.id, row.number, row.name, fits[row.id]) for row in session().execute(ask)]
    return sorted(found, key=lambda one: int(one.number[1:]))


def newest_proposal(edition_id: UUID, round_key: str) -> PlanProposal | None:
    """The proposal in hand, or the one that was issued last. One query."""
    ask = select(PlanProposal).where(PlanProposal.edition_id == edition_id, PlanProposal.round == round_key)
    return session().scalars(ask.order_by(PlanProposal.number.desc()).limit(1)).first()


def running_pairs(edition_id: UUID, round_key: str, here: Situation) -> list[Pair]:
    """The pairs (code, number) of a round that run, among its entries and council, save abstentions. One query."""
    codes = {entry_id: code for code, entry_id in here.entry_ids.items()}
    numbers = {judge_id: number for number, judge_id in here.judge_ids.items()}
    ask = select(Assignment.entry_id, Assignment.judge_id).where(
        Assignment.edition_id == edition_id, Assignment.round == round_key, is_running()
    )
    found = {
        (codes[row.entry_id], numbers[row.judge_id])
        for row in session().execute(ask)
        if row.entry_id in codes and row.judge_id in numbers
    }
    return sorted(pair for pair in found if here.bars.get(pair) is not Bar.ABSTAINED)


def unassigned_entries(edition_id: UUID, round_key: str, *, but_abstained: bool = False) -> int:
    """How many entries of a round nobody is to judge and nobody has judged: who abstained does neither. One query.

    `but_abstained` leaves out those whose judges all abstained: nothing more is to be waited for there.
    """
    waits = is_running()
    if not but_abstained:
        waits = and_(waits, or_(Sheet.state.is_(None), Sheet.state != SheetState.ABSTAINED))
    stands = (
        select(Assignment.id)
        .outerjoin(Sheet, of_sheet())
        .where(
            Assignment.entry_id == Entry.id,
            Assignment.round == round_key,
            or_(waits, and_(Sheet.state == SheetState.LOCKED, ~under_conflict())),
        )
    )
    ask = (
        select(func.count())
        .select_from(RoundEntry)
        .join(Entry, Entry.id == RoundEntry.entry_id)
        .where(RoundEntry.edition_id == edition_id, RoundEntry.round == round_key)
        .where(Entry.state == State.ACCEPTED, ~stands.exists())
    )
    return session().scalars(ask).one()


def problem_digest(problem: Problem) -> str:
    """SHA-256 of a problem in canonical form, whatever the order of its parts."""
    weights = problem.weights
    document: dict[str, Any] = {
        "entries": sorted([one.code, one.field or "", one.done] for one in problem.entries),
        "judges": sorted([one.number, sorted(one.knows), sorted(one.near)] for one in problem.judges),
        "barred": sorted(map(list, problem.barred)),
        "kept": sorted(map(list, problem.kept)),
        "k": problem.k,
        "least": problem.least,
        "most": problem.most,
        "seed": problem.seed,
        "weights": [weights.near, weights.none, weights.load, weights.spread],
    }
    return sha256_of(document)
