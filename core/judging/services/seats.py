"""The council of a round as its decision has it, and the people on it. The committee's work, and the answers to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView, PhaseKind
from core.judging.assigning import Ending, end, is_running
from core.judging.council_letters import send_council_invitation
from core.judging.council_models import Council, Group, GroupSeat, Seat
from core.judging.errors import CouncilRefused
from core.judging.events import AssignmentsFreed
from core.judging.models import Assignment, Judge
from core.judging.policies import require_manager, round_of
from core.judging.queries import is_later_round_open
from core.judging.seating import council_of, has_councils, has_other_seat, seat_rows
from core.judging.seats import ON_COUNCIL, SeatRole, SeatState
from core.judging.services.council import held_edition, make_judge
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.text import clean
from core.people.models import Account

REASON_CHARS = 1000


@dataclass(frozen=True, slots=True)
class CouncilFacts:
    """What the committee says of a council; empty where it is not known. `pledge` "" is the platform's wording."""

    name: str = ""
    decision: str = ""
    decided_on: dt.date | None = None
    answer_by: datetime | None = None
    pledge_required: bool = True
    pledge: str = ""
    reserves_step_in: bool = False


def save_council(
    edition: EditionView, round_key: str, facts: CouncilFacts, *, actor: Actor, now: datetime
) -> Council:
    """Make the council of a round, or change what is said of it.

    Who judges the round already when it is made is a member from the start: nobody's work is taken away. Raises
    Forbidden, NotFound for a round that the rules do not have.
    """
    require_manager(actor)
    round_of(edition, round_key)
    held_edition(edition.id)
    council = council_of(edition.id, round_key)
    is_new = council is None
    if council is None:
        seated = _judging_already(edition, round_key)
        council = Council(edition_id=edition.id, round=round_key, made_at=now)
        session().add(council)
        session().flush()
        _seat_them(council, seated, now)
    for key in CouncilFacts.__dataclass_fields__:
        setattr(council, key, getattr(facts, key))
    session().flush()
    line = {
        "decision": facts.decision,
        "decided_on": str(facts.decided_on or ""),
        "pledge_required": facts.pledge_required,
    }
    action = "council.made" if is_new else "council.changed"
    audit.append(action, _subject(edition, council), line, actor=actor, now=now)
    return council


def invite_like(
    edition: EditionView, round_key: str, earlier: str, *, actor: Actor, now: datetime
) -> list[Seat]:
    """Invite who sits on the council of an earlier round to this one, in the same parts."""
    before = council_of(edition.id, earlier)
    council = access_council(edition, round_key)
    known = set(session().scalars(select(Seat.account_id).where(Seat.council_id == council.id)))
    return [
        invite_to_council(edition, round_key, row.account_id, row.role, actor=actor, now=now)
        for row in (seat_rows(before) if before else [])
        if row.is_on and row.account_id not in known
    ]


def access_council(edition: EditionView, round_key: str) -> Council:
    """The council of a round; NotFound where there is none."""
    round_of(edition, round_key)
    council = council_of(edition.id, round_key)
    if council is None:
        raise NotFound(_("Vòng này chưa lập hội đồng."))
    return council


def access_seat(edition: EditionView, round_key: str, seat_id: UUID) -> tuple[Council, Seat]:
    """A seat of the round's council, held until the transaction ends; NotFound for any other."""
    council = access_council(edition, round_key)
    ask = select(Seat).where(Seat.id == seat_id, Seat.council_id == council.id).with_for_update()
    seat = session().scalars(ask).one_or_none()
    if seat is None:
        raise NotFound(_("Không có thành viên này."))
    return council, seat


