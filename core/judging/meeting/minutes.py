"""Minutes of a council: drafted from what happened, edited section by section, fixed for good.

Who reads them is looked at each time: a section about a dossier that the reader is kept from is left out (or its line
alone), and one with points waits until a judge has locked the sheets that are his. So `sections_for` is the only way
from stored minutes to what somebody is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting import minutes_told  # noqa: F401 - registers what minutes are told
from core.judging.meeting.apart import entries_in_round, kept_from, named_in
from core.judging.meeting.errors import MeetingRefused, SectionMoved
from core.judging.meeting.minutes_models import Minutes, MinutesSection
from core.judging.minutes_parts import MinutesPart, told_parts
from core.judging.models import Assignment, Sheet
from core.judging.own_sheets import unfinished
from core.judging.seating import council_of, seat_rows
from core.judging.seats import SeatState
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.text import clean, clean_line

BODY_CHARS, HEADING_CHARS, PLACE_CHARS = 20_000, 200, 200
DRAFT, FIXED = "draft", "fixed"
OWN_WORDS = "conclusion"


@dataclass(frozen=True, slots=True)
class SectionView:
    """A section for one reader. `hidden` lines were left out because of a conflict; `waits`: it has points that the
    reader may not see yet. Only what is whole can be edited."""

    key: str
    number: int
    heading: str
    body: str
    revision: int
    changed_name: str
    changed_at: datetime
    hidden: int
    waits: bool

    @property
    def is_whole(self) -> bool:
        """Whether the reader sees all of it."""
        return not self.hidden and not self.waits

    @property
    def lines(self) -> list[str]:
        """Its paragraphs."""
        return [line for line in self.body.split("\n") if line.strip()]


@dataclass(frozen=True, slots=True)
class SectionText:
    """What somebody typed in the section `key`, with the revision that his page was served with."""

    key: str
    body: str
    revision: int


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """Where and when the council sat, and the seats that were there."""

    place: str
    held_at: datetime | None
    here: frozenset[str]


def draft_minutes(
    edition: EditionView, attendee: Attendee, *, corrects: int | None = None, actor: Actor, now: datetime
) -> Minutes:
    """Begin minutes with what happened so far, or go on with the draft there is.

    `corrects` is the number of fixed minutes that the new ones correct: they begin with the same sections. Raises
    Forbidden, NotFound.
    """
    require_leader(attendee)
    round_key = attendee.round.key
    held_edition(edition.id)
    ask = select(Minutes).where(Minutes.edition_id == edition.id, Minutes.round == round_key)
    known = list(session().scalars(ask.order_by(Minutes.number)))
    running = next((one for one in known if one.state == DRAFT), None)
    if running is not None:
        return running
    first = next((one for one in known if one.number == corrects), None)
    if corrects is not None and first is None:
        raise NotFound(_("Không có biên bản này."))
    minutes = Minutes(
        edition_id=edition.id,
        round=round_key,
        number=len(known) + 1,
        corrects=corrects,
        place=first.place if first else "",
        held_at=first.held_at if first else None,
        people=first.people if first else _people(edition, round_key),
        drafted_by=actor.id,
        drafted_name=actor.name,
        drafted_at=now,
    )
    session().add(minutes)
    session().flush()
    if first is None:
        with force_locale("vi"):
            _add(minutes, told_parts(edition, attendee.round, now), actor, now)
            _add(minutes, [MinutesPart(OWN_WORDS, 90, _("Kết luận của hội đồng"), ())], actor, now)
    else:
        _copy(first, minutes, actor, now)
    line = {"number": minutes.number, "corrects": corrects}
    audit.append("minutes.drafted", subject_of(edition, minutes), line, actor=actor, now=now)
    return minutes


def bring_up_to_date(
    edition: EditionView, attendee: Attendee, number: int, *, actor: Actor, now: datetime
) -> int:
    """Take in what happened since: sections that nobody has edited are drafted anew, new ones are added.

    Gives how many changed. Raises Forbidden, NotFound, MeetingRefused.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    require_draft(minutes)
    kept = {one.key: one for one in sections_of(minutes)}
    with force_locale("vi"):
        parts = told_parts(edition, attendee.round, now)
    changed = 0
    for part in parts:
        section = kept.get(part.key)
        body = "\n".join(part.lines)
        if section is None or section.is_edited or section.body == body:
            continue
        section.body, section.heading = body, part.heading
        section.entries, section.tells_points = sorted(part.entries), part.tells_points
        section.revision += 1
        section.changed_name, section.changed_at = actor.name, now
        changed += 1
    new = [part for part in parts if part.key not in kept]
    _add(minutes, new, actor, now)
    return changed + len(new)


