"""Site visits: planned for an entry, told to its entrant, held, signed by those who were there, and fixed.

planned ──write what was seen──▶ held ──all signed, fix──▶ fixed
   │
cancel (with the reason) ──▶ cancelled
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.entries.errors import FileRefused
from core.entries.letters import owner_of, send_entry_letter
from core.entries.models import Entry
from core.entries.sniff import sniff
from core.judging.assigning import stands
from core.judging.blind import title_shown
from core.judging.conflict_models import Conflict
from core.judging.council_models import Seat
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.apart import entries_in_round, kept_from
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.visit_models import SiteVisit, VisitFile, VisitMember
from core.judging.models import Judge
from core.judging.seating import council_of
from core.judging.seats import SeatState
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.files import digest_of, file_key, file_store
from core.kernel.formats import datetime_
from core.kernel.prepared import insert_once
from core.kernel.text import clean, clean_line
from core.letters.post import bound_tenant, language_for
from core.people.models import Account
from core.plugin_api import FieldKind, FormField, Text

PLANNED, HELD, FIXED, CANCELLED = "planned", "held", "fixed", "cancelled"
PLACE_CHARS, FOUND_CHARS, REASON_CHARS, MOST_FILES = 300, 20_000, 1000, 30
FILE_FIELD = FormField(
    "files",
    Text("Ảnh và giấy tờ", "Pictures and papers"),
    FieldKind.FILES,
    accept=(".jpg", ".jpeg", ".png", ".webp", ".pdf"),
)


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What a leader types of a visit: the code of the entry, when, where, and the accounts of who goes."""

    code: str
    at: datetime | None
    place: str
    members: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class VisitText:
    """What was seen, the accounts of who was there, and the revision that the page was served with."""

    found: str
    present: frozenset[UUID]
    revision: int


@dataclass(frozen=True, slots=True)
class Goer:
    """Somebody of the council who may go; `role` is the part of the seat, "" without a council."""

    account_id: UUID
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in a list."""

    number: int
    code: str
    title: str
    state: str
    at: datetime
    place: str


def goers(edition: EditionView, round_key: str, entry_id: UUID | None = None) -> list[Goer]:
    """Who may go: accepted seats of the round's council (without one, active judges), without those who have a
    conflict with the entry or hold it. Four queries at most."""
    council = council_of(edition.id, round_key)
    if council is not None:
        ask = (
            select(Account.id, Account.name, Seat.role)
            .join(Seat, Seat.account_id == Account.id)
            .where(Seat.council_id == council.id, Seat.state == SeatState.ACCEPTED)
            .order_by(Seat.position)
        )
        found = [Goer(row.id, row.name, row.role) for row in session().execute(ask)]
    else:
        judges = (
            select(Account.id, Account.name)
            .join(Judge, Judge.account_id == Account.id)
            .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
            .order_by(Judge.number)
        )
        found = [Goer(row.id, row.name, "") for row in session().execute(judges)]
    if entry_id is None:
        return found
    kept = set(session().scalars(select(Conflict.account_id).where(Conflict.entry_id == entry_id, stands())))
    kept |= set(session().scalars(select(Entry.owner_id).where(Entry.id == entry_id)))
    return [one for one in found if one.account_id not in kept]


def plan_visit(
    edition: EditionView,
    attendee: Attendee,
    facts: VisitFacts,
    *,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Plan a visit and tell the entrant by letter; the same `form_token` plans it once.

    Raises Forbidden, Invalid (`code`, `day`, `place`, `members`). An entry that the actor is kept from is not found.
    """
    require_leader(attendee)
    round_key = attendee.round.key
    held_edition(edition.id)
    again = session().scalars(select(SiteVisit).where(SiteVisit.form_token == form_token)).one_or_none()
    if again is not None:
        return again
    errors: dict[str, list[str]] = {}
    known = {code: entry_id for entry_id, code, _title, _field in entries_in_round(edition.id, round_key)}
    code, place = clean_line(facts.code), clean_line(facts.place)
    entry_id = known.get(code)
    if entry_id is None or code in kept_from(actor):
        entry_id = None
        errors["code"] = [_("Không có hồ sơ mang mã này trong vòng chấm.")]
    if facts.at is None or facts.at <= now:
        errors["day"] = [_("Bạn hãy chọn ngày giờ sắp tới.")]
    if not place or len(place) > PLACE_CHARS:
        errors["place"] = [_("Cần ghi nơi đến, tối đa %(count)s ký tự.", count=PLACE_CHARS)]
    going = [one for one in goers(edition, round_key, entry_id) if one.account_id in facts.members]
    if not going or len(going) < len(facts.members):
        errors["members"] = [_("Bạn hãy chọn người đi, trừ người có liên quan với hồ sơ.")]
    if errors or entry_id is None or facts.at is None:
        raise Invalid(errors)
    last = select(func.max(SiteVisit.number)).where(
        SiteVisit.edition_id == edition.id, SiteVisit.round == round_key
    )
    visit = SiteVisit(
        edition_id=edition.id,
        round=round_key,
        number=(session().scalars(last).one() or 0) + 1,
        form_token=form_token,
        entry_id=entry_id,
        at=facts.at,
        place=place,
        planned_by=actor.id,
        planned_name=actor.name,
        planned_at=now,
    )
    session().add(visit)
    session().flush()
    session().add_all(
        VisitMember(visit_id=visit.id, account_id=one.account_id, name=one.name, role=one.role)
        for one in going
    )
    session().flush()
    line = {"number": visit.number, "at": visit.at.isoformat(), "members": len(going)}
    audit.append("visit.planned", code, line, actor=actor, now=now)
    _tell(edition, visit, "visit-planned", {"noi_den": place}, now=now)
    return visit


