"""A contest made up for a check, and what the rules make of it: the way of a real computation, without a database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from core.plugin_api import (
    Aggregate,
    Allocation,
    AwardScheme,
    ComponentScores,
    Entry,
    Finding,
    Ranked,
    Round,
    Sheet,
    Text,
    TieBreak,
)
from core.plugin_host import Rules
from core.results.ranking import rank_entries


@dataclass(frozen=True, slots=True)
class Contest:
    """Entries, locked sheets of all rounds, and the count of votes."""

    entries: tuple[Entry, ...]
    sheets: tuple[Sheet, ...]
    votes: Mapping[str, int] = field(hash=False)

    def reversed(self) -> Contest:
        """The same rows in the opposite order."""
        return Contest(self.entries[::-1], self.sheets[::-1], dict(list(self.votes.items())[::-1]))

    def turned(self) -> Contest:
        """The same rows, beginning in the middle."""
        entry, sheet = len(self.entries) // 2, len(self.sheets) // 2
        votes = list(self.votes.items())
        vote = len(votes) // 2
        return Contest(
            (*self.entries[entry:], *self.entries[:entry]),
            (*self.sheets[sheet:], *self.sheets[:sheet]),
            dict([*votes[vote:], *votes[:vote]]),
        )

    def renamed(self, names: Mapping[str, str]) -> Contest:
        """The same contest with other codes, the rows where they were."""
        return Contest(
            tuple(replace(one, code=names[one.code]) for one in self.entries),
            tuple(replace(one, entry=names[one.entry]) for one in self.sheets),
            {names[code]: count for code, count in self.votes.items()},
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules say about a contest; what comes in the order of rows is sorted, so that outcomes compare."""

    findings: tuple[Finding, ...]
    aggregates: tuple[Aggregate, ...]
    components: tuple[ComponentScores, ...]
    ranking: tuple[Ranked, ...]
    scheme: AwardScheme
    allocation: Allocation
    specials: Allocation


def play(rules: Rules, contest: Contest) -> Outcome:
    """Everything the rules say about `contest`, its rows handed over in the order they have; raises PluginFailed."""
    found = sorted(
        rules.check_entries(contest.entries), key=lambda one: (one.entry, one.check, one.field or "")
    )
    rounds = rules.rounds()
    aggregates, running = _judged(rules, rounds, contest)
    deciding = aggregates[-1]
    ranked = tuple(one for one in running if one.code in deciding.totals)
    codes = {one.code for one in ranked}
    votes = {code: count for code, count in contest.votes.items() if code in codes}
    components = rules.score_components(ranked, deciding, votes)
    breaks = known_tie_breaks(rules.tie_breaks(), components, deciding)
    ranking = rank_entries(ranked, components, breaks, deciding).rows
    scheme = rules.award_scheme()
    allocation = rules.allocate(scheme, ranking)
    specials = rules.special_awards(ranked, ranking, allocation.proposals)
    return Outcome(
        tuple(found), aggregates, components, ranking, scheme, in_order(allocation), in_order(specials)
    )


def known_tie_breaks(
    breaks: Sequence[TieBreak], components: Sequence[ComponentScores], aggregate: Aggregate
) -> tuple[TieBreak, ...]:
    """Those that name a component or criterion that exists; the others are told by the check of words."""
    keys = {one.key for one in components}
    return tuple(one for one in breaks if one.component in keys or one.criterion in aggregate.criteria)


def in_order(allocation: Allocation) -> Allocation:
    """The same with proposals and undecided entries sorted: their order says nothing."""
    proposals = tuple(sorted(allocation.proposals, key=lambda one: (one.tier, one.entry)))
    return replace(allocation, proposals=proposals, undecided=tuple(sorted(allocation.undecided)))


def _judged(
    rules: Rules, rounds: Sequence[Round], contest: Contest
) -> tuple[tuple[Aggregate, ...], tuple[Entry, ...]]:
    """What each round up to the deciding one adds up to, and the entries that reached that one."""
    running = contest.entries
    aggregates = []
    for judging in rounds:
        codes = {one.code for one in running}
        own = tuple(one for one in contest.sheets if one.round == judging.key and one.entry in codes)
        aggregate = rules.aggregate_sheets(judging, own)
        aggregates.append(aggregate)
        if judging.deciding:
            break
        threshold = judging.threshold
        if threshold is not None:
            below = {code for code, total in aggregate.totals.items() if total < threshold}
            running = tuple(one for one in running if one.code not in below)
    return tuple(aggregates), running


def fingerprint(value: object) -> str:
    """SHA-256 of a value of the API, the same in every process: mappings and sets by key, numbers as written."""
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (Decimal, Fraction, float)):
        return f"{type(value).__name__} {value}"
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return repr(value)


# -- in words ------------------------------------------------------------------------------------------------------

_SHOWN = 5
_SHEETS = 3


def contest_words(contest: Contest) -> Text:
    """The contest in one line: each entry with its sheets and votes."""
    if not contest.entries:
        return Text("không có bài nào.", "no entry at all.")
    vi, en = [], []
    for entry in contest.entries[:_SHOWN]:
        sheets = [one for one in contest.sheets if one.entry == entry.code]
        rest = ", …" if len(sheets) > _SHEETS else ""
        shown = ", ".join(f"{one.judge}/{one.round} {_scores(one)}" for one in sheets[:_SHEETS]) + rest
        vi.append(
            f"{entry.code}: {f'phiếu {shown}' if sheets else 'không có phiếu'}{_votes(contest, entry, 'vi')}"
        )
        en.append(
            f"{entry.code}: {f'sheets {shown}' if sheets else 'no sheet'}{_votes(contest, entry, 'en')}"
        )
    count = len(contest.entries)
    more = count - _SHOWN
    return Text(
        f"{count} bài; {'; '.join(vi)}{f'; và {more} bài nữa' if more > 0 else ''}.",
        f"{count} {'entry' if count == 1 else 'entries'}; {'; '.join(en)}{f'; and {more} more' if more > 0 else ''}.",
    )


def ranking_words(ranking: Sequence[Ranked]) -> Text:
    """A ranking in one line: code, rank, total."""
    shown = ranking[:_SHOWN]
    more = len(ranking) - len(shown)
    vi = "; ".join(f"{one.entry} hạng {one.rank}, {one.total} điểm" for one in shown) or "không có bài nào"
    en = "; ".join(f"{one.entry} rank {one.rank}, {one.total} points" for one in shown) or "no entry at all"
    return Text(
        f"{vi}{f'; và {more} bài nữa' if more > 0 else ''}.",
        f"{en}{f'; and {more} more' if more > 0 else ''}.",
    )


def _scores(sheet: Sheet) -> str:
    return "(" + " + ".join(format(score, "f") for score in sheet.scores.values()) + ")"


def _votes(contest: Contest, entry: Entry, locale: str) -> str:
    count = contest.votes.get(entry.code)
    if count is None:
        return ""
    return f", {count} lượt bình chọn" if locale == "vi" else f", {count} votes"
