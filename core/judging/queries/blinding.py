"""Reads of blind rounds for the office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from core.contests.values import EditionView
from core.entries.barring import is_barred_for
from core.entries.models import Entry
from core.entries.states import State
from core.judging.blind import is_blind
from core.judging.blind_material import newest_receipt
from core.judging.blind_models import BlindDossier, BlindScan
from core.judging.models import Judge, RoundEntry
from core.judging.queries.sheets import open_rounds
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.people.models import Account

PER_PAGE = 50


class BlindState(StrEnum):
    """How far a dossier is on its way to the judges of a blind round."""

    NEW = "new"  # not looked through as it is now
    WAITING = "waiting"  # a job is to look through it
    TODO = "todo"  # looked through, to be approved
    MORE = "more"  # approved, and judges read it; its new material is still to be approved
    READY = "ready"  # approved as it is now


READ = frozenset({BlindState.MORE, BlindState.READY})
"""Where the judges of the round read the dossier."""


@dataclass(frozen=True, slots=True)
class BlindRow:
    """A dossier of the round in the office's list; `found` counts the places that tell something."""

    id: UUID
    code: str
    title: str
    state: BlindState
    found: int
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Leaks:
    """What no copy can hide: dossiers that stand in the public gallery, judges who are officers and see everything."""

    published: int
    officers: tuple[tuple[str, str], ...]


def blind_counts(edition: EditionView, round_key: str, *, is_open: bool) -> dict[BlindState, int]:
    """How many dossiers of the round stand how. One query.

    Of a round that is not open all accepted dossiers of the edition are meant.
    """
    state = _state(round_key)
    ask = _dossiers(select(state, func.count()), edition, round_key, is_open=is_open).group_by(state)
    found = {row[0]: int(row[1]) for row in session().execute(ask)}
    return {one: found.get(one.value, 0) for one in BlindState}


def blind_waiting(edition: EditionView, round_key: str) -> int | None:
    """How many dossiers of a blind round wait for approval and so are not before its judges; None for another round.

    Three queries at most.
    """
    if not is_blind(edition, round_key):
        return None
    is_open = any(one.key == round_key for one in open_rounds(edition))
    counts = blind_counts(edition, round_key, is_open=is_open)
    return sum(count for state, count in counts.items() if state not in READ)


def blind_rows(
    edition: EditionView,
    round_key: str,
    *,
    is_open: bool,
    state: BlindState | None = None,
    page: int = 1,
) -> list[BlindRow]:
    """One page of the dossiers by code. One query."""
    columns = select(
        Entry.id, Entry.code, Entry.title, _state(round_key), BlindScan.findings, BlindDossier.approved_at
    )
    ask = _dossiers(columns, edition, round_key, is_open=is_open).order_by(Entry.code)
    if state is not None:
        ask = ask.where(_state(round_key) == state.value)
    rows = session().execute(ask.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return [
        BlindRow(row[0], row[1] or "", row[2], BlindState(row[3]), len(row[4] or ()), row[5]) for row in rows
    ]


def blind_ids(
    edition: EditionView, round_key: str, *, is_open: bool, states: tuple[BlindState, ...]
) -> list[UUID]:
    """The dossiers that stand so. One query."""
    ask = _dossiers(select(Entry.id), edition, round_key, is_open=is_open)
    return list(session().scalars(ask.where(_state(round_key).in_([one.value for one in states]))))


def next_to_approve(
    edition: EditionView, round_key: str, after: str, actor: Actor, *, is_open: bool
) -> str | None:
    """The code of the next dossier that was looked through and waits for approval, or whose new material does, going
    round, and that the actor may see. One query."""
    later_first = case((Entry.code > after, 0), else_=1)
    ask = _dossiers(select(Entry.code), edition, round_key, is_open=is_open)
    wanted = _state(round_key).in_([BlindState.TODO.value, BlindState.MORE.value])
    ask = ask.where(wanted, Entry.code != after, ~is_barred_for(actor.id))
    return session().scalars(ask.order_by(later_first, Entry.code).limit(1)).first()


def leaks(edition: EditionView, round_key: str, *, is_open: bool) -> Leaks:
    """What else tells the judges of the round who the authors are. Two queries."""
    counted = _dossiers(select(func.count()), edition, round_key, is_open=is_open)
    published = session().scalars(counted.where(Entry.published_at.is_not(None))).one()
    ask = (
        select(Judge.number, Account.name, Account.roles)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
        .order_by(Judge.number)
    )
    officers = tuple(
        (row[0], row[1] or "") for row in session().execute(ask) if str(Role.COMMITTEE) in (row[2] or ())
    )
    return Leaks(int(published), officers)


def _state(round_key: str) -> ColumnElement[str]:
    has_more = BlindDossier.material != newest_receipt(round_key)
    return case(
        (and_(BlindDossier.approved_at.is_not(None), has_more), BlindState.MORE.value),
        (BlindDossier.approved_at.is_not(None), BlindState.READY.value),
        (BlindScan.state == "waiting", BlindState.WAITING.value),
        (BlindScan.version == Entry.version, BlindState.TODO.value),
        else_=BlindState.NEW.value,
    )


def _dossiers(
    columns: Select[*tuple[Any, ...]], edition: EditionView, round_key: str, *, is_open: bool
) -> Select[*tuple[Any, ...]]:
    approved = and_(
        BlindDossier.tenant_id == Entry.tenant_id,
        BlindDossier.entry_id == Entry.id,
        BlindDossier.round == round_key,
        BlindDossier.version == Entry.version,
        BlindDossier.approved_at.is_not(None),
    )
    scanned = and_(BlindScan.tenant_id == Entry.tenant_id, BlindScan.entry_id == Entry.id)
    ask = columns.select_from(Entry).outerjoin(BlindDossier, approved).outerjoin(BlindScan, scanned)
    if is_open:
        ask = ask.join(RoundEntry, and_(RoundEntry.entry_id == Entry.id, RoundEntry.round == round_key))
    return ask.where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
