"""The figures of a plan, as proposed or as changed by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from core.judging.plan.flow import lacks_of
from core.judging.plan.values import Cost, Fit, Pair, Problem, Quality


def cost_of(problem: Problem, pairs: Iterable[Pair]) -> Cost:
    """What the formula says of a plan; the plan that `solve` gives has the least of all."""
    return quality_of(problem, pairs).cost


def quality_of(problem: Problem, pairs: Iterable[Pair]) -> Quality:
    """The figures of a plan; pairs of entries and judges outside the problem are left aside."""
    fields = {one.code: one.field for one in problem.entries}
    judges = {one.number: one for one in problem.judges}
    inside = sorted({pair for pair in pairs if pair[0] in fields and pair[1] in judges})
    loads = Counter(dict.fromkeys(judges, 0))
    here: Counter[tuple[str, str | None]] = Counter()
    fits: Counter[Fit] = Counter()
    for code, number in inside:
        loads[number] += 1
        here[number, fields[code]] += 1
        fits[judges[number].fit(fields[code])] += 1
    weights = problem.weights
    points = sum(weights.of(fit) * count for fit, count in fits.items())
    points += weights.load * sum(load**2 for load in loads.values())
    points += weights.spread * sum(count**2 for count in here.values())
    lacks = lacks_of(problem, tuple(inside))
    ordered = sorted(loads.items(), key=lambda row: (len(row[0]), row[0]))
    most = problem.most
    return Quality(
        cost=Cost(
            missing=sum(one.missing * (one.missing + 1) // 2 for one in lacks),
            short=sum(max(problem.least - load, 0) for load in loads.values()),
            points=points,
        ),
        loads=tuple(ordered),
        fits=tuple((fit, fits[fit]) for fit in Fit),
        lacks=lacks,
        forbidden=len(problem.barred.intersection(inside)),
        over=tuple(number for number, load in ordered if most is not None and load > most),
        short=tuple(number for number, load in ordered if load < problem.least),
    )
