"""The assignment plan of a round: k judges for each entry at the least cost, exactly.

Pure: frozen values in, a plan out; no database, no clock. `docs/results.md` has the formula and its source.
"""

from core.judging.plan.flow import solve
from core.judging.plan.moves import Doubt, Effect, Fault, Move, effect_of, fault_of
from core.judging.plan.quality import cost_of, quality_of
from core.judging.plan.values import (
    Cost,
    Fit,
    Lack,
    Pair,
    Plan,
    PlanEntry,
    PlanJudge,
    Problem,
    Quality,
    Weights,
)

__all__ = [
    "Cost",
    "Doubt",
    "Effect",
    "Fault",
    "Fit",
    "Lack",
    "Move",
    "Pair",
    "Plan",
    "PlanEntry",
    "PlanJudge",
    "Problem",
    "Quality",
    "Weights",
    "cost_of",
    "effect_of",
    "fault_of",
    "quality_of",
    "solve",
]
