"""The statistics of a round for those who lead its council, and a judge's own once his sheets are all locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from time import monotonic
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.barring import left_out_count
from core.entries.pages import page_hrefs, page_number
from core.judging.borderline import Line, worth_another_judge
from core.judging.choice_line import choice_line
from core.judging.council_room import Attendee
from core.judging.figures_door import OwnSheetsOpen, access_figures, own_sheets_left
from core.judging.pace import Pace
from core.judging.policies import access_judge, require_pledge, round_of
from core.judging.queries.figures import Statistics, statistics_of
from core.judging.ranking_room import blueprint, points
from core.judging.statistics import SURE, EntryFigures, JudgeFigures, root
from core.kernel.db import session
from core.kernel.held import Held
from core.kernel.web import Access, allows, current_actor

PER_PAGE = 50
DRAWN = 20
"""How many entries the chart of bands shows, and how many bands are named."""
_found: Held[Statistics] = Held(most=8)

own_blueprint = Blueprint("own_figures", __name__, url_prefix="/cham-thi")


@dataclass(frozen=True, slots=True)
class Lean:
    """A bar to the left or right of a middle line: where it begins and how long it is, in percent of the width."""

    start: str
    width: str


@blueprint.get("/<round_key>/thong-ke")
@allows(Access.COUNCIL)
def statistics(round_key: str) -> str:
    """How the judges scored, several ways of adding up side by side, what the noise does not tell apart."""
    edition = current_edition()
    attendee, revision = access_figures(edition, current_actor(), round_key)
    hides = left_out_count() > 0
    if hides or revision is None:
        found = statistics_of(edition, attendee.round, hides=hides)
    else:
        version = (edition.id, round_key, revision, int(monotonic() // 60))
        found = _found.get(session().tenant_id, version, lambda: statistics_of(edition, attendee.round))
    return render_template("figures/statistics.html", **_page(edition, attendee, found))


@own_blueprint.get("/<round_key>/cua-toi")
@allows(Access.JUDGE)
def own(round_key: str) -> str:
    """How the judge himself scored beside the others, once he has nothing left to lock."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    judging_round = round_of(edition, round_key)
    require_pledge(edition, judge, judging_round)
    left = own_sheets_left(edition, judge.account_id, round_key)
    if left:
        raise OwnSheetsOpen(round_key, left)
    found = statistics_of(edition, judging_round, hides=left_out_count() > 0)
    mine = next((one for one in found.judges if one.judge == judge.number), None)
    return render_template(
        "figures/own.html",
        judging_round=judging_round,
        judge=judge,
        mine=None if mine is None else _judge_row(mine, found, _widest(found)),
        told=None if mine is None else _severity_words(mine),
        scale=points(_widest(found)),
    )


