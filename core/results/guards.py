"""When it is too late to change the rules: what has been locked, and what has been published, rests on them."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.events import RulesReopeningWanted, SettingsChanging
from core.judging.events import PointsMayChange
from core.judging.models import Sheet
from core.judging.states import SheetState
from core.kernel.db import session
from core.kernel.errors import DomainError
from core.kernel.events import listens_to
from core.plugin_api import Edition, Round
from core.plugin_host import rules_for
from core.results.errors import AlreadyPublished
from core.results.queries import publication_of


class SheetsAreLocked(DomainError):
    """Judges have locked sheets by these criteria, so the criteria stay."""

    kind = "sheets-are-locked"


@listens_to(SettingsChanging)
def keep_criteria(wanted: SettingsChanging) -> None:
    """Refuse settings that change a criterion, a maximum or a step of a round in which sheets are locked."""
    require_unpublished_rules(wanted.edition_id)
    locked = locked_by_round(wanted.edition_id)
    if not locked:
        return
    before, after = _rounds(wanted.before), _rounds(wanted.after)
    held = [key for key in locked if not _same_points(before.get(key), after.get(key))]
    if held:
        raise SheetsAreLocked(
            _(
                "Giám khảo đã khóa %(count)s phiếu theo tiêu chí, điểm tối đa và bước điểm hiện nay, nên các mục đó "
                "không thay đổi được nữa.",
                count=sum(locked[key] for key in held),
            )
        )


@listens_to(RulesReopeningWanted)
def keep_published(wanted: RulesReopeningWanted) -> None:
    """Refuse to open rules by which a result was published."""
    require_unpublished_rules(wanted.edition_id)


@listens_to(PointsMayChange)
def keep_published_points(wanted: PointsMayChange) -> None:
    """Refuse to change points of sheets that a published result was computed from."""
    if publication_of(wanted.edition_id) is not None:
        raise AlreadyPublished(_("Kết quả đã công bố nên không thảo luận lại và không sửa điểm được nữa."))


def require_unpublished_rules(edition_id: UUID) -> None:
    """Raise AlreadyPublished when the edition's result is out."""
    if publication_of(edition_id) is not None:
        raise AlreadyPublished(_("Kết quả đã công bố nên quy tắc không mở lại được nữa."))


def locked_by_round(edition_id: UUID) -> dict[str, int]:
    """How many sheets are locked in each round that has any. One query."""
    ask = (
        select(Sheet.round, func.count())
        .where(Sheet.edition_id == edition_id, Sheet.state == SheetState.LOCKED)
        .group_by(Sheet.round)
    )
    return {key: number for key, number in session().execute(ask)}  # noqa: C416 - rows are no pairs to mypy


def _rounds(edition: Edition) -> dict[str, Round]:
    return {one.key: one for one in rules_for(edition).rounds()}


def _same_points(before: Round | None, after: Round | None) -> bool:
    if before is None or after is None:
        return before is after
    return [(one.key, one.maximum, one.step) for one in before.criteria] == [
        (one.key, one.maximum, one.step) for one in after.criteria
    ]
