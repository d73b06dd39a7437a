"""The assignment plan: exact by an independent solver, and what holds of every plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.judging.plan import (
    Cost,
    Fit,
    Lack,
    Pair,
    PlanEntry,
    PlanJudge,
    Problem,
    Weights,
    cost_of,
    quality_of,
    solve,
)

FIELDS = ("co_khi", "giao_duc", "nong_nghiep", "y_te")
MISSING, SHORT = 10**9, 10**5


def drawn(seed: int) -> Problem:
    """A problem with everything in it: fields, conflicts, kept pairs, bounds that may not be met."""
    rng = Random(seed)  # noqa: S311 - repeatable data
    entries = tuple(PlanEntry(f"E{one:02}", rng.choice((*FIELDS, None))) for one in range(rng.randint(4, 18)))
    judges = tuple(
        PlanJudge(
            f"J{one}", frozenset(rng.sample(FIELDS, 1)), frozenset(rng.sample(FIELDS, rng.randint(0, 2)))
        )
        for one in range(1, rng.randint(3, 8))
    )
    pairs = [(entry.code, judge.number) for entry in entries for judge in judges]
    barred = frozenset(rng.sample(pairs, len(pairs) // rng.choice((3, 6, 12))))
    kept = frozenset(rng.sample(sorted(set(pairs) - barred), rng.randint(0, 5)))
    k = rng.randint(1, 3)
    mean = len(entries) * k // len(judges)
    weights = Weights(rng.randint(0, 30), rng.randint(30, 120), rng.randint(0, 4), rng.randint(0, 3))
    least, most = rng.choice(((0, None), (mean, mean + 1), (mean + 1, mean + 2), (0, max(mean - 1, 1))))
    return Problem(entries, judges, k, barred, kept, least, most, weights, seed)


def optimum(problem: Problem) -> int:
    """The least cost by networkx' network simplex, over the whole graph with an arc for each unit of load."""
    graph = networkx.MultiDiGraph()
    weights, kept = problem.weights, problem.kept
    fields = {one.code: one.field for one in problem.entries}
    loads = Counter(number for _code, number in kept)
    here = Counter((number, fields[code]) for code, number in kept)
    supply = 0
    for entry in problem.entries:
        wanted = max(problem.k - sum(code == entry.code for code, _number in kept), 0)
        supply += wanted
        graph.add_node(entry.code, demand=-wanted)
        for unit in range(1, wanted + 1):
            graph.add_edge(entry.code, "sink", capacity=1, weight=MISSING * unit)
        for judge in problem.judges:
            pair = (entry.code, judge.number)
            if pair not in problem.barred and pair not in kept:
                cost = weights.of(judge.fit(entry.field))
                graph.add_edge(entry.code, (judge.number, entry.field), capacity=1, weight=cost)
    for judge in problem.judges:
        for field in {one.field for one in problem.entries}:
            before = here[judge.number, field]
            for unit in range(before + 1, before + len(problem.entries) + 1):
                cost = weights.spread * (unit**2 - (unit - 1) ** 2)
                graph.add_edge((judge.number, field), judge.number, capacity=1, weight=cost)
        before = loads[judge.number]
        limit = len(problem.entries) if problem.most is None else problem.most
        for unit in range(before + 1, limit + 1):
            cost = weights.load * (unit**2 - (unit - 1) ** 2) - (SHORT if unit <= problem.least else 0)
            graph.add_edge(judge.number, "sink", capacity=1, weight=cost)
    graph.add_node("sink", demand=supply)
    cost, _flow = networkx.network_simplex(graph)
    begun = weights.load * sum(load**2 for load in loads.values())
    begun += weights.spread * sum(count**2 for count in here.values())
    begun += sum(
        weights.of(judge.fit(fields[code]))
        for code, number in kept
        for judge in problem.judges
        if judge.number == number
    )
    begun += SHORT * sum(max(problem.least - loads[judge.number], 0) for judge in problem.judges)
    return int(cost) + begun


def weighed(cost: Cost) -> int:
    return cost.missing * MISSING + cost.short * SHORT + cost.points


@pytest.mark.parametrize("seed", range(20))
def test_the_plan_costs_what_an_independent_solver_finds(seed: int) -> None:
    problem = drawn(seed)

    assert weighed(cost_of(problem, solve(problem).pairs)) == optimum(problem)


