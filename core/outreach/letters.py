"""Letters to the people who speak for a unit: what is missing, until when, where to do it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.contests.values import EditionView, PhaseKind
from core.entries.letters import site_address
from core.kernel.db import ALL_TENANTS, session
from core.kernel.formats import deadline
from core.kernel.mail import send_mail
from core.outreach.periods import ReportMonth
from core.outreach.reminders import Reason, Reminder
from core.outreach.words import month_name
from core.people.queries import AccountRow
from core.tenancy.models import Tenant


def reminder_text(
    edition: EditionView, reason: Reason, month: ReportMonth | None, reminder: Reminder, now: datetime
) -> tuple[str, str]:
    """Subject and body (without greeting and signature) of the letter to one unit, in Vietnamese."""
    if reason is Reason.REPORT and month is not None:
        return _about_report(month, reminder, now)
    return _about_target(edition, reminder, now)


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
    subject, body = reminder_text(edition, reason, month, reminder, now)
    committee = edition.rules.terms().committee.vi
    parts = [f"Kính gửi {person.name}, {reminder.unit.name},", body, f"{committee}\n{edition.name.vi}"]
    ask = select(Tenant.profile).where(Tenant.id == session().tenant_id)
    profile = session().scalars(ask, execution_options=ALL_TENANTS).one()
    send_mail(
        to=person.email,
        name=person.name,
        sender=str(profile["short_name"]["vi"]),
        subject=subject,
        body="\n\n".join(parts) + "\n",
        now=now,
    )


def _about_report(month: ReportMonth, reminder: Reminder, now: datetime) -> tuple[str, str]:
    name = month_name(month.first, "vi")
    until = deadline(month.due_at)
    when = f"Đã quá hạn ({until})" if now >= month.due_at else f"Hạn gửi: {until}"
    body = (
        f"Ban Tổ chức chưa nhận được báo cáo {name} của {reminder.unit.name} về tuyên truyền, "
        f"vận động tham gia. {when}.\n\n"
        "Số liệu hồ sơ đã được điền sẵn; Quý vị chỉ cần ghi các hoạt động trong tháng rồi gửi tại:\n"
        f"{site_address()}/don-vi/bao-cao/{month.key}"
    )
    return f"Nhắc gửi báo cáo {name}", body


def _about_target(edition: EditionView, reminder: Reminder, now: datetime) -> tuple[str, str]:
    unit = reminder.unit
    phase = edition.phase(PhaseKind.SUBMISSION)
    until = f" Nhận hồ sơ đến {deadline(phase.closes_at)}." if phase and phase.is_open(now) else ""
    asked = (
        f"Chỉ tiêu chung của nhóm là {unit.joint} hồ sơ"
        if unit.target is None
        else f"Chỉ tiêu của {unit.name} là {unit.target} hồ sơ"
    )
    body = (
        f"{asked}; đến nay {unit.name} đã vận động được {unit.counts.counted} hồ sơ đã nộp.{until}\n\n"
        "Đường dẫn và mã QR để tác giả nộp hồ sơ theo giới thiệu của đơn vị:\n"
        f"{site_address()}/don-vi/{unit.code}"
    )
    return "Nhắc vận động hồ sơ dự thi", body
