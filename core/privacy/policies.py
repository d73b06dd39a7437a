"""Who may see and handle what here, and the only ways from a name in an address to a request or a copy."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.privacy.models import DataRequest, PersonalExport


def require_committee(actor: Actor) -> None:
    """Raise Forbidden for who does not work for the committee."""
    if not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def access_own_request(actor: Actor, code: str) -> DataRequest:
    """The actor's own request; raises NotFound."""
    return _found(select(DataRequest).where(DataRequest.code == code, DataRequest.account_id == actor.id))


def access_request_office(actor: Actor, code: str) -> DataRequest:
    """Any request of the tenant, for the committee; raises NotFound."""
    if not actor.is_(Role.COMMITTEE):
        raise NotFound
    return _found(select(DataRequest).where(DataRequest.code == code))


def access_copy(actor: Actor, copy_id: UUID, now: datetime) -> PersonalExport:
    """The actor's own copy of their data while it can be fetched; raises NotFound."""
    ask = select(PersonalExport).where(
        PersonalExport.id == copy_id,
        PersonalExport.account_id == actor.id,
        PersonalExport.state == "ready",
        PersonalExport.expires_at > now,
    )
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound(_("Bản sao này không còn nữa. Bạn hãy yêu cầu một bản mới."))
    return found


def _found(ask: object) -> DataRequest:
    row: DataRequest | None = session().scalars(ask).one_or_none()  # type: ignore[call-overload]
    if row is None:
        raise NotFound(_("Không tìm thấy yêu cầu này."))
    return row
