"""Who signs what a site visit saw: those who were there, also when they have left the council since; or a leader notes
why one of them does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.council_room import Attendee, access_council_room, require_leader
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_models import SiteVisit, VisitMember
from core.judging.meeting.visits import FIXED, HELD, access_visit, code_of, members_of
from core.judging.policies import round_of
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.text import clean

WHY_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Waiver:
    """What a leader types: the account that does not sign, why, and the revision that his page was served with."""

    member: UUID | None
    why: str
    revision: int


def access_visit_room(edition: EditionView, actor: Actor, round_key: str, number: int) -> Attendee:
    """The actor as one who may come to the page of a visit: who was there and has left the council since still reads
    what he is to sign, as a guest (`is_guest`), and nothing else of the council's work.

    Raises NotFound for anybody else, PledgeNeeded. Five queries at most.
    """
    try:
        return access_council_room(edition, actor, round_key)
    except NotFound:
        if not _was_there(edition, actor, round_key, number):
            raise
    return Attendee(round_of(edition, round_key), None, None, is_officer=False)


def is_guest(attendee: Attendee) -> bool:
    """Whether somebody is no longer of the council whose page he reads."""
    return attendee.seat is None and attendee.judge is None and not attendee.is_officer


def sign_visit(
    edition: EditionView, attendee: Attendee, number: int, revision: int, *, actor: Actor, now: datetime
) -> VisitMember:
    """Sign what was written, as one who was there; `revision` is that of the page that was read.

    Raises NotFound, MeetingRefused for who was not there, before anything is written, and for an old page.
    """
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    member = next((one for one in members_of(visit) if one.account_id == actor.id), None)
    if member is None or not member.was_there:
        raise MeetingRefused(_("Chỉ người có mặt ký xác nhận."))
    _require_held(visit, revision, _("Nội dung vừa được sửa. Xin đọc lại rồi ký."))
    if member.signed == revision:
        return member
    member.signed, member.signed_at = revision, now
    session().flush()
    line = {"number": visit.number, "revision": revision}
    audit.append("visit.signed", code_of(visit), line, actor=actor, now=now)
    return member


def waive_signature(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: Waiver,
    *,
    actor: Actor,
    now: datetime,
) -> VisitMember:
    """Note that somebody who was there does not sign what was written, and why; the minutes tell it with the name of
    who noted it. He may sign all the same until they are fixed. The same note again changes nothing.

    Raises Forbidden, NotFound, Invalid (`member`, `because`), MeetingRefused before anything is written, for an old
    page, and where nobody else would sign.
    """
    require_leader(attendee)
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    revision = typed.revision
    _require_held(visit, revision, _("Nội dung vừa được sửa. Xin đọc lại rồi ghi."))
    members = members_of(visit)
    reason, errors = clean(typed.why), dict[str, list[str]]()
    member = next((one for one in members if one.account_id == typed.member and one.was_there), None)
    if member is None or member.signed == revision:
        errors["member"] = [_("Bạn hãy chọn người có mặt mà chưa ký.")]
    if not reason or len(reason) > WHY_CHARS:
        errors["because"] = [_("Cần ghi vì sao người này không ký, tối đa %(count)s ký tự.", count=WHY_CHARS)]
    if errors or member is None:
        raise Invalid(errors)
    if (member.waived, member.waived_why) == (revision, reason):
        return member
    if all(one is member or is_waived(visit, one) for one in members if one.was_there):
        raise MeetingRefused(_("Phải có ít nhất một người có mặt ký xác nhận."))
    member.waived, member.waived_why, member.waived_at = revision, reason, now
    member.waived_by, member.waived_name = actor.id, actor.name
    session().flush()
    line = {"number": visit.number, "revision": revision}
    audit.append("visit.signature_waived", code_of(visit), line, actor=actor, now=now)
    return member


def is_waived(visit: SiteVisit, member: VisitMember) -> bool:
    """Whether it is noted that the member does not sign what stands now."""
    return member.waived == visit.revision and member.signed != visit.revision


def unsigned(visit: SiteVisit, members: Sequence[VisitMember]) -> list[VisitMember]:
    """Those who were there, have not signed what stands now, and are still awaited."""
    return [
        one for one in members if one.was_there and one.signed != visit.revision and not is_waived(visit, one)
    ]


def waived_words(member: VisitMember) -> str:
    """Why somebody does not sign, who noted it and when, as a line of minutes."""
    told: str = _(
        "%(name)s không ký. Lý do: %(why)s (%(by)s ghi lúc %(at)s)",
        name=member.name,
        why=" ".join(member.waived_why.split()),
        by=member.waived_name,
        at=datetime_(member.waived_at) if member.waived_at else "",
    )
    return told


def _was_there(edition: EditionView, actor: Actor, round_key: str, number: int) -> bool:
    ask = (
        select(VisitMember.id)
        .join(SiteVisit, SiteVisit.id == VisitMember.visit_id)
        .where(SiteVisit.edition_id == edition.id, SiteVisit.round == round_key, SiteVisit.number == number)
        .where(SiteVisit.state.in_((HELD, FIXED)), VisitMember.was_there.is_(True))
        .where(VisitMember.account_id == actor.id)
    )
    return session().scalars(ask).one_or_none() is not None


def _require_held(visit: SiteVisit, revision: int, old: str) -> None:
    if visit.state != HELD:
        raise MeetingRefused(_("Chưa có nội dung để ký, hoặc biên bản đã chốt."))
    if visit.revision != revision:
        raise MeetingRefused(old)
