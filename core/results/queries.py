"""Reads of the pipeline: what has been computed, decided and published."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.results.decisions import DecidedItem
from core.results.models import Computation, Decision, DecisionItem, Publication


def latest_computation(edition_id: UUID) -> Computation | None:
    """The newest computation of an edition, or None. One query."""
    ask = select(Computation).where(Computation.edition_id == edition_id)
    return session().scalars(ask.order_by(Computation.number.desc()).limit(1)).one_or_none()


def computation_by_number(edition_id: UUID, number: int) -> Computation:
    """The edition's computation with this number; NotFound for any other. One query."""
    ask = select(Computation).where(Computation.edition_id == edition_id, Computation.number == number)
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound(_("Không có lần tính này."))
    return found


def computation_of(computation_id: UUID) -> Computation:
    """The computation with this id. One query."""
    return session().get_one(Computation, (session().tenant_id, computation_id))


def outputs_of(computation: Computation) -> dict[str, Any]:
    """The stored outputs as a document (`bangvang.outputs/1`)."""
    document: dict[str, Any] = json.loads(computation.outputs)
    return document


def inputs_of(computation: Computation) -> dict[str, Any]:
    """The stored inputs as a document (`bangvang.inputs/1`)."""
    document: dict[str, Any] = json.loads(computation.inputs)
    return document


def decision_of(edition_id: UUID) -> Decision | None:
    """The committee's decision on an edition, or None. One query."""
    return session().scalars(select(Decision).where(Decision.edition_id == edition_id)).one_or_none()


def decided_items(decision_id: UUID) -> list[DecidedItem]:
    """The items of a decision by entry code and award. One query."""
    ask = (
        select(Entry.code, DecisionItem.kind, DecisionItem.tier, DecisionItem.proposed, DecisionItem.reason)
        .join(Entry, Entry.id == DecisionItem.entry_id)
        .where(DecisionItem.decision_id == decision_id)
    )
    rows = [
        DecidedItem(code or "", kind, tier, told, reason)
        for code, kind, tier, told, reason in session().execute(ask)
    ]
    return sorted(rows, key=lambda item: (item.entry, item.award))


def publication_of(edition_id: UUID) -> Publication | None:
    """The publication of an edition, or None. One query."""
    return session().scalars(select(Publication).where(Publication.edition_id == edition_id)).one_or_none()


def publication_by_outputs(outputs_sha256: str) -> Publication | None:
    """This tenant's publication of the outputs with this SHA-256, or None. One query."""
    ask = (
        select(Publication)
        .join(Computation, Computation.id == Publication.computation_id)
        .where(Computation.outputs_sha256 == outputs_sha256)
    )
    return session().scalars(ask.limit(1)).one_or_none()
