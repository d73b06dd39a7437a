"""What changes the rules of an edition: its plugins' settings, and the reopening of frozen rules by two officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.events import RulesReopeningWanted, SettingsChanging
from core.contests.models import Edition, RulesReopening
from core.contests.policies import (
    ReopeningRefused,
    RulesMoved,
    SettingsMoved,
    require_manager,
    require_settings_changeable,
)
from core.contests.queries import latest_reopening, layers_of, rules_values, tenant_settings
from core.contests.services import LONGEST_REASON, freeze_rules, locked_edition
from core.contests.settings_plan import changes, digest_of, own_values
from core.contests.values import EditionView
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.proposals import require_person
from core.kernel.text import clean
from core.plugin_api import Edition as RulesEdition
from core.plugin_host import Layers, PluginFailed, dump_one, resolve_one, resolve_settings, rules_for
from core.tenancy.scope import touch_public

REOPENING_LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Planned:
    """What new settings would make of an edition's rules: before, after, and what the edition gives then."""

    before: RulesEdition
    after: RulesEdition
    layers: Layers


def plan_settings(edition: EditionView, plugin: str, wanted: Mapping[str, Any]) -> Planned:
    """What `wanted`, the complete settings of one plugin as JSON values, would make of the edition; stores nothing.

    Raises NotFound for a plugin the edition does not have, SettingsInvalid for a value its schema refuses, Invalid
    (about the whole) when the rules cannot run on them.
    """
    return _plan(edition.values, edition.layers, plugin, wanted)


