"""A planned visit to a dossier that leaves the contest is off, and who was to go is told. Registered when imported."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.entries.events import EntryWithdrawn
from core.judging.meeting.visit_letters import tell_goers_cancelled
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visits import CANCELLED, PLANNED, members_of
from core.judging.totals import edition_of_id
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.events import listens_to


@listens_to(EntryWithdrawn)
def call_off(event: EntryWithdrawn) -> None:
    """The entrant knows of the withdrawal by its own letter; those who go would travel for nothing."""
    ask = select(SiteVisit).where(SiteVisit.entry_id == event.entry_id, SiteVisit.state == PLANNED)
    visits = list(session().scalars(ask.with_for_update().execution_options(populate_existing=True)))
    edition = edition_of_id(event.edition_id) if visits else None
    if edition is None:
        return
    with force_locale("vi"):
        reason: str = _("Hồ sơ đã rút khỏi cuộc thi.")
    for visit in visits:
        visit.state, visit.reason = CANCELLED, reason
        session().flush()
        line = {"number": visit.number, "why": "withdrawn"}
        audit.append("visit.cancelled", event.code or "", line, actor=SYSTEM, now=event.at)
        tell_goers_cancelled(edition, visit, members_of(visit), now=event.at)
