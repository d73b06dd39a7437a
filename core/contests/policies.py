"""When things may be done."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _

from core.contests.models import Edition
from core.contests.values import EditionView, PhaseKind
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.errors import DomainError, Forbidden
from core.kernel.formats import deadline
from core.kernel.i18n import locale


class PhaseClosed(DomainError):
    """The deed belongs to a phase that does not run now; the sentence gives its dates."""

    status = 409
    kind = "phase-closed"


def deed(kind: PhaseKind) -> str:
    """What is done in a phase, inside a sentence, in the reader's language."""
    words = {
        PhaseKind.SUBMISSION: _("nộp hồ sơ"),
        PhaseKind.SCREENING: _("xét hồ sơ"),
        PhaseKind.VOTING: _("bình chọn"),
        PhaseKind.JUDGING: _("chấm điểm"),
        PhaseKind.RESULTS: _("công bố kết quả"),
    }
    return str(words[kind])


def require_open(edition: EditionView, kind: PhaseKind, now: datetime) -> None:
    """Return when the phase runs at `now`; raise PhaseClosed with its dates when not."""
    phase = edition.phase(kind)
    if phase is None:
        sentence = _("%(edition)s không có phần %(deed)s.", edition=_name(edition), deed=deed(kind))
        raise PhaseClosed(sentence)
    if phase.is_open(now):
        return
    facts = {
        "deed": deed(kind),
        "opens": deadline(phase.opens_at, locale()),
        "closes": deadline(phase.closes_at, locale()),
    }
    if now < phase.opens_at:
        raise PhaseClosed(_("Chưa đến thời gian %(deed)s: từ %(opens)s đến %(closes)s.", **facts))
    raise PhaseClosed(_("Đã hết thời gian %(deed)s: từ %(opens)s đến %(closes)s.", **facts))


def upload_grace(edition: EditionView) -> timedelta:
    """How long a file whose sending began before a deadline may take beyond it; a setting of the platform's rules."""
    return timedelta(minutes=edition.values.setting_as("core", "upload_grace", int))


def honoured(begun_at: datetime, closes_at: datetime, finished_at: datetime, grace: timedelta) -> bool:
    """Whether what began before `closes_at` and was finished before the grace was over counts as in time."""
    return begun_at < closes_at and finished_at < closes_at + grace


def _name(edition: EditionView) -> str:
    return edition.short_name.in_(locale())


class RulesAreFrozen(DomainError):
    """Judging has started, so what it rests on does not change any more."""

    kind = "rules-frozen"


_BEFORE_JUDGING = (PhaseKind.SUBMISSION, PhaseKind.SCREENING, PhaseKind.VOTING)


def may_change_phase(kind: PhaseKind, *, is_frozen: bool) -> bool:
    """Whether the dates of a phase may still be changed: once judging has started, only judging and results."""
    return not (is_frozen and kind in _BEFORE_JUDGING)


def has_judging_begun(edition: Edition) -> bool:
    """Whether the rules were frozen once; reopening them does not undo that judging has begun."""
    return edition.frozen is not None or edition.reopened_at is not None


def require_phase_changeable(edition: Edition, kind: PhaseKind) -> None:
    """Raise RulesAreFrozen unless `may_change_phase`."""
    if not may_change_phase(kind, is_frozen=has_judging_begun(edition)):
        raise RulesAreFrozen(
            _("Đã bắt đầu chấm điểm nên thời gian %(deed)s không thay đổi được nữa.", deed=deed(kind))
        )


def require_settings_changeable(edition: Edition) -> None:
    """Raise RulesAreFrozen when plugin versions and settings are fixed."""
    if edition.frozen is not None:
        raise RulesAreFrozen(
            _(
                "Quy tắc đã chốt khi bắt đầu chấm điểm nên cài đặt không thay đổi được nữa. Muốn sửa, hai cán bộ "
                "phải cùng mở lại quy tắc."
            )
        )


class SettingsMoved(DomainError):
    """Somebody else changed the settings between the preview and the confirmation."""

    kind = "settings-moved"


class RulesMoved(DomainError):
    """The rules changed between what the actor saw and the deed that would rest on them."""

    kind = "rules-moved"


class ReopeningRefused(DomainError):
    """A request to reopen frozen rules cannot be made, agreed to or withdrawn now; the sentence says why."""

    kind = "reopening-refused"


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless the actor is of the committee, or the platform itself."""
    if actor is not SYSTEM and not actor.is_(Role.COMMITTEE):
        raise Forbidden(_("Chỉ Ban Tổ chức được làm việc này."))