def cancel_visit(
    edition: EditionView, attendee: Attendee, number: int, reason: str, *, actor: Actor, now: datetime
) -> SiteVisit:
    """Cancel a planned visit, with the reason, and tell the entrant; again, it changes nothing.

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
    _tell(edition, visit, "visit-cancelled", {"ly_do": reason}, now=now)
    return visit


def record_visit(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: VisitText,
    *,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Write what was seen and who was there (accounts). What was signed before a change must be signed again.

    Who goes may write, and leaders. Raises Forbidden, NotFound, Invalid (`found`, `present`), MeetingRefused before the
    appointed time, once it is fixed or cancelled, and when somebody wrote meanwhile.
    """
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    members = members_of(visit)
    if actor.id not in {one.account_id for one in members}:
        require_leader(attendee)
    _require_open(visit, now)
    text = clean(typed.found)
    errors: dict[str, list[str]] = {}
    if not text or len(text) > FOUND_CHARS:
        errors["found"] = [_("Cần ghi những gì đã thấy, tối đa %(count)s ký tự.", count=FOUND_CHARS)]
    there = [one for one in members if one.account_id in typed.present]
    if not there:
        errors["present"] = [_("Bạn hãy đánh dấu người có mặt.")]
    if errors:
        raise Invalid(errors)
    if (
        visit.found == text
        and all(one.was_there == (one in there) for one in members)
        and visit.state == HELD
    ):
        return visit
    if visit.revision != typed.revision:
        raise MeetingRefused(
            _("Người khác vừa sửa nội dung này. Những gì bạn viết còn ở dưới; xin xem lại rồi lưu.")
        )
    for one in members:
        one.was_there = one in there
    visit.found, visit.state = text, HELD
    visit.revision += 1
    session().flush()
    line = {"number": visit.number, "revision": visit.revision, "present": len(there)}
    audit.append("visit.recorded", code_of(visit), line, actor=actor, now=now)
    return visit


def add_file(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    file: tuple[str, IO[bytes]],
    *,
    actor: Actor,
    now: datetime,
) -> VisitFile:
    """Keep a picture or paper (its name and content) of a visit, once; what was signed must be signed again.

    Who goes may add, and leaders. Raises Forbidden, NotFound, Invalid at `files`, MeetingRefused.
    """
    visit = access_visit(edition, attendee, number, actor=actor, held=True)
    if actor.id not in {one.account_id for one in members_of(visit)}:
        require_leader(attendee)
    _require_open(visit, now)
    name, stream = file
    digest, size = digest_of(stream)
    try:
        sniffed = sniff(FILE_FIELD, name, stream, size)
    except FileRefused as refused:
        raise Invalid.one("files", refused.message) from refused
    kept = files_of(visit)
    if len(kept) >= MOST_FILES and digest not in {one.sha256 for one in kept}:
        raise Invalid.one("files", _("Tối đa %(count)s tệp.", count=MOST_FILES))
    file_store().put(file_key(session().tenant_id, digest), stream)
    values = {
        "visit_id": visit.id,
        "sha256": digest,
        "name": sniffed.name,
        "media_type": sniffed.media_type,
        "size": size,
        "added_at": now,
        "by_name": actor.name,
    }
    if insert_once(VisitFile, ("visit_id", "sha256"), values):
        visit.revision += 1
        session().flush()
        line = {"number": visit.number, "sha256": digest, "size": size}
        audit.append("visit.file_added", code_of(visit), line, actor=actor, now=now)
    ask = select(VisitFile).where(VisitFile.visit_id == visit.id, VisitFile.sha256 == digest)
    return session().scalars(ask).one()


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
    if visit.state != HELD:
        raise MeetingRefused(_("Chưa có nội dung để ký, hoặc biên bản đã chốt."))
    if visit.revision != revision:
        raise MeetingRefused(_("Nội dung vừa được sửa. Xin đọc lại rồi ký."))
    if member.signed == revision:
        return member
    member.signed, member.signed_at = revision, now
    session().flush()
    line = {"number": visit.number, "revision": revision}
    audit.append("visit.signed", code_of(visit), line, actor=actor, now=now)
    return member


