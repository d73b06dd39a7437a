"""Who may see and fill which sheet. A judge sees the entries of the rounds he sits in, and only his own scores."""

from __future__ import annotations

from uuid import UUID

from flask import g, has_request_context
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.events import DossierOpened
from core.entries.models import Entry
from core.entries.policies import also_readable_by
from core.entries.states import State
from core.judging.assigning import Ending, is_assigned, is_running, of_sheet
from core.judging.blind import approved_title, blind_by_rules, reads_blind
from core.judging.errors import PledgeNeeded
from core.judging.models import Assignment, Judge, Sheet
from core.judging.seating import owes_pledge, pledge_missing
from core.judging.values import JudgeView, SheetPlace
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.kernel.events import emit
from core.kernel.i18n import N_, locale
from core.letters.post import bound_tenant
from core.plugin_api import Round

NOT_YET = N_(
    "Vòng này chấm ẩn danh và Ban Tổ chức chưa duyệt bản ẩn danh của hồ sơ. Hồ sơ sẽ hiện trên bàn chấm khi được duyệt."
)


def may_manage(actor: Actor) -> bool:
    """Whether `actor` looks after the council: the committee, or the platform itself."""
    return actor.id is None or actor.is_(Role.COMMITTEE)


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless `actor` looks after the council."""
    if not may_manage(actor):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))


def judge_of(edition_id: UUID, account_id: UUID) -> JudgeView | None:
    """The account as an active judge of the edition, or None. One query."""
    ask = select(Judge.id, Judge.account_id, Judge.number, Judge.is_active)
    ask = ask.where(Judge.edition_id == edition_id, Judge.account_id == account_id, Judge.is_active.is_(True))
    row = session().execute(ask).one_or_none()
    return None if row is None else JudgeView(*row)


def access_judge(edition: EditionView, actor: Actor) -> JudgeView:
    """`actor` as a judge of the edition; Forbidden for who is not (or no longer) in its council."""
    found = None if actor.id is None else judge_of(edition.id, actor.id)
    if found is None:
        jury = edition.rules.terms().jury_lower.in_(locale())
        name = edition.short_name.in_(locale())
        raise Forbidden(_("Bạn không có tên trong %(jury)s của %(edition)s.", jury=jury, edition=name))
    return found


def require_pledge(edition: EditionView, judge: JudgeView, judging_round: Round) -> None:
    """Raise PledgeNeeded while the judge has not signed what the round's council asks for. One query."""
    if owes_pledge(edition.id, judging_round.key, judge.account_id):
        raise PledgeNeeded(judging_round.key)


def round_of(edition: EditionView, key: str) -> Round:
    """The round `key` of the edition's rules; NotFound for any other."""
    found = next((one for one in edition.rules.rounds() if one.key == key), None)
    if found is None:
        raise NotFound(_("Không có vòng chấm này."))
    return found


def access_sheet(edition: EditionView, actor: Actor, round_key: str, code: str) -> SheetPlace:
    """The place of the actor's own sheet for the entry `code`.

    Forbidden for who is no judge of the edition; NotFound for an entry that he is not to judge in the round, that has
    left the contest, is not of this edition, or that he reads blind and of which nothing is approved yet; PledgeNeeded
    until he has signed the pledge. Two queries.
    """
    judge = access_judge(edition, actor)
    judging_round = round_of(edition, round_key)
    ask = (
        select(
            Entry.id,
            Entry.code,
            Entry.title,
            Entry.owner_id,
            pledge_missing(judge.account_id).label("owes_pledge"),
            reads_blind([judge.id], blind_by_rules(edition), round_key).label("is_blind"),
            approved_title(round_key).label("blind_title"),
        )
        .join(Assignment, Assignment.entry_id == Entry.id)
        .where(Assignment.judge_id == judge.id, Assignment.round == judging_round.key, is_running())
        .where(Entry.code == code, Entry.state == State.ACCEPTED)
    )
    row = session().execute(ask).one_or_none()
    if row is None:
        raise NotFound(_("Không có hồ sơ này trong danh sách chấm của bạn."))
    if row.owes_pledge:
        raise PledgeNeeded(round_key)
    if row.is_blind and row.blind_title is None:
        raise NotFound(_(NOT_YET))
    emit(DossierOpened(row.id, row.owner_id, actor.id, str(Role.JUDGE), "dossier"))
    title = row.blind_title if row.is_blind else row.title
    return SheetPlace(judge, row.id, row.code or "", title, judging_round)


def was_moved(edition: EditionView, actor: Actor, round_key: str, code: str) -> bool:
    """Whether the actor began a sheet for an entry that was given to somebody else meanwhile. Two queries.

    What ended for a conflict was not moved: that dossier does not exist for him.
    """
    judge = access_judge(edition, actor)
    ask = (
        select(Assignment.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .join(Sheet, of_sheet())
        .where(Assignment.judge_id == judge.id, Assignment.round == round_key)
        .where(Assignment.ended_at.is_not(None), Assignment.why == Ending.MOVED)
        .where(Entry.code == code, Entry.state == State.ACCEPTED)
    )
    return session().scalars(ask.limit(1)).first() is not None


@also_readable_by
def judges_entry(actor: Actor, entry: Entry) -> bool:
    """Whether `actor` is to judge the entry in any round, and in none blind, and so may open its files.

    Two queries; outside of a request those for the editions too.
    """
    if actor.id is None or not actor.is_(Role.JUDGE) or not is_assigned(actor.id, entry):
        return False
    return not reads_entry_blind(actor.id, entry)


def reads_entry_blind(account_id: UUID, entry: Entry) -> bool:
    """Whether the account is to judge the entry in a blind round. One query; outside of a request those for the
    editions too."""
    by_rules = blind_by_rules(_edition_of(entry))
    own = select(Judge.id).where(Judge.account_id == account_id)
    ask = select(Entry.id).where(Entry.id == entry.id, reads_blind(own, by_rules))
    return session().scalars(ask).one_or_none() is not None


def _edition_of(entry: Entry) -> EditionView:
    known = g.get("editions") if has_request_context() else None
    return next(one for one in known or editions(bound_tenant().slug) if one.id == entry.edition_id)
