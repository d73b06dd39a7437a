"""From rounded parts to ranks: totals, tie-breaks, and ranks that ties share (1, 1, 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from core.plugin_api import Aggregate, ComponentScores, Entry, Ranked, Step, Text, TieBreak, exact_sum
from core.results.formats import points


@dataclass(frozen=True, slots=True)
class Ranking:
    """The ranked entries from the top, and how each tie was treated."""

    rows: tuple[Ranked, ...]
    steps: tuple[Step, ...]


def rank_entries(
    entries: Sequence[Entry],
    components: Sequence[ComponentScores],
    tie_breaks: Sequence[TieBreak],
    aggregate: Aggregate,
) -> Ranking:
    """Rank `entries` by the sum of their parts, highest first; equal sums by `tie_breaks`, then they share a rank.

    Within a shared rank entries stand by code, which says nothing about them.
    """
    parts = {component.key: component.scores for component in components}
    totals = {entry.code: exact_sum(scores[entry.code] for scores in parts.values()) for entry in entries}
    fields = {entry.code: entry.field for entry in entries}
    rows: list[Ranked] = []
    steps: list[Step] = []
    by_total = sorted(totals, key=lambda code: (-totals[code], code))
    for total, equal in groupby(by_total, key=lambda code: totals[code]):
        codes = list(equal)
        groups = list(_broken(codes, tie_breaks, parts, aggregate))
        if len(codes) > 1:
            steps.append(_tie_step(total, codes, groups, tie_breaks))
        for group in groups:
            rank = len(rows) + 1
            rows.extend(
                Ranked(
                    rank,
                    code,
                    total,
                    fields[code],
                    {key: scores[code] for key, scores in parts.items()},
                    tuple(other for other in group if other != code),
                )
                for code in group
            )
    return Ranking(tuple(rows), tuple(steps))


def _broken(
    codes: list[str],
    tie_breaks: Sequence[TieBreak],
    parts: Mapping[str, Mapping[str, Decimal]],
    aggregate: Aggregate,
) -> Iterator[list[str]]:
    """The groups that stay equal after every comparison, best first."""
    if len(codes) == 1:
        yield codes
        return
    keys = {code: tuple(-_value(rule, code, parts, aggregate) for rule in tie_breaks) for code in codes}
    ordered = sorted(codes, key=lambda code: (keys[code], code))
    for _, group in groupby(ordered, key=lambda code: keys[code]):
        yield list(group)


def _value(
    rule: TieBreak, code: str, parts: Mapping[str, Mapping[str, Decimal]], aggregate: Aggregate
) -> Fraction:
    if rule.component is not None:
        return Fraction(parts[rule.component][code])
    return aggregate.criteria[str(rule.criterion)][code]


def _tie_step(
    total: Decimal, codes: Sequence[str], groups: Sequence[Sequence[str]], tie_breaks: Sequence[TieBreak]
) -> Step:
    names = ", ".join(rule.name.vi for rule in tie_breaks) or "không có"
    settled = len(groups) == len(codes)
    outcome = (
        "phân định được thứ tự"
        if settled
        else "vẫn còn hồ sơ bằng nhau: xếp đồng hạng, Ban Tổ chức quyết định"
    )
    return Step(
        Text(f"{len(codes)} hồ sơ cùng {_vi(total)} điểm; so lần lượt {names}: {outcome}."),
        None,
        {"total": points(total), "order": [list(group) for group in groups]},
    )


def _vi(value: Decimal) -> str:
    return points(value).replace(".", ",")
