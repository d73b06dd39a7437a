"""Whether the locked sheets are still what was locked, or what was changed of them in a deliberation."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import of_sheet
from core.judging.commitments import form_of, sealed
from core.judging.models import Assignment, Judge, Sheet, SheetScore
from core.judging.queries.standings import counted
from core.judging.states import SheetState
from core.judging.totals_models import RoundTally
from core.kernel import audit
from core.kernel.db import session

SHEET_ACTIONS = ("sheet.locked", "sheet.changed")
CONFLICT_ACTIONS = ("conflict.declared", "conflict.confirmed", "conflict.dismissed")
_GONE = ("entry.withdrawn", "entry.refused")
_ENTRY_ACTIONS = (*_GONE, "entry.accepted", "entry.returned", "entry.reopened", "entry.submitted")
READ = (*SHEET_ACTIONS, *CONFLICT_ACTIONS, *_ENTRY_ACTIONS)

Place = tuple[str, str]  # round, entry
Whole = tuple[str, str, str]  # round, judge, entry


@dataclass(frozen=True, slots=True)
class LogCheck:
    """What the audit log says of locked sheets beside what stands in the database; nothing is in it when all holds.

    `false_line`: the first line of the log that was changed itself, as far as this comparison reads it. `unlike`:
    sheets (round, judge, entry) that are not what the log says this judge locked. `lost`: (round, entry) once for each
    sheet that was locked and is no more. `left_out`: sheets that do not count, with no line of the log that says why.
    `counted`: sheets that count although the log says they must not.
    """

    unlike: tuple[Whole, ...] = ()
    lost: tuple[Place, ...] = ()
    left_out: tuple[Whole, ...] = ()
    counted: tuple[Whole, ...] = ()
    false_line: int | None = None

    @property
    def holds(self) -> bool:
        """Whether everything is as the log says, and the log as it was written."""
        return self.false_line is None and not self.sheets

    @property
    def sheets(self) -> int:
        """How many sheets are told of."""
        return len(self.unlike) + len(self.lost) + len(self.left_out) + len(self.counted)

    def in_round(self, round_key: str) -> int:
        """How many sheets of a round are not what the log says."""
        told = (*self.unlike, *self.lost, *self.left_out, *self.counted)
        return sum(one[0] == round_key for one in told)


@dataclass(frozen=True, slots=True)
class LockedRow:
    """A locked sheet as it is stored, whether it counts or not."""

    id: UUID
    round: str
    judge: str
    entry: str
    entry_state: str
    counts: bool
    commitment: str
    nonce: str
    remark: str

    @property
    def whole(self) -> Whole:
        """Round, judge and entry."""
        return self.round, self.judge, self.entry

    @property
    def place(self) -> Place:
        """Round and entry."""
        return self.round, self.entry


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log says: commitments (round, entry, commitment) that are good, with the form of each; of (judge,
    entry) whether a conflict stands; of an entry the last that was decided."""

    good: Mapping[tuple[str, str, str], int]
    conflicts: Mapping[tuple[str, str], bool] = field(hash=False)
    entries: Mapping[str, str] = field(hash=False)


def check_with_log(edition: EditionView) -> LogCheck:
    """Compare every locked sheet with the audit log, and the log's lines that this takes with the log's head.

    Six queries. Each commitment of the log is good for one sheet. A sheet that was changed in a deliberation has a
    line for each change, which names the commitment before it: what stood before is no longer good.
    """
    lines = list(audit.lines(actions=READ))
    codes = codes_of(edition.id)
    told = _told(edition, lines, codes)
    rows, scores = locked_rows(edition.id), scores_by_sheet(edition.id)
    held: dict[tuple[str, str, str], list[LockedRow]] = defaultdict(list)
    unlike: set[Whole] = set()
    for row in rows:
        key = (*row.place, row.commitment)
        if key in told.good:
            held[key].append(row)
        else:
            unlike.add(row.whole)
    for key, claiming in held.items():
        right = [row for row in claiming if _again(edition.key, row, scores, told.good[key]) == key[2]]
        # One line of the log is one sheet: of two that give its commitment nobody can say which was locked.
        fine = set() if len(right) > 1 else {row.id for row in right}
        unlike.update(row.whole for row in claiming if row.id not in fine)
    return LogCheck(
        unlike=tuple(sorted(unlike)),
        lost=tuple(sorted(_lost(told, held, rows, codes))),
        left_out=tuple(sorted(row.whole for row in rows if _is_left_out(row, told))),
        counted=tuple(sorted(row.whole for row in rows if _must_not_count(row, told))),
        false_line=audit.first_false_line(lines),
    )


