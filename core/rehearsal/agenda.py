"""The agenda of a rehearsal: deeds with their instants, done in the order of time on a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.kernel.uow import unit_of_work

BATCH = 150
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does at an instant: `do(at)`. `place` orders deeds of the same instant."""

    at: datetime
    place: int
    do: Callable[[datetime], None]


def perform(deeds: Iterable[Deed], *, until: datetime | None = None, progress: Progress | None = None) -> int:
    """Do what is due before `until` (everything without it), in the order of time; give the number of deeds.

    A unit of work holds a batch of deeds: that a vote is stored at once does not matter on a simulated clock.
    """
    due = sorted(
        (deed for deed in deeds if until is None or deed.at <= until), key=lambda deed: (deed.at, deed.place)
    )
    for batch in _batches(due):
        with unit_of_work():
            for deed in batch:
                deed.do(deed.at)
        if progress is not None:
            progress(len(batch))
    return len(due)


def _batches(deeds: Sequence[Deed]) -> Iterable[Sequence[Deed]]:
    return (deeds[start : start + BATCH] for start in range(0, len(deeds), BATCH))
