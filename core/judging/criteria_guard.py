"""The criteria that are installed against those that were announced: nothing is locked while they differ.

A version of a plugin may bring other criteria than the one before it, on no way that asks anybody. Judges score by
what was announced to them; so such criteria are no version until the committee makes them one, and after the first
locked sheet they never are.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.events import RulesReopeningWanted
from core.contests.models import Edition
from core.contests.policies import RulesMoved
from core.contests.queries import layers_of, rules_values, tenant_settings
from core.contests.services import locked_edition
from core.contests.values import EditionView
from core.judging.criteria import changes_between, document_of
from core.judging.criteria_versions import locked_sheets_of, newest_version, require_none_locked
from core.judging.errors import CriteriaDrifted
from core.kernel.db import session
from core.kernel.events import listens_to
from core.letters.post import bound_tenant
from core.plugin_host import PluginFailed, PluginUnavailable, SettingsInvalid, rules_for


def drifted_criteria(edition: EditionView) -> list[dict[str, Any]]:
    """What became of the criteria since they were last announced, without a version of theirs. One query."""
    newest = newest_version(edition.id)
    return [] if newest is None else changes_between(newest.criteria, document_of(edition.rules.rounds()))


def hold_criteria(edition: EditionView) -> None:
    """Before a sheet is locked: hold the rules as they are until the transaction ends, so that a change of criteria and
    the first locked sheet cannot miss each other. Two queries.

    Raises RulesMoved when they are no longer those that `edition` shows, CriteriaDrifted.
    """
    if edition.is_frozen:
        # Shared: judges who lock at the same time do not wait for one another.
        ask = select(Edition.frozen).where(Edition.id == edition.id).with_for_update(read=True)
        if session().scalars(ask).one() is None:
            raise RulesMoved(_("Quy tắc chấm vừa thay đổi. Bạn hãy tải lại trang rồi làm lại."))
    else:
        locked_edition(edition.id)  # freezing writes it; to ask for more later could wait crosswise
    require_announced(edition)


def require_announced(edition: EditionView) -> None:
    """Raise CriteriaDrifted while the criteria that are installed are not those of the newest version. One query."""
    if drifted_criteria(edition):
        raise CriteriaDrifted(
            _(
                "Tiêu chí đang cài trên máy chủ khác với tiêu chí đã công bố, nên phiếu chấm tạm thời không khóa được "
                "và điểm đã khóa không sửa được. Những gì bạn đã chấm được giữ nguyên; trang Chấm điểm của Ban Tổ chức "
                "đã báo việc này."
            )
        )


@listens_to(RulesReopeningWanted)
def keep_locked_criteria(wanted: RulesReopeningWanted) -> None:
    """Refuse to open frozen rules when that would put other criteria under sheets that are locked."""
    if not locked_sheets_of(wanted.edition_id):
        return
    row = session().scalars(select(Edition).where(Edition.id == wanted.edition_id)).one()
    newest = newest_version(row.id)
    if newest is None:
        return
    try:
        values = rules_values(row, bound_tenant().slug, layers_of(row, tenant_settings()))
        installed = document_of(rules_for(values).rounds())
    except (PluginFailed, PluginUnavailable, SettingsInvalid):
        return  # rules that do not run are told of where plugins are looked after
    if changes_between(newest.criteria, installed):
        require_none_locked(row.id)
