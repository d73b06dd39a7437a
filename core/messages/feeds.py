"""A person's secret calendar address: made, found again, ended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.ids import uuid7
from core.kernel.security import keyed_digest
from core.messages.models import CalendarFeed


def feed_token(feed: CalendarFeed) -> str:
    """The secret of a feed's address: made from its id by the installation's secret, so that it can be shown again."""
    return keyed_digest(feed.id.hex, "calendar-feed")[:40]


def feed_of(account_id: UUID) -> CalendarFeed | None:
    """The feed of an account that holds now. One query."""
    ask = select(CalendarFeed).where(CalendarFeed.account_id == account_id, CalendarFeed.ended_at.is_(None))
    return session().scalars(ask.order_by(CalendarFeed.id.desc())).first()


def owner_of_token(token: str) -> UUID | None:
    """The account whose feed has this secret; None for a wrong or an ended one. One query."""
    ask = select(CalendarFeed.account_id).where(
        CalendarFeed.digest == _digest(token), CalendarFeed.ended_at.is_(None)
    )
    return session().scalars(ask).one_or_none()


def renew_feed(*, actor: Actor, now: datetime) -> CalendarFeed:
    """A new secret address for the actor's calendar; the one before leads nowhere from now on."""
    end_feed(actor=actor, now=now)
    feed = CalendarFeed(id=uuid7(), account_id=actor.id, digest="", created_at=now)
    feed.digest = _digest(feed_token(feed))
    session().add(feed)
    session().flush()
    audit.append("calendar.feed_made", str(actor.id), {}, actor=actor, now=now)
    return feed


def end_feed(*, actor: Actor, now: datetime) -> bool:
    """End the actor's secret address. Returns whether there was one."""
    if actor.id is None or feed_of(actor.id) is None:
        return False
    statement = update(CalendarFeed).where(
        CalendarFeed.account_id == actor.id, CalendarFeed.ended_at.is_(None)
    )
    session().execute(statement.values(ended_at=now))
    audit.append("calendar.feed_ended", str(actor.id), {}, actor=actor, now=now)
    return True


def _digest(token: str) -> str:
    return keyed_digest(token, "calendar-feed-token")
