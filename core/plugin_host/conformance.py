"""The conformance kit: what every list of plugins must hold before a province runs on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from itertools import chain

from core.plugin_api import (
    Author,
    ComponentScores,
    Edition,
    Entry,
    Ranked,
    Round,
    Sheet,
    Text,
    exact_sum,
)
from core.plugin_host.errors import PluginUnavailable
from core.plugin_host.host import Host, default_host, plugin_refs
from core.plugin_host.rules import Rules, rules_for
from core.plugin_host.settings import resolve_settings

_JUDGES = ("J1", "J2", "J3")
_ENTRIES = 8


def conformance_problems(rules: Rules) -> tuple[str, ...]:
    """What is wrong with the rules of an edition, one sentence a problem; nothing when they conform.

    Every cited clause exists; every phrase has both languages; tie-breaks name what exists; no float
    anywhere; a sample edition gives the same answers for the same rows in another order. What a hook raises
    is raised here too.
    """
    answers = _answers(rules)
    sample = _Sample(rules.edition, rules.rounds(), tuple(one.key for one in rules.entry_fields()))
    forward = _outcome(rules, sample.entries, sample.sheets, sample.votes)
    backward = _outcome(
        rules, sample.entries[::-1], sample.sheets[::-1], dict(reversed(sample.votes.items()))
    )
    problems = chain(
        _missing_clauses(rules, (*answers, forward)),
        _untranslated((*answers, forward)),
        _floats((*answers, forward)),
        _lost_tie_breaks(rules, forward),
        () if forward == backward else ("Kết quả đổi khi thứ tự dữ liệu đầu vào đổi.",),
    )
    return tuple(dict.fromkeys(problems))


def plugin_problems(name: str, *, host: Host | None = None) -> tuple[str, ...]:
    """`conformance_problems` of plugin `name` on default settings, after the plugins it requires.

    PluginUnavailable when it or one of them cannot be used; PluginFailed when one of its hooks raises.
    """
    found = host or default_host()
    names = _with_needs(found, name)
    edition = Edition(
        tenant="mau",
        key="mau",
        name=Text("Lần mẫu", "Sample edition"),
        years=(2025,),
        ordinal=1,
        plugins=plugin_refs(names, host=found),
        settings=resolve_settings(names, {}, host=found),
    )
    return conformance_problems(rules_for(edition, host=found))


def _with_needs(host: Host, name: str, asking: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The list that `name` can run in: what it requires, in that order, then itself."""
    if name in asking:
        raise PluginUnavailable(f"Các plugin cần lẫn nhau thành vòng: {' → '.join((*asking, name))}.")
    needs = host.plugin(name).info.requires
    before = chain.from_iterable(_with_needs(host, needed, (*asking, name)) for needed in needs)
    return tuple(dict.fromkeys((*before, name)))


class _Sample:
    """Entries, locked sheets of every round, and votes, made from the criteria alone; each call gives the same."""

    def __init__(self, edition: Edition, rounds: Sequence[Round], entry_fields: Sequence[str]) -> None:
        codes = [f"MAU-{number:04}" for number in range(1, _ENTRIES + 1)]
        first_year = edition.years[0] if edition.years else 2025
        self.entries = tuple(
            Entry(
                code,
                entry_fields[number % len(entry_fields)] if entry_fields else None,
                f"Bài {code}",
                authors=(Author(f"a{number}", "chief", first_year - 30 - number),),
            )
            for number, code in enumerate(codes)
        )
        self.sheets = tuple(
            Sheet(one.key, judge, code, _scores(one, place + seat))
            for one in rounds
            for seat, judge in enumerate(_JUDGES)
            for place, code in enumerate(codes)
        )
        self.votes = {code: 7 * number * number for number, code in enumerate(codes)}


def _scores(judging_round: Round, offset: int) -> Mapping[str, Decimal]:
    """Scores on the steps of each criterion, different between entries and judges."""
    scores = {}
    for number, criterion in enumerate(judging_round.criteria):
        steps = int(criterion.maximum / criterion.step)
        scores[criterion.key] = criterion.step * ((offset * 5 + number * 3) % (steps + 1))
    return scores


def _answers(rules: Rules) -> tuple[object, ...]:
    return (
        rules.terms(),
        rules.clauses(),
        rules.entry_fields(),
        rules.dossier_form(),
        rules.rounds(),
        rules.tie_breaks(),
        rules.vote_policy(),
        rules.award_scheme(),
        rules.decision_rule(),
        rules.lifecycle_notices(),
        rules.navigation(),
    )


def _outcome(
    rules: Rules, entries: Sequence[Entry], sheets: Sequence[Sheet], votes: Mapping[str, int]
) -> tuple[object, ...]:
    """Everything the rules say about a sample, with what comes in the order of entries sorted by entry."""
    found = sorted(rules.check_entries(entries), key=lambda one: (one.entry, one.check, one.field or ""))
    aggregates = tuple(rules.aggregate_sheets(one, sheets) for one in rules.rounds())
    deciding = next(one for one in aggregates if one.round == rules.deciding_round().key)
    components = rules.score_components(entries, deciding, votes)
    ranking = _rank(components)
    allocation = rules.allocate(rules.award_scheme(), ranking)
    special = rules.special_awards(entries, ranking, allocation.proposals)
    return tuple(found), aggregates, components, allocation, special


def _rank(components: Sequence[ComponentScores]) -> tuple[Ranked, ...]:
    """A plain ranking by total: enough to ask for a proposal."""
    codes = sorted(components[0].scores)
    totals = {code: exact_sum(one.scores[code] for one in components) for code in codes}
    return tuple(
        Ranked(1 + sum(other > totals[code] for other in totals.values()), code, totals[code])
        for code in codes
    )


def _walk(value: object) -> Iterator[object]:
    """The value and everything inside it."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from _walk(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _walk(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _walk(inner)


def _missing_clauses(rules: Rules, answers: Sequence[object]) -> Iterator[str]:
    known = {one.key for one in rules.clauses()}
    for value in _walk(answers):
        cited = getattr(value, "clause", None)
        if isinstance(cited, str) and cited not in known:
            yield f"{type(value).__name__} viện dẫn điều khoản không có: {cited}."


def _untranslated(answers: Sequence[object]) -> Iterator[str]:
    for value in _walk(answers):
        if isinstance(value, Text) and not (value.vi.strip() and value.en.strip()):
            yield f"Thiếu một trong hai ngôn ngữ: “{value.vi or value.en}”."


def _floats(answers: Sequence[object]) -> Iterator[str]:
    if any(isinstance(value, float) for value in _walk(answers)):
        yield "Có số thực nhị phân (float) trong câu trả lời; chỉ dùng Decimal, Fraction hoặc int."


def _lost_tie_breaks(rules: Rules, outcome: tuple[object, ...]) -> Iterator[str]:
    components = {value.key for value in _walk(outcome) if isinstance(value, ComponentScores)}
    criteria = {criterion.key for criterion in rules.deciding_round().criteria}
    for one in rules.tie_breaks():
        if one.component is not None and one.component not in components:
            yield f"Tiêu chí phụ {one.key} nêu thành phần không có: {one.component}."
        if one.criterion is not None and one.criterion not in criteria:
            yield f"Tiêu chí phụ {one.key} nêu tiêu chí không có: {one.criterion}."
