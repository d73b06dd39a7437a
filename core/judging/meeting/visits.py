"""Site visits: planned for an entry and told to its entrant and to who goes; moved or cancelled, with the reason.

planned ──write what was seen──▶ held ──all signed, fix──▶ fixed
 │   ╰──move (with the reason)──▶ planned, the dates before stay
 ╰──cancel (with the reason)──▶ cancelled

Who may go is `visit_goers`, how a planned one changes `visit_changes`; what is written of one afterwards is
`visit_record`, who signs it `visit_signing`, its paper `visit_paper`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.entries.models import Entry
from core.judging.blind import title_shown
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.apart import entries_in_round, kept_from
from core.judging.meeting.visit_goers import goers
from core.judging.meeting.visit_letters import tell_planned
from core.judging.meeting.visit_models import SiteVisit, VisitFile, VisitMember, VisitMove
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.text import clean_line

PLANNED, HELD, FIXED, CANCELLED = "planned", "held", "fixed", "cancelled"
PLACE_CHARS, REASON_CHARS = 300, 1000


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What a leader types of a visit: the code of the entry, when, where, and the accounts of who goes."""

    code: str
    at: datetime | None
    place: str
    members: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in a list."""

    number: int
    code: str
    title: str
    state: str
    at: datetime
    place: str


def plan_visit(
    edition: EditionView,
    attendee: Attendee,
    facts: VisitFacts,
    *,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> SiteVisit:
    """Plan a visit and tell the entrant and who goes by letter; the same `form_token` plans it once.

    Raises Forbidden, Invalid (`code`, `day`, `place`, `members`). An entry that the actor is kept from is not found.
    """
    require_leader(attendee)
    round_key = attendee.round.key
    held_edition(edition.id)
    again = session().scalars(select(SiteVisit).where(SiteVisit.form_token == form_token)).one_or_none()
    if again is not None:
        return again
    errors: dict[str, list[str]] = {}
    known = {one.code: one.id for one in entries_in_round(edition, round_key)}
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
    tell_planned(edition, visit, members_of(visit), now=now)
    return visit


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


def moves_of(visit_ids: Sequence[UUID]) -> list[VisitMove]:
    """How these visits were moved, each from its first date on. One query."""
    ask = select(VisitMove).where(VisitMove.visit_id.in_(list(visit_ids)))
    return list(session().scalars(ask.order_by(VisitMove.visit_id, VisitMove.number)))


def moves_told(moves: Sequence[VisitMove]) -> list[str]:
    """Each move as a line of minutes: when and where it was to be, who moved it when, and why."""
    return [
        _(
            "Trước đó hẹn lúc %(was)s, tại %(place)s; %(name)s dời lúc %(at)s. Lý do: %(reason)s",
            was=datetime_(one.was_at),
            place=one.was_place,
            name=one.moved_name,
            at=datetime_(one.moved_at),
            reason=" ".join(one.reason.split()),
        )
        for one in moves
    ]


def files_of(visit: SiteVisit) -> list[VisitFile]:
    """What was brought along, as it came. One query."""
    ask = select(VisitFile).where(VisitFile.visit_id == visit.id)
    return list(session().scalars(ask.order_by(VisitFile.added_at, VisitFile.id)))


def title_of(edition: EditionView, visit: SiteVisit) -> str:
    """The title of a visit's entry, as the council of the round may read it. One query."""
    ask = select(title_shown(edition, visit.round)).where(Entry.id == visit.entry_id)
    return session().scalars(ask).one()


def code_of(visit: SiteVisit) -> str:
    """The code of a visit's entry."""
    return session().get_one(Entry, (session().tenant_id, visit.entry_id)).code or ""
