"""Minutes are drafted from what happened, and brought up to date with what happened since.

Second minutes of a round begin where the first ended: a part that an earlier fixed one has told as it stands now is
left out. Of each section the SHA-256 of what it was told is kept, so that one edited by hand is known to be older than
what happened: see `minutes_standing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting import minutes_council, minutes_told  # noqa: F401 - register what minutes are told
from core.judging.meeting.minutes import (
    DRAFT,
    FIXED,
    HEADING_CHARS,
    access_minutes,
    require_draft,
    sections_of,
    subject_of,
)
from core.judging.meeting.minutes_models import Minutes, MinutesSection
from core.judging.minutes_parts import MinutesPart, told_parts
from core.judging.models import Judge
from core.judging.seating import council_of, seat_rows
from core.judging.seats import SeatState
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.formats import datetime_
from core.people.models import Account
from core.plugin_api import Round

OWN_WORDS = "conclusion"
BEGINS = "since"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What bringing minutes up to date came to: how many parts of them changed, and the headings of sections that are
    older than what happened and were left, since somebody wrote in them."""

    changed: int
    kept: tuple[str, ...]


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
            own = MinutesPart(OWN_WORDS, 90, _("Kết luận của hội đồng"), ())
        add_parts(minutes, [*due_parts(edition, attendee.round, minutes, now), own], actor, now)
    else:
        _copy(first, minutes, actor, now)
    line = {"number": minutes.number, "corrects": corrects}
    audit.append("minutes.drafted", subject_of(edition, minutes), line, actor=actor, now=now)
    return minutes


def bring_up_to_date(
    edition: EditionView, attendee: Attendee, number: int, *, actor: Actor, now: datetime
) -> Refreshed:
    """Take in what happened since: sections that nobody has edited are drafted anew, new ones are added, those of which
    nothing is told any more go, and so do people who left before the meeting.

    Raises Forbidden, NotFound, MeetingRefused.
    """
    require_leader(attendee)
    minutes = access_minutes(edition, attendee, number, held=True)
    require_draft(minutes)
    parts = {one.key: one for one in due_parts(edition, attendee.round, minutes, now)}
    kept = sections_of(minutes)
    changed = 0
    for section in kept:
        if not section.is_edited and section.key != OWN_WORDS:
            changed += take_in(section, parts.get(section.key), actor=actor, now=now)
    known = {one.key for one in kept}
    new = [part for key, part in parts.items() if key not in known]
    add_parts(minutes, new, actor, now)
    if _renew_people(edition, minutes, now):
        changed += 1
    older = tuple(one.heading for one in kept if is_older(one, parts.get(one.key)))
    return Refreshed(changed + len(new), older)


def take_in(section: MinutesSection, part: MinutesPart | None, *, actor: Actor, now: datetime) -> bool:
    """Draft a section anew from its part, whoever wrote in it; without a part it goes. Gives whether it changed."""
    if part is None:
        session().delete(section)
        session().flush()
        return True
    section.told, section.is_edited = told_digest(part), False
    body = "\n".join(part.lines)
    if section.body == body:
        return False
    section.body, section.heading = body, part.heading[:HEADING_CHARS]
    section.entries, section.tells_points = sorted(part.entries), part.tells_points
    section.by_line = part.by_line
    section.revision += 1
    section.changed_name, section.changed_at = actor.name, now
    session().flush()
    return True


