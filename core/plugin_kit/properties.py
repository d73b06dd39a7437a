"""What must hold of every contest, tried on generated ones; where it does not, the smallest contest that shows it.

A first round plays all the generated contests and notes which checks failed. Each failed check is then followed alone,
and hypothesis takes away from its contest what is not needed. A plugin that holds is played once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, find
from hypothesis import settings as hypothesis_settings
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.strategies import SearchStrategy

from core.plugin_api import Allocation, AwardScheme, Ranked, Text
from core.plugin_host import PluginFailed, Rules
from core.plugin_kit import awards, samples
from core.plugin_kit.findings import Problem
from core.plugin_kit.guards import Trip, Watch
from core.plugin_kit.play import (
    Contest,
    Outcome,
    contest_words,
    fingerprint,
    in_order,
    play,
    ranking_words,
)
from core.plugin_kit.static import answers, inexact

CHECKS = ("hooks", "guards", "exactness", "determinism", "quotas", "tiers", "ties", "awards")
"""The checks whose problems come from playing contests."""

_Case = TypeVar("_Case")
_Fault = tuple[str, Text]


@dataclass(slots=True)
class Ring:
    """The rules on which contests are played: `rules`, and `again()` for rules that remember no earlier answer.

    `failures` counts the times that a hook did not answer.
    """

    rules: Rules
    again: Callable[[], Rules]
    watch: Watch
    failures: int = 0


# -- contests ------------------------------------------------------------------------------------------------------


def contest_faults(ring: Ring, contest: Contest) -> Iterator[_Fault]:
    """What goes wrong when `contest` is played: name of the check and sentence."""
    seen = len(ring.watch.trips)
    try:
        outcome = play(ring.rules, contest)
        faults = [
            *_of_outcome(outcome),
            *_of_order(ring, contest, outcome),
            *_of_names(ring, contest, outcome),
        ]
    except PluginFailed as failed:
        ring.failures += 1
        faults = [] if len(ring.watch.trips) > seen else [_failure(failed)]
    yield from _trips(ring.watch.trips[seen:])
    yield from faults


def _of_outcome(outcome: Outcome) -> Iterator[_Fault]:
    for said in inexact(outcome):
        yield "exactness", said
    yield from allocation_faults(outcome.scheme, outcome.ranking, outcome.allocation)
    for said in awards.wrong_specials(outcome.scheme, outcome.ranking, outcome.specials):
        yield "awards", said


def _of_order(ring: Ring, contest: Contest, outcome: Outcome) -> Iterator[_Fault]:
    for other, vi, en in (
        (contest, "khi tính lại từ cùng dữ liệu", "when the same inputs are computed again"),
        (contest.reversed(), "khi thứ tự dữ liệu đầu vào đổi", "when the rows come in another order"),
        (contest.turned(), "khi thứ tự dữ liệu đầu vào đổi", "when the rows come in another order"),
    ):
        part = _differing(outcome, play(ring.rules, other))
        if part:
            yield (
                "determinism",
                Text(f"{_PARTS[part].vi} đổi {vi}.", f"{_PARTS[part].en} changed {en}."),
            )
            return


_PARTS = {
    "findings": Text("Kết quả kiểm tra hồ sơ", "The findings"),
    "aggregates": Text("Điểm tổng hợp phiếu", "The aggregated sheets"),
    "components": Text("Các phần điểm", "The components of the total"),
    "ranking": Text("Thứ hạng", "The ranking"),
    "scheme": Text("Cơ cấu giải", "The award scheme"),
    "allocation": Text("Đề xuất giải", "The proposed prizes"),
    "specials": Text("Đề xuất giải phụ", "The proposed special awards"),
}


def _differing(first: Outcome, second: Outcome) -> str | None:
    return next((part for part in _PARTS if getattr(first, part) != getattr(second, part)), None)


def _of_names(ring: Ring, contest: Contest, outcome: Outcome) -> Iterator[_Fault]:
    """Codes are drawn by arrival: exchanging them must exchange the results and nothing else."""
    codes = sorted(one.code for one in contest.entries)
    names = dict(zip(codes, reversed(codes), strict=True))
    other = play(ring.rules, contest.renamed(names))
    ranks, renamed = _ranks(outcome.ranking, names), _ranks(other.ranking, {})
    if ranks != renamed:
        yield (
            "ties",
            Text(
                "Thứ hạng hoặc điểm phụ thuộc vào mã bài dự thi: đổi mã cho nhau thì kết quả khác.",
                "Ranks or points depend on the codes of the entries: exchanging the codes changes the result.",
            ),
        )
    elif _prizes(outcome, names) != _prizes(other, {}):
        yield (
            "ties",
            Text(
                "Đề xuất giải phân xử bài bằng nhau theo mã bài dự thi; phải để Ban Tổ chức quyết định.",
                "The proposal settles equal entries by their codes; it must leave them to the committee.",
            ),
        )


def _ranks(ranking: Sequence[Ranked], names: Mapping[str, str]) -> set[tuple[int, str, str]]:
    return {(one.rank, names.get(one.entry, one.entry), str(one.total)) for one in ranking}


def _prizes(outcome: Outcome, names: Mapping[str, str]) -> set[tuple[str, str]]:
    parts = (outcome.allocation, outcome.specials)
    won = {(names.get(one.entry, one.entry), one.tier) for part in parts for one in part.proposals}
    left = {
        (names.get(entry, entry), f"?{number}")
        for number, part in enumerate(parts)
        for entry in part.undecided
    }
    return won | left


# -- rankings ------------------------------------------------------------------------------------------------------


def ranking_faults(ring: Ring, scheme: AwardScheme, ranking: tuple[Ranked, ...]) -> Iterator[_Fault]:
    """What goes wrong when prizes are proposed for `ranking`."""
    seen = len(ring.watch.trips)
    faults: list[_Fault] = []
    try:
        first = ring.rules.allocate(scheme, ranking)
        faults += [("exactness", said) for said in inexact(first)]
        faults += allocation_faults(scheme, ranking, first)
        if in_order(first) != in_order(ring.rules.allocate(scheme, ranking[::-1])):
            faults.append(
                (
                    "determinism",
                    Text(
                        "Đề xuất giải đổi khi thứ tự dữ liệu đầu vào đổi.",
                        "The proposed prizes changed when the rows come in another order.",
                    ),
                )
            )
    except PluginFailed as failed:
        ring.failures += 1
        faults = [] if len(ring.watch.trips) > seen else [_failure(failed)]
    yield from _trips(ring.watch.trips[seen:])
    yield from faults


def allocation_faults(
    scheme: AwardScheme, ranking: Sequence[Ranked], allocation: Allocation
) -> Iterator[_Fault]:
    """What is wrong with the proposal itself."""
    for said in awards.over_quota(scheme, allocation):
        yield "quotas", said
    for said in awards.out_of_order(scheme, ranking, allocation):
        yield "tiers", said
    for said in awards.torn_ties(ranking, allocation):
        yield "ties", said
    for said in awards.lost_places(scheme, ranking, allocation):
        yield "awards", said


# -- refusals ------------------------------------------------------------------------------------------------------


def _trips(trips: Sequence[Trip]) -> Iterator[_Fault]:
    for one in dict.fromkeys(trips):
        yield (
            "guards",
            Text(
                f"Hook {one.hook} {one.kind.vi}: {one.call} ở {one.place}; quy tắc chỉ được tính từ những gì hook nhận "
                "được.",
                f"Hook {one.hook} {one.kind.en}: {one.call} at {one.place}; rules may use nothing but what the hook is "
                "given.",
            ),
        )


def _failure(failed: PluginFailed) -> _Fault:
    cause, reason = failed.__cause__, failed.reason.removesuffix(".")
    said = Text(
        f"Hook {failed.hook} của plugin {failed.plugin} không dùng được: {reason}.",
        f"Hook {failed.hook} of plugin {failed.plugin} cannot be used: {reason}.",
    )
    if isinstance(cause, TypeError) and "float" in str(cause):
        return "exactness", said
    # An answer that breaks the contract has no other cause than itself.
    if failed.hook == "allocate" and (cause is None or isinstance(cause, PluginFailed)):
        return "quotas", said
    return "hooks", said


def answer_faults(ring: Ring) -> Iterator[_Fault]:
    """What goes wrong in what the rules say before any entry: it must be exact, and the same when asked again."""
    seen = len(ring.watch.trips)
    faults: list[_Fault] = []
    try:
        first = answers(ring.rules)
        faults += [("exactness", said) for said in inexact(first)]
        if fingerprint(first) != fingerprint(answers(ring.again())):
            faults.append(
                (
                    "determinism",
                    Text(
                        "Câu trả lời về kỳ thi đổi khi hỏi lại.",
                        "What the rules say changed when asked again.",
                    ),
                )
            )
    except PluginFailed as failed:
        ring.failures += 1
        faults = [] if len(ring.watch.trips) > seen else [_failure(failed)]
    yield from _trips(ring.watch.trips[seen:])
    yield from faults
    for hook, error in ring.watch.errors:
        yield (
            "hooks",
            Text(
                f"Hook {hook} báo lỗi và bị bỏ qua: {type(error).__name__}: {error}.",
                f"Hook {hook} raised and was left out: {type(error).__name__}: {error}.",
            ),
        )


# -- the smallest example ------------------------------------------------------------------------------------------


def fixed_problems(ring: Ring) -> tuple[Problem, ...]:
    """What the fixed contests and rankings show, without generating any; for an edition as it stands."""
    problems = [Problem(check, said) for check, said in answer_faults(ring)]
    if problems:
        return tuple(problems)
    for contest in samples.fixed_contests(samples.Ground.of(ring.rules)):
        problems += [
            Problem(check, said, contest_words(contest)) for check, said in contest_faults(ring, contest)
        ]
    scheme, maximum = ring.rules.award_scheme(), ring.rules.deciding_round().maximum
    for ranking in samples.fixed_rankings(scheme, maximum):
        found = ranking_faults(ring, scheme, ranking)
        problems += [Problem(check, said, ranking_words(ranking)) for check, said in found]
    return _one_each(problems)


@dataclass(frozen=True, slots=True)
class Generated:
    """What the generated contests showed. `stopped`: the rules did not even answer before any entry; `answered`: every
    hook answered every time, within its contract.
    """

    problems: tuple[Problem, ...]
    stopped: bool
    answered: bool


def generated_problems(ring: Ring, examples: int) -> Generated:
    """The same on `examples` generated contests and twice as many rankings, each with its smallest example."""
    problems = [Problem(check, said) for check, said in answer_faults(ring)]
    if ring.failures or any(one.check == "guards" for one in problems):
        return Generated(_one_each(problems), stopped=True, answered=False)
    scheme, maximum = ring.rules.award_scheme(), ring.rules.deciding_round().maximum
    if scheme.tiers:
        rankings = samples.rankings(scheme, maximum)
        # First, since a ranking is a smaller example than a contest.
        problems += _followed(
            rankings, lambda one: ranking_faults(ring, scheme, one), ranking_words, 2 * examples, ()
        )
    told = {one.check for one in problems}
    contests = samples.contests(samples.Ground.of(ring.rules))
    problems += _followed(contests, lambda one: contest_faults(ring, one), contest_words, examples, told)
    return Generated(_one_each(problems), stopped=False, answered=ring.failures == 0)


def _followed(
    cases: SearchStrategy[_Case],
    faults: Callable[[_Case], Iterator[_Fault]],
    words: Callable[[_Case], Text],
    examples: int,
    told: Collection[str],
) -> list[Problem]:
    """The smallest example of each check that fails, but for those `told` already."""
    failed: dict[str, None] = {}

    def note(case: _Case) -> bool:
        failed.update(dict.fromkeys(check for check, _ in faults(case)))
        return False

    _smallest(cases, note, examples)
    new = [check for check in failed if check not in told]
    return [problem for check in new for problem in _shown(check, cases, faults, words, examples)]


def _shown(
    check: str,
    cases: SearchStrategy[_Case],
    faults: Callable[[_Case], Iterator[_Fault]],
    words: Callable[[_Case], Text],
    examples: int,
) -> Iterator[Problem]:
    case = _smallest(cases, lambda one: any(name == check for name, _ in faults(one)), examples)
    if case is None:
        yield Problem(
            check,
            Text(
                "Lỗi chỉ xuất hiện lúc có lúc không: cùng một kỳ thi, lần sau lại khác.",
                "The fault comes and goes: the same contest behaves differently the next time.",
            ),
        )
        return
    said = [text for name, text in faults(case[0]) if name == check]
    for text in said[:1]:
        yield Problem(check, text, words(case[0]))


def _smallest(
    cases: SearchStrategy[_Case], fails: Callable[[_Case], bool], examples: int
) -> list[_Case] | None:
    """The smallest case that `fails`, in a list of one; None when none of them does."""
    chosen: Any = hypothesis_settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    failing: list[_Case] = []

    def noted(case: _Case) -> bool:
        holds = fails(case)
        if holds:
            failing[:] = [case]
        return holds

    try:
        return [find(cases, noted, settings=chosen)]
    except (Flaky, NoSuchExample):
        # Flaky: the rules failed and then did not. The case that failed last is the one to show.
        return failing or None


def _one_each(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The first problem of each check and sentence; contests that differ by an example say nothing new."""
    first: dict[tuple[str, str], Problem] = {}
    for one in problems:
        key = (one.check, one.said.vi if one.example is None else "")
        first.setdefault(key, one)
    return tuple(first.values())
