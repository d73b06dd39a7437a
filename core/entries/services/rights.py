"""Rights of co-authors to a dossier: given and taken by its owner, who may also hand the whole dossier over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import exists, or_, select

from core.contests.values import EditionView
from core.entries.events import StakeTaken
from core.entries.letters_authors import send_handed_over
from core.entries.models import Entry, EntryAuthor, EntryRight
from core.entries.policies import is_owner, side_of
from core.entries.rights import Right
from core.entries.services.moves import fresh
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.kernel.events import emit
from core.people.models import Account


def set_right(entry: Entry, account_id: UUID, right: Right | None, *, actor: Actor, now: datetime) -> bool:
    """Give a co-author's account a right, change it, or take it (None). Returns whether anything changed.

    Raises Forbidden for who does not own the dossier, NotFound for an account that is no author of it and has no
    right to it.
    """
    giver = _require_owner(fresh(entry), actor)
    _require_co_author(entry, account_id)
    held = _held(entry, account_id)
    if (None if held is None else held.level) == (None if right is None else str(right)):
        return False
    if right is None:
        session().delete(held)
    elif held is None:
        session().add(_made(entry, account_id, right, giver, now))
    else:
        held.level, held.given_by, held.given_at = str(right), giver, now
    session().flush()
    data = {"account": str(account_id), "right": "" if right is None else str(right)}
    action = "entry.right_taken" if right is None else "entry.right_given"
    audit.append(action, entry.code or entry.ref, data, actor=actor, now=now)
    if right is not None:
        emit(StakeTaken(entry.edition_id, entry.id, account_id, now))
    return True


def hand_over(
    entry: Entry, edition: EditionView, account_id: UUID, *, actor: Actor, now: datetime
) -> Account:
    """Make a co-author the owner of the dossier; who owned it keeps the right to edit. Returns the new owner.

    Raises Forbidden for who does not own it, NotFound for an account that is no co-author's.
    """
    giver = _require_owner(fresh(entry), actor)
    _require_co_author(entry, account_id)
    if account_id == entry.owner_id:
        raise NotFound
    account = session().get_one(Account, (session().tenant_id, account_id))
    held = _held(entry, account_id)
    if held is not None:
        session().delete(held)
    entry.owner_id = account_id
    entry.updated_at = now
    session().add(_made(entry, giver, Right.EDIT, giver, now))
    session().flush()
    audit.append("entry.handed_over", entry.code or entry.ref, {"to": str(account_id)}, actor=actor, now=now)
    emit(StakeTaken(entry.edition_id, entry.id, account_id, now))
    send_handed_over(entry, edition, account, actor.name, now=now)
    return account


def _require_owner(entry: Entry, actor: Actor) -> UUID:
    """The owner's account, which the actor is."""
    if is_owner(actor, entry):
        return entry.owner_id
    if side_of(actor, entry) is None:
        raise NotFound
    raise Forbidden(_("Chỉ chủ hồ sơ trao được quyền và chuyển được hồ sơ."))


def _require_co_author(entry: Entry, account_id: UUID) -> None:
    is_author = exists().where(
        EntryAuthor.tenant_id == Account.tenant_id,
        EntryAuthor.entry_id == entry.id,
        EntryAuthor.account_id == Account.id,
    )
    has_right = exists().where(
        EntryRight.tenant_id == Account.tenant_id,
        EntryRight.entry_id == entry.id,
        EntryRight.account_id == Account.id,
    )
    ask = select(Account.id).where(Account.id == account_id, or_(is_author, has_right))
    if session().scalars(ask).one_or_none() is None:
        raise NotFound(_("Người này không phải là đồng tác giả có tài khoản của hồ sơ."))


def _held(entry: Entry, account_id: UUID) -> EntryRight | None:
    ask = select(EntryRight).where(EntryRight.entry_id == entry.id, EntryRight.account_id == account_id)
    return session().scalars(ask).one_or_none()


def _made(entry: Entry, account_id: UUID, right: Right, giver: UUID, now: datetime) -> EntryRight:
    return EntryRight(
        entry_id=entry.id, account_id=account_id, level=str(right), given_by=giver, given_at=now
    )