def invite_to_council(
    edition: EditionView,
    round_key: str,
    account_id: UUID,
    role: SeatRole,
    *,
    groups: Iterable[UUID] = (),
    actor: Actor,
    now: datetime,
) -> Seat:
    """Offer an account a seat, and write to it. Who declined or left before is asked again.

    Raises Forbidden, NotFound, CouncilRefused after the round is closed, Invalid at `email` for who sits there already,
    at `role` for a second chair.
    """
    require_manager(actor)
    judging_round = round_of(edition, round_key)
    held_edition(edition.id)
    council = access_council(edition, round_key)
    _require_not_closed(edition, round_key, now)
    account = session().scalars(select(Account).where(Account.id == account_id)).one_or_none()
    if account is None:
        raise NotFound(_("Không có tài khoản này."))
    ask = select(Seat).where(Seat.council_id == council.id, Seat.account_id == account_id)
    seat = session().scalars(ask).one_or_none()
    if seat is not None and seat.state in ON_COUNCIL:
        raise Invalid.one("email", _("Người này đã có trong hội đồng."))
    _require_one_chair(council, role, seat)
    if seat is None:
        seat = Seat(council_id=council.id, account_id=account_id, position=_next_position(council))
        session().add(seat)
    seat.role, seat.state, seat.reason = role.value, SeatState.INVITED.value, ""
    seat.invited_at, seat.reminded_at, seat.answered_at = now, None, None
    session().flush()
    sit_in_groups(council, seat, groups)
    line = {"account": str(account_id), "role": role.value}
    audit.append("council.invited", _subject(edition, council), line, actor=actor, now=now)
    send_council_invitation(edition, council, seat, judging_round, now=now)
    return seat


def change_role(
    edition: EditionView, round_key: str, seat_id: UUID, role: SeatRole, *, actor: Actor, now: datetime
) -> None:
    """Give a person another part. Who no longer judges keeps what is locked; the rest is awaited no more.

    Raises Forbidden, NotFound, CouncilRefused after the round is closed, Invalid at `role` for a second chair.
    """
    require_manager(actor)
    held_edition(edition.id)
    council, seat = access_seat(edition, round_key, seat_id)
    before = SeatRole(seat.role)
    if before is role:
        return
    _require_not_closed(edition, round_key, now)
    _require_one_chair(council, role, seat)
    seat.role = role.value
    session().flush()
    line = {"account": str(seat.account_id), "before": before.value, "after": role.value}
    audit.append("council.role_changed", _subject(edition, council), line, actor=actor, now=now)
    if seat.state != SeatState.ACCEPTED or before.judges == role.judges:
        return
    if role.judges:
        make_judge(edition, seat.account_id, actor=actor, now=now)
    else:
        _free(edition, council, seat, actor=actor, now=now)


