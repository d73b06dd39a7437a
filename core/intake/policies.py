"""Who may see and change what the receiving office keeps."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.entries.barring import is_barred_for
from core.entries.models import Entry, EntryVersion
from core.entries.policies import access_entry_office
from core.intake.models import PaperArrival, PaperScan
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound


def require_office(actor: Actor) -> None:
    """Raise Forbidden unless the actor is of the committee."""
    if not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def access_by_label(actor: Actor, label: str) -> tuple[Entry, int]:
    """The dossier that `label` names, and the version if it names one: a receipt's code, a dossier's code, or the
    address behind a cover sheet's code. Raises NotFound."""
    name = label.strip().rstrip("/").rsplit("/", 1)[-1].upper()
    if not actor.is_(Role.COMMITTEE) or not name:
        raise NotFound(_("Không có hồ sơ nào mang mã này."))
    ask = select(Entry, EntryVersion.number).join(EntryVersion, EntryVersion.entry_id == Entry.id)
    ask = ask.where(EntryVersion.receipt == name, ~is_barred_for(actor.id))
    found = session().execute(ask).one_or_none()
    if found is not None:
        return found[0], found[1]
    try:
        return access_entry_office(actor, name), 0
    except NotFound:
        raise NotFound(_("Không có hồ sơ nào mang mã này.")) from None


def access_arrival(entry: Entry, arrival_id: UUID) -> PaperArrival:
    """An arrival of `entry`, locked until the transaction ends; raises NotFound."""
    ask = select(PaperArrival).where(PaperArrival.id == arrival_id, PaperArrival.entry_id == entry.id)
    row = session().scalars(ask.with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    return row


def access_scan(entry: Entry, scan_id: UUID) -> PaperScan:
    """A scan of `entry`; raises NotFound."""
    ask = select(PaperScan).where(PaperScan.id == scan_id, PaperScan.entry_id == entry.id)
    row = session().scalars(ask).one_or_none()
    if row is None:
        raise NotFound
    return row
