"""The kept totals of a round: made again for the entries whose sheets changed, compared with the sheets, made anew.

A total is what the rules' own `aggregate_sheets` makes of the entry's own sheets. Rules that look at other entries too
(points relative to the best, or to a judge's mean) have no such total: `looks_across` finds them out with a made-up
round before anything is kept, the nightly comparison with real sheets, and nothing is then kept: who reads computes
from the whole round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from uuid import UUID

from flask import g
from sqlalchemy import delete, select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging import stale
from core.judging.assigning import of_sheet, under_conflict
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.states import SheetState
from core.judging.totals_models import PLACES, RoundTally, RoundTotal
from core.kernel.db import ALL_TENANTS, session
from core.kernel.errors import DomainError
from core.kernel.prepared import insert_once
from core.plugin_api import Round, exact_sum, round_half_up
from core.plugin_api import Sheet as RulesSheet
from core.plugin_host import Rules
from core.tenancy.models import Tenant

_AT_ONCE = 400  # ids a statement names: the embedded database takes no more than some thousand parameters


@dataclass(frozen=True, slots=True)
class Total:
    """What the sheets of one entry come to: by the rules, and of the sheets' own totals the sum and both ends."""

    sheets: int
    total: Decimal
    sum: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry whose kept total is not what its sheets give; None where there is none."""

    entry_id: UUID
    kept: Total | None
    found: Total | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a comparison found; `is_kept` False where the rules leave nothing to keep."""

    is_kept: bool
    entries: int
    differences: tuple[Difference, ...]


def settle() -> None:
    """Make again what this unit of work has made stale; nothing when there is nothing.

    Five statements for each round and 400 of its entries.
    """
    current = session()
    for (edition_id, round_key), entries in sorted(stale.taken(current).items()):
        edition = edition_of_id(edition_id)
        rounds = edition.rules.rounds() if edition else ()
        judging_round = next((one for one in rounds if one.key == round_key), None)
        if edition is not None and judging_round is not None:
            _make_again(edition, judging_round, entries)


def rebuild(edition: EditionView, judging_round: Round, *, now: datetime) -> Check:
    """Make all totals of a round anew from its sheets; gives what was wrong before."""
    tally = _held_tally(edition, judging_round)[0]
    before = _kept(edition.id, judging_round.key)
    _make_all(edition, judging_round, tally)
    found = _differences(before, _kept(edition.id, judging_round.key))
    tally.checked_at, tally.differing = now, 0
    session().flush()
    return Check(tally.is_kept, tally.entries, found)


def check(edition: EditionView, judging_round: Round) -> Check:
    """Compare what is kept with what the rules make of the whole round at once. Writes nothing."""
    settle()
    tally = tally_of(edition.id, judging_round.key)
    whole = _computed(edition.rules, judging_round, _sheets(edition.id, judging_round.key))
    if tally is None or not tally.is_kept:
        return Check(is_kept=False, entries=len(whole), differences=())
    return Check(
        is_kept=True,
        entries=len(whole),
        differences=_differences(_kept(edition.id, judging_round.key), whole),
    )


def check_and_mend(edition: EditionView, judging_round: Round, *, now: datetime) -> Check:
    """Compare, note when and how many differed, and mend. Where entry by entry gives
    another total than the whole round does, the rules look across entries after all: then nothing is kept any more."""
    tally = _held_tally(edition, judging_round)[0]
    found = check(edition, judging_round)
    if found.differences:
        _make_all(edition, judging_round, tally)
    tally.checked_at, tally.differing = now, len(found.differences)
    session().flush()
    return found


def tally_of(edition_id: UUID, round_key: str) -> RoundTally | None:
    """What is kept of a round as a whole; None where nothing was kept yet. One query."""
    ask = select(RoundTally).where(RoundTally.edition_id == edition_id, RoundTally.round == round_key)
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()


def whole_round(edition: EditionView, judging_round: Round) -> dict[UUID, Total]:
    """The totals of a round computed from its sheets here and now; as slow as the round is large. One query."""
    return _computed(edition.rules, judging_round, _sheets(edition.id, judging_round.key))


