"""The criteria of an edition's rounds as a document, and what differs between two of them. Pure.

A document is a list of rounds with all that a judge scores by: each criterion's name, most points, step, description
and anchors. Whether a value is "minh họa" is not part of it: confirming one changes no criterion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from core.plugin_api import Criterion, Round, Text

Document = Sequence[Mapping[str, Any]]
Change = dict[str, Any]

PARTS: Final = ("name", "maximum", "step", "description", "anchors")


def document_of(rounds: Iterable[Round]) -> list[dict[str, Any]]:
    """The criteria of `rounds` as plain JSON, numbers as strings."""
    return [
        {
            "key": one.key,
            "name": _text(one.name),
            "criteria": [_criterion(criterion) for criterion in one.criteria],
        }
        for one in rounds
    ]


def changes_between(before: Document, after: Document) -> list[Change]:
    """What became of each criterion from one document to the other, in the order of the rounds.

    A change names its round and criterion in words, what changed (`added`, `removed`, or one of PARTS) and both values.
    """
    was = {one["key"]: one for one in before}
    now = {one["key"]: one for one in after}
    found: list[Change] = []
    for key in [*now, *(key for key in was if key not in now)]:
        found += _of_round(was.get(key), now.get(key))
    return found


def maxima_of(document: Document) -> dict[tuple[str, str], Decimal]:
    """(round, criterion) → most points."""
    return {
        (one["key"], criterion["key"]): Decimal(criterion["maximum"])
        for one in document
        for criterion in one["criteria"]
    }


def _of_round(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> Iterator[Change]:
    shown = now or was or {}
    old = {one["key"]: one for one in was["criteria"]} if was else {}
    new = {one["key"]: one for one in now["criteria"]} if now else {}
    for key in [*new, *(key for key in old if key not in new)]:
        place = {
            "round": shown["key"],
            "round_name": shown["name"],
            "criterion": key,
            "criterion_name": (old.get(key) or new[key])["name"],
        }
        if key not in old:
            yield {**place, "what": "added", "before": None, "after": new[key]["maximum"]}
        elif key not in new:
            yield {**place, "what": "removed", "before": old[key]["maximum"], "after": None}
        else:
            for part in PARTS:
                if old[key][part] != new[key][part]:
                    yield {**place, "what": part, "before": old[key][part], "after": new[key][part]}


def _criterion(one: Criterion) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": _text(one.name),
        "maximum": _number(one.maximum),
        "step": _number(one.step),
        "description": None if one.description is None else _text(one.description),
        "anchors": [
            {"least": _number(anchor.least), "most": _number(anchor.most), "text": _text(anchor.text)}
            for anchor in one.anchors
        ],
    }


def _text(words: Text) -> dict[str, str]:
    return {"vi": words.in_("vi"), "en": words.in_("en")}


def _number(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