def due_parts(
    edition: EditionView, judging_round: Round, minutes: Minutes, now: datetime
) -> list[MinutesPart]:
    """What these minutes are to tell: all that happened and that no earlier fixed ones tell as it stands now; of
    minutes that correct others, what those have told. Two queries and those of the parts."""
    with force_locale("vi"):
        parts = told_parts(edition, judging_round, now)
        ask = select(Minutes).where(Minutes.edition_id == minutes.edition_id, Minutes.round == minutes.round)
        ask = ask.where(Minutes.state == FIXED, Minutes.number < minutes.number)
        earlier = list(session().scalars(ask.order_by(Minutes.number)))
        if minutes.corrects is not None:
            keys = {one.key for one in sections_of(minutes)}
            return [part for part in parts if part.key in keys]
        if not earlier:
            return parts
        told = _told_by(earlier)
        last = earlier[-1]
        begins = MinutesPart(
            BEGINS,
            5,
            _("Từ biên bản trước"),
            (
                _(
                    "Biên bản này ghi những việc sau Biên bản số %(number)s, chốt lúc %(at)s.",
                    number=last.number,
                    at=datetime_(last.fixed_at) if last.fixed_at else "",
                ),
            ),
        )
    return [begins, *(part for part in parts if (part.key, told_digest(part)) not in told)]


def told_digest(part: MinutesPart) -> str:
    """SHA-256 over what is told of a part."""
    return hashlib.sha256("\n".join(part.lines).encode()).hexdigest()


def is_older(section: MinutesSection, part: MinutesPart | None) -> bool:
    """Whether more happened than a section knows of that somebody wrote in. One that is older than the record of what
    sections were told is, where it reads otherwise."""
    if not section.is_edited or section.key == OWN_WORDS:
        return False
    if part is None:
        return bool(section.told)
    if not section.told:
        return section.body != "\n".join(part.lines)
    return section.told != told_digest(part)


def _told_by(earlier: Iterable[Minutes]) -> set[tuple[str, str]]:
    """(Key, digest) of all that minutes have told. One query."""
    ask = select(MinutesSection).where(MinutesSection.minutes_id.in_([one.id for one in earlier]))
    found = set()
    for one in session().scalars(ask):
        body = "" if one.is_edited else hashlib.sha256(one.body.encode()).hexdigest()
        found.add((one.key, one.told or body))
    return found


def _renew_people(edition: EditionView, minutes: Minutes, now: datetime) -> bool:
    """Who sits on the council now, absent who was marked absent; who left after the meeting was there all the same."""
    if minutes.corrects is not None:
        return False
    was = {one["seat"]: one for one in minutes.people}
    fresh = _people(edition, minutes.round)
    people = [{**one, "here": was[one["seat"]]["here"] if one["seat"] in was else True} for one in fresh]
    left = _left_at(edition, minutes.round)
    here = {one["seat"] for one in people}
    held = minutes.held_at if minutes.held_at is not None and minutes.held_at <= now else None
    people += [
        one
        for seat, one in was.items()
        if seat not in here and held is not None and left.get(seat, now) > held
    ]
    if people == minutes.people:
        return False
    minutes.people = people
    minutes.revision += 1
    session().flush()
    return True


def _left_at(edition: EditionView, round_key: str) -> dict[str, datetime]:
    council = council_of(edition.id, round_key)
    rows = [] if council is None else seat_rows(council)
    return {str(one.id): one.answered_at for one in rows if one.answered_at and not one.is_on}


def _people(edition: EditionView, round_key: str) -> list[dict[str, Any]]:
    """Who accepted a seat of the council; without one the active judges, who have no part in it."""
    council = council_of(edition.id, round_key)
    if council is not None:
        return [
            {"seat": str(one.id), "name": one.name, "role": one.role.value, "here": True}
            for one in seat_rows(council)
            if one.state is SeatState.ACCEPTED
        ]
    ask = (
        select(Judge.id, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
        .order_by(Judge.number)
    )
    return [
        {"seat": str(row.id), "name": row.name, "role": "", "here": True} for row in session().execute(ask)
    ]


def add_parts(minutes: Minutes, parts: Sequence[MinutesPart], actor: Actor, now: datetime) -> None:
    """Keep a section of minutes for each part."""
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
            told=told_digest(part) if part.lines else "",
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
                told=one.told,
                is_edited=True,
                changed_name=actor.name,
                changed_at=now,
            )
        )
    session().flush()
