"""The rules of an edition as data and as words, for a bundle: what a stranger needs to recompute by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from core.plugin_api import Clause, Criterion, Edition, Tier, round_half_up
from core.plugin_host import rules_for
from core.results.formats import Inputs, Outputs, points

RULES_FORMAT = "bangvang.rules/1"


def rules_document(edition: Edition, inputs: Inputs, outputs: Outputs) -> dict[str, Any]:
    """`bangvang.rules/1`: deciding round, parts, tie-breaks, tiers and the rule of the decision.

    A part's `formula` says how it can be recomputed without plugins: "mean" of the sheets' totals, "share_of_most"
    votes, or "plugin" where it is neither.
    """
    rules = rules_for(edition)
    deciding = rules.deciding_round()
    scheme = rules.award_scheme()
    decision = rules.decision_rule()
    return {
        "format": RULES_FORMAT,
        "round": {
            "key": deciding.key,
            "criteria": [_criterion(criterion) for criterion in deciding.criteria],
        },
        "components": [
            {
                "key": key,
                "maximum": points(most),
                "formula": _formula(key, inputs, outputs, deciding.key, most),
            }
            for key, most in _maxima(outputs).items()
        ],
        "tie_breaks": [
            {"component": rule.component, "criterion": rule.criterion} for rule in rules.tie_breaks()
        ],
        "tiers": [_tier(tier) for tier in scheme.tiers],
        "specials": [
            {"key": one.key, "name": one.name.vi, "quota": one.quota, "official": one.official}
            for one in scheme.specials
        ],
        "spill": scheme.spill,
        "decision": {
            "numerator": decision.numerator,
            "denominator": decision.denominator,
            "strictly": decision.strictly,
            "of": decision.of.vi,
            "clause": decision.clause,
        },
    }


def clauses_markdown(clauses: tuple[Clause, ...], title: str, locale: str) -> str:
    """The clauses in words; what no public document states carries the mark."""
    english = locale == "en"
    mark = " (illustration)" if english else " (minh họa)"
    parts = [f"# {title}\n"]
    for clause in clauses:
        heading = clause.article.in_(locale)
        parts.append(
            f"## `{clause.key}`: {heading}{'' if clause.official else mark}\n\n"
            f"{clause.text.in_(locale)}\n\n{clause.document.in_(locale)}\n"
        )
    return "\n".join(parts)


def _criterion(criterion: Criterion) -> dict[str, Any]:
    return {
        "key": criterion.key,
        "name": criterion.name.vi,
        "maximum": points(criterion.maximum),
        "step": points(criterion.step),
        "official": criterion.official,
    }


def _tier(tier: Tier) -> dict[str, Any]:
    return {
        "key": tier.key,
        "name": tier.name.vi,
        "minimum": None if tier.minimum is None else points(tier.minimum),
        "quota": tier.quota,
        "official": tier.official,
    }


def _maxima(outputs: Outputs) -> dict[str, Decimal]:
    """Each part of the total with its maximum, as the step that adds them up tells."""
    parts = next(step.data["components"] for step in outputs.steps if "components" in step.data)
    return {key: Decimal(part["maximum"]) for key, part in cast(dict[str, dict[str, str]], parts).items()}


def _formula(key: str, inputs: Inputs, outputs: Outputs, deciding: str, most: Decimal) -> str:
    if all(row.components[key] == value for row, value in _means(inputs, outputs, deciding, key)):
        return "mean"
    if all(row.components[key] == value for row, value in _shares(inputs, outputs, key, most)):
        return "share_of_most"
    return "plugin"


def _means(inputs: Inputs, outputs: Outputs, deciding: str, key: str) -> list[tuple[Any, Decimal]]:
    totals: dict[str, list[Fraction]] = {}
    for sheet in inputs.sheets:
        if sheet.round == deciding:
            totals.setdefault(sheet.entry, []).append(
                sum((Fraction(x) for x in sheet.scores.values()), Fraction(0))
            )
    return [
        (
            row,
            round_half_up(
                sum(totals[row.entry], Fraction(0)) / len(totals[row.entry]), _places(row.components[key])
            ),
        )
        for row in outputs.ranking
    ]


def _shares(inputs: Inputs, outputs: Outputs, key: str, most: Decimal) -> list[tuple[Any, Decimal]]:
    votes = {row.entry: inputs.votes.get(row.entry, 0) for row in outputs.ranking}
    highest = max(votes.values(), default=0)
    share = {
        code: Fraction(most) * count / highest if highest else Fraction(0) for code, count in votes.items()
    }
    return [(row, round_half_up(share[row.entry], _places(row.components[key]))) for row in outputs.ranking]


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0
