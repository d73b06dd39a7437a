"""What stands between a judge and others' points: his own sheets of what he judges, while they are not finished.

Finished is a locked sheet, and an abstention that is final. One that may be taken back is not: who sees others' points
and then scores would score after them. Whoever shows points to somebody who may judge the entry asks here.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, or_

from core.judging.models import Sheet
from core.judging.states import SheetState


def unfinished() -> ColumnElement[bool]:
    """The criterion of assignments, outer-joined to their sheet, whose judge may still score."""
    return or_(
        Sheet.id.is_(None),
        Sheet.state == SheetState.DRAFT,
        and_(Sheet.state == SheetState.ABSTAINED, Sheet.final_at.is_(None)),
    )


def own_state() -> ColumnElement[str]:
    """The state of a sheet, outer-joined to its assignment, as a column: "draft" for all that is unfinished."""
    return case((unfinished(), SheetState.DRAFT.value), else_=Sheet.state)