def _page(edition: EditionView, attendee: Attendee, found: Statistics) -> dict[str, Any]:
    widest = _widest(found)
    tried = request.args.get("cho", type=int)
    chosen = choice_line(edition, attendee.round, tried)
    page = page_number(request.args.get("trang"))
    pages = max(1, -(-len(found.entries) // PER_PAGE))
    page = min(page, pages)
    kept = {"round_key": attendee.round.key, **({} if tried is None else {"cho": tried})}
    by_code = {one.entry: one for one in found.entries}
    return {
        "attendee": attendee,
        "judging_round": attendee.round,
        "found": found,
        "judges": [_judge_row(one, found, widest) for one in found.judges],
        "scale": points(widest),
        "entries": [_entry_row(one, found) for one in found.entries[(page - 1) * PER_PAGE : page * PER_PAGE]],
        "page": page,
        "pages": pages,
        "hrefs": page_hrefs("figures.statistics", page, pages, kept),
        "noise": None if found.noise is None else points(root(found.noise.rest)),
        "bands": _bands(found),
        "ranges": _ranges(found.entries[:DRAWN], attendee.round.maximum),
        "tried": tried,
        "chosen": chosen,
        "near": [_entry_row(by_code[code], found) for code in _near(found, chosen.line)],
        "paces": [_pace_row(one, found) for one in found.paces],
        "back": url_for("figures.rank", round_key=attendee.round.key),
    }


def _near(found: Statistics, line: Line) -> list[str]:
    """The entries for which one more judge would matter most; none while nobody can tell what is chance."""
    if found.noise is None:
        return []
    fields = {code: row.field for code, row in found.own.items()}
    return worth_another_judge(found.entries, line, found.noise, fields=fields)


def _widest(found: Statistics) -> Fraction:
    """What half a bar stands for: the largest severity, or the noise of a sheet where that is larger: beside it a
    small difference must look small."""
    apart = [abs(one.severity) for one in found.judges if one.severity is not None]
    noise = Fraction(0) if found.noise is None else Fraction(root(found.noise.rest))
    return max([*apart, noise], default=Fraction(0)) or Fraction(1)


def _judge_row(one: JudgeFigures, found: Statistics, widest: Fraction) -> dict[str, Any]:
    return {
        "number": one.judge,
        "name": found.names.get(one.judge, one.judge),
        "sheets": one.sheets,
        "mean": points(one.mean),
        "severity": _signed(one.severity),
        "lean": None if one.severity is None else _lean(one.severity, widest),
        "spread": "–" if one.spread is None else points(one.spread),
        "drift": _signed(one.drift),
    }


def _entry_row(one: EntryFigures, found: Statistics) -> dict[str, Any]:
    own = found.own.get(one.entry)
    places = [one.ranks[way] for way in ("mean", "median", "standard") if way in one.ranks]
    places += [own.place] if own else []
    return {
        "code": one.entry,
        "title": own.title if own else one.entry,
        "sheets": one.sheets,
        "own": (points(own.total), own.place) if own else None,
        "mean": (points(one.mean), one.ranks["mean"]),
        "median": (points(one.median), one.ranks["median"]),
        "standard": None if one.standard is None else (points(one.standard), one.ranks["standard"]),
        "noise": "–" if one.noise is None else points(one.noise),
        "moves": max(places) - min(places) if places else 0,
    }


def _bands(found: Statistics) -> list[dict[str, Any]]:
    rows, first = [], 1
    for band in found.bands[:DRAWN]:
        last = first + len(band.entries) - 1
        rows.append(
            {"first": first, "last": last, "codes": band.entries[:DRAWN], "more": len(band.entries[DRAWN:])}
        )
        first = last + 1
    return rows


def _ranges(entries: Sequence[EntryFigures], maximum: Decimal) -> list[dict[str, Any]]:
    """The mean of each entry with what the noise leaves open on both sides, as places in percent of the width."""
    ends = [(one, SURE * Fraction(one.noise or 0)) for one in entries]
    low = min((one.mean - room for one, room in ends), default=Fraction(0))
    high = max((one.mean + room for one, room in ends), default=Fraction(maximum))
    width = (high - low) or Fraction(1)
    return [
        {
            "code": one.entry,
            "start": _percent((one.mean - room - low) / width),
            "width": _percent(max(2 * room / width, Fraction(1, 200))),
            "middle": _percent((one.mean - low) / width),
            "text": points(one.mean) if one.noise is None else f"{points(one.mean)} ± {points(room)}",
        }
        for one, room in ends
    ]


def _pace_row(one: Pace, found: Statistics) -> dict[str, Any]:
    return {
        "number": one.judge,
        "name": found.names.get(one.judge, one.judge),
        "known": one.known,
        "middle": _minutes(one.middle),
        "quick": one.quick,
    }


def _minutes(time: timedelta) -> str:
    minutes = max(1, round(time.total_seconds() / 60))
    if minutes < 120:
        return str(ngettext("%(num)s phút", "%(num)s phút", minutes))
    hours = round(minutes / 60)
    return str(ngettext("%(num)s giờ", "%(num)s giờ", hours) if hours < 48 else _("trên hai ngày"))


def _severity_words(one: JudgeFigures) -> str:
    words: str
    if one.severity is None:
        words = _("Chưa có hồ sơ nào bạn chấm cùng người khác, nên chưa so được.")
    elif abs(one.severity) <= SURE * Fraction(one.doubt or 0):
        words = _("Điểm bạn cho ngang mức của các giám khảo cùng chấm.")
    elif one.severity < 0:
        apart = points(-one.severity)
        words = _("Trung bình bạn cho thấp hơn các giám khảo cùng chấm %(points)s điểm.", points=apart)
    else:
        apart = points(one.severity)
        words = _("Trung bình bạn cho cao hơn các giám khảo cùng chấm %(points)s điểm.", points=apart)
    return words


def _signed(value: Fraction | None) -> str:
    if value is None:
        return "–"
    text = points(abs(value))
    return text if text == "0" else f"{'+' if value > 0 else '−'}{text}"


def _lean(value: Fraction, widest: Fraction) -> Lean:
    share = abs(value) / widest / 2
    start = Fraction(1, 2) - share if value < 0 else Fraction(1, 2)
    return Lean(_percent(start), _percent(max(share, Fraction(1, 200))))


def _percent(value: Fraction) -> str:
    tenths = round(value * 1000)
    return f"{tenths // 10}.{tenths % 10}" if tenths >= 0 else "0"