def looks_across(rules: Rules, judging_round: Round) -> bool:
    """Whether the rules make another total of an entry when they see other entries beside it, tried on a made-up round
    of four entries and judges of unlike severity. A yes is sure, a no is not: see `check_and_mend`."""
    sheets = _made_up(judging_round)
    whole = rules.aggregate_sheets(judging_round, sheets).totals
    for code in sorted({one.entry for one in sheets}):
        alone = rules.aggregate_sheets(judging_round, [one for one in sheets if one.entry == code]).totals
        if alone.get(code) != whole.get(code):
            return True
    return False


def _made_up(judging_round: Round) -> list[RulesSheet]:
    found = []
    for entry in range(4):
        for judge in range(3):
            shares = (
                (3 + 2 * entry + 3 * judge + place) % 11 for place in range(len(judging_round.criteria))
            )
            scores = {
                one.key: one.maximum * share / 10 // one.step * one.step
                for one, share in zip(judging_round.criteria, shares, strict=True)
            }
            found.append(RulesSheet(judging_round.key, f"J{judge + 1}", f"MAU-{entry + 1}", scores))
    return found


def _make_again(edition: EditionView, judging_round: Round, entries: Collection[UUID]) -> None:
    tally, is_new = _held_tally(edition, judging_round)
    if is_new:
        _make_all(edition, judging_round, tally)
        return
    tally.revision += 1
    if not tally.is_kept:
        return
    waiting = iter(sorted(entries))
    try:
        while part := list(islice(waiting, _AT_ONCE)):
            found = _computed(edition.rules, judging_round, _sheets(edition.id, judging_round.key, part))
            tally.entries += _store(edition.id, judging_round.key, part, found)
    except DomainError:
        # A sheet is locked whatever becomes of the ranking: nothing is kept, and who reads it is told what failed.
        _keep_nothing(edition.id, judging_round.key, tally)
    session().flush()


def _make_all(edition: EditionView, judging_round: Round, tally: RoundTally) -> None:
    tally.revision += 1
    by_entry = _sheets(edition.id, judging_round.key)
    try:
        found = _computed(edition.rules, judging_round, by_entry)
        across = looks_across(edition.rules, judging_round) or _unlike_alone(
            edition.rules, judging_round, by_entry, found
        )
    except DomainError:
        across, found = True, {}
    _keep_nothing(edition.id, judging_round.key, tally)
    if not across:
        session().add_all(_row(edition.id, judging_round.key, entry, one) for entry, one in found.items())
        tally.is_kept, tally.entries = True, len(found)
    session().flush()


def _unlike_alone(
    rules: Rules,
    judging_round: Round,
    by_entry: Mapping[UUID, Sequence[RulesSheet]],
    whole: Mapping[UUID, Total],
) -> bool:
    """Whether an entry's total is another when the rules see its sheets alone. One call of the rules an entry."""
    return any(
        _computed(rules, judging_round, {entry: own}).get(entry) != whole.get(entry)
        for entry, own in by_entry.items()
    )


def _keep_nothing(edition_id: UUID, round_key: str, tally: RoundTally) -> None:
    tally.is_kept, tally.entries = False, 0
    session().execute(
        delete(RoundTotal).where(RoundTotal.edition_id == edition_id, RoundTotal.round == round_key),
        execution_options={"synchronize_session": "fetch"},
    )
    session().flush()


def _held_tally(edition: EditionView, judging_round: Round) -> tuple[RoundTally, bool]:
    """The round's tally, held until the transaction ends: one writer of a round's totals at a time; whether it is new.

    What others stored before they let go of it is seen by every statement that follows.
    """
    ask = select(RoundTally).where(RoundTally.edition_id == edition.id, RoundTally.round == judging_round.key)
    ask = ask.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is not None:
        return found, False
    values = {
        "edition_id": edition.id,
        "round": judging_round.key,
        "entries": 0,
        "revision": 0,
        "is_kept": True,
        "differing": 0,
        "unlike": 0,
    }
    is_new = insert_once(RoundTally, ("edition_id", "round"), values)
    return session().scalars(ask).one(), is_new


