"""Inputs of a computation as documents, for tests: few words, exact values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.results.compute import compute, edition_of_inputs
from core.results.formats import Outputs, parse_inputs

PLUGINS = {
    "thainguyen": ("thainguyen_innovation",),
    "backan": ("stkt_base", "backan_stkt"),
    "bacgiang": ("stkt_base", "bacgiang_stkt"),
}
DECIDING = {"thainguyen": "hoi_dong", "backan": "chung_khao", "bacgiang": "chung_khao"}
CRITERIA = {
    "thainguyen": ("doi_moi", "hieu_qua", "kha_nang"),
    "backan": ("tinh_moi", "kha_nang", "hieu_qua"),
    "bacgiang": ("tinh_moi", "kha_nang", "hieu_qua"),
}


def entry(code: str, **more: Any) -> dict[str, Any]:
    """An entry of the document."""
    return {
        "code": code,
        "field": None,
        "title": f"Máy thử {code}",
        "unit": None,
        "authors": [{"ref": f"a-{code}", "role": "chief", "birth_year": 1961}],
        "facts": {},
        **more,
    }


def sheet(tenant: str, judge: str, code: str, scores: Sequence[str], judging: str = "") -> dict[str, Any]:
    """A locked sheet of the deciding round, its scores in the order of the criteria."""
    return {
        "round": judging or DECIDING[tenant],
        "judge": judge,
        "entry": code,
        "scores": dict(zip(CRITERIA[tenant], scores, strict=True)),
    }


def document(
    tenant: str = "thainguyen",
    *,
    edition: str = "2025",
    scores: Mapping[str, Sequence[Sequence[str]]],
    votes: Mapping[str, int] | None = None,
    settings: Mapping[str, Any] | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Inputs in which judges J1, J2 … gave each entry the listed sheets."""
    return {
        "format": "bangvang.inputs/1",
        "tenant": tenant,
        "edition": edition,
        "rules": {
            "plugins": [{"name": name, "version": "1.0.0"} for name in PLUGINS[tenant]],
            "settings": dict(settings or {}),
        },
        "entries": [entry(code) for code in scores],
        "sheets": [
            sheet(tenant, f"J{number}", code, given)
            for code, sheets in scores.items()
            for number, given in enumerate(sheets, start=1)
        ],
        "abstentions": [],
        "votes": dict(votes or {}),
        "withdrawn": [],
        **more,
    }


def run(given: Any) -> Outputs:
    """The outputs of a document under the rules it names."""
    inputs = parse_inputs(given)
    return compute(inputs, edition_of_inputs(inputs))


def total_of(points: str) -> list[str]:
    """Three scores that add up to `points` within the maxima of the STKT family."""

    left = Decimal(points)
    parts = []
    for most in (Decimal(40), Decimal(30), Decimal(30)):
        part = min(left, most)
        parts.append(format(part, "f"))
        left -= part
    assert left == 0, points
    return parts
