"""Which plugins an edition runs on, and in which order: the operator's decision, until its rules are frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.events import SettingsChanging
from core.contests.models import Edition
from core.contests.policies import require_settings_changeable
from core.contests.queries import layers_of, rules_values, tenant_settings
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import ALL_TENANTS, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.text import clean
from core.plugin_api import Edition as RulesEdition
from core.plugin_host import PluginUnavailable, SettingsInvalid, plugin_refs
from core.tenancy.models import Tenant
from core.tenancy.scope import touch_public

LONGEST_REASON = 500


def set_plugins(key: str, names: Sequence[str], *, reason: str, actor: Actor, now: datetime) -> bool:
    """Let the edition `key` of the bound tenant run on `names`, in this order; whether that is a change.

    Settings that the edition gave to a plugin which leaves the list are taken away with it; the log keeps them.
    Raises NotFound, RulesAreFrozen, or Invalid at `plugins` (the list cannot run, or its settings are refused) or
    `reason`; and whatever a listener of SettingsChanging raises, while reopened rules have locked sheets.
    """
    row = session().scalars(select(Edition).where(Edition.key == key).with_for_update(key_share=True)).first()
    if row is None:
        raise NotFound(_("Không có kỳ thi này."))
    require_settings_changeable(row)
    wanted, before = list(names), list(row.plugins)
    if wanted == before:
        return False
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", _("Cần ghi lý do thay đổi."))
    if len(reason) > LONGEST_REASON:
        raise Invalid.one("reason", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=LONGEST_REASON))
    if not wanted:
        raise Invalid.one("plugins", _("Một kỳ thi cần ít nhất một plugin cho thể lệ của mình."))
    told = _Told(reason, actor, now)
    dropped = {name: given for name, given in row.settings.items() if name not in wanted and name in before}
    kept = {name: given for name, given in row.settings.items() if name not in dropped}
    _require_runs(row, wanted, kept, told)
    line = {"before": before, "after": wanted, "reason": reason, "settings_dropped": dropped}
    audit.append("plugins.changed", key, line, actor=actor, now=now)
    touch_public()
    return True


@dataclass(frozen=True, slots=True)
class _Told:
    reason: str
    actor: Actor
    now: datetime


def _require_runs(
    row: Edition, names: list[str], settings: dict[str, dict[str, object]], told: _Told
) -> None:
    """Put the list and its settings on the row when they can run; else leave the row as it was."""
    held = row.plugins, row.settings
    given, slug = tenant_settings(), _slug()
    before = _running(row, slug)
    try:
        plugin_refs(names)
        row.plugins, row.settings = names, settings
        after = rules_values(row, slug, layers_of(row, given))
    except (PluginUnavailable, SettingsInvalid) as error:
        row.plugins, row.settings = held
        raise Invalid.one("plugins", error.message) from None
    if before is not None:
        emit(SettingsChanging(row.id, before, after, told.reason, told.actor, told.now))
    session().flush()


def _running(row: Edition, slug: str) -> RulesEdition | None:
    """What the edition runs on now; None for a list that cannot run, which has to stay replaceable.

    Only reopened rules can have sheets that rest on them, and those ran once.
    """
    try:
        return rules_values(row, slug, layers_of(row, tenant_settings()))
    except (PluginUnavailable, SettingsInvalid):
        if row.reopened_at is not None:
            raise
        return None


def _slug() -> str:
    ask = select(Tenant.slug).where(Tenant.id == session().tenant_id)
    return session().scalars(ask, execution_options=ALL_TENANTS).one()
