"""The contest's own messages at the turns of its phases, shown while they matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.contests.values import EditionView, PhaseView
from core.kernel import formats
from core.plugin_api import Moment, Notice

NEW_FOR = timedelta(days=14)
WARNED_BEFORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in the reader's language, its names filled in."""

    key: str
    subject: str
    body: str
    is_urgent: bool


def notices_now(
    edition: EditionView, now: datetime, *, address: str, language: str
) -> tuple[NoticeView, ...]:
    """The notices of the edition's plugins that hold at `now`, those of a near end first.

    One of a beginning or an end is shown for two weeks, one of a near end in the last week. Of several with the same
    key the last in the tenant's list of plugins is heard. `address` is where a notice sends its readers.
    """
    latest = {notice.key: notice for notice in edition.rules.lifecycle_notices()}
    phases = {str(phase.kind): phase for phase in edition.phases}
    found = [
        _filled(notice, edition, phases[notice.phase], address, language)
        for notice in latest.values()
        if notice.phase in phases and holds(notice.moment, phases[notice.phase], now)
    ]
    return tuple(sorted(found, key=lambda one: not one.is_urgent))


def holds(moment: str, phase: PhaseView, now: datetime) -> bool:
    """Whether a notice of this moment of the phase is shown at `now`."""
    if moment == Moment.OPENED:
        return phase.is_open(now) and now < phase.opens_at + NEW_FOR
    if moment == Moment.CLOSING:
        return phase.is_open(now) and now >= phase.closes_at - WARNED_BEFORE
    return phase.closes_at <= now < phase.closes_at + NEW_FOR


def _filled(
    notice: Notice, edition: EditionView, phase: PhaseView, address: str, language: str
) -> NoticeView:
    # "đến hết {until}" names the last day, and the end of a phase is the instant after it.
    last = phase.closes_at - timedelta(microseconds=1)
    values = {
        "edition": edition.short_name.in_(language),
        "from": formats.date(phase.opens_at, language),
        "until": formats.date(last, language),
        "address": address,
    }
    return NoticeView(
        key=notice.key,
        subject=notice.subject.filled(values).in_(language),
        body=notice.body.filled(values).in_(language),
        is_urgent=notice.moment == Moment.CLOSING,
    )
