"""What one officer proposes and another decides: the columns of such a row, what became of it, and who may decide it.

A room that needs two people for a deed mixes `Proposal` into its table and asks here; nothing of the deed is done
before a second person has confirmed it. What confirming means is the room's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import String, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import DomainError, Forbidden
from core.kernel.types import UtcInstant

LASTS = timedelta(days=7)


class Standing(StrEnum):
    """What became of a proposal. DONE and STOPPED are for deeds that wait after they were confirmed."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    DONE = "done"
    STOPPED = "stopped"


class Proposal:
    """Mixin of a table whose rows are proposed by one officer and decided by another.

    `state` is a `Standing` that is stored (a proposal that nobody decides lapses by time); `note` says why it was
    declined. `asked_by` is None where the operator proposed it.
    """

    state: Mapped[str] = mapped_column(String(10), default="proposed")
    asked_by: Mapped[UUID | None] = mapped_column(Uuid)
    asked_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(UtcInstant)
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_name: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcInstant)
    note: Mapped[str] = mapped_column(Text, default="")


def require_person(actor: Actor) -> UUID:
    """The account of a member of the committee: two persons are needed, and the platform is none. Raises Forbidden."""
    if actor.id is None or not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))
    return actor.id


def standing(proposal: Proposal, now: datetime) -> Standing:
    """What became of the proposal by `now`; one that nobody decided lapses after seven days."""
    if proposal.state == Standing.PROPOSED and now >= proposal.asked_at + LASTS:
        return Standing.LAPSED
    return Standing(proposal.state)


def require_waiting(proposal: Proposal, now: datetime, refusal: type[DomainError]) -> None:
    """Return when the proposal can still be decided; else `refusal` with a sentence that says what became of it."""
    sentences = {
        Standing.CONFIRMED: _("Đề nghị này đã được xác nhận trước đó."),
        Standing.DECLINED: _("Đề nghị này đã bị từ chối."),
        Standing.WITHDRAWN: _("Đề nghị này đã được rút."),
        Standing.LAPSED: _("Đề nghị này đã quá bảy ngày: nếu vẫn cần, hãy đề nghị lại."),
        Standing.DONE: _("Đề nghị này đã được thực hiện."),
        Standing.STOPPED: _("Đề nghị này đã bị dừng."),
    }
    found = standing(proposal, now)
    if found is not Standing.PROPOSED:
        raise refusal(sentences[found])


def decide(proposal: Proposal, state: Standing, *, actor: Actor, now: datetime) -> None:
    """Note who decided and what."""
    proposal.state = str(state)
    proposal.decided_by, proposal.decided_name, proposal.decided_at = actor.id, actor.name, now
    session().flush()
