"""What minutes are told of who judged and who goes on: abstentions, reserves, conflicts as numbers, the next round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.contests.values import EditionView
from core.judging.assigning import under_conflict
from core.judging.blind import is_blind
from core.judging.council_models import StandIn
from core.judging.finalists import ByRules, Candidate, Selection, Ties, Verdict
from core.judging.going_on import candidates, selection_of
from core.judging.meeting.apart import entries_in_round, named_in, told_titles
from core.judging.minutes_parts import MinutesPart, tells_minutes
from core.judging.models import Assignment, Judge
from core.judging.queries import abstentions, outstanding_sheets
from core.kernel.db import session
from core.kernel.formats import score
from core.plugin_api import Round


@tells_minutes
def abstained(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Each sheet that a judge did not score, with the reason, one a line. Three queries.

    In a blind round without the reasons: judges give them in words that may name an author.
    """
    rows = abstentions(edition, round_key=judging_round.key)
    if not rows:
        return
    blind = is_blind(edition, judging_round.key)
    lines = [
        _("%(judge)s không chấm %(code)s.", judge=one.judge, code=one.entry)
        if blind or not one.reason
        else _(
            "%(judge)s không chấm %(code)s. Lý do: %(reason)s",
            judge=one.judge,
            code=one.entry,
            reason=" ".join(one.reason.split()),
        )
        for one in rows
    ]
    codes = {one.entry for one in rows}
    codes |= named_in("\n".join(lines), entries_in_round(edition, judging_round.key)).keys()
    yield MinutesPart("abstained", 12, _("Phiếu không chấm"), tuple(lines), frozenset(codes), by_line=True)


@tells_minutes
def council(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Which reserve took over how much from whom, and how much a conflict took away: numbers alone, since a dossier or
    a person named there would say who is kept from what. Two queries."""
    left, reserve = aliased(Judge), aliased(Judge)
    ask = (
        select(reserve.number, left.number, func.count())
        .select_from(StandIn)
        .join(left, left.id == StandIn.judge_id)
        .join(reserve, reserve.id == StandIn.reserve_id)
        .where(StandIn.edition_id == edition.id, StandIn.round == judging_round.key)
        .group_by(reserve.number, left.number)
    )
    rows = sorted((int(new[1:]), int(old[1:]), count) for new, old, count in session().execute(ask))
    lines = [
        _("J%(new)s (dự khuyết) chấm thay J%(old)s: %(count)s hồ sơ.", new=new, old=old, count=count)
        for new, old, count in rows
    ]
    of_conflict = select(func.count(), func.count(Assignment.judge_id.distinct())).where(
        Assignment.edition_id == edition.id, Assignment.round == judging_round.key, under_conflict()
    )
    pairs, judges = session().execute(of_conflict).one()
    if pairs:
        lines.append(
            _(
                "%(pairs)s lượt chấm không thực hiện hoặc không tính vì giám khảo có liên quan với hồ sơ "
                "(%(judges)s giám khảo).",
                pairs=pairs,
                judges=judges,
            )
        )
    yield MinutesPart("council", 14, _("Thay người và hồ sơ có liên quan"), tuple(lines))


@tells_minutes
def going_on(edition: EditionView, judging_round: Round, now: datetime) -> Iterator[MinutesPart]:
    """Who goes on to the next round and why, once no sheet is awaited. Ten queries at most."""
    rounds = edition.rules.rounds()
    place = [one.key for one in rounds].index(judging_round.key) + 1
    if place == len(rounds) or outstanding_sheets(edition, judging_round.key):
        return
    later = rounds[place]
    found = candidates(edition, later)
    if not any(one.judged.total is not None for one in found):
        return
    entries = entries_in_round(edition, judging_round.key)
    titles = {one.code: one.title for one in entries}
    lines = [_rule_words(selection_of(edition.id, later.key), judging_round, later)]
    for one in found:
        line = _candidate_words(one, titles.get(one.judged.code, ""), later)
        if not line:
            continue
        reason = "" if one.choice is None else " ".join(one.choice.reason.split())
        if one.choice is not None and not told_titles(reason, entries):
            line = _(
                "%(line)s Ban Tổ chức quyết định, lý do: %(reason)s (%(name)s)",
                line=line,
                reason=reason,
                name=one.choice.by_name,
            )
        lines.append(line)
    codes = frozenset(named_in("\n".join(lines), entries))
    heading = _("Hồ sơ vào %(round)s", round=later.name.vi)
    yield MinutesPart("going-on", 70, heading, tuple(lines), codes, tells_points=True, by_line=True)


def _rule_words(selection: Selection, judging_round: Round, later: Round) -> str:
    parts: list[str] = []
    if judging_round.threshold is not None:
        parts.append(_("Ngưỡng của thể lệ: %(points)s điểm.", points=score(judging_round.threshold)))
    if selection.most is None:
        parts.append(_("Không giới hạn số hồ sơ."))
    elif selection.by_field:
        parts.append(_("Mỗi lĩnh vực lấy tối đa %(most)s hồ sơ.", most=selection.most))
    else:
        parts.append(_("Lấy tối đa %(most)s hồ sơ.", most=selection.most))
    if selection.most is not None:
        parts.append(
            _("Hồ sơ bằng điểm ở suất cuối cùng vào.")
            if selection.ties is Ties.ALL
            else _("Hồ sơ bằng điểm ở suất cuối do Ban Tổ chức quyết định.")
        )
    if selection.basis:
        parts.append(_("Căn cứ: %(basis)s.", basis=selection.basis))
    return " ".join(parts)


def _candidate_words(one: Candidate, title: str, later: Round) -> str:
    """What becomes of an entry, as a line that names it; "" for one that the rules leave out and nobody spoke of."""
    named = one.judged.code if title in ("", one.judged.code) else f"{one.judged.code}: {title}"
    if one.goes_on is None:
        told = _("Chờ quyết định vì bằng điểm ở suất cuối: %(named)s.", named=named)
    elif one.goes_on and one.by_rules is ByRules.BORDER:
        told = _("Vào %(round)s, bằng điểm ở suất cuối: %(named)s.", round=later.name.vi, named=named)
    elif one.goes_on:
        told = _("Vào %(round)s: %(named)s.", round=later.name.vi, named=named)
    elif one.choice is not None and one.choice.verdict is Verdict.OUT:
        told = _("Không vào %(round)s: %(named)s.", round=later.name.vi, named=named)
    else:
        told = ""
    return str(told)
