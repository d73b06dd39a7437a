"""How long data are kept: the tenant's settings, what is due to be removed, and the job that removes it each night."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from core.contests.queries import editions
from core.entries.models import Entry
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.clock import local, real_now
from core.kernel.db import ALL_TENANTS, platform_scope, session, tenant_scope
from core.kernel.errors import Invalid
from core.kernel.ids import uuid7_from
from core.kernel.jobs import enqueue, handler, periodic
from core.kernel.mail import Mail
from core.kernel.mail_words import has_old_words, remove_words
from core.kernel.prepared import insert_once
from core.kernel.sms import Sms
from core.kernel.text import clean
from core.kernel.uow import unit_of_work
from core.people.models import FailedTry, OneTimeCode, SignIn
from core.privacy.models import DossierOpening, PersonalExport, PrivacySettings
from core.privacy.policies import require_committee
from core.privacy.removal import delete_with_dependants
from core.privacy.services.copies import remove_copy
from core.privacy.services.sweeping import ask_to_sweep
from core.privacy.settings import DataClass, Settings, current_settings
from core.tenancy.models import Tenant
from core.tenancy.resolver import all_tenants

RAN, SUBJECT = "retention.ran", "retention"
JOB, WORDS = "privacy.retain", "privacy.retain_words"
HOUR = 2
"""The job runs once a day from this hour on, in the time of Viet Nam."""
MOST_DAYS = 36500
LEAST_REASON = 20
MOST_A_RUN, BATCH = 20_000, 500
_asked: dict[UUID, date] = {}


def change_settings(typed: Mapping[str, str], *, actor: Actor, now: datetime) -> Settings:
    """Store the tenant's days off and times of keeping; raises Invalid at each field that cannot be read.

    Fields: "yearly" ("1/1, 30/4"), "dated" (a day a line), "days_<class>" (whole days, empty: for ever), and
    "id_images_reason" (why pictures of identity papers are collected; empty: they are not).
    """
    require_committee(actor)
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {
        "yearly": _yearly(typed.get("yearly", ""), errors),
        "dated": _dated(typed.get("dated", ""), errors),
        "days": {str(one): _days(typed.get(f"days_{one}", ""), f"days_{one}", errors) for one in DataClass},
    }
    reason = clean(typed.get("id_images_reason", ""))
    if 0 < len(reason) < LEAST_REASON or len(reason) > 2000:
        errors["id_images_reason"] = [
            _("Bạn hãy nêu lý do cụ thể, từ %(least)s đến 2.000 ký tự, hoặc để trống.", least=LEAST_REASON)
        ]
    if errors:
        raise Invalid(errors)
    values["id_images_reason"] = reason
    insert_once(PrivacySettings, (), {"values": values})
    row = session().scalars(select(PrivacySettings).with_for_update()).one()
    row.values = values
    session().flush()
    audit.append("privacy.settings_changed", SUBJECT, values, actor=actor, now=now)
    return current_settings()


def due_now(settings: Settings, now: datetime) -> dict[DataClass, int]:
    """How many rows of each class the next run would remove at `now`, of letters their words; 0: kept for ever."""
    found = {}
    for one, days in settings.days.items():
        asked = None if days is None else _asked_of(one, now - timedelta(days=days), now, days)
        if asked is None:
            found[one] = 0
            continue
        model, condition = asked
        found[one] = session().scalars(select(func.count()).select_from(model).where(condition)).one()
    return found


def remove_due(*, now: datetime) -> dict[str, int]:
    """Remove what is due at `now`; returns how many rows of each class went. Running it again finds nothing more.

    Letters lose their words in steps of their own (`remove_old_words`).
    """
    removed: dict[str, int] = {}
    for one, days in current_settings().days.items():
        if one is DataClass.LETTERS:
            continue
        asked = None if days is None else _asked_of(one, now - timedelta(days=days), now, days)
        if asked is not None:
            removed[str(one)] = _remove(*asked)
    ask = select(PersonalExport).where(PersonalExport.state == "ready", PersonalExport.expires_at <= now)
    for copy in session().scalars(ask):
        remove_copy(copy)
    if any(removed.values()):
        audit.append(RAN, SUBJECT, removed, actor=SYSTEM, now=now)
    return removed


def remove_old_words(*, now: datetime, most: int = BATCH) -> int:
    """Take the words out of at most `most` letters whose time of keeping is over at `now`; returns how many it were."""
    days = current_settings().days[DataClass.LETTERS]
    return 0 if days is None else remove_words(now - timedelta(days=days), now=now, most=most)


@handler(JOB)
def _run(payload: Mapping[str, Any]) -> None:
    remove_due(now=real_now())


@handler(WORDS)
def _run_words(payload: Mapping[str, Any]) -> None:
    """One step, stored with the job for the next: a worker that dies loses one step, which is done again."""
    night, now = payload["night"], real_now()
    done = remove_old_words(now=now)
    removed = payload["removed"] + done
    if done:
        enqueue(WORDS, {"night": night, "removed": removed}, dedupe=f"{night}:{removed}")
    elif removed:
        audit.append(RAN, SUBJECT, {str(DataClass.LETTERS): removed}, actor=SYSTEM, now=now)


@periodic
def ask_nightly(now: datetime) -> None:
    """Ask once a day and tenant for the removal of what is due."""
    day = local(now).date()
    if local(now).hour < HOUR:
        return
    with platform_scope():
        waiting = [one.id for one in all_tenants() if _asked.get(one.id) != day]
    for tenant_id in waiting:
        with tenant_scope(tenant_id), unit_of_work():
            ask_for_night(day.isoformat())
        _asked[tenant_id] = day


def ask_for_night(night: str) -> None:
    """Ask for what the bound tenant has done once a night; each for itself, so that one which fails stops no other."""
    enqueue(JOB, {}, dedupe=night)
    enqueue(WORDS, {"night": night, "removed": 0}, dedupe=f"{night}:0")
    ask_to_sweep(night)


def _asked_of(
    one: DataClass, before: datetime, now: datetime, days: int
) -> tuple[type[Any], ColumnElement[bool]] | None:
    """The table of a class and what of it is older than `before`."""
    if one is DataClass.DRAFTS:
        return Entry, (Entry.version == 0) & Entry.edition_id.in_(_ended(days))
    return {
        DataClass.SIGN_INS: (SignIn, or_(SignIn.ended_at < before, SignIn.expires_at < before)),
        DataClass.TRIES: (FailedTry, FailedTry.at < before),
        DataClass.CODES: (OneTimeCode, OneTimeCode.expires_at < before),
        DataClass.LETTERS: (Mail, has_old_words(before)),
        DataClass.MESSAGES: (Sms, (Sms.id < uuid7_from(before)) & (Sms.state != "queued")),
        DataClass.OPENINGS: (DossierOpening, DossierOpening.at < before),
    }[one]


def _ended(days: int) -> list[UUID]:
    """The editions whose last phase closed `days` ago, each by its own clock."""
    slug = session().scalars(
        select(Tenant.slug).where(Tenant.id == session().tenant_id), execution_options=ALL_TENANTS
    )
    return [
        one.id
        for one in editions(slug.one())
        if one.phases and max(phase.closes_at for phase in one.phases) + timedelta(days=days) <= one.now()
    ]


def _remove(model: type[Any], condition: ColumnElement[bool]) -> int:
    """Delete with all that hangs on it, at most MOST_A_RUN rows: what is left goes the next night."""
    ids = list(session().scalars(select(model.id).where(condition).limit(MOST_A_RUN)))
    removed = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        removed += delete_with_dependants(model, batch)
    return removed


def _yearly(typed: str, errors: dict[str, list[str]]) -> list[str]:
    found = []
    for word in typed.replace(";", ",").split(","):
        parts = word.strip().split("/")
        if parts == [""]:
            continue
        try:
            day, month = (int(part) for part in parts)
            found.append(date(2000, month, day))  # a leap year: 29/2 may be a day off
        except ValueError:
            errors["yearly"] = [_("“%(word)s” không phải một ngày viết như 2/9.", word=word.strip())]
    return [f"{one.day}/{one.month}" for one in sorted(set(found))]


def _dated(typed: str, errors: dict[str, list[str]]) -> list[str]:
    found = set()
    for word in typed.replace(",", "\n").split():
        try:
            day, month, year = (int(part) for part in word.split("/"))
            found.add(date(year, month, day).isoformat())
        except ValueError:
            errors["dated"] = [_("“%(word)s” không phải một ngày viết như 17/02/2026.", word=word)]
    return sorted(found)


def _days(typed: str, field: str, errors: dict[str, list[str]]) -> int | None:
    word = typed.strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and 1 <= int(word) <= MOST_DAYS):
        errors[field] = [
            _("Bạn hãy ghi số ngày từ 1 đến %(most)s, hoặc để trống để giữ mãi.", most=MOST_DAYS)
        ]
        return None
    return int(word)
