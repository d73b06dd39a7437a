"""Each hour, for each tenant whose judges have work: the reminders that are due, on each edition's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.contests.queries import editions
from core.judging.models import Judge
from core.judging.services.reminders import remind_by_itself
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.uow import unit_of_work
from core.letters.post import bound_tenant

REMIND = "judging.remind"


@handler(REMIND)
def remind(payload: Mapping[str, Any]) -> None:
    """Send the reminders that are due in this tenant; doing it twice sends none again."""
    own = set(session().scalars(select(Judge.edition_id).where(Judge.is_active.is_(True)).distinct()))
    for edition in editions(bound_tenant().slug):
        if edition.id in own:
            remind_by_itself(edition, now=edition.now())


@periodic
def remind_each_hour(now: datetime) -> None:
    """Ask for the reminders of every tenant that has judges; once an hour."""
    ask = select(Judge.tenant_id).where(Judge.is_active.is_(True)).distinct()
    with platform_scope() as current:
        found = sorted(current.scalars(ask, execution_options=ALL_TENANTS))
    for tenant_id in found:
        with tenant_scope(tenant_id), unit_of_work():
            enqueue(REMIND, {}, dedupe=f"{now:%Y%m%d%H}")
