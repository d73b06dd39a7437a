"""What the rooms of a council's meeting do alike: come in, do something, show the page again where it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.council_room import Attendee, access_council_room
from core.judging.meeting.errors import MeetingRefused
from core.kernel.actor import Actor
from core.kernel.errors import Invalid
from core.kernel.web import current_actor

Answer = Response | str | tuple[str, int]
Errors = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Here:
    """Who is in a round's room: the edition, the account, and as what he attends."""

    edition: EditionView
    actor: Actor
    attendee: Attendee


class Again(Protocol):
    """Shows a page again, with what is wrong at its places or the sentence of a refusal."""

    def __call__(self, *, errors: Errors = ..., refusal: str = ...) -> str: ...


def enter(round_key: str) -> Here:
    """Who asks, in the room of the round; as `access_council_room`, NotFound for who has no business there."""
    edition, actor = current_edition(), current_actor()
    return Here(edition, actor, access_council_room(edition, actor, round_key))


def refused(deed: Callable[[], object], again: Again) -> tuple[str, int] | None:
    """Do it; None when it is done, else the page again and its status, so that nothing typed is lost.

    What is not there or not allowed has no page to show again, and is raised.
    """
    try:
        deed()
    except Invalid as wrong:
        return again(errors=wrong.errors), wrong.status
    except MeetingRefused as told:
        return again(refusal=told.message), told.status
    return None