def save_section(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    typed: SectionText,
    *,
    actor: Actor,
    now: datetime,
) -> MinutesSection:
    """Keep what was typed in a section; the same words again change nothing.

    Raises Forbidden, NotFound (also for a section that the actor does not see whole), MeetingRefused once it is fixed,
    Invalid at `body`, SectionMoved when somebody saved it meanwhile: both copies are then shown and nothing is lost.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    shown = next((one for one in sections_for(minutes, attendee, actor=actor) if one.key == typed.key), None)
    section = next((one for one in sections_of(minutes) if one.key == typed.key), None)
    if section is None or shown is None or not shown.is_whole:
        raise NotFound(_("Không có mục này."))
    require_draft(minutes)
    body = clean(typed.body)
    if len(body) > BODY_CHARS:
        raise Invalid.one("body", _("Tối đa %(count)s ký tự.", count=BODY_CHARS))
    if section.body == body:
        return section
    if section.revision != typed.revision:
        raise SectionMoved(section.body, body, section.changed_name)
    section.body = body
    section.entries = _named_in(edition, minutes.round, body)
    section.is_edited = True
    section.revision += 1
    section.changed_name, section.changed_at = actor.name, now
    session().flush()
    return section


def save_facts(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    facts: MeetingFacts,
    revision: int,
    *,
    actor: Actor,
    now: datetime,
) -> Minutes:
    """Keep place, time and who was there. Raises Forbidden, NotFound, MeetingRefused (fixed, or changed meanwhile),
    Invalid at `place`."""
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    require_draft(minutes)
    place = clean_line(facts.place)
    if len(place) > PLACE_CHARS:
        raise Invalid.one("place", _("Tối đa %(count)s ký tự.", count=PLACE_CHARS))
    people = [{**one, "here": one["seat"] in facts.here} for one in minutes.people]
    if (minutes.place, minutes.held_at, minutes.people) == (place, facts.held_at, people):
        return minutes
    if minutes.revision != revision:
        raise MeetingRefused(
            _(
                "Thông tin buổi họp vừa được người khác sửa. Những gì bạn nhập còn ở dưới; xin xem lại rồi lưu."
            )
        )
    minutes.place, minutes.held_at, minutes.people = place, facts.held_at, people
    minutes.revision += 1
    session().flush()
    return minutes


def access_minutes(edition: EditionView, attendee: Attendee, number: int, *, held: bool = False) -> Minutes:
    """Minutes of the attendee's round; NotFound for any other. With `held`, until the transaction ends."""
    ask = select(Minutes).where(
        Minutes.edition_id == edition.id, Minutes.round == attendee.round.key, Minutes.number == number
    )
    if held:
        ask = ask.with_for_update().execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound(_("Không có biên bản này."))
    return found


def minutes_of(edition: EditionView, round_key: str) -> list[Minutes]:
    """The minutes of a round, the newest first. One query."""
    ask = select(Minutes).where(Minutes.edition_id == edition.id, Minutes.round == round_key)
    return list(session().scalars(ask.order_by(Minutes.number.desc())))


def sections_of(minutes: Minutes) -> list[MinutesSection]:
    """The stored sections in their order. One query; what a reader is shown is `sections_for`."""
    ask = select(MinutesSection).where(MinutesSection.minutes_id == minutes.id)
    return list(session().scalars(ask.order_by(MinutesSection.position, MinutesSection.key)))


def sections_for(minutes: Minutes, attendee: Attendee, *, actor: Actor) -> list[SectionView]:
    """The sections as `actor` may read them. Three queries at most."""
    hidden = kept_from(actor)
    rows = sections_of(minutes)
    waits = any(one.tells_points for one in rows) and has_sheets_left(attendee)
    return [_shown(one, place, hidden, waits=waits) for place, one in enumerate(rows, start=1)]


