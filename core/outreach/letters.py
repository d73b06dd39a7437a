"""Letters to the people who speak for a unit: what is missing, until when, where to do it."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView, PhaseKind
from core.kernel.formats import deadline
from core.letters.catalogue import known_letter
from core.letters.post import Reader, bound_tenant, by_when, language_for, send_letter, site_address
from core.letters.texts import fill
from core.letters.wording import wording
from core.outreach.periods import ReportMonth
from core.outreach.reminders import Reason, Reminder
from core.outreach.words import month_name
from core.people.queries import AccountRow

KEYS = {Reason.REPORT: "unit-report", Reason.TARGET: "unit-target"}


def reminder_text(
    edition: EditionView, reason: Reason, month: ReportMonth | None, reminder: Reminder, now: datetime
) -> tuple[str, str]:
    """Subject and body of the letter to one unit, as its first contact gets it, in Vietnamese."""
    kind = known_letter(KEYS[reason])
    people = [person.name for person in reminder.people]
    values = {"nguoi_nhan": people[0] if people else "", **_values(edition, month, reminder, now, "vi")}
    filled = fill(wording(kind, "vi", bound_tenant().slug).words, values)
    return filled.subject, filled.text


def send_reminder(
    edition: EditionView,
    reason: Reason,
    month: ReportMonth | None,
    reminder: Reminder,
    person: AccountRow,
    *,
    now: datetime,
) -> None:
    """Put one letter into the outbox."""
    language = language_for(person.language, bound_tenant().profile)
    to = Reader(person.email or person.phone or "", person.name, person.language)
    send_letter(KEYS[reason], to, _values(edition, month, reminder, now, language), now=now)


def _values(
    edition: EditionView, month: ReportMonth | None, reminder: Reminder, now: datetime, language: str
) -> dict[str, str]:
    common = {
        "don_vi": reminder.unit.name,
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "ky_thi": edition.name.in_(language),
    }
    if month is not None:
        return {**common, **_about_report(month, now, language)}
    return {**common, **_about_target(edition, reminder, now, language)}


def _about_report(month: ReportMonth, now: datetime, language: str) -> dict[str, str]:
    until, is_late = deadline(month.due_at, language), now >= month.due_at
    late = {"vi": f"Đã quá hạn ({until})", "en": f"It was due by {until}"}[language]
    asked = {"vi": f"Hạn gửi: {until}", "en": f"It is due by {until}"}[language]
    return {
        "thang": month_name(month.first, language),
        "truoc_han": "" if is_late else by_when(month.due_at, language),
        "han_gui": late if is_late else asked,
        "dia_chi": f"{site_address()}/don-vi/bao-cao/{month.key}",
    }


def _about_target(edition: EditionView, reminder: Reminder, now: datetime, language: str) -> dict[str, str]:
    unit = reminder.unit
    phase = edition.phase(PhaseKind.SUBMISSION)
    is_open = phase is not None and phase.is_open(now)
    until = deadline(phase.closes_at, language) if phase is not None and is_open else ""
    joint = {
        "vi": f"Chỉ tiêu chung của nhóm là {unit.joint} hồ sơ",
        "en": f"The joint target of the group is {unit.joint}",
    }
    own = {
        "vi": f"Chỉ tiêu của {unit.name} là {unit.target} hồ sơ",
        "en": f"The target of {unit.name} is {unit.target}",
    }
    asked = {"vi": f"Nhận hồ sơ đến {until}.", "en": f"Dossiers are taken in until {until}."}[language]
    return {
        "chi_tieu": (joint if unit.target is None else own)[language],
        "da_nop": str(unit.counts.counted),
        "truoc_han": by_when(phase.closes_at, language) if phase is not None and is_open else "",
        "han_gui": asked if is_open else "",
        "dia_chi": f"{site_address()}/don-vi/{unit.code}",
    }
