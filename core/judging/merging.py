"""How a change of a sheet meets what is stored: criterion by criterion, and nothing is overwritten unread. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from core.judging.errors import SheetConflict
from core.judging.values import SheetView


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a sheet as one device makes it.

    `scores` holds the criteria that change (None clears one), `remark` None stays. `revision` is the one that was seen,
    `base` and `base_remark` what the device knew of what it changes, where it says so.
    """

    scores: Mapping[str, Decimal | None]
    remark: str | None
    revision: int
    base: Mapping[str, Decimal | None]
    base_remark: str | None


def merged(held: SheetView, change: Change, *, now: datetime) -> SheetView:
    """The draft `held` after the change; `held` itself when it stands there already. Raises SheetConflict."""
    scores = {key: points for key, points in {**held.scores, **change.scores}.items() if points is not None}
    remark = held.remark if change.remark is None else change.remark
    if scores == held.scores and remark == held.remark:
        return held
    if held.revision != change.revision:
        fields = divided(held, change)
        if fields:
            raise SheetConflict(held, change.scores, change.remark, fields)
    return replace(held, scores=scores, remark=remark, revision=held.revision + 1, updated_at=now)


def divided(held: SheetView, change: Change) -> tuple[str, ...]:
    """What changes here and was changed elsewhere to something else: keys of criteria, `remark`."""
    fields = [
        key
        for key, points in change.scores.items()
        if held.scores.get(key) != points
        and (key not in change.base or held.scores.get(key) != change.base[key])
    ]
    if change.remark is not None and held.remark not in (change.remark, change.base_remark):
        fields.append("remark")
    return tuple(fields)