def unseat(
    edition: EditionView, round_key: str, seat_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take a person off the council, with the reason. Raises Forbidden, NotFound, Invalid at `reason`."""
    require_manager(actor)
    reason = fitting_reason(reason, _("Cần ghi lý do thôi tham gia hội đồng."))
    held_edition(edition.id)
    council, seat = access_seat(edition, round_key, seat_id)
    if seat.state in ON_COUNCIL:
        leave_council(edition, council, seat, reason, actor=actor, now=now)


def leave_council(
    edition: EditionView, council: Council, seat: Seat, reason: str, *, actor: Actor, now: datetime
) -> None:
    """The seat is left: what is unfinished is free for a reserve, what is locked stands."""
    seat.state, seat.reason, seat.answered_at = SeatState.LEFT.value, reason, now
    session().flush()
    line = {"account": str(seat.account_id), "role": seat.role}
    audit.append("council.left", _subject(edition, council), line, actor=actor, now=now)
    _free(edition, council, seat, actor=actor, now=now)


def remind(edition: EditionView, round_key: str, *, actor: Actor, now: datetime) -> int:
    """Write again to who has not answered, each once a day at most; gives to how many. Raises Forbidden."""
    require_manager(actor)
    council, judging_round = access_council(edition, round_key), round_of(edition, round_key)
    ask = select(Seat).where(Seat.council_id == council.id, Seat.state == SeatState.INVITED)
    waiting = list(session().scalars(ask.order_by(Seat.position).with_for_update()))
    due = [seat for seat in waiting if now - (seat.reminded_at or seat.invited_at) >= dt.timedelta(days=1)]
    for seat in due:
        seat.reminded_at = now
        send_council_invitation(edition, council, seat, judging_round, now=now, again=True)
    session().flush()
    if due:
        line = {"count": len(due)}
        audit.append("council.reminded", _subject(edition, council), line, actor=actor, now=now)
    return len(due)


def sit_in_groups(council: Council, seat: Seat, groups: Iterable[UUID]) -> None:
    """Let the seat sit in these groups of its council too."""
    wanted = set(session().scalars(select(Group.id).where(Group.council_id == council.id)))
    known = set(session().scalars(select(GroupSeat.group_id).where(GroupSeat.seat_id == seat.id)))
    session().add_all(
        GroupSeat(group_id=one, seat_id=seat.id) for one in sorted((wanted & {*groups}) - known)
    )
    session().flush()


def fitting_reason(reason: str, missing: str) -> str:
    """A reason, cleaned. Raises Invalid at `reason`: `missing` when there is none."""
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", missing)
    if len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Tối đa %(count)s ký tự.", count=REASON_CHARS))
    return reason


def is_closed(edition: EditionView, round_key: str, now: datetime) -> bool:
    """Whether the round's judging is over: a later round is open, or the time of judging has passed."""
    phase = edition.phase(PhaseKind.JUDGING)
    return (phase is not None and now >= phase.closes_at) or is_later_round_open(edition, round_key)


def _require_not_closed(edition: EditionView, round_key: str, now: datetime) -> None:
    if is_closed(edition, round_key, now):
        raise CouncilRefused(_("Vòng này đã chấm xong nên hội đồng không thay đổi nữa."))


def _require_one_chair(council: Council, role: SeatRole, but: Seat | None) -> None:
    if role is not SeatRole.CHAIR:
        return
    ask = select(Seat.id).where(
        Seat.council_id == council.id, Seat.role == SeatRole.CHAIR, Seat.state.in_(ON_COUNCIL)
    )
    if but is not None:
        ask = ask.where(Seat.id != but.id)
    if session().scalars(ask).first() is not None:
        raise Invalid.one("role", _("Hội đồng đã có Chủ tịch; mỗi hội đồng chỉ có một."))


def _free(edition: EditionView, council: Council, seat: Seat, *, actor: Actor, now: datetime) -> None:
    """End what the person of the seat has not finished in the round; out of the edition with the last seat."""
    ask = select(Judge).where(Judge.edition_id == edition.id, Judge.account_id == seat.account_id)
    judge = session().scalars(ask).one_or_none()
    if judge is None:
        return
    end(Ending.LEFT, judge_id=judge.id, round_key=council.round, now=now)
    if judge.is_active and not has_other_seat(edition.id, seat.account_id, council):
        judge.is_active = seat.state == SeatState.ACCEPTED and seat.role == SeatRole.RESERVE
    session().flush()
    emit(AssignmentsFreed(edition, judge.id, council.round, actor, now))


def _judging_already(edition: EditionView, round_key: str) -> list[UUID]:
    """Accounts that judge the round before it has a council; before there is any, all who were appointed."""
    ask = select(Judge).where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
    if has_councils(edition.id):
        ask = ask.where(
            Judge.id.in_(
                select(Assignment.judge_id).where(
                    Assignment.edition_id == edition.id, Assignment.round == round_key, is_running()
                )
            )
        )
    return [one.account_id for one in sorted(session().scalars(ask), key=lambda one: int(one.number[1:]))]


def _seat_them(council: Council, accounts: list[UUID], now: datetime) -> None:
    session().add_all(
        Seat(
            council_id=council.id,
            account_id=account_id,
            position=place,
            role=SeatRole.MEMBER.value,
            state=SeatState.ACCEPTED.value,
            invited_at=now,
            answered_at=now,
        )
        for place, account_id in enumerate(accounts, start=1)
    )


def _next_position(council: Council) -> int:
    ask = select(func.max(Seat.position)).where(Seat.council_id == council.id)
    return (session().scalars(ask).one() or 0) + 1


def _subject(edition: EditionView, council: Council) -> str:
    return f"{edition.key}/{council.round}"
