"""Who may see what the sheets of a round come to while it is judged: its leaders, once nothing of their own is open.

The same door as `council_room`, asked in one statement together with the number that says whether anything has changed:
the page of the order is read much more often than it changes.
"""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import BindParameter, Executable, Select, Uuid, and_, bindparam, func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet
from core.judging.council_models import Council, Seat
from core.judging.council_room import Attendee, require_leader
from core.judging.errors import PledgeNeeded
from core.judging.models import Assignment, Judge, Sheet
from core.judging.own_sheets import unfinished
from core.judging.policies import round_of
from core.judging.seating import unsigned
from core.judging.seats import SeatRole, SeatState
from core.judging.totals_models import RoundTally
from core.judging.values import JudgeView
from core.kernel.actor import Actor, Role
from core.kernel.errors import DomainError, NotFound
from core.kernel.prepared import Prepared, together


class OwnSheetsOpen(DomainError):
    """Others' points are not shown to who still has sheets of his own to lock in the round."""

    status = 403
    kind = "own-sheets-open"

    def __init__(self, round_key: str, count: int) -> None:
        super().__init__(
            _(
                "Bạn còn %(count)s phiếu chưa xong ở vòng này. Khóa hết phiếu của mình, hồ sơ đã từ chối thì xác nhận "
                "thôi hẳn, rồi mới xem được điểm của cả hội đồng.",
                count=count,
            )
        )
        self.round_key = round_key


def access_figures(edition: EditionView, actor: Actor, round_key: str) -> tuple[Attendee, int | None]:
    """The actor as one who may see the round's figures, and the revision of its kept totals (None: none are kept).

    NotFound for who has no part in the round, PledgeNeeded, Forbidden for who does not lead it, OwnSheetsOpen for a
    judge with open sheets, whatever office he holds beside it. One query.
    """
    judging_round = round_of(edition, round_key)
    own = {"account": actor.id, "edition": edition.id, "round": round_key}
    kept = {"edition": edition.id, "round": round_key}
    people, tallies = together(_person.given(**own), _revision.given(**kept))
    role, judge_id, number, assigned, unlocked, owes = people.rows[0]
    judge = None
    if actor.id is not None and judge_id is not None and assigned:
        judge = JudgeView(judge_id, actor.id, number, is_active=True)
    attendee = Attendee(
        judging_round, None if role is None else SeatRole(role), judge, actor.is_(Role.COMMITTEE)
    )
    if not attendee.is_officer:
        if attendee.seat is None and judge is None:
            raise NotFound(_("Không có vòng chấm này."))
        if owes:
            raise PledgeNeeded(round_key)
    require_leader(attendee)
    if unlocked:
        raise OwnSheetsOpen(round_key, unlocked)
    return attendee, tallies.rows[0][0] if tallies.rows else None


def own_sheets_left(edition: EditionView, account_id: UUID, round_key: str) -> int:
    """How many sheets the account still has to lock, or to abstain from for good, in a round. One query."""
    return sheets_left(edition.id, account_id, round_key)


def sheets_left(edition_id: UUID, account_id: UUID, round_key: str) -> int:
    """The same by the edition's id. One query."""
    found = _person.rows(account=account_id, edition=edition_id, round=round_key)
    return int(found[0][4])


def _asked_person(tenant: BindParameter[UUID]) -> Executable:
    account: BindParameter[UUID] = bindparam("account", type_=Uuid())
    edition: BindParameter[UUID] = bindparam("edition", type_=Uuid())
    key: BindParameter[str] = bindparam("round")
    seat = (
        select(Seat.role)
        .join(Council, and_(Council.tenant_id == Seat.tenant_id, Council.id == Seat.council_id))
        .where(Seat.tenant_id == tenant, Seat.account_id == account, Seat.state == SeatState.ACCEPTED)
        .where(Council.edition_id == edition, Council.round == key)
    )
    judge = select(Judge.id, Judge.number).where(
        Judge.tenant_id == tenant,
        Judge.edition_id == edition,
        Judge.account_id == account,
        Judge.is_active.is_(True),
    )
    running = (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.tenant_id == tenant, Assignment.round == key, is_running())
        .where(Assignment.judge_id == judge.with_only_columns(Judge.id).scalar_subquery())
    )
    unlocked = (
        running.join(Entry, and_(Entry.tenant_id == Assignment.tenant_id, Entry.id == Assignment.entry_id))
        .outerjoin(Sheet, and_(Sheet.tenant_id == Assignment.tenant_id, of_sheet()))
        .where(Entry.state == State.ACCEPTED)
        .where(unfinished())
    )
    owes = unsigned(account).where(
        Council.tenant_id == tenant, Council.edition_id == edition, Council.round == key
    )
    return select(
        seat.scalar_subquery(),
        judge.with_only_columns(Judge.id).scalar_subquery(),
        judge.with_only_columns(Judge.number).scalar_subquery(),
        running.scalar_subquery(),
        unlocked.scalar_subquery(),
        owes.exists(),
    )


def _asked_revision(tenant: BindParameter[UUID]) -> Select[int]:
    return select(RoundTally.revision).where(
        RoundTally.tenant_id == tenant,
        RoundTally.edition_id == bindparam("edition", type_=Uuid()),
        RoundTally.round == bindparam("round"),
        RoundTally.is_kept.is_(True),
    )


_person = Prepared(_asked_person)
_revision = Prepared(_asked_revision)
