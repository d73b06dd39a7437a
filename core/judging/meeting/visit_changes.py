"""How a planned site visit changes: another date or place, other people who go, or none at all.

Each is told to those whom it touches. Nothing of a visit changes any more once something was written of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete

from core.contests.values import EditionView
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_goers import goers
from core.judging.meeting.visit_letters import tell_cancelled, tell_goers_changed, tell_moved
from core.judging.meeting.visit_models import SiteVisit, VisitMember, VisitMove
from core.judging.meeting.visits import (
    CANCELLED,
    PLACE_CHARS,
    PLANNED,
    access_visit,
    code_of,
    members_of,
    moves_of,
)
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.text import clean, clean_line

REASON_CHARS = 1000


@dataclass(frozen=True, slots=True)
class NewDate:
    """What a leader types to move a visit, and how often it had been moved when the page was served."""

    at: datetime | None
    place: str
    reason: str
    moves: int


@dataclass(frozen=True, slots=True)
class NewGoers:
    """Whom a leader chose to go instead, and who went when the page was served, both by account."""

    members: frozenset[UUID]
    seen: frozenset[UUID]
    reason: str


def cancel_visit(
    edition: EditionView, attendee: Attendee, number: int, reason: str, *, actor: Actor, now: datetime
) -> SiteVisit:
    """Cancel a planned visit, with the reason, and tell the entrant and who goes; again, it changes nothing.

    Raises Forbidden, NotFound, Invalid at `reason`, MeetingRefused once it was held.
    """
    require_leader(attendee)
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    if visit.state == CANCELLED:
        return visit
    if visit.state != PLANNED:
        raise MeetingRefused(_("Lần thẩm định này đã diễn ra nên không hủy được."))
    reason = clean(reason)
    if not reason or len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Cần ghi lý do hủy, tối đa %(count)s ký tự.", count=REASON_CHARS))
    visit.state, visit.reason = CANCELLED, reason
    session().flush()
    line = {"number": visit.number}
    audit.append("visit.cancelled", code_of(visit), line, actor=actor, now=now)
    tell_cancelled(edition, visit, members_of(visit), now=now)
    return visit


def move_visit(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: NewDate,
    *,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Move a planned visit to another date or place, with the reason; the one before stays, and the entrant and who
    goes are told. The same form again changes nothing. What nobody wrote of yet may be moved after its hour too: those
    who were to go did not get there.

    Raises Forbidden, NotFound, Invalid (`day`, `place`, `why`), MeetingRefused once it was held or cancelled, and
    when somebody moved it since the page was served.
    """
    require_leader(attendee)
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    place, reason = clean_line(typed.place), clean(typed.reason)
    before = moves_of([visit.id])
    if visit.state == CANCELLED:
        raise MeetingRefused(_("Lần thẩm định này đã hủy nên không dời được: bạn hãy hẹn lịch mới."))
    if visit.state != PLANNED:
        raise MeetingRefused(_("Lần thẩm định này đã diễn ra nên không dời được."))
    if before and len(before) > typed.moves:
        last = before[-1]
        if (visit.at, visit.place, last.reason) == (typed.at, place, reason):
            return visit
        raise MeetingRefused(
            _(
                "%(who)s vừa dời lịch này sang %(at)s, tại %(place)s. Những gì bạn nhập còn ở dưới.",
                who=last.moved_name,
                at=datetime_(visit.at, locale()),
                place=visit.place,
            )
        )
    errors: dict[str, list[str]] = {}
    if typed.at is None or typed.at <= now:
        errors["day"] = [_("Bạn hãy chọn ngày giờ sắp tới.")]
    elif (typed.at, place) == (visit.at, visit.place):
        errors["day"] = [
            _("Ngày giờ và nơi đến này là của lịch đang hẹn: bạn hãy chọn ngày, giờ hoặc nơi khác.")
        ]
    if not place or len(place) > PLACE_CHARS:
        errors["place"] = [_("Cần ghi nơi đến, tối đa %(count)s ký tự.", count=PLACE_CHARS)]
    if not reason or len(reason) > REASON_CHARS:
        errors["why"] = [_("Cần ghi lý do dời, tối đa %(count)s ký tự.", count=REASON_CHARS)]
    if errors or typed.at is None:
        raise Invalid(errors)
    move = VisitMove(
        visit_id=visit.id,
        number=len(before) + 1,
        was_at=visit.at,
        was_place=visit.place,
        reason=reason,
        moved_by=actor.id,
        moved_name=actor.name,
        moved_at=now,
    )
    session().add(move)
    visit.at, visit.place = typed.at, place
    session().flush()
    line = {
        "number": visit.number,
        "move": move.number,
        "was_at": move.was_at.isoformat(),
        "at": visit.at.isoformat(),
    }
    audit.append("visit.moved", code_of(visit), line, actor=actor, now=now)
    tell_moved(edition, visit, move, members_of(visit), now=now)
    return visit


def change_goers(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: NewGoers,
    *,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Let others go on a planned visit, with the reason: who comes in is told all of it, who need not go any more is
    told why. The same form again changes nothing.

    Raises Forbidden, NotFound, Invalid (`members`, `because`), MeetingRefused once it was held or cancelled, and when
    somebody chose others since the page was served.
    """
    require_leader(attendee)
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    if visit.state != PLANNED:
        raise MeetingRefused(_("Lần thẩm định này đã diễn ra hoặc đã hủy nên không đổi người đi được."))
    before = members_of(visit)
    going = {one.account_id for one in before}
    if typed.members == going != typed.seen:
        return visit
    if going != typed.seen:
        raise MeetingRefused(
            _("Người khác vừa đổi người đi. Bạn xem lại danh sách: những gì bạn chọn còn ở dưới.")
        )
    free = {one.account_id: one for one in goers(edition, attendee.round.key, visit.entry_id)}
    reason, errors = clean(typed.reason), dict[str, list[str]]()
    if not typed.members or not typed.members <= free.keys():
        errors["members"] = [_("Bạn hãy chọn người đi, trừ người có liên quan với hồ sơ.")]
    elif typed.members == going:
        errors["members"] = [_("Bạn chưa đổi ai: hãy thêm hoặc bớt người đi.")]
    if not reason or len(reason) > REASON_CHARS:
        errors["because"] = [_("Cần ghi lý do đổi, tối đa %(count)s ký tự.", count=REASON_CHARS)]
    if errors:
        raise Invalid(errors)
    left = [one for one in before if one.account_id not in typed.members]
    new = [free[one] for one in typed.members - going]
    came = [
        VisitMember(visit_id=visit.id, account_id=one.account_id, name=one.name, role=one.role) for one in new
    ]
    session().execute(delete(VisitMember).where(VisitMember.id.in_([one.id for one in left])))
    session().add_all(came)
    session().flush()
    line = {"number": visit.number, "came": len(came), "left": len(left)}
    audit.append("visit.goers_changed", code_of(visit), line, actor=actor, now=now)
    tell_goers_changed(edition, visit, came, left, reason, now=now)
    return visit