problems = st.integers(100, 10**6).map(drawn)


@given(problem=problems)
@settings(max_examples=60, deadline=None)
def test_no_plan_has_a_forbidden_pair_or_more_than_it_may(problem: Problem) -> None:
    plan = solve(problem)

    assert not problem.barred.intersection(plan.pairs)
    assert problem.kept <= set(plan.pairs)
    kept = Counter(number for _code, number in problem.kept)
    for number, load in Counter(number for _code, number in plan.pairs).items():
        assert problem.most is None or load <= max(problem.most, kept[number])
    assert len(set(plan.pairs)) == len(plan.pairs)


@given(problem=problems)
@settings(max_examples=60, deadline=None)
def test_each_entry_has_k_judges_or_is_said_to_lack_them(problem: Problem) -> None:
    plan = solve(problem)

    missing = {one.code: one.missing for one in plan.lacks}
    kept = Counter(code for code, _number in problem.kept)
    had = Counter(code for code, _number in plan.pairs)
    assert {one.code: had[one.code] for one in problem.entries} == {
        one.code: max(problem.k, kept[one.code]) - missing.get(one.code, 0) for one in problem.entries
    }


@given(problem=problems, order=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_the_inputs_changes_nothing(problem: Problem, order: Random) -> None:
    entries, judges = list(problem.entries), list(problem.judges)
    order.shuffle(entries)
    order.shuffle(judges)

    assert solve(replace(problem, entries=tuple(entries), judges=tuple(judges))) == solve(problem)


def test_another_seed_is_another_plan_of_the_same_cost() -> None:
    problem = Problem(entries(12), judges(4), k=2)
    plans = [solve(replace(problem, seed=seed)).pairs for seed in range(5)]

    assert len(set(plans)) > 1
    assert {cost_of(problem, pairs) for pairs in plans} == {Cost(0, 0, 432)}


def test_who_knows_the_field_gets_the_entry() -> None:
    knowing = (
        PlanJudge("J1", frozenset({"y_te"})),
        PlanJudge("J2", frozenset({"co_khi"}), frozenset({"y_te"})),
    )
    problem = Problem((PlanEntry("E1", "y_te"), PlanEntry("E2", "co_khi")), knowing, k=1)

    plan = solve(problem)

    assert plan.pairs == (("E1", "J1"), ("E2", "J2"))
    assert dict(quality_of(problem, plan.pairs).fits) == {Fit.MATCH: 2, Fit.NEAR: 0, Fit.NONE: 0}


def test_what_is_scored_stays_and_counts_towards_k() -> None:
    kept: frozenset[Pair] = frozenset({("E1", "J1"), ("E2", "J1"), ("E3", "J1")})
    problem = Problem(entries(3), judges(3), k=2, kept=kept)

    plan = solve(problem)

    assert kept <= set(plan.pairs)
    assert [load for _number, load in quality_of(problem, plan.pairs).loads] == [3, 1, 2]


def test_what_was_scored_by_who_left_counts_towards_k() -> None:
    problem = Problem((PlanEntry("E1", "y_te", done=1), PlanEntry("E2", "y_te", done=2)), judges(3), k=2)

    plan = solve(problem)

    assert ([code for code, _number in plan.pairs], plan.lacks) == (["E1"], ())


def test_an_entry_that_too_few_may_judge_is_named_with_how_many_may() -> None:
    barred: frozenset[Pair] = frozenset({("E1", "J1"), ("E1", "J2")})
    problem = Problem(entries(2), judges(3), k=2, barred=barred)

    assert solve(problem).lacks == (Lack("E1", missing=1, free=1),)


def test_when_all_are_full_no_entry_lacks_two_where_two_could_lack_one() -> None:
    plan = solve(Problem(entries(4), judges(3), k=2, most=2))

    assert [one.missing for one in plan.lacks] == [1, 1]


def test_without_judges_every_entry_lacks_all() -> None:
    assert solve(Problem(entries(2), (), k=3)).lacks == (Lack("E1", 3, 0), Lack("E2", 3, 0))


def entries(count: int) -> tuple[PlanEntry, ...]:
    return tuple(PlanEntry(f"E{one}", "y_te") for one in range(1, count + 1))


def judges(count: int) -> tuple[PlanJudge, ...]:
    return tuple(PlanJudge(f"J{one}", frozenset({"y_te"})) for one in range(1, count + 1))
