"""What the pages of deliberations show, from points: spreads with their drawing, the table, words for states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from core.judging.deliberation_values import (
    DeliberationView,
    DeviationRow,
    Points,
    Scope,
    Standing,
    spread_of,
    total_of,
)
from core.judging.deviation import Spread
from core.kernel import charts
from core.kernel.formats import score
from core.kernel.i18n import locale
from core.plugin_api import Round, Text


@dataclass(frozen=True, slots=True)
class Spreading:
    """How far the judges are apart on one thing (`key` of a criterion, "" for the total), drawn and told."""

    key: str
    name: Text | str
    spread: Spread
    is_over: bool
    drawing: charts.Strip
    told: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A judge's points on one thing as read; `was` where they were others when the deliberation was opened."""

    text: str
    was: str


def spreadings(judging_round: Round, points: Points, percent: int) -> list[Spreading]:
    """The total, then each criterion of the sheet in its order; nothing without points."""
    if not points:
        return []
    totals = {judge: total_of(own) for judge, own in points.items()}
    found = [_spreading("", _("Tổng điểm"), totals, judging_round.maximum, percent)]
    for one in judging_round.criteria:
        own = {judge: given[one.key] for judge, given in points.items() if one.key in given}
        if own:
            found.append(_spreading(one.key, one.name, own, one.maximum, percent))
    return found


def table_rows(judging_round: Round, points: Points, before: Points) -> list[tuple[Text | str, list[Cell]]]:
    """Each criterion, and the total at last, with a cell for each judge of `points`."""
    rows: list[tuple[Text | str, list[Cell]]] = [
        (
            one.name,
            [_cell(own.get(one.key), before.get(judge, {}).get(one.key)) for judge, own in points.items()],
        )
        for one in judging_round.criteria
    ]
    sums = [
        _cell(total_of(own), total_of(before[judge]) if judge in before else None)
        for judge, own in points.items()
    ]
    return [*rows, (_("Tổng điểm"), sums)]


def drawing_of(row: DeviationRow) -> charts.Strip:
    """The totals of an entry of the list, without whose they are."""
    return charts.strip([("", total, read(total)) for total in row.totals], maximum=row.total.maximum)


def told(spread: Spread) -> str:
    """A spread in words: "từ 49 đến 70,5 trên 80, chênh 21,5"."""
    return str(
        _(
            "từ %(lowest)s đến %(highest)s trên %(maximum)s, chênh %(apart)s",
            lowest=read(spread.lowest),
            highest=read(spread.highest),
            maximum=read(spread.maximum),
            apart=read(spread.points),
        )
    )


def briefly(spread: Spread) -> str:
    """A spread in few words: "chênh 8,5/20"."""
    return str(_("chênh %(apart)s/%(maximum)s", apart=read(spread.points), maximum=read(spread.maximum)))


def later_judges(
    judging_round: Round, talk: DeliberationView, counting: Points, percent: int
) -> tuple[str, ...]:
    """Whose sheets have come since the talk was closed, where the points that count now differ too much again."""
    is_far = any(one.is_over for one in spreadings(judging_round, counting, percent))
    return talk.unknown_to(counting) if is_far else ()


def standing_words(standing: Standing) -> tuple[str, str]:
    """How an entry stands: the kind of its badge and the words."""
    words: dict[Standing, tuple[str, str]] = {
        Standing.CLOSE: ("draft", _("Trong mức chênh")),
        Standing.WAITING: ("waiting", _("Cần thảo luận")),
        Standing.OPEN: ("held", _("Đang thảo luận")),
        Standing.KEPT: ("fine", _("Xong, giữ nguyên điểm")),
        Standing.CHANGED: ("fine", _("Xong, có sửa điểm")),
    }
    return words[standing]


def scope_words() -> dict[Scope, tuple[str, str]]:
    """Who takes part, as a choice: the words and what they mean."""
    return {
        Scope.ENTRY: (_("Giám khảo của hồ sơ"), _("Những người được phân công chấm hồ sơ này.")),
        Scope.GROUP: (
            _("Cả nhóm chấm"),
            _("Mọi giám khảo trong nhóm chấm lĩnh vực này, kể cả người không được phân công hồ sơ này."),
        ),
        Scope.COUNCIL: (_("Cả hội đồng"), _("Mọi giám khảo của vòng chấm.")),
    }


def changed_as_read(
    judging_round: Round, before: Mapping[str, Decimal], after: Mapping[str, Decimal]
) -> list[tuple[Text, str, str]]:
    """What a change changed: criterion, before, after."""
    return [
        (one.name, read(before[one.key]), read(after[one.key]))
        for one in judging_round.criteria
        if one.key in before and before[one.key] != after.get(one.key)
    ]


def read(points: Decimal | None) -> str:
    """Points as the reader's language writes them; a dash for none."""
    return "–" if points is None else score(points, locale())


def _spreading(
    key: str, name: Text | str, own: Mapping[str, Decimal], maximum: Decimal, percent: int
) -> Spreading:
    spread = spread_of(list(own.values()), maximum)
    rows = [(judge, points, read(points)) for judge, points in own.items()]
    return Spreading(
        key, name, spread, spread.exceeds(percent), charts.strip(rows, maximum=maximum), told(spread)
    )


def _cell(now: Decimal | None, before: Decimal | None) -> Cell:
    return Cell(read(now), read(before) if before is not None and before != now else "")
