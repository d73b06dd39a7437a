"""The parts that minutes of a council are drafted from. A module that knows what happened registers a function here.

    @tells_minutes
    def deliberations(edition, judging_round, now):
        yield MinutesPart("deliberation", 40, _("Thảo luận lại"), lines, codes, tells_points=True, by_line=True)

It is asked when minutes are drafted, with the words in Vietnamese. Who has a conflict with one of `entries` is not
shown the section; with `by_line`, where each line names its dossier by the code, not that line alone. Places: 10 the
council's work, 20 draws, 30 site visits, 40 deliberation, 50 ballots, 60 the result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from core.contests.values import EditionView
from core.plugin_api import Round


@dataclass(frozen=True, slots=True)
class MinutesPart:
    """What happened, as paragraphs: `entries` are the codes named in `lines`; `tells_points` that points stand there,
    which who has a sheet left to lock must not read; `by_line` that each line tells of one dossier, named by code."""

    key: str
    place: int
    heading: str
    lines: tuple[str, ...]
    entries: frozenset[str] = frozenset()
    tells_points: bool = False
    by_line: bool = False


Teller = Callable[[EditionView, Round, datetime], Iterable[MinutesPart]]
_tellers: list[Teller] = []


def tells_minutes(teller: Teller) -> Teller:
    """Register a function that tells what happened in a round."""
    if teller not in _tellers:
        _tellers.append(teller)
    return teller


def told_parts(edition: EditionView, judging_round: Round, now: datetime) -> list[MinutesPart]:
    """Everything that is told of a round, in the order of minutes; parts without a line are left out."""
    found = [part for teller in _tellers for part in teller(edition, judging_round, now) if part.lines]
    return sorted(found, key=lambda part: (part.place, part.key))
