"""When things may be done."""

from __future__ import annotations

from datetime import datetime

from core.contests.models import Edition
from core.contests.values import EditionView, PhaseKind
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.errors import DomainError, Forbidden
from core.kernel.formats import deadline


class PhaseClosed(DomainError):
    """The deed belongs to a phase that does not run now; the sentence gives its dates."""

    status = 409
    kind = "phase-closed"


_DEED = {
    PhaseKind.SUBMISSION: "Nộp hồ sơ",
    PhaseKind.SCREENING: "Xét hồ sơ",
    PhaseKind.VOTING: "Bình chọn",
    PhaseKind.JUDGING: "Chấm điểm",
    PhaseKind.RESULTS: "Công bố kết quả",
}


def require_open(edition: EditionView, kind: PhaseKind, now: datetime) -> None:
    """Return when the phase runs at `now`; raise PhaseClosed with its dates when not."""
    phase = edition.phase(kind)
    if phase is None:
        raise PhaseClosed(f"{edition.short_name.vi} không có phần {_DEED[kind].lower()}.")
    if phase.is_open(now):
        return
    span = f"từ {deadline(phase.opens_at, 'vi')} đến {deadline(phase.closes_at, 'vi')}"
    if now < phase.opens_at:
        raise PhaseClosed(f"Chưa đến thời gian {_DEED[kind].lower()}: {span}.")
    raise PhaseClosed(f"Đã hết thời gian {_DEED[kind].lower()}: {span}.")


class RulesAreFrozen(DomainError):
    """Judging has started, so what it rests on does not change any more."""

    kind = "rules-frozen"


_BEFORE_JUDGING = (PhaseKind.SUBMISSION, PhaseKind.SCREENING, PhaseKind.VOTING)


def may_change_phase(kind: PhaseKind, *, is_frozen: bool) -> bool:
    """Whether the dates of a phase may still be changed: once judging has started, only judging and results."""
    return not (is_frozen and kind in _BEFORE_JUDGING)


def require_phase_changeable(edition: Edition, kind: PhaseKind) -> None:
    """Raise RulesAreFrozen unless `may_change_phase`."""
    if not may_change_phase(kind, is_frozen=edition.frozen is not None):
        raise RulesAreFrozen(
            f"Đã bắt đầu chấm điểm nên thời gian {_DEED[kind].lower()} không thay đổi được nữa."
        )


def require_manager(actor: Actor) -> None:
    """Raise Forbidden unless the actor is of the committee, or the platform itself."""
    if actor is not SYSTEM and not actor.is_(Role.COMMITTEE):
        raise Forbidden("Chỉ Ban Tổ chức được làm việc này.")
