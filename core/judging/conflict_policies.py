"""Who may see and decide a conflict: nobody his own, nobody one of a dossier that is closed to him."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from core.contests.models import Edition
from core.entries.barring import is_barred_for
from core.entries.models import Entry
from core.judging.conflict_models import Conflict
from core.judging.policies import require_manager
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound


def require_person(actor: Actor) -> UUID:
    """The actor's account; Forbidden for the platform itself."""
    if actor.id is None:
        raise Forbidden(_("Cần đăng nhập để thực hiện việc này."))
    return actor.id


def may_be_seen_by(actor: Actor) -> ColumnElement[bool]:
    """The criterion of conflicts, joined to their entry, that the actor may read and decide on."""
    return (Conflict.account_id != actor.id) & ~is_barred_for(actor.id)


def access_conflicts(actor: Actor, ids: Collection[UUID]) -> list[Conflict]:
    """The conflicts with these ids, held until the transaction ends; NotFound when one is not the actor's to decide.

    Forbidden for who is not of the committee. Two queries.
    """
    require_manager(actor)
    person = require_person(actor)
    editions = select(Conflict.edition_id).where(Conflict.id.in_(ids))
    hold = select(Edition.id).where(Edition.id.in_(editions)).order_by(Edition.id)
    session().execute(hold.with_for_update(key_share=True))
    ask = (
        select(Conflict)
        .join(Entry, Entry.id == Conflict.entry_id)
        .where(Conflict.id.in_(ids), Conflict.account_id != person, ~is_barred_for(person))
        .order_by(Conflict.id)
        .with_for_update(of=Conflict)
        .execution_options(populate_existing=True)
    )
    found = list(session().scalars(ask))
    if len(found) != len(set(ids)):
        raise NotFound(_("Không tìm thấy xung đột này."))
    return found
