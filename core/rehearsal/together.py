"""What a council of the demonstration does together shortly before the clock starts: a deliberation under way, a drawn
order, an open ballot, a visit to come, minutes in draft. Rehearsals leave it out: their outputs are pinned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from core.judging.council_room import Attendee, access_council_room
from core.judging.deliberation_policies import access_room_entry
from core.judging.deliberation_values import Scope
from core.judging.meeting.apart import entries_in_round
from core.judging.meeting.ballot_facts import FEWEST_OPTIONS, BallotFacts
from core.judging.meeting.ballots import electorate, open_ballot
from core.judging.meeting.draws import announce, make_draw, scopes_of, show_to
from core.judging.meeting.minutes_drafting import draft_minutes
from core.judging.meeting.visit_goers import goers
from core.judging.meeting.visits import VisitFacts, plan_visit
from core.judging.queries import open_rounds
from core.judging.queries.deliberations import deviations
from core.judging.services.deliberations import lead, open_deliberation
from core.rehearsal.agenda import Deed
from core.rehearsal.stage import Stage

SHOWN_TO_ALL = "all"


def together_deeds(stage: Stage, until: datetime) -> Iterator[Deed]:
    """The deeds in the hour before `until`, each only where a round is open then."""
    for minutes, do in ((50, _deliberate), (40, _draw), (30, _vote), (20, _visit), (10, _write)):
        yield Deed(until - timedelta(minutes=minutes), 90, partial(do, stage))


def _room(stage: Stage, now: datetime) -> Attendee | None:
    """The officer in the room of the newest open round; None before any is open."""
    opened = open_rounds(stage.edition)
    if not opened:
        return None
    return access_council_room(stage.edition, stage.committee(now), opened[-1].key)


def _deliberate(stage: Stage, now: datetime) -> None:
    attendee, officer = _room(stage, now), stage.committee(now)
    if attendee is None:
        return
    widest = deviations(stage.edition, attendee)[:1]
    if not widest:
        return
    place = access_room_entry(stage.edition, officer, attendee, widest[0].code)
    reason = "Điểm cách nhau xa, trao đổi sớm để thống nhất cách hiểu tiêu chí."
    talk = open_deliberation(stage.edition, place, Scope.ENTRY.value, reason, actor=officer, now=now)
    lead(place, talk.id, attendee.round.criteria[0].key, actor=officer)
    stage.counts["deliberations"] += 1


def _draw(stage: Stage, now: datetime) -> None:
    attendee, officer = _room(stage, now), stage.committee(now)
    scopes = [] if attendee is None else scopes_of(stage.edition, attendee.round.key)
    if attendee is None or not scopes:
        return
    source = "Giải đặc biệt xổ số miền Bắc hôm trước (minh họa)"
    draw = announce(stage.edition, attendee, scopes[0].key, source=source, actor=officer, now=now)
    make_draw(stage.edition, attendee, draw.number, "48213", actor=officer, now=now)
    show_to(stage.edition, attendee, draw.number, SHOWN_TO_ALL, actor=officer, now=now)
    stage.counts["draws"] += 1


def _vote(stage: Stage, now: datetime) -> None:
    attendee, officer = _room(stage, now), stage.committee(now)
    if attendee is None or len(electorate(stage.edition, attendee.round.key)) < FEWEST_OPTIONS:
        return
    asked = BallotFacts("Có mời tác giả đến trình bày trực tiếp không?", "Có\nKhông")
    token = f"dien-tap-{stage.edition.id}"
    open_ballot(stage.edition, attendee, asked, form_token=token, actor=officer, now=now)
    stage.counts["council_ballots"] += 1


def _visit(stage: Stage, now: datetime) -> None:
    attendee, officer = _room(stage, now), stage.committee(now)
    entries = [] if attendee is None else entries_in_round(stage.edition, attendee.round.key)
    if attendee is None or not entries:
        return
    entry = entries[0]
    going = frozenset(one.account_id for one in goers(stage.edition, attendee.round.key, entry.id)[:2])
    if not going:
        return
    at = (now + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    facts = VisitFacts(entry.code, at, "Nơi áp dụng giải pháp (minh họa)", going)
    token = f"dien-tap-{stage.edition.id}"
    plan_visit(stage.edition, attendee, facts, form_token=token, actor=officer, now=now)
    stage.counts["site_visits"] += 1


def _write(stage: Stage, now: datetime) -> None:
    attendee = _room(stage, now)
    if attendee is None:
        return
    draft_minutes(stage.edition, attendee, actor=stage.committee(now), now=now)
    stage.counts["minutes"] += 1
