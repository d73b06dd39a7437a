"""The golden edition of a new plugin: made-up inputs, and the outputs that its rules make of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.plugin_api import Edition, Plugin, Round, Text
from core.plugin_host import Host, dump_settings, plugin_refs, resolve_settings, rules_for
from core.results.compute import compute
from core.results.formats import INPUTS_FORMAT, parse_inputs, points, readable_text

_ENTRIES = 12
_JUDGES = 5
_KEY = "2025"


def golden_edition(plugin: Plugin) -> dict[str, str]:
    """File names and texts: `mau-2025.inputs.json` and the `mau-2025.outputs.json` that `plugin` makes of it.

    Twelve entries in falling order with a tie, one judge missing at one entry, one entry without a sheet, one
    withdrawn that has the most votes.
    """
    host, names = Host.of(plugin), (plugin.info.name,)
    settings = resolve_settings(names, {}, host=host)
    refs = plugin_refs(names, host=host)
    edition = Edition("mau", _KEY, Text(_KEY), (int(_KEY),), None, refs, settings)
    rules = rules_for(edition, host=host)
    codes = [f"MAU-{_KEY}-{number:04}" for number in range(1, _ENTRIES + 1)]
    fields: list[str | None] = [one.key for one in rules.entry_fields()] or [None]
    withdrawn = codes[-1]
    document = {
        "format": INPUTS_FORMAT,
        "tenant": "mau",
        "edition": _KEY,
        "rules": {
            "plugins": [{"name": ref.name, "version": ref.version} for ref in refs],
            "settings": dump_settings(names, settings, host=host),
        },
        "entries": [
            _entry(code, number, fields[number % len(fields)]) for number, code in enumerate(codes[:-1])
        ],
        "sheets": _sheets(rules.deciding_round(), codes[:-2]),
        "abstentions": [
            {
                "round": rules.deciding_round().key,
                "judge": f"J{_JUDGES}",
                "entry": codes[3],
                "reason": "người nhà của tác giả",
            }
        ],
        "votes": {code: _votes(number) for number, code in enumerate(codes)},
        "withdrawn": [withdrawn],
    }
    outputs = compute(parse_inputs(document), edition, host=host).document()
    return {
        f"mau-{_KEY}.inputs.json": readable_text(document),
        f"mau-{_KEY}.outputs.json": readable_text(outputs),
    }


def _entry(code: str, number: int, field: str | None) -> dict[str, Any]:
    author = {"ref": f"a-{number + 1}", "role": "chief", "birth_year": 1962 + number * 7 % 43}
    return {
        "code": code,
        "field": field,
        "title": f"Bài dự thi mẫu {number + 1}",
        "unit": None,
        "authors": [author],
        "facts": {},
    }


def _votes(place: int) -> int:
    if place == _ENTRIES - 1:
        return 999
    return 300 - 17 * ((1 if place == 2 else place) * 5 % _ENTRIES)


def _sheets(judging: Round, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Five sheets an entry, each entry a little below the one before; the second and the third are equal."""
    return [
        {"round": judging.key, "judge": f"J{judge}", "entry": code, "scores": _scores(judging, place, judge)}
        for place, code in enumerate(codes)
        for judge in range(1, _JUDGES + 1)
        if not (place == 3 and judge == _JUDGES)
    ]


def _scores(judging: Round, place: int, judge: int) -> dict[str, str]:
    lost = 5 * (1 if place == 2 else place) + judge % 3
    return {
        one.key: points(one.step * max(0, int(one.maximum / one.step) * (100 - lost) // 100))
        for one in judging.criteria
    }
