"""When it is too late to change the rules: what has been published rests on them."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from core.contests.events import RulesReopeningWanted, SettingsChanging
from core.judging.events import PointsMayChange
from core.kernel.events import listens_to
from core.results.errors import AlreadyPublished
from core.results.queries import publication_of


@listens_to(SettingsChanging)
def keep_settings(wanted: SettingsChanging) -> None:
    """Refuse to change settings by which a result was published."""
    require_unpublished_rules(wanted.edition_id)


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
