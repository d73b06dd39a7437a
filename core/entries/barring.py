"""Dossiers that somebody may not see because he has a stake in them: the one seam through which they are kept away.

A later room (judging) says by `bars` whom it keeps from what. Two walls follow:

* `access_*` in `policies` ask `is_barred_for`, so that no name in an address leads there, to read or to write.
* On pages of the committee and of judges that only read, the session itself leaves the rows out: the dossiers and
  all that hangs on them, in lists, searches, counts and files to take away, whoever wrote the query. What is kept in
  documents (results, lists of eligible dossiers) is left out by name, with `barred_names`.

A request that writes sees everything, since a round that opens or a result that is computed without a dossier would be
wrong. When it is refused, it is answered as a reading (`core.entries.refusals`). A service that is told dossiers by a
form asks `is_barred` or `barred_entries` of its actor.

As its entrant a person sees his own dossier as everybody does: pages of entrants know nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import BindParameter, ColumnElement, Executable, Uuid, and_, bindparam, false, or_, select

from core.entries.models import Entry
from core.entries.screening.models import SimilarPair
from core.kernel.actor import Actor
from core.kernel.db import Base, Condition, leave_out, session
from core.kernel.mail import Mail
from core.kernel.prepared import Prepared
from core.kernel.web import Access, declared

Barrier = Callable[[ColumnElement[UUID], ColumnElement[UUID]], ColumnElement[bool]]
_barriers: list[Barrier] = []

# Views that stand under one address for several permissions and look at them themselves.
MIXED = frozenset({"extensions.page"})


@dataclass(frozen=True, slots=True)
class Barred:
    """A dossier that the actor may not see."""

    id: UUID
    edition_id: UUID
    code: str | None
    ref: str


def bars(barrier: Barrier) -> Barrier:
    """Register a condition on `Entry`, made of an account and its tenant: the account is kept from the dossier.

    It begins at the account, as `Entry.id.in_(…)` does: it is asked on every page, over all dossiers.
    """
    if barrier not in _barriers:
        _barriers.append(barrier)
    return barrier


def is_barred_for(account_id: UUID | None) -> ColumnElement[bool]:
    """The condition on `Entry` that the account is kept from it, whatever office it holds."""
    if account_id is None:
        return false()
    tenant_id: Any = Entry.tenant_id
    return _is_barred(bindparam(None, account_id, type_=Uuid()), tenant_id)


def is_barred_of(account_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """The same of an account that the statement names by a column: for many people in one statement, whose size and
    cost to put together do not grow with them.
    """
    tenant_id: Any = Entry.tenant_id
    return _is_barred(account_id, tenant_id)


def _is_barred(account_id: ColumnElement[UUID], tenant_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    return or_(false(), *(barrier(account_id, tenant_id) for barrier in _barriers))


def is_barred(actor: Actor, entry_id: UUID) -> bool:
    """Whether `actor` is kept from the dossier. One query."""
    ask = select(Entry.id).where(Entry.id == entry_id, is_barred_for(actor.id))
    return session().scalars(ask).one_or_none() is not None


def barred_entries(actor: Actor) -> tuple[Barred, ...]:
    """The dossiers of the tenant that `actor` is kept from. One query at most."""
    if actor.id is None or not _barriers:
        return ()
    return tuple(Barred(*row) for row in _barred.rows(account=actor.id))


def _asked(tenant: BindParameter[UUID]) -> Executable:
    """Asked on every page of the office and of judges, so it is built once."""
    account: BindParameter[UUID] = bindparam("account", type_=Uuid())
    ask = select(Entry.id, Entry.edition_id, Entry.code, Entry.ref)
    return ask.where(Entry.tenant_id == tenant, _is_barred(account, tenant))


_barred = Prepared(_asked)


def barred_names() -> frozenset[str]:
    """Codes and refs that this request must not show; for what is kept as a document and not as rows."""
    return frozenset(name for one in _found() for name in (one.code, one.ref) if name is not None)


def left_out_count() -> int:
    """How many dossiers of the edition at hand this page leaves out for who reads it."""
    edition = g.get("edition")
    return sum(1 for one in _found() if edition is None or one.edition_id == edition.id)


def is_kept_from_some(actor: Actor, edition_id: UUID) -> bool:
    """Whether a dossier of the edition is closed to the actor: comparing all of them is for somebody else.

    One query at most; in a request of his own what was learned at its beginning, since a page that reads no longer
    sees those dossiers.
    """
    is_own = has_request_context() and "barred" in g and g.get("actor") == actor
    found: tuple[Barred, ...] = g.barred if is_own else barred_entries(actor)
    return any(one.edition_id == edition_id for one in found)


def hide_barred() -> None:
    """Leave the barred dossiers out of all that this request reads from now on. It must not write any more."""
    found = _found()
    if found:
        leave_out(session(), _conditions(found))


def init_barring(app: Flask) -> None:
    """Before each view for the committee or judges: leave what its actor is kept from out of reading."""
    app.before_request(_keep_apart)
    app.jinja_env.globals["left_out_count"] = left_out_count


def _keep_apart() -> None:
    actor: Actor | None = g.get("actor")
    if actor is None or request.endpoint is None or not _is_for_office(request.endpoint):
        return
    g.kept_apart = actor
    if request.method in ("GET", "HEAD"):
        hide_barred()


def _found() -> tuple[Barred, ...]:
    """What this request's actor is kept from; a request that only writes never asks."""
    if not has_request_context():
        return ()
    if "barred" not in g:
        actor: Actor | None = g.get("kept_apart")
        g.barred = () if actor is None else barred_entries(actor)
    found: tuple[Barred, ...] = g.barred
    return found


def _is_for_office(endpoint: str) -> bool:
    if endpoint in MIXED:
        return True
    access = declared(current_app._get_current_object(), endpoint)  # type: ignore[attr-defined]
    return access in (Access.COMMITTEE, Access.JUDGE, Access.COUNCIL)


def _conditions(found: tuple[Barred, ...]) -> Iterator[tuple[type[Any], Condition]]:
    ids = [one.id for one in found]
    refs = [one.ref for one in found]
    names = refs + [one.code for one in found if one.code is not None]
    yield Entry, lambda entry: entry.id.not_in(ids)
    yield SimilarPair, lambda pair: and_(pair.first_id.not_in(ids), pair.second_id.not_in(ids))
    yield Mail, lambda mail: or_(mail.about.is_(None), mail.about.not_in(names))
    by_id, by_ref = _hanging_on_entries()
    for kind in by_id:
        yield kind, lambda row: or_(row.entry_id.is_(None), row.entry_id.not_in(ids))
    for kind in by_ref:
        yield kind, lambda row: or_(row.entry_ref.is_(None), row.entry_ref.not_in(refs))


@cache
def _hanging_on_entries() -> tuple[tuple[type[Any], ...], tuple[type[Any], ...]]:
    """Every table whose rows name a dossier, by its id or by its ref: those of later rooms too."""
    kinds = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda kind: kind.__name__)
    by_id = tuple(kind for kind in kinds if hasattr(kind, "entry_id"))
    return by_id, tuple(kind for kind in kinds if hasattr(kind, "entry_ref"))
