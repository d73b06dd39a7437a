"""The agenda of a rehearsal: deeds with their instants, done in the order of time on a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.kernel.errors import DomainError
from core.kernel.uow import unit_of_work

BATCH = 150
Progress = Callable[[int], None]


class NotRefused(DomainError):
    """The platform took what it must refuse: the rehearsal has found a defect."""

    kind = "not-refused"


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does at an instant: `do(at)`. `place` orders deeds of the same instant."""

    at: datetime
    place: int
    do: Callable[[datetime], None]


def perform(deeds: Iterable[Deed], *, progress: Progress | None = None) -> int:
    """Do every deed in the order of time; give their number.

    A unit of work holds a batch of deeds: that a vote is stored at once does not matter on a simulated clock.
    """
    due = in_order(deeds)
    for start in range(0, len(due), BATCH):
        batch = due[start : start + BATCH]
        with unit_of_work():
            for deed in batch:
                deed.do(deed.at)
        if progress is not None:
            progress(len(batch))
    return len(due)


def in_order(deeds: Iterable[Deed], *, until: datetime | None = None) -> Sequence[Deed]:
    """The deeds by instant and place; only those not after `until`, if it is given."""
    due = (deed for deed in deeds if until is None or deed.at <= until)
    return sorted(due, key=lambda deed: (deed.at, deed.place))
