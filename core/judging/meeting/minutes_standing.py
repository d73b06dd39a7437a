"""How minutes stand before they are fixed: what of the council's work is still open, and what happened since their
sections were drafted or written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.council_room import Attendee, require_leader
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_values import DeliberationState
from core.judging.meeting.apart import kept_from
from core.judging.meeting.ballot_models import Ballot
from core.judging.meeting.ballots import OPEN
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import access_minutes, require_draft, sections_for, sections_of
from core.judging.meeting.minutes_drafting import OWN_WORDS, due_parts, is_older, take_in, told_digest
from core.judging.meeting.minutes_models import Minutes, MinutesSection
from core.judging.meeting.visit_models import SiteVisit
from core.judging.meeting.visits import HELD
from core.judging.minutes_parts import MinutesPart
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound

BALLOT, DELIBERATION, VISIT = "ballot", "deliberation", "visit"
CLEAR = ""  # the digest of a part of which nothing is told any more


@dataclass(frozen=True, slots=True)
class Matter:
    """Something of the council's work that is not finished: its kind, what it is called by in addresses, in words, and
    the codes of the dossiers it is about."""

    kind: str
    name: str
    words: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Newer:
    """A part that tells more than its section, or has none: `by_hand` where somebody wrote in it. `lines` are what is
    told now, empty where the reader may not see it; `told` its digest."""

    key: str
    heading: str
    by_hand: bool
    lines: tuple[str, ...]
    told: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settled:
    """What a leader chose for a section: its key, the digest of what his page told, whether the words are kept."""

    key: str
    told: str
    keeps: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open and what is newer; `hides`: some of it is about a dossier that the reader is kept from."""

    open: tuple[Matter, ...]
    newer: tuple[Newer, ...]
    hides: bool

    @property
    def is_clear(self) -> bool:
        """Whether nothing speaks against fixing."""
        return not self.open and not self.newer and not self.hides


def standing_of(
    edition: EditionView,
    attendee: Attendee,
    minutes: Minutes,
    *,
    sees_all: bool = True,
    actor: Actor,
    now: datetime,
) -> Standing:
    """How a draft stands, as `actor` may know it. Minutes that correct others are clear: they tell of what was then.

    Without `sees_all` what is newer is not looked for: on a page that leaves a dossier out everything would seem to
    have changed. Fixing asks again with all of it. Fifteen queries at most and those of the parts.
    """
    if minutes.corrects is not None:
        return Standing((), (), hides=False)
    hidden = kept_from(actor)
    with force_locale("vi"):
        matters = list(_open_matters(edition, minutes))
    shown = {one.key: one for one in sections_for(minutes, attendee, actor=actor)}
    parts, known, newer = dict[str, MinutesPart](), dict[str, MinutesSection](), list[Newer]()
    if sees_all:
        parts = {one.key: one for one in due_parts(edition, attendee.round, minutes, now)}
        known = {one.key: one for one in sections_of(minutes)}
    for key in dict.fromkeys([*parts, *known]):
        part, section = parts.get(key), known.get(key)
        if section is not None and not _is_behind(section, part):
            continue
        view = shown.get(key)
        may_see = part is not None and (view is None or view.is_whole)
        newer.append(
            Newer(
                key=key,
                heading=part.heading if part is not None else known[key].heading,
                by_hand=section is not None and section.is_edited,
                lines=part.lines if part is not None and may_see else (),
                told=told_digest(part) if part is not None else CLEAR,
                codes=part.entries if part is not None else frozenset(),
            )
        )
    open_shown = tuple(one for one in matters if hidden.isdisjoint(one.codes))
    newer_shown = tuple(one for one in newer if hidden.isdisjoint(one.codes))
    hides = len(open_shown) < len(matters) or len(newer_shown) < len(newer)
    return Standing(open_shown, newer_shown, hides)


def settle_section(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: Settled,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Say of a section that was written by hand what becomes of what happened since: the words are kept, and count as
    knowing of it, or the section is drafted anew.

    Raises Forbidden, NotFound (also for a section that the actor does not see whole), MeetingRefused once it is fixed,
    of a section that nobody wrote in, and when more happened since the page was served.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    require_draft(minutes)
    shown = next((one for one in sections_for(minutes, attendee, actor=actor) if one.key == typed.key), None)
    section = next((one for one in sections_of(minutes) if one.key == typed.key), None)
    if section is None or shown is None or not shown.is_whole:
        raise NotFound(_("Không có mục này."))
    if not section.is_edited:
        raise MeetingRefused(_("Mục này chưa ai sửa tay: bạn bấm “Cập nhật số liệu” là đủ."))
    part = next(
        (one for one in due_parts(edition, attendee.round, minutes, now) if one.key == typed.key), None
    )
    if (told_digest(part) if part is not None else CLEAR) != typed.told:
        raise MeetingRefused(_("Vừa có thêm thông tin mới cho mục này. Bạn hãy xem lại rồi chọn."))
    if typed.keeps:
        section.told = typed.told
        session().flush()
    else:
        take_in(section, part, actor=actor, now=now)


def _is_behind(section: MinutesSection, part: MinutesPart | None) -> bool:
    """Whether more happened than a section tells, or knows of where somebody wrote in it."""
    if section.key == OWN_WORDS:
        return False
    if section.is_edited:
        return is_older(section, part)
    return part is None or section.body != "\n".join(part.lines)


def _open_matters(edition: EditionView, minutes: Minutes) -> Iterator[Matter]:
    """Ballots that are not counted, deliberations that go on, visits whose minutes are not fixed. Three queries."""
    ballots = select(Ballot).where(Ballot.edition_id == edition.id, Ballot.round == minutes.round)
    for one in session().scalars(ballots.where(Ballot.state == OPEN).order_by(Ballot.number)):
        words = _("Biểu quyết lần %(number)s chưa kiểm phiếu.", number=one.number)
        yield Matter(BALLOT, str(one.number), words, frozenset(one.entries))
    talks = (
        select(Entry.code)
        .join(Deliberation, Deliberation.entry_id == Entry.id)
        .where(Deliberation.edition_id == edition.id, Deliberation.round == minutes.round)
        .where(Deliberation.state == DeliberationState.OPEN, Entry.state == State.ACCEPTED)
    )
    for code in session().scalars(talks.order_by(Entry.code)):
        words = _("Thảo luận về %(code)s chưa kết thúc.", code=code)
        yield Matter(DELIBERATION, code or "", words, frozenset({code or ""}))
    visits = (
        select(SiteVisit.number, Entry.code)
        .join(Entry, Entry.id == SiteVisit.entry_id)
        .where(SiteVisit.edition_id == edition.id, SiteVisit.round == minutes.round)
        .where(SiteVisit.state == HELD)
    )
    for number, code in session().execute(visits.order_by(SiteVisit.number)):
        words = _(
            "Biên bản thẩm định lần %(number)s (%(code)s) chưa ký đủ hoặc chưa chốt.",
            number=number,
            code=code,
        )
        yield Matter(VISIT, str(number), words, frozenset({code or ""}))
