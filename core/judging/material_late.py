"""New material that came after a judge had locked his sheet: who is told, and how many sheets it concerns.

Nothing is unlocked by it. The judge reads it, and points change as ever: in a deliberation that the council opens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet, under_conflict
from core.judging.blind import blind_by_rules, reads_blind
from core.judging.blind_material import newest_receipt
from core.judging.blind_models import BlindDossier
from core.judging.material import call_of
from core.judging.material_letters import tell_came_late
from core.judging.material_models import MaterialCall, MaterialReceipt
from core.judging.material_window import is_open
from core.judging.models import Assignment, Judge, Sheet
from core.judging.states import SheetState
from core.judging.values import JudgeView
from core.kernel.db import session
from core.people.models import Account


@dataclass(frozen=True, slots=True)
class Late:
    """An entry that sent more, at last at `at`, after the judge had locked his sheet for it."""

    code: str
    at: datetime


def open_until(edition: EditionView, round_key: str, now: datetime) -> datetime | None:
    """Until when the entries of a round may still send more; None where they may not. One query."""
    call = call_of(edition.id, round_key)
    return call.closes_at if call is not None and is_open(call, now) else None


def came_late(edition: EditionView, judge: JudgeView, round_key: str) -> list[Late]:
    """What the judge may read by now and had not when he locked, by code. What he reads blind is told of once its
    material is approved. One query.
    """
    ask = (
        _late(edition, round_key, Entry.code, func.max(MaterialReceipt.at))
        .where(Sheet.judge_id == judge.id, is_running(), _may_be_read(edition, judge, round_key))
        .group_by(Entry.code)
        .order_by(Entry.code)
    )
    return [Late(code or "", at) for code, at in session().execute(ask)]


def locked_before(edition: EditionView, round_key: str) -> Mapping[str, int]:
    """Entry code → how many sheets that count were locked before its newest material came. One query."""
    ask = (
        _late(edition, round_key, Entry.code, func.count(Sheet.id.distinct()))
        .where(~under_conflict())
        .group_by(Entry.code)
    )
    return {code or "": number for code, number in session().execute(ask)}


def tell_late(edition: EditionView, entry: Entry, round_key: str, *, now: datetime) -> None:
    """Write to each judge who had locked before the entry's newest material came and may read it now; once each."""
    ask = (
        _late(edition, round_key, Judge, Account, MaterialReceipt)
        .join(Judge, Judge.id == Sheet.judge_id)
        .join(Account, Account.id == Judge.account_id)
        .where(Sheet.entry_id == entry.id, is_running(), Judge.is_active.is_(True))
        .where(MaterialReceipt.number == newest_receipt(round_key))
        .order_by(Judge.number)
    )
    for judge, account, receipt in session().execute(ask):
        view = JudgeView(judge.id, judge.account_id, judge.number, is_active=True)
        if any(one.code == entry.code for one in came_late(edition, view, round_key)):
            once = f"material-late:{receipt.id}:{judge.number}"
            tell_came_late(edition, round_key, entry, account, receipt=receipt, once=once, now=now)


def _late(edition: EditionView, round_key: str, *columns: Any) -> Select[Any]:
    """Locked sheets of a round with the receipts that came after them."""
    return (
        select(*columns)
        .select_from(Sheet)
        .join(Entry, Entry.id == Sheet.entry_id)
        .join(Assignment, of_sheet())
        .join(MaterialReceipt, MaterialReceipt.entry_id == Sheet.entry_id)
        .join(MaterialCall, MaterialCall.id == MaterialReceipt.call_id)
        .where(MaterialCall.edition_id == edition.id, MaterialCall.round == round_key)
        .where(Sheet.round == round_key, Sheet.state == SheetState.LOCKED)
        .where(MaterialReceipt.at > Sheet.locked_at, Entry.state == State.ACCEPTED)
    )


def _may_be_read(edition: EditionView, judge: JudgeView, round_key: str) -> ColumnElement[bool]:
    approved = select(BlindDossier.id).where(
        and_(BlindDossier.tenant_id == Entry.tenant_id, BlindDossier.entry_id == Entry.id),
        BlindDossier.round == round_key,
        BlindDossier.approved_at.is_not(None),
        BlindDossier.material == newest_receipt(round_key),
    )
    return or_(~reads_blind([judge.id], blind_by_rules(edition), round_key), approved.exists())