def _store(edition_id: UUID, round_key: str, asked: Sequence[UUID], found: Mapping[UUID, Total]) -> int:
    """Store the totals of the entries `asked`; gives by how many there are more (or fewer) now."""
    ask = select(RoundTotal).where(RoundTotal.round == round_key, RoundTotal.entry_id.in_(asked))
    rows = {one.entry_id: one for one in session().scalars(ask.execution_options(populate_existing=True))}
    grown = 0
    for entry in asked:
        row, value = rows.get(entry), found.get(entry)
        if row is None and value is not None:
            session().add(_row(edition_id, round_key, entry, value))
            grown += 1
        elif row is not None and value is None:
            session().delete(row)
            grown -= 1
        elif row is not None and value is not None:
            row.sheets, row.total, row.sum = value.sheets, value.total, value.sum
            row.least, row.most = value.least, value.most
    return grown


def _row(edition_id: UUID, round_key: str, entry: UUID, value: Total) -> RoundTotal:
    return RoundTotal(
        edition_id=edition_id,
        round=round_key,
        entry_id=entry,
        sheets=value.sheets,
        total=value.total,
        sum=value.sum,
        least=value.least,
        most=value.most,
    )


def _kept(edition_id: UUID, round_key: str) -> dict[UUID, Total]:
    ask = select(
        RoundTotal.entry_id,
        RoundTotal.sheets,
        RoundTotal.total,
        RoundTotal.sum,
        RoundTotal.least,
        RoundTotal.most,
    ).where(RoundTotal.edition_id == edition_id, RoundTotal.round == round_key)
    return {row[0]: Total(*row[1:]) for row in session().execute(ask)}


def _differences(kept: Mapping[UUID, Total], found: Mapping[UUID, Total]) -> tuple[Difference, ...]:
    return tuple(
        Difference(entry, kept.get(entry), found.get(entry))
        for entry in sorted(kept.keys() | found.keys())
        if kept.get(entry) != found.get(entry)
    )


def _sheets(
    edition_id: UUID, round_key: str, entries: Collection[UUID] | None = None
) -> dict[UUID, list[RulesSheet]]:
    """The sheets that count, of entries in the contest: entry → its sheets. One query."""
    ask = (
        select(Sheet.entry_id, Entry.code, Judge.number, SheetScore.criterion, SheetScore.points)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .join(SheetScore, SheetScore.sheet_id == Sheet.id)
        .where(Sheet.round == round_key, Sheet.state == SheetState.LOCKED)
        .where(~under_conflict(), Entry.state == State.ACCEPTED)
    )
    # An entry is of one edition. Named beside it, the embedded database would go through all sheets of the round.
    ask = ask.where(Sheet.edition_id == edition_id if entries is None else Sheet.entry_id.in_(entries))
    scores: dict[tuple[UUID, str, str], dict[str, Decimal]] = defaultdict(dict)
    for entry, code, judge, criterion, points in session().execute(ask):
        scores[entry, code or "", judge][criterion] = points
    found: dict[UUID, list[RulesSheet]] = defaultdict(list)
    for (entry, code, judge), own in sorted(scores.items()):
        found[entry].append(RulesSheet(round_key, judge, code, own))
    return found


def _computed(
    rules: Rules, judging_round: Round, by_entry: Mapping[UUID, Sequence[RulesSheet]]
) -> dict[UUID, Total]:
    """The rules heard once for all that is given."""
    totals = rules.aggregate_sheets(judging_round, _flat(by_entry.values())).totals
    found = {}
    for entry, own in by_entry.items():
        total = totals.get(own[0].entry)
        if total is None:
            continue
        sums = [exact_sum(sheet.scores.values()) for sheet in own]
        rounded = round_half_up(total, PLACES)
        found[entry] = Total(len(own), rounded, exact_sum(sums), min(sums), max(sums))
    return found


def _flat(lists: Iterable[Sequence[RulesSheet]]) -> list[RulesSheet]:
    return [sheet for own in lists for sheet in own]


def edition_of_id(edition_id: UUID) -> EditionView | None:
    """The tenant's edition of that id, inside a request and outside; three queries outside."""
    tenant = g.get("tenant")
    known: tuple[EditionView, ...] = (
        g.get("editions", ()) if tenant and tenant.id == session().tenant_id else ()
    )
    if not any(one.id == edition_id for one in known):
        ask = select(Tenant.slug, Tenant.profile).where(Tenant.id == session().tenant_id)
        slug, profile = session().execute(ask, execution_options=ALL_TENANTS).one()
        known = tuple(editions(slug, profile))
    return next((one for one in known if one.id == edition_id), None)
