"""Builders for the council's common work: who attends, a council with its leaders, draws made through the services.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.council_room import Attendee, access_council_room
from core.judging.meeting.draw_models import Draw
from core.judging.meeting.draws import announce, make_draw
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, declare
from core.kernel.actor import Actor
from tests.support.councils import made_council, seated
from tests.support.entries import account
from tests.support.factories import NOW, actor_of
from tests.support.judging import ROUND, make_round

SECRETARY = "thuky@example.vn"
FREE = CouncilFacts(name="Hội đồng chuyên môn", pledge_required=False)


def make_meeting(edition: EditionView, *, entries: int = 3, judges: int = 3) -> list[Entry]:
    """An open round with judges J1 and on, who are members of its council, and a secretary who leads."""
    made = make_round(edition, entries=entries, judges=judges)
    made_council(edition, FREE)
    seated(edition, SECRETARY, SeatRole.SECRETARY)
    return made


def secretary() -> Actor:
    """The council's secretary."""
    return actor_of(account(SECRETARY))


def attendee(edition: EditionView, actor: Actor | None = None) -> Attendee:
    """`actor` (default: the secretary) in the council's room."""
    return access_council_room(edition, actor or secretary(), ROUND)


def conflicted(entry: Entry, actor: Actor) -> None:
    """Let `actor` have a conflict with the entry."""
    declare([entry], [Kind.FAMILY.value], "", actor=actor, now=NOW)


def drawn(edition: EditionView, *, source: str = "", said: str = "", reason: str = "") -> Draw:
    """A draw of the whole round, announced and made by the secretary."""
    who = attendee(edition)
    made = announce(edition, who, "", source=source, reason=reason, actor=secretary(), now=NOW)
    return make_draw(edition, who, made.number, said, actor=secretary(), now=NOW)
