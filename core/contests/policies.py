"""When things may be done."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView, PhaseKind
from core.kernel.errors import DomainError
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
