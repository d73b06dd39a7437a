"""Files that a colleague is sending into the same dossier: whose, which, how far. Nobody else can touch them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.entries.models import Entry, Upload
from core.entries.services.upload_places import DOSSIER
from core.entries.services.uploads import KEPT_FOR
from core.kernel.actor import Actor
from core.kernel.db import session
from core.people.models import Account

# A piece of a slow line takes minutes; after this long nobody is sending any more.
STOPPED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A colleague's file on its way; `percent` is None before the first piece, `is_going` whether pieces still come."""

    who: str
    name: str
    percent: int | None
    is_going: bool


def uploads_of_others(
    entry: Entry, *, actor: Actor, now: datetime, place: str = DOSSIER
) -> dict[str, list[UnderWay]]:
    """What others than `actor` are sending into a place of the dossier, by form field, as it began; `now` is real.

    One query. The caller has looked whether the actor may edit the dossier.
    """
    ask = (
        select(Upload.field, Account.name, Upload.name, Upload.received, Upload.length, Upload.expires_at)
        .join(Account, Account.id == Upload.account_id)
        .where(Upload.entry_id == entry.id, Upload.place == place, Upload.account_id != actor.id)
        .where(Upload.done.is_(False), Upload.expires_at > now)
        .order_by(Upload.begun_at, Upload.id)
    )
    found: dict[str, list[UnderWay]] = defaultdict(list)
    for field, who, name, received, length, expires_at in session().execute(ask):
        percent = received * 100 // length if received else None
        is_going = now - (expires_at - KEPT_FOR) < STOPPED_AFTER
        found[field].append(UnderWay(who, name, percent, is_going))
    return found
