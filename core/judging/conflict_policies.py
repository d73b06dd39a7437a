"""Who may see and decide a conflict: nobody his own, nobody one of a dossier that is closed to him."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.barring import is_barred_for
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running
from core.judging.conflict_models import Conflict
from core.judging.models import Assignment
from core.judging.policies import access_judge, require_manager, round_of
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


def access_assigned(edition: EditionView, actor: Actor, round_key: str, codes: Sequence[str]) -> list[Entry]:
    """The dossiers with these codes that the actor is to judge in the round; NotFound when one is not. Two queries."""
    judge = access_judge(edition, actor)
    judging_round = round_of(edition, round_key)
    ask = (
        select(Entry)
        .join(Assignment, Assignment.entry_id == Entry.id)
        .where(Assignment.judge_id == judge.id, Assignment.round == judging_round.key, is_running())
        .where(Entry.code.in_(codes), Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    found = list(session().scalars(ask))
    if len(found) != len(set(codes)):
        raise NotFound(_("Không có hồ sơ này trong danh sách chấm của bạn."))
    return found
