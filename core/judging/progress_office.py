"""The committee's page of how a round goes on: who has what left, when it will be done, reminders, judge-hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.schemas import parse_closing, typed_closing
from core.contests.values import EditionView, PhaseKind
from core.judging.forecast import hours_for, judges_at_pace
from core.judging.outlook_words import outlook_sentence, outlook_words
from core.judging.policies import round_of
from core.judging.queries.progress import RoundOutlook, round_outlook
from core.judging.round_ends import EndOfRound
from core.judging.services.reminders import remind_judges, reminder_rule, save_reminder_rule
from core.judging.services.round_ends import save_round_end
from core.kernel import charts
from core.kernel.errors import DomainError, Invalid
from core.kernel.formats import date, number
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("judging_progress", __name__, url_prefix="/btc/cham-thi")

MINUTES, HOURS_A_DAY = 20, 4


@blueprint.get("/vong/<round_key>/tien-do")
@allows(Access.COMMITTEE)
def index(round_key: str) -> str:
    """How the round goes on."""
    return _page(current_edition(), round_key)


@blueprint.post("/vong/<round_key>/tien-do/nhac")
@allows(Access.COMMITTEE)
def remind(round_key: str) -> Any:
    """Remind the judges who were ticked."""
    edition = current_edition()
    numbers = request.form.getlist("numbers")
    try:
        told = remind_judges(edition, round_key, numbers, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(edition, round_key, refusal=wrong.errors["numbers"][0]), wrong.status
    except DomainError as refused:
        return _page(edition, round_key, refusal=refused.message), refused.status
    if told:
        flash(
            ngettext("Đã gửi thư nhắc %(num)s giám khảo.", "Đã gửi thư nhắc %(num)s giám khảo.", len(told)),
            "success",
        )
    if len(told) < len(set(numbers)):
        flash(
            _(
                "Người đã chấm xong, chỉ còn hồ sơ chờ duyệt bản ẩn danh, hoặc đã được nhắc hôm nay thì không nhận thư."
            ),
            "info",
        )
    return redirect(url_for("judging_progress.index", round_key=round_key), 303)


@blueprint.post("/vong/<round_key>/tien-do/han")
@allows(Access.COMMITTEE)
def end(round_key: str) -> Any:
    """Until when the round should be judged."""
    edition = current_edition()
    typed = {name: request.form.get(name, "") for name in ("closes", "closes_time", "closes_basis")}
    try:
        day, hour = typed["closes"], typed["closes_time"]
        closes_at = parse_closing(day, hour) if day.strip() else None
        save_round_end(edition, round_key, closes_at, typed["closes_basis"], actor=current_actor(), now=now())
    except Invalid as wrong:
        errors = {"closes_basis" if name == "basis" else name: said for name, said in wrong.errors.items()}
        return _page(edition, round_key, typed_end=typed, errors=errors), wrong.status
    flash(_("Đã lưu hạn chấm của vòng."), "success")
    return redirect(url_for("judging_progress.index", round_key=round_key, _anchor="han"), 303)


@blueprint.post("/vong/<round_key>/tien-do/lich-nhac")
@allows(Access.COMMITTEE)
def schedule(round_key: str) -> Any:
    """On which days before the end judges are reminded by themselves."""
    edition = current_edition()
    typed = {"days": request.form.get("days", ""), "basis": request.form.get("basis", "")}
    try:
        save_reminder_rule(edition, typed["days"], typed["basis"], actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(edition, round_key, typed=typed, errors=wrong.errors), wrong.status
    flash(_("Đã lưu lịch nhắc tự động."), "success")
    return redirect(url_for("judging_progress.index", round_key=round_key, _anchor="lich-nhac"), 303)


def _page(
    edition: EditionView,
    round_key: str,
    *,
    refusal: str = "",
    typed: Mapping[str, str] | None = None,
    typed_end: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> str:
    judging_round = round_of(edition, round_key)
    outlook = round_outlook(edition, round_key, now())
    to_do = outlook.left + outlook.waiting
    days, basis = reminder_rule(edition.id)
    minutes = _whole("phut", MINUTES, 600)
    hours_a_day = _whole("gio", HOURS_A_DAY, 24)
    return render_template(
        "judging_office/progress.html",
        judging_round=judging_round,
        outlook=outlook,
        sentence=outlook_sentence(outlook),
        words={one.number: outlook_words(one.forecast) for one in outlook.judges},
        line=_line(outlook),
        bars=charts.bars(
            [(f"{one.number} · {one.name}", one.left, number(one.left, locale())) for one in outlook.judges]
        ),
        to_do=to_do,
        needed=judges_at_pace(to_do, (one.forecast for one in outlook.judges), outlook.days_left),
        working=sum(1 for one in outlook.judges if one.left or one.waiting),
        able=sum(1 for one in outlook.judges if one.left),
        hours=hours_for(to_do, minutes, hours_a_day, outlook.days_left),
        minutes=minutes,
        hours_a_day=hours_a_day,
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
        phase=edition.phase(PhaseKind.JUDGING),
        typed=typed or {"days": ", ".join(map(str, days)), "basis": basis},
        is_illustration=not basis,
        typed_end=typed_end or _typed_end(outlook.end),
        errors=errors or {},
        refusal=refusal,
        terms=edition.rules.terms(),
    )


def _typed_end(end: EndOfRound) -> dict[str, str]:
    """The round's own end as the form has it; nothing where it is that of the phase."""
    day, hour = typed_closing(end.closes_at) if end.is_own and end.closes_at else ("", "")
    return {"closes": day, "closes_time": hour, "closes_basis": end.basis}


def _line(outlook: RoundOutlook) -> charts.Line:
    rows = [(date(day, locale()), done, number(done, locale())) for day, done in outlook.by_day]
    return charts.line(rows, maximum=max((done for _day, done in outlook.by_day), default=0) or 1)


def _whole(name: str, otherwise: int, most: int) -> int:
    """A whole number from 1 out of the address, else what stands there without one."""
    typed = request.args.get(name, "").strip()
    if typed.isascii() and typed.isdigit() and 1 <= int(typed[:6]) <= most:
        return int(typed)
    return otherwise