def change_settings(
    edition: EditionView,
    plugin: str,
    wanted: Mapping[str, Any],
    reason: str,
    *,
    seen: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Give one plugin of the edition the settings `wanted` (complete, as JSON values), and say why.

    `seen` is `digest_of` the settings that the actor looked at. Returns whether anything changed: sending the same
    twice changes nothing. Raises Forbidden, NotFound, RulesAreFrozen, SettingsInvalid, SettingsMoved, Invalid at
    `reason`, and whatever a listener of SettingsChanging raises.
    """
    require_manager(actor)
    row = locked_edition(edition.id)
    require_settings_changeable(row)
    layers = layers_of(row, tenant_settings())
    planned = _plan(rules_values(row, edition.tenant, layers), layers, plugin, wanted)
    before, after = planned.before.settings[plugin], planned.after.settings[plugin]
    changed = changes(before, after)
    if not changed:
        return False
    if seen != digest_of(plugin, before):
        raise SettingsMoved(
            _("Cài đặt vừa được người khác thay đổi. Bạn hãy xem giá trị mới rồi sửa lại nếu vẫn cần.")
        )
    reason = _reason(reason, _("Bạn hãy nêu lý do; lý do được ghi vào nhật ký cùng giá trị cũ và mới."))
    emit(SettingsChanging(row.id, planned.before, planned.after, reason, actor, now))
    row.settings = {name: dict(values) for name, values in planned.layers.edition.items()}
    session().flush()
    old, new = dump_one(plugin, before), dump_one(plugin, after)
    data = {
        "plugin": plugin,
        "before": {one.key: old[one.key] for one in changed},
        "after": {one.key: new[one.key] for one in changed},
        "reason": reason,
    }
    audit.append("settings.changed", edition.key, data, actor=actor, now=now)
    touch_public()
    return True


def freeze_for_judging(edition: EditionView, *, actor: Actor, now: datetime) -> None:
    """Freeze rules that are not, because judging goes on by them.

    Raises RulesMoved when they are no longer those that `edition` showed to the actor.
    """
    if edition.is_frozen:
        return
    freeze_rules(edition.id, actor=actor, now=now)
    frozen: dict[str, Any] = session().scalars(select(Edition.frozen).where(Edition.id == edition.id)).one()
    names = tuple(ref["name"] for ref in frozen["plugins"])
    if resolve_settings(names, frozen["settings"]) != edition.values.settings:
        raise RulesMoved(_("Quy tắc chấm vừa thay đổi. Bạn hãy tải lại trang rồi làm lại."))


def freeze_again(edition: EditionView, *, actor: Actor, now: datetime) -> bool:
    """End a reopening: fix versions and settings as they are now. Returns whether this call did it.

    Raises Forbidden, and ReopeningRefused when the rules were never frozen: the first round of judging does that.
    """
    require_manager(actor)
    row = locked_edition(edition.id)
    if row.frozen is None and row.reopened_at is None:
        raise ReopeningRefused(_("Quy tắc chưa từng được chốt: mở vòng chấm đầu tiên sẽ chốt."))
    return freeze_rules(edition.id, actor=actor, now=now)


def is_waiting(request: RulesReopening, now: datetime) -> bool:
    """Whether the request can still be agreed to: for seven days, unless it was withdrawn."""
    return (
        request.agreed_at is None
        and request.withdrawn_at is None
        and now < request.asked_at + REOPENING_LASTS
    )


def ask_reopening(edition: EditionView, reason: str, *, actor: Actor, now: datetime) -> RulesReopening:
    """Ask that the frozen rules of the edition be opened again; another officer has to agree within seven days.

    The asker's own waiting request is given back. Raises Forbidden, Invalid at `reason`, ReopeningRefused when the
    rules are not frozen or another request waits, and whatever a listener of RulesReopeningWanted raises.
    """
    person = require_person(actor)
    row = locked_edition(edition.id)
    if row.frozen is None:
        raise ReopeningRefused(_("Quy tắc đang không chốt nên không cần mở lại."))
    waiting = latest_reopening(row.id)
    if waiting is not None and is_waiting(waiting, now):
        if waiting.asked_by == person:
            return waiting
        raise ReopeningRefused(
            _(
                "%(name)s đã đề nghị mở lại lúc %(when)s: bạn hãy xem lý do và đồng ý nếu thấy đúng.",
                name=waiting.asked_name,
                when=datetime_(waiting.asked_at, locale()),
            )
        )
    reason = _reason(reason, _("Bạn hãy nêu lý do; cán bộ thứ hai sẽ đọc lý do này."))
    emit(RulesReopeningWanted(row.id))
    made = RulesReopening(
        edition_id=row.id, asked_by=person, asked_name=actor.name, asked_at=now, reason=reason
    )
    session().add(made)
    session().flush()
    audit.append("rules.reopening_asked", edition.key, {"reason": reason}, actor=actor, now=now)
    return made


def agree_reopening(edition: EditionView, request_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Open the frozen rules as another officer asked; returns whether this call did it.

    Nothing changes by itself: the frozen values become the edition's own, to be changed one by one. Plugins run in
    the version installed. Raises Forbidden, NotFound, ReopeningRefused (the asker agrees, it is over), and whatever
    a listener of RulesReopeningWanted raises.
    """
    person = require_person(actor)
    row = locked_edition(edition.id)
    request = _request(row.id, request_id)
    if request.agreed_at is not None and request.agreed_by == person:
        return False
    _require_waiting(request, now)
    if request.asked_by == person:
        raise ReopeningRefused(_("Bạn là người đề nghị: cần một cán bộ khác của Ban Tổ chức đồng ý."))
    if row.frozen is None:
        raise ReopeningRefused(_("Quy tắc đang không chốt nên không cần mở lại."))
    emit(RulesReopeningWanted(row.id))
    frozen = row.frozen
    row.plugins = [ref["name"] for ref in frozen["plugins"]]
    row.settings = {name: dict(values) for name, values in frozen["settings"].items()}
    row.frozen, row.reopened_at = None, now
    request.agreed_by, request.agreed_name, request.agreed_at = person, actor.name, now
    session().flush()
    data = {
        "plugins": frozen["plugins"],
        "asked_at": request.asked_at.isoformat(),
        "reason": request.reason,
    }
    audit.append("rules.reopened", edition.key, data, actor=actor, now=now)
    touch_public()
    return True


def withdraw_reopening(edition: EditionView, request_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Take one's own waiting request back; returns whether this call did it.

    Raises Forbidden, NotFound, ReopeningRefused for another's request or one that is over.
    """
    person = require_person(actor)
    row = locked_edition(edition.id)
    request = _request(row.id, request_id)
    if request.asked_by != person:
        raise ReopeningRefused(_("Chỉ người đã đề nghị rút được đề nghị này."))
    if request.withdrawn_at is not None:
        return False
    _require_waiting(request, now)
    request.withdrawn_at = now
    session().flush()
    audit.append("rules.reopening_withdrawn", edition.key, {}, actor=actor, now=now)
    return True


def _plan(values: RulesEdition, layers: Layers, plugin: str, wanted: Mapping[str, Any]) -> Planned:
    if plugin not in values.settings:
        raise NotFound(_("Kỳ thi này không dùng bộ quy tắc đó."))
    own = own_values(plugin, layers, resolve_one(plugin, wanted))
    given = {**layers.edition, plugin: own}
    if not own:
        del given[plugin]
    after = replace(layers, edition=given)
    names = tuple(ref.name for ref in values.plugins)
    planned = Planned(values, replace(values, settings=resolve_settings(names, after.merged())), after)
    _require_running(planned.after)
    return planned


def _require_running(values: RulesEdition) -> None:
    """Each value may be allowed and the rules still break on them together; better now than when judges score."""
    rules = rules_for(values)
    try:
        for ask in (
            rules.rounds,
            rules.tie_breaks,
            rules.vote_policy,
            rules.award_scheme,
            rules.decision_rule,
        ):
            ask()
    except PluginFailed as error:
        raise Invalid.one(
            "", _("Bộ quy tắc không chạy được với các giá trị này: %(reason)s", reason=error.reason)
        ) from error


def _request(edition_id: UUID, request_id: UUID) -> RulesReopening:
    ask = select(RulesReopening).where(
        RulesReopening.edition_id == edition_id, RulesReopening.id == request_id
    )
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise NotFound
    return found


def _require_waiting(request: RulesReopening, now: datetime) -> None:
    if is_waiting(request, now):
        return
    if request.withdrawn_at is not None:
        raise ReopeningRefused(_("Đề nghị này đã được rút."))
    if request.agreed_at is not None:
        raise ReopeningRefused(_("Đề nghị này đã được đồng ý trước đó."))
    raise ReopeningRefused(_("Đề nghị này đã quá bảy ngày: nếu vẫn cần, hãy đề nghị lại."))


def _reason(typed: str, needed: str) -> str:
    reason = clean(typed)
    if not reason:
        raise Invalid.one("reason", needed)
    if len(reason) > LONGEST_REASON:
        raise Invalid.one("reason", _("Lý do dài quá %(longest)s ký tự.", longest=LONGEST_REASON))
    return reason