def line_found_at_night(edition_id: UUID) -> int | None:
    """The first changed line of the log that the last nightly look at all lines found. One query."""
    ask = select(func.min(RoundTally.false_line)).where(RoundTally.edition_id == edition_id)
    return session().scalars(ask).one()


def sheets_unlike_their_commitment(edition: EditionView) -> list[Whole]:
    """Locked sheets (round, judge, entry) that are not what their last line in the audit log commits to."""
    return list(check_with_log(edition).unlike)


def _lost(
    told: _Told,
    held: Mapping[tuple[str, str, str], Sequence[LockedRow]],
    rows: Iterable[LockedRow],
    codes: Iterable[str],
) -> Iterable[Place]:
    """The places of good commitments that no sheet has. One that was edited with its commitment, or overwritten with
    another's, is told as unlike and not again."""
    of_edition = set(codes)
    missing = Counter(one[:2] for one in told.good if one not in held and one[1] in of_edition)
    stored, owned = Counter(row.place for row in rows), Counter(one[:2] for one in held)
    return (missing - (stored - owned)).elements()


def _is_left_out(row: LockedRow, told: _Told) -> bool:
    """Whether the sheet takes no part in the result and the log does not say why."""
    if not row.counts:
        return not told.conflicts.get((row.judge, row.entry), False)
    return row.entry_state != State.ACCEPTED and told.entries.get(row.entry) in {None, "entry.accepted"}


def _must_not_count(row: LockedRow, told: _Told) -> bool:
    if not row.counts:
        return False
    is_back = row.entry_state == State.ACCEPTED and told.entries.get(row.entry) in _GONE
    return is_back or told.conflicts.get((row.judge, row.entry), False)


def _again(edition_key: str, row: LockedRow, scores: Mapping[UUID, Mapping[str, Decimal]], form: int) -> str:
    points = scores.get(row.id, {})
    return sealed(edition_key, row.round, row.entry, row.judge, points, row.remark, row.nonce, form=form)


def _told(edition: EditionView, lines: Iterable[audit.Line], codes: Iterable[str]) -> _Told:
    of_edition = set(codes)
    good: dict[tuple[str, str, str], int] = {}
    replaced = set()
    conflicts: dict[tuple[str, str], bool] = {}
    entries: dict[str, str] = {}
    for line in lines:
        if line.subject not in of_edition:
            continue
        if line.action in SHEET_ACTIONS:
            place = (str(line.data.get("round")), line.subject)
            good[*place, str(line.data.get("commitment"))] = form_of(line.data)
            if line.action == "sheet.changed":
                replaced.add((*place, str(line.data.get("before"))))
        elif line.action in CONFLICT_ACTIONS:
            conflicts[str(line.data.get("judge")), line.subject] = line.action != "conflict.dismissed"
        else:
            entries[line.subject] = line.action
    return _Told({key: form for key, form in good.items() if key not in replaced}, conflicts, entries)


def codes_of(edition_id: UUID) -> frozenset[str]:
    """The codes of an edition's entries. One query."""
    ask = select(Entry.code).where(Entry.edition_id == edition_id, Entry.code.is_not(None))
    return frozenset(code for code in session().scalars(ask) if code is not None)


def locked_rows(edition_id: UUID) -> list[LockedRow]:
    """Every locked sheet of the edition, whatever became of its assignment. One query."""
    ask = (
        select(
            Sheet.id,
            Sheet.round,
            Judge.number,
            Entry.code,
            Entry.state,
            case((counted(), True), else_=False),
            Sheet.commitment,
            Sheet.nonce,
            Sheet.remark,
        )
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Entry, Entry.id == Sheet.entry_id)
        .outerjoin(Assignment, of_sheet())
        .where(Sheet.edition_id == edition_id, Sheet.state == SheetState.LOCKED)
    )
    return [
        LockedRow(key, place, judge, code or "", state, bool(counts), commitment or "", nonce or "", remark)
        for key, place, judge, code, state, counts, commitment, nonce, remark in session().execute(ask)
    ]


def scores_by_sheet(edition_id: UUID) -> Mapping[UUID, Mapping[str, Decimal]]:
    """The points of an edition's locked sheets by sheet. One query."""
    ask = (
        select(SheetScore.sheet_id, SheetScore.criterion, SheetScore.points)
        .join(Sheet, Sheet.id == SheetScore.sheet_id)
        .where(Sheet.edition_id == edition_id, Sheet.state == SheetState.LOCKED)
    )
    found: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    for sheet_id, criterion, points in session().execute(ask):
        found[sheet_id][criterion] = points
    return found
