"""How long the assignment plan of a large round takes."""

from __future__ import annotations

import time
from random import Random

from core.judging.plan import PlanEntry, PlanJudge, Problem, solve

FIELDS = ("co_khi", "giao_duc", "kinh_te", "nong_nghiep", "y_te")


def problem(*, entries: int, judges: int, k: int) -> Problem:
    """A round with five fields, judges who know one and are near to another, and as many conflicts as entries."""
    dice = Random(7)
    asked = tuple(PlanEntry(f"E{number:04}", dice.choice(FIELDS)) for number in range(entries))
    council = []
    for number in range(1, judges + 1):
        knows, near = dice.sample(FIELDS, 2)
        council.append(PlanJudge(f"J{number}", frozenset({knows}), frozenset({near})))
    barred = frozenset((dice.choice(asked).code, dice.choice(council).number) for _ in range(entries))
    mean = entries * k // judges
    return Problem(asked, tuple(council), k, barred, least=mean - 1, most=mean + 1)


def seconds(*, entries: int, judges: int, k: int) -> float:
    """The time of one plan."""
    asked = problem(entries=entries, judges=judges, k=k)
    started = time.perf_counter()
    plan = solve(asked)
    taken = time.perf_counter() - started
    if len(plan.pairs) != entries * k:
        raise SystemExit(f"the plan has {len(plan.pairs)} of {entries * k} assignments")
    return taken
