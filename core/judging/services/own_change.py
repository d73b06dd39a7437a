"""Saving a change of one's own draft in two round trips: it happens every few seconds while judges type.

The place, the sheet (held until the transaction ends) and its points are read at once and written at once, by prepared
statements. Where any of it is otherwise (nothing saved yet, not on the list, a pledge to sign, locked) nothing is read
here, and `access_sheet` and `save_scores` do the work and find the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Executable, Table, Uuid, bindparam, delete, false, select, update

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running
from core.judging.merging import Change, merged
from core.judging.models import Assignment, Judge, RoundEntry, Sheet, SheetScore
from core.judging.seating import pledge_missing
from core.judging.services.sheets import counts_now
from core.judging.states import SheetState
from core.judging.values import JudgeView, Saved, SheetPlace, SheetView
from core.kernel.actor import Actor
from core.kernel.ids import uuid7
from core.kernel.prepared import Prepared, PreparedFor, insert_for, together
from core.plugin_api import Round

_SHEET, _SCORE = cast(Table, Sheet.__table__), cast(Table, SheetScore.__table__)
_S = _SHEET.c


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A judge's own draft that was saved before, held until the transaction ends."""

    id: Any
    place: SheetPlace
    sheet: SheetView


@cache
def _reads(later: int) -> tuple[Prepared, Prepared, Prepared]:
    """Place, sheet and points, for rules with so many rounds after the one that is judged."""
    account, edition = bindparam("account", type_=Uuid()), bindparam("edition", type_=Uuid())
    is_later = RoundEntry.round.in_([bindparam(f"later{one}") for one in range(later)]) if later else false()

    def place(tenant: BindParameter[Any]) -> Executable:
        opened = select(RoundEntry.id).where(
            RoundEntry.tenant_id == tenant, RoundEntry.edition_id == edition, is_later
        )
        return (
            select(Judge.id, Judge.number, Entry.id, Entry.title, Assignment.tenant_id)
            .select_from(Judge)
            .join(Assignment, Assignment.judge_id == Judge.id)
            .join(Entry, Entry.id == Assignment.entry_id)
            .where(Judge.tenant_id == tenant, Assignment.tenant_id == tenant, Entry.tenant_id == tenant)
            .where(Judge.edition_id == edition, Judge.account_id == account, Judge.is_active.is_(True))
            .where(Assignment.round == bindparam("round"), is_running())
            .where(Entry.code == bindparam("code"), Entry.state == State.ACCEPTED)
            # The council is found by the edition, which is this tenant's.
            .where(~pledge_missing(cast(Any, account)), ~opened.exists())
        )

    def own(tenant: BindParameter[Any]) -> tuple[Any, ...]:
        judge = select(Judge.id).where(
            Judge.tenant_id == tenant, Judge.edition_id == edition, Judge.account_id == account
        )
        entry = select(Entry.id).where(Entry.tenant_id == tenant, Entry.code == bindparam("code"))
        return (
            _S.tenant_id == tenant,
            _S.judge_id == judge.scalar_subquery(),
            _S.entry_id == entry.scalar_subquery(),
            _S.round == bindparam("round"),
        )

    return (
        Prepared(place),
        Prepared(
            lambda tenant: (
                select(_S.id, _S.state, _S.remark, _S.revision, _S.updated_at)
                .where(*own(tenant))
                .with_for_update(key_share=True)
            )
        ),
        Prepared(
            lambda tenant: (
                select(_SCORE.c.criterion, _SCORE.c.points)
                .join(_SHEET, _S.id == _SCORE.c.sheet_id)
                .where(_SCORE.c.tenant_id == tenant, *own(tenant))
            )
        ),
    )


_write_sheet = Prepared(
    lambda tenant: (
        update(_SHEET)
        .where(_S.tenant_id == tenant, _S.id == bindparam("sheet", type_=Uuid()))
        .values(
            {
                name: bindparam(f"new_{name}", type_=_S[name].type)
                for name in ("remark", "revision", "updated_at")
            }
        )
    )
)
_clear = Prepared(
    lambda tenant: delete(_SCORE).where(
        _SCORE.c.tenant_id == tenant,
        _SCORE.c.sheet_id == bindparam("sheet", type_=Uuid()),
        _SCORE.c.criterion == bindparam("key"),
    )
)


def _putting(tenant: BindParameter[Any], dialect: str) -> Executable:
    row = {
        name: bindparam(f"new_{name}", type_=_SCORE.c[name].type) for name in ("id", "sheet_id", "criterion")
    }
    points = bindparam("new_points", type_=_SCORE.c.points.type)
    statement = insert_for(dialect)(_SCORE).values(tenant_id=tenant, points=points, **row)
    return cast(
        "Executable",
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "sheet_id", "criterion"], set_={"points": points}
        ),
    )


_put = PreparedFor(_putting)


def own_draft(edition: EditionView, actor: Actor, judging_round: Round, code: str) -> OwnDraft | None:
    """The actor's own draft for the entry `code`, held; None where the long way must be gone. One round trip."""
    if actor.id is None:
        return None
    keys = [one.key for one in edition.rules.rounds()]
    later = keys[keys.index(judging_round.key) + 1 :]
    names = {"account": actor.id, "edition": edition.id, "round": judging_round.key, "code": code}
    reads = _reads(len(later))
    more = {f"later{number}": key for number, key in enumerate(later)}
    places, sheets, scores = together(
        reads[0].given(**names, **more), *(one.given(**names) for one in reads[1:])
    )
    if not places.rows or not sheets.rows:
        return None
    judge_id, number, entry_id, title, _tenant = places.rows[0]
    sheet_id, state, remark, revision, updated_at = sheets.rows[0]
    if state != SheetState.DRAFT:
        return None
    judge = JudgeView(judge_id, actor.id, number, is_active=True)
    place = SheetPlace(judge, entry_id, code, title, judging_round)
    held = SheetView(
        round=judging_round.key,
        entry=code,
        state=SheetState.DRAFT,
        scores=dict(cast("list[tuple[str, Decimal]]", scores.rows)),
        remark=remark,
        reason="",
        revision=revision,
        updated_at=updated_at,
        locked_at=None,
        commitment=None,
    )
    return OwnDraft(sheet_id, place, held)


def save_own_change(own: OwnDraft, edition: EditionView, change: Change, *, now: datetime) -> Saved:
    """`save_scores` for what `own_draft` gave; the points fit and the remark is clean. One round trip.

    Raises PhaseClosed, SheetConflict.
    """
    counts = counts_now(edition, now)
    new = merged(own.sheet, change, now=now)
    if new is not own.sheet:
        put = [
            _put.given(new_id=uuid7(), new_sheet_id=own.id, new_criterion=key, new_points=points)
            for key, points in new.scores.items()
            if own.sheet.scores.get(key) != points
        ]
        gone = [_clear.given(sheet=own.id, key=key) for key in own.sheet.scores.keys() - new.scores.keys()]
        written = {"new_remark": new.remark, "new_revision": new.revision, "new_updated_at": now}
        together(_write_sheet.given(sheet=own.id, **written), *put, *gone)
    return Saved(new, counts)
