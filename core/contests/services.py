"""What changes an edition: its dates, the freezing of its rules, its demonstration clock, its entry numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.events import PhaseChanged, RulesFrozen
from core.contests.models import Edition, Phase
from core.contests.policies import require_manager, require_phase_changeable
from core.contests.queries import layers_of, tenant_settings
from core.contests.values import PhaseKind
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, lock_row, session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.formats import datetime_
from core.kernel.text import clean
from core.plugin_host import dump_settings, plugin_refs, resolve_settings
from core.tenancy.models import Tenant
from core.tenancy.scope import touch_public

LONGEST_REASON = 500
FIRST_YEAR, LAST_YEAR = 2000, 2100


def take_number(edition_id: UUID) -> int:
    """The next entry number of the edition, from 1, never given twice: the edition's row is locked until the commit."""
    edition = locked_edition(edition_id)
    number = edition.next_number
    edition.next_number = number + 1
    session().flush()
    return number


def change_phase(
    edition_id: UUID,
    kind: PhaseKind,
    *,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Set when a phase runs, [opens_at, closes_at) in UTC, and say why; the reason is public.

    An opening that has passed stays; a new end lies in the future. Once dossiers are taken in, a later end needs two
    officers (`prolong_submission`). Raises Forbidden, NotFound, RulesAreFrozen, or Invalid at `opens`, `closes`,
    `reason`.
    """
    require_manager(actor)
    edition = locked_edition(edition_id)
    phase = lock_row(Phase, Phase.edition_id == edition_id, Phase.kind == str(kind))
    if phase is None:
        raise NotFound
    require_phase_changeable(edition, kind)
    reason = clean(reason)
    errors = _phase_errors(phase, opens_at, closes_at, reason, now)
    if errors:
        raise Invalid(errors)
    _move_phase(edition, phase, opens_at, closes_at, reason, actor=actor, now=now)


def prolong_submission(
    edition_id: UUID, *, until: datetime, reason: str, actor: Actor, now: datetime
) -> None:
    """Let all dossiers be handed in until `until` (UTC, exclusive), as two officers agreed; the reason is public.

    Raises Forbidden, NotFound, RulesAreFrozen, or Invalid at `until` for an end that is not later than the present one
    or not in the future.
    """
    require_manager(actor)
    edition = locked_edition(edition_id)
    phase = lock_row(Phase, Phase.edition_id == edition_id, Phase.kind == str(PhaseKind.SUBMISSION))
    if phase is None:
        raise NotFound
    require_phase_changeable(edition, PhaseKind.SUBMISSION)
    if until <= max(phase.closes_at, now):
        raise Invalid.one(
            "until",
            _("Hạn mới phải sau hạn hiện nay (%(when)s) và sau lúc này.", when=datetime_(phase.closes_at)),
        )
    _move_phase(edition, phase, phase.opens_at, until, reason, actor=actor, now=now)


def _move_phase(
    edition: Edition,
    phase: Phase,
    opens_at: datetime,
    closes_at: datetime,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    kind = PhaseKind(phase.kind)
    before = {"opens_at": phase.opens_at.isoformat(), "closes_at": phase.closes_at.isoformat()}
    facts = dict(phase.facts)
    for end, old, new in (
        ("opens", phase.opens_at, opens_at),
        ("closes", phase.closes_at, closes_at),
    ):
        if old != new:
            facts[end] = {"mark": "exact", "source": _changed_by_committee(now, reason)}
    if facts == phase.facts:
        return
    phase.opens_at, phase.closes_at, phase.facts = opens_at, closes_at, facts
    session().flush()
    data = {
        "phase": str(kind),
        "before": before,
        "after": {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()},
        "reason": reason,
    }
    audit.append("phase.changed", edition.key, data, actor=actor, now=now)
    emit(PhaseChanged(edition.id, kind, opens_at, closes_at, reason, actor, now))
    touch_public()


def freeze_rules(edition_id: UUID, *, actor: Actor, now: datetime) -> bool:
    """Fix the edition's plugin versions and settings, as they are now; judging starts on them.

    From then on only two officers together open them again (`core.contests.rules`). Returns whether this call did it:
    freezing twice changes nothing.
    """
    edition = locked_edition(edition_id)
    if edition.frozen is not None:
        return False
    names = tuple(edition.plugins)
    resolved = resolve_settings(names, layers_of(edition, tenant_settings()).merged())
    edition.frozen = {
        "plugins": [{"name": ref.name, "version": ref.version} for ref in plugin_refs(names)],
        "settings": dump_settings(names, resolved),
        "at": now.isoformat(),
    }
    edition.reopened_at = None
    session().flush()
    audit.append("rules.frozen", edition.key, {"plugins": edition.frozen["plugins"]}, actor=actor, now=now)
    emit(RulesFrozen(edition_id, now))
    touch_public()
    return True


def move_clock(edition_id: UUID, instant: datetime | None, *, actor: Actor, now: datetime) -> None:
    """Set the edition's demonstration clock to `instant`; None sets it back to where the demonstration starts.

    For demonstrations only: the caller makes sure of that. Raises Invalid at `when` for a year out of reach.
    """
    edition = locked_edition(edition_id)
    if instant is None:
        starts_at = edition.notes.get("demonstration", {}).get("starts_at")
        instant = datetime.fromisoformat(starts_at) if starts_at else real_now()
    instant = instant.astimezone(UTC)
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise Invalid.one(
            "when",
            _("Đồng hồ chỉ chỉnh được từ năm %(first)s đến %(last)s.", first=FIRST_YEAR, last=LAST_YEAR),
        )
    # Whole seconds, rounded up: a clock set to a deadline has passed it, and never stands a moment before.
    edition.clock_offset = ceil((instant - real_now()) / timedelta(seconds=1))
    session().flush()
    audit.append("clock.moved", edition.key, {"to": instant.isoformat()}, actor=actor, now=now)
    touch_public()


def set_current_edition(key: str, *, actor: Actor, now: datetime) -> None:
    """Choose the edition that visitors see first. Raises Forbidden, NotFound."""
    require_manager(actor)
    if session().scalars(select(Edition.id).where(Edition.key == key)).one_or_none() is None:
        raise NotFound
    ask = select(Tenant).where(Tenant.id == session().tenant_id).with_for_update()
    tenant = session().scalars(ask, execution_options=ALL_TENANTS).one()
    if tenant.profile.get("current_edition") == key:
        return
    tenant.profile = {**tenant.profile, "current_edition": key}
    session().flush()
    audit.append("edition.made_current", key, {}, actor=actor, now=now)
    touch_public()


def locked_edition(edition_id: UUID) -> Edition:
    """The stored edition, locked until the transaction ends. Raises NotFound."""
    edition: Edition | None = lock_row(Edition, Edition.id == edition_id)
    if edition is None:
        raise NotFound
    return edition


def _phase_errors(
    phase: Phase, opens_at: datetime, closes_at: datetime, reason: str, now: datetime
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if opens_at != phase.opens_at and phase.opens_at <= now:
        errors["opens"] = [
            _("Giai đoạn này đã mở lúc %(when)s, không đổi ngày mở được nữa.", when=datetime_(phase.opens_at))
        ]
    elif opens_at != phase.opens_at and opens_at <= now:
        errors["opens"] = [_("Thời điểm mở mới phải sau lúc này.")]
    if closes_at <= opens_at:
        errors["closes"] = [_("Thời điểm kết thúc phải sau thời điểm mở.")]
    elif closes_at != phase.closes_at and closes_at <= now:
        errors["closes"] = [_("Thời điểm kết thúc mới phải sau lúc này.")]
    elif phase.kind == PhaseKind.SUBMISSION and phase.opens_at <= now and closes_at > phase.closes_at:
        errors["closes"] = [
            _("Kéo dài thời gian nhận hồ sơ đã mở cần hai cán bộ: bạn hãy dùng mục “Gia hạn nộp hồ sơ”.")
        ]
    if not reason:
        errors["reason"] = [_("Bạn hãy nêu lý do; lý do được công khai cùng ngày mới.")]
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = [_("Lý do dài quá %(longest)s ký tự.", longest=LONGEST_REASON)]
    return errors


def _changed_by_committee(now: datetime, reason: str) -> dict[str, str]:
    return {
        "vi": f"Ban Tổ chức thay đổi lúc {datetime_(now, 'vi')}: {reason}",
        "en": f"Changed by the Organising Committee at {datetime_(now, 'en')}: {reason}",
    }
