"""What a shadow run is given: outputs read back (`bangvang.outputs/1`), and a bundle opened for its documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from core.plugin_api import Proposal, Ranked, Step, Text
from core.results.checks import (
    InputsError,
    code_at,
    list_at,
    mapping_at,
    object_at,
    refuse,
    require_plain,
    text_at,
    text_or_none_at,
    whole_at,
    word_at,
)
from core.results.container import BundleError, unpack
from core.results.formats import OUTPUTS_FORMAT, NotRanked, Outputs, read_json
from core.results.verify import checked_manifest

_POINTS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def parse_outputs(document: Any) -> Outputs:
    """A `bangvang.outputs/1` document as the values it was written from, never computed again.

    Raises InputsError with the path of the wrong value. Words come back in Vietnamese alone, as they are stored.
    """
    top = object_at(document, "", ("format", "inputs_sha256", "ranking", "not_ranked", "proposal", "steps"))
    if top["format"] != OUTPUTS_FORMAT:
        refuse("format", f"phải là {OUTPUTS_FORMAT}")
    digest = text_at(top["inputs_sha256"], "inputs_sha256")
    if not _SHA256.fullmatch(digest):
        refuse("inputs_sha256", "phải là SHA-256 dạng 64 chữ số thập lục phân")
    steps = tuple(_step(row, f"steps[{i}]") for i, row in enumerate(list_at(top["steps"], "steps")))
    ranking = tuple(_ranked(row, f"ranking[{i}]") for i, row in enumerate(list_at(top["ranking"], "ranking")))
    without = tuple(
        _not_ranked(row, f"not_ranked[{i}]") for i, row in enumerate(list_at(top["not_ranked"], "not_ranked"))
    )
    _once("ranking", [row.entry for row in ranking])
    _once("not_ranked", [row.entry for row in ranking] + [row.entry for row in without])
    return Outputs(
        inputs_sha256=digest,
        ranking=ranking,
        not_ranked=without,
        proposal=tuple(
            _proposal(row, f"proposal[{i}]") for i, row in enumerate(list_at(top["proposal"], "proposal"))
        ),
        undecided=_undecided(steps),
        steps=steps,
    )


def documents_of_bundle(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The inputs and outputs of a published bundle, once its signature and every SHA-256 hold.

    Nothing is computed, so the plugins' versions of then need not be installed. Raises BundleError.
    """
    files = unpack(data)
    checked_manifest(files)
    found = []
    for name in ("inputs.json", "outputs.json"):
        if name not in files:
            raise BundleError(name, "thiếu trong gói.")
        try:
            found.append(read_json(files[name]))
        except InputsError as error:
            raise BundleError(name, error.sentence) from None
    return found[0], found[1]


def _ranked(value: Any, at: str) -> Ranked:
    row = object_at(value, at, ("rank", "entry", "field", "total", "components", "tied_with"))
    rank = whole_at(row["rank"], f"{at}.rank")
    if rank < 1:
        refuse(f"{at}.rank", "phải từ 1")
    parts = mapping_at(row["components"], f"{at}.components")
    tied = list_at(row["tied_with"], f"{at}.tied_with")
    return Ranked(
        rank,
        code_at(row["entry"], f"{at}.entry"),
        _points(row["total"], f"{at}.total"),
        text_or_none_at(row["field"], f"{at}.field"),
        {key: _points(part, f"{at}.components.{key}") for key, part in parts.items()},
        tuple(code_at(code, f"{at}.tied_with[{i}]") for i, code in enumerate(tied)),
    )


def _not_ranked(value: Any, at: str) -> NotRanked:
    row = object_at(value, at, ("entry", "reason", "clause"))
    return NotRanked(
        code_at(row["entry"], f"{at}.entry"),
        text_at(row["reason"], f"{at}.reason"),
        text_or_none_at(row["clause"], f"{at}.clause"),
    )


def _proposal(value: Any, at: str) -> Proposal:
    row = object_at(value, at, ("entry", "tier", "why", "clause"))
    return Proposal(
        code_at(row["entry"], f"{at}.entry"),
        word_at(row["tier"], f"{at}.tier"),
        Text(text_at(row["why"], f"{at}.why")),
        text_or_none_at(row["clause"], f"{at}.clause"),
    )


def _step(value: Any, at: str) -> Step:
    row = object_at(value, at, ("n", "what", "clause", "data"))
    data = row["data"]
    if type(data) is not dict:
        refuse(f"{at}.data", "phải là một đối tượng")
    for key, part in data.items():
        require_plain(part, f"{at}.data.{key}")
    what = Text(text_at(row["what"], f"{at}.what"))
    return Step(what, text_or_none_at(row["clause"], f"{at}.clause"), data)


def _points(value: Any, at: str) -> Decimal:
    """Points as outputs write them: a plugin may give any decimal, below zero too."""
    if type(value) is not str or not _POINTS.fullmatch(value):
        refuse(at, 'điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5"')
    return Decimal(value)


def _undecided(steps: Sequence[Step]) -> tuple[str, ...]:
    """The ties left to the committee, which the last step names."""
    if not steps:
        return ()
    at = f"steps[{len(steps) - 1}].data.undecided"
    told = list_at(steps[-1].data.get("undecided", []), at)
    return tuple(code_at(code, f"{at}[{i}]") for i, code in enumerate(told))


def _once(name: str, codes: Sequence[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            refuse(name, f"mã {code} nêu hai lần")
        seen.add(code)
