"""Who may come to the common work of a round's council: its leaders, its judges, and the committee's officers.

Leaders are who accepted the seat of chair, vice-chair or secretary, and the officers. A round without a council is led
by the officers alone. Views declare `Access.COUNCIL` and ask here what their actor is.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, type_coerce

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.assigning import is_running
from core.judging.blind import title_shown
from core.judging.council_models import Council, Seat
from core.judging.errors import PledgeNeeded
from core.judging.models import Assignment
from core.judging.policies import judge_of, round_of
from core.judging.seating import owes_pledge
from core.judging.seats import SeatRole, SeatState
from core.judging.values import JudgeView
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.plugin_api import Round

LEADING = frozenset({SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.SECRETARY})


@dataclass(frozen=True, slots=True)
class Attendee:
    """What the actor is in the council's work of a round: the accepted seat, the judge, an officer; one at least."""

    round: Round
    seat: SeatRole | None
    judge: JudgeView | None
    is_officer: bool

    @property
    def leads(self) -> bool:
        """Whether the work is his to conduct."""
        return self.is_officer or self.seat in LEADING


def access_council_room(edition: EditionView, actor: Actor, round_key: str) -> Attendee:
    """The actor as one who takes part in the round's common work.

    NotFound for who has no part in it, PledgeNeeded for who has not signed (officers sign none). Four queries at most.
    """
    judging_round = round_of(edition, round_key)
    judge = None if actor.id is None else judge_of(edition.id, actor.id)
    if judge is not None and not _judges_in(judge, round_key):
        judge = None
    attendee = Attendee(judging_round, _seat(edition, actor, round_key), judge, actor.is_(Role.COMMITTEE))
    if not attendee.is_officer:
        if attendee.seat is None and judge is None:
            raise NotFound(_("Không có vòng chấm này."))
        if actor.id is not None and owes_pledge(edition.id, round_key, actor.id):
            raise PledgeNeeded(round_key)
    return attendee


def attendee_title(edition: EditionView, attendee: Attendee) -> ColumnElement[str]:
    """The title of an `Entry`, as a column, as the attendee may read it: officers know it anyway."""
    if attendee.is_officer:
        return type_coerce(Entry.title, Entry.title.type)
    return title_shown(edition, attendee.round.key, attendee.judge.id if attendee.judge else None)


def require_leader(attendee: Attendee) -> None:
    """Raise Forbidden unless the work is the attendee's to conduct."""
    if not attendee.leads:
        raise Forbidden(_("Chỉ Chủ tịch, Phó Chủ tịch, Thư ký hội đồng và Ban Tổ chức được làm việc này."))


def _seat(edition: EditionView, actor: Actor, round_key: str) -> SeatRole | None:
    ask = (
        select(Seat.role)
        .join(Council, Council.id == Seat.council_id)
        .where(Council.edition_id == edition.id, Council.round == round_key)
        .where(Seat.account_id == actor.id, Seat.state == SeatState.ACCEPTED)
    )
    role = session().scalars(ask).one_or_none()
    return None if role is None else SeatRole(role)


def _judges_in(judge: JudgeView, round_key: str) -> bool:
    ask = select(Assignment.id).where(
        Assignment.judge_id == judge.id, Assignment.round == round_key, is_running()
    )
    return session().scalars(ask.limit(1)).first() is not None
