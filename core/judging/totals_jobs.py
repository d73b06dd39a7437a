"""Each night the rounds that were opened are gone through: kept totals are compared with their sheets and mended, and
the audit log with its head and sheets with the log, which nothing mends: the office is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select

from core.judging.models import RoundEntry
from core.judging.services.proofs import note_unlike
from core.judging.totals import check_and_mend, edition_of_id
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, platform_scope, tenant_scope
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work

COMPARE = "judging.compare_totals"
log = structlog.get_logger(__name__)


@handler(COMPARE)
def compare(payload: Mapping[str, Any]) -> None:
    """Compare and mend one round; doing it twice changes nothing but the time."""
    edition = edition_of_id(UUID(payload["edition"]))
    if edition is None:
        return
    judging_round = next((one for one in edition.rules.rounds() if one.key == payload["round"]), None)
    if judging_round is None:
        return
    found = check_and_mend(edition, judging_round, now=real_now())
    noted = note_unlike(edition, judging_round)
    if found.differences:
        log.warning(
            "totals_differed", edition=edition.key, round=judging_round.key, entries=len(found.differences)
        )
    if noted.false_line is not None:
        log.error("log_changed", edition=edition.key, line=noted.false_line)
    if noted.sheets:
        log.error("sheets_unlike_log", edition=edition.key, round=judging_round.key, sheets=noted.sheets)


@periodic
def compare_each_night(now: datetime) -> None:
    """Once a day, for each round that has been opened."""
    if now.hour != 18:  # one in the morning in Việt Nam
        return
    ask = select(RoundEntry.tenant_id, RoundEntry.edition_id, RoundEntry.round).distinct()
    with platform_scope() as current:
        found = [(row[0], row[1], row[2]) for row in current.execute(ask, execution_options=ALL_TENANTS)]
    for tenant_id, edition_id, key in sorted(found):
        with tenant_scope(tenant_id), unit_of_work():
            payload = {"edition": str(edition_id), "round": key}
            enqueue(COMPARE, payload, dedupe=f"{edition_id.hex}:{key}:{now:%Y%m%d}")