def access_visit(
    edition: EditionView, attendee: Attendee, number: int, *, actor: Actor, held: bool = False
) -> SiteVisit:
    """A visit of the attendee's round; NotFound for any other, and where `actor` is kept from the entry."""
    ask = select(SiteVisit).where(
        SiteVisit.edition_id == edition.id, SiteVisit.round == attendee.round.key, SiteVisit.number == number
    )
    if held:
        ask = ask.with_for_update().execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is None or is_barred(actor, found.entry_id):
        raise NotFound(_("Không có lần thẩm định này."))
    return found


def visits_of(edition: EditionView, round_key: str) -> list[VisitRow]:
    """The visits of a round, the newest first, without those that this page leaves out. One query."""
    ask = (
        select(SiteVisit, Entry.code, title_shown(edition, round_key))
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .where(SiteVisit.edition_id == edition.id, SiteVisit.round == round_key)
        .order_by(SiteVisit.number.desc())
    )
    return [
        VisitRow(one.number, code or "", title, one.state, one.at, one.place)
        for one, code, title in session().execute(ask)
    ]


def planned_for(entry_ids: Sequence[UUID], now: datetime) -> list[SiteVisit]:
    """Visits to come for these entries, the next first. One query."""
    ask = select(SiteVisit).where(
        SiteVisit.entry_id.in_(list(entry_ids)), SiteVisit.state == PLANNED, SiteVisit.at > now
    )
    return list(session().scalars(ask.order_by(SiteVisit.at)))


def members_of(visit: SiteVisit) -> list[VisitMember]:
    """Who goes or went. One query."""
    ask = select(VisitMember).where(VisitMember.visit_id == visit.id)
    return list(session().scalars(ask.order_by(VisitMember.name, VisitMember.id)))


def files_of(visit: SiteVisit) -> list[VisitFile]:
    """What was brought along, as it came. One query."""
    ask = select(VisitFile).where(VisitFile.visit_id == visit.id)
    return list(session().scalars(ask.order_by(VisitFile.added_at, VisitFile.id)))


def unsigned(visit: SiteVisit, members: Sequence[VisitMember]) -> list[str]:
    """Names of those who were there and have not signed what stands now."""
    return [one.name for one in members if one.was_there and one.signed != visit.revision]


def code_of(visit: SiteVisit) -> str:
    """The code of a visit's entry."""
    return session().get_one(Entry, (session().tenant_id, visit.entry_id)).code or ""


def _require_open(visit: SiteVisit, now: datetime) -> None:
    if visit.state in (FIXED, CANCELLED):
        raise MeetingRefused(_("Lần thẩm định này đã chốt hoặc đã hủy nên không sửa được."))
    if now < visit.at:
        raise MeetingRefused(_("Chưa đến giờ hẹn: ghi kết quả được sau khi đoàn đến nơi."))


def _tell(
    edition: EditionView, visit: SiteVisit, letter: str, values: dict[str, str], *, now: datetime
) -> None:
    entry = session().get_one(Entry, (session().tenant_id, visit.entry_id))
    to = owner_of(entry)
    language = language_for(to.language, bound_tenant().profile)
    own = {"luc_den": datetime_(visit.at, language)}
    send_entry_letter(letter, entry, edition, to, {**own, **values}, once=f"{letter}:{visit.id}", now=now)