def is_whole_for(sections: Sequence[SectionView]) -> bool:
    """Whether a reader sees everything, and so may have the papers themselves."""
    return all(one.is_whole for one in sections)


def has_sheets_left(attendee: Attendee) -> bool:
    """Whether the attendee judges the round and may still score in it himself. One query."""
    if attendee.judge is None:
        return False
    ask = (
        select(Assignment.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == attendee.judge.id, Assignment.round == attendee.round.key)
        .where(is_running(), unfinished(), Entry.state == State.ACCEPTED)
    )
    return session().scalars(ask.limit(1)).first() is not None


def require_draft(minutes: Minutes) -> None:
    """Raise MeetingRefused once the minutes are fixed."""
    if minutes.state != DRAFT:
        raise MeetingRefused(
            _("Biên bản này đã chốt nên không sửa được. Cần sửa thì lập biên bản đính chính.")
        )


def subject_of(edition: EditionView, minutes: Minutes) -> str:
    """How the log names the minutes' round."""
    return f"{edition.key}/{minutes.round}"


def _shown(section: MinutesSection, place: int, hidden: frozenset[str], *, waits: bool) -> SectionView:
    kept_lines, left_out = lines_shown(section, hidden)
    is_waiting = waits and section.tells_points
    return SectionView(
        key=section.key,
        number=place,
        heading=section.heading,
        body="" if is_waiting else "\n".join(kept_lines),
        revision=section.revision,
        changed_name=section.changed_name,
        changed_at=section.changed_at,
        hidden=left_out,
        waits=is_waiting,
    )


def lines_shown(section: MinutesSection, hidden: frozenset[str]) -> tuple[list[str], int]:
    """The lines that who is kept from `hidden` may read, and how many are left out: all of a section that names one of
    them, save where each line names its own by the code."""
    lines = section.body.split("\n")
    named = hidden.intersection(section.entries)
    if not named:
        return lines, 0
    shown = [line for line in lines if not any(code in line for code in named)]
    found = sum(any(code in line for line in lines) for code in named)
    if not section.by_line or found < len(named):
        return [], len(lines)
    return shown, len(lines) - len(shown)


def _named_in(edition: EditionView, round_key: str, body: str) -> list[str]:
    """Codes of the round's dossiers that a text names by code or title. One query."""
    return sorted(named_in(body, entries_in_round(edition.id, round_key)))


def _people(edition: EditionView, round_key: str) -> list[dict[str, Any]]:
    council = council_of(edition.id, round_key)
    if council is None:
        return []
    return [
        {"seat": str(one.id), "name": one.name, "role": one.role.value, "here": True}
        for one in seat_rows(council)
        if one.state is SeatState.ACCEPTED
    ]


def _add(minutes: Minutes, parts: Sequence[MinutesPart], actor: Actor, now: datetime) -> None:
    session().add_all(
        MinutesSection(
            minutes_id=minutes.id,
            key=part.key,
            position=part.place,
            heading=part.heading[:HEADING_CHARS],
            body="\n".join(part.lines),
            entries=sorted(part.entries),
            tells_points=part.tells_points,
            by_line=part.by_line,
            changed_name=actor.name,
            changed_at=now,
        )
        for part in parts
    )
    session().flush()


def _copy(first: Minutes, minutes: Minutes, actor: Actor, now: datetime) -> None:
    for one in sections_of(first):
        session().add(
            MinutesSection(
                minutes_id=minutes.id,
                key=one.key,
                position=one.position,
                heading=one.heading,
                body=one.body,
                entries=list(one.entries),
                tells_points=one.tells_points,
                by_line=one.by_line,
                is_edited=True,
                changed_name=actor.name,
                changed_at=now,
            )
        )
    session().flush()


def content_of(minutes: Minutes, sections: Sequence[MinutesSection]) -> Mapping[str, Any]:
    """What `sha256` is over: everything that the papers say, as plain JSON."""
    return {
        "format": "bangvang.minutes/1",
        "round": minutes.round,
        "number": minutes.number,
        "corrects": minutes.corrects,
        "place": minutes.place,
        "held_at": minutes.held_at.isoformat() if minutes.held_at else None,
        "people": minutes.people,
        "sections": [{"heading": one.heading, "body": one.body} for one in sections],
        "log": {"size": minutes.log_size, "head": minutes.log_head},
    }
