"""The line of the choice that a round is for, as the statistics look at it, and what it is in words."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.values import EditionView
from core.judging.borderline import Line
from core.judging.finalists import Selection
from core.judging.going_on import selection_of
from core.judging.ranking_room import points
from core.kernel.i18n import locale
from core.plugin_api import Round

TRIED = 10


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """A line with a sentence about it; `is_illustration` where no document draws it there."""

    line: Line
    words: str
    is_illustration: bool = False


def choice_line(edition: EditionView, judging_round: Round, tried: int | None) -> ChoiceLine:
    """The line that the reader wants to try (`tried` places), else that of the round.

    A round before another chooses who goes on; the last one chooses for the prizes. One query at most.
    """
    if tried is not None and tried > 0:
        words = ngettext(
            "Xem thử: chọn %(num)s hồ sơ cao nhất.", "Xem thử: chọn %(num)s hồ sơ cao nhất.", tried
        )
        return ChoiceLine(Line(tried), words)
    rounds = edition.rules.rounds()
    later = rounds[[one.key for one in rounds].index(judging_round.key) + 1 :]
    if not later:
        return _of_prizes(edition)
    selection = selection_of(edition.id, later[0].key)
    line = Line(selection.most, judging_round.threshold, selection.by_field)
    official = selection.is_official and (judging_round.threshold is None or judging_round.official)
    return ChoiceLine(line, _going_on(later[0], selection, judging_round), not official)


def _of_prizes(edition: EditionView) -> ChoiceLine:
    counted = sum(tier.quota or 0 for tier in edition.rules.award_scheme().tiers)
    if counted:
        words = ngettext("Thể lệ có %(num)s giải.", "Thể lệ có %(num)s giải.", counted)
        return ChoiceLine(Line(counted), words)
    words = ngettext(
        "Thể lệ không nêu tổng số giải; đây là với %(num)s hồ sơ cao nhất.",
        "Thể lệ không nêu tổng số giải; đây là với %(num)s hồ sơ cao nhất.",
        TRIED,
    )
    return ChoiceLine(Line(TRIED), words, is_illustration=True)


def _going_on(later: Round, selection: Selection, judging_round: Round) -> str:
    name, most = later.name.in_(locale()), selection.most
    least = judging_round.threshold
    at_least = "" if least is None else points(Fraction(least))
    if most is None and least is None:
        words = _("Mọi hồ sơ đã có phiếu đều vào %(round)s, nên không có ranh giới nào.", round=name)
    elif most is None:
        words = _("Vào %(round)s cần từ %(points)s điểm.", round=name, points=at_least)
    elif selection.by_field:
        words = _("%(round)s nhận %(count)s hồ sơ cao nhất của mỗi lĩnh vực.", round=name, count=most)
    else:
        words = _("%(round)s nhận %(count)s hồ sơ cao nhất.", round=name, count=most)
    if most is not None and least is not None:
        words += " " + _("Cần từ %(points)s điểm.", points=at_least)
    return str(words)
