"""Reminding judges who are not done: by the committee's button, and by itself some days before the end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView, PhaseKind
from core.judging.errors import RoundNotOpen
from core.judging.models import Judge
from core.judging.policies import require_manager, round_of
from core.judging.queries import is_later_round_open, judge_progress, open_rounds
from core.judging.round_ends import end_ahead
from core.judging.round_models import JudgeReminder, ReminderRule
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.formats import by_when
from core.kernel.prepared import insert_once
from core.kernel.text import clean_line
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.plugin_api import Round

DEFAULT_DAYS = (3, 1)
FIRST_HOUR = 7
MOST_DAYS, FARTHEST, BASIS_CHARS = 10, 60, 300


def reminder_rule(edition_id: UUID) -> tuple[tuple[int, ...], str]:
    """On which days before the end judges are reminded by themselves, and the document that says so. One query."""
    found = _stored(edition_id)
    if found is None:
        return DEFAULT_DAYS, ""
    return tuple(int(one) for one in found.days.split(",") if one), found.basis


def save_reminder_rule(edition: EditionView, days: str, basis: str, *, actor: Actor, now: datetime) -> bool:
    """Set the days, typed as "7, 3, 1"; none switches the reminders off. Gives whether anything changed.

    Raises Forbidden, Invalid at `days`, `basis`.
    """
    require_manager(actor)
    wanted = _days(days)
    basis = clean_line(basis)
    if len(basis) > BASIS_CHARS:
        raise Invalid.one("basis", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=BASIS_CHARS))
    held_edition(edition.id)
    if (wanted, basis) == reminder_rule(edition.id):
        return False
    stored = _stored(edition.id) or ReminderRule(edition_id=edition.id)
    stored.days, stored.basis = ",".join(map(str, wanted)), basis
    session().add(stored)
    session().flush()
    audit.append(
        "judges.reminders_set", edition.key, {"days": list(wanted), "basis": basis}, actor=actor, now=now
    )
    return True


def remind_judges(
    edition: EditionView, round_key: str, numbers: Collection[str], *, actor: Actor, now: datetime
) -> list[str]:
    """Remind the judges `numbers` of what they have left in a round; gives whom a letter went to.

    Not who is done, who has nothing left but dossiers of which nothing is approved for blind judges, who left, or who
    was reminded today. Raises Forbidden, NotFound, RoundNotOpen when nothing can be locked in the round any more,
    Invalid at `numbers` when none is named.
    """
    require_manager(actor)
    judging_round = round_of(edition, round_key)
    if not numbers:
        raise Invalid.one("numbers", _("Bạn chưa chọn giám khảo nào."))
    if not _is_running(edition, judging_round, now):
        raise RoundNotOpen(_("Vòng này không còn chấm nữa nên không gửi lời nhắc."))
    return _remind(edition, judging_round, numbers, "hand", actor=actor, now=now)


def remind_by_itself(edition: EditionView, *, now: datetime) -> list[str]:
    """The reminders that are due today in the round that runs, if any, by its own end and, once that is past, by that
    of the judging phase; done twice, none goes out again."""
    days, _basis = reminder_rule(edition.id)
    here, opened = local(now), open_rounds(edition)
    if here.hour < FIRST_HOUR or not opened or not _is_running(edition, opened[-1], now):
        return []
    last_day = end_ahead(edition, opened[-1].key, now).last_day
    if last_day is None or (last_day - here.date()).days not in days:
        return []
    return _remind(edition, opened[-1], None, "auto", actor=SYSTEM, now=now)


def _remind(
    edition: EditionView,
    judging_round: Round,
    numbers: Collection[str] | None,
    way: str,
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    left = {
        one.number: one.left
        for one in judge_progress(edition, judging_round.key)
        if one.is_active and one.left and (numbers is None or one.number in numbers)
    }
    ask = (
        select(Judge.id, Judge.number, Account)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.number.in_(list(left)))
    )
    day = local(now).date().isoformat()
    end = end_ahead(edition, judging_round.key, now).closes_at
    told = []
    for judge_id, number, account in session().execute(ask):
        values = {"judge_id": judge_id, "round": judging_round.key, "day": day, "way": way, "at": now}
        if not insert_once(JudgeReminder, ("judge_id", "round", "day"), {**values, "left": left[number]}):
            continue
        _send(edition, judging_round, account, left[number], end=end, now=now)
        told.append(number)
    told.sort(key=lambda one: int(one[1:]))
    if told:
        line = {"round": judging_round.key, "judges": told, "way": way}
        audit.append("judges.reminded", f"{edition.key}/{judging_round.key}", line, actor=actor, now=now)
    return told


def _send(
    edition: EditionView,
    judging_round: Round,
    account: Account,
    left: int,
    *,
    end: datetime | None,
    now: datetime,
) -> None:
    language = language_for(account.language, bound_tenant().profile)
    values = {
        "vong_cham": judging_round.name.in_(language),
        "so_ho_so": str(left),
        "truoc_han": "" if end is None else by_when(end, language),
        "dia_chi": f"{site_address()}/cham-thi/?vong={judging_round.key}",
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "ky_thi": edition.name.in_(language),
    }
    reader = Reader(reached_at(account), account.name, account.language)
    send_letter("judging-reminder", reader, values, now=now)


def _is_running(edition: EditionView, judging_round: Round, now: datetime) -> bool:
    return edition.is_open(PhaseKind.JUDGING, now) and not is_later_round_open(edition, judging_round.key)


def _days(typed: str) -> tuple[int, ...]:
    words = typed.replace(";", ",").replace(" ", ",").split(",")
    found = [one for one in words if one]
    fits = all(one.isascii() and one.isdigit() and int(one[:4]) <= FARTHEST for one in found)
    if not fits or len(found) > MOST_DAYS:
        raise Invalid.one(
            "days",
            _(
                "Ghi các số ngày, cách nhau bằng dấu phẩy, ví dụ 7, 3, 1; nhiều nhất %(most)s ngày.",
                most=FARTHEST,
            ),
        )
    return tuple(sorted({int(one) for one in found}, reverse=True))


def _stored(edition_id: UUID) -> ReminderRule | None:
    ask = select(ReminderRule).where(ReminderRule.edition_id == edition_id)
    return session().scalars(ask.execution_options(populate_existing=True)).one_or_none()
