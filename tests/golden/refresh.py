"""Writes the golden inputs (made once from a seed) and the outputs that the rules make of them today."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from core.results.formats import read_json, readable_text
from tests.support.results_inputs import DECIDING, document, run, sheet

FOLDER = Path(__file__).parent
BUNDLES = FOLDER / "bundles"
"""Whole bundles of earlier formats, as they were made then; never written again."""
EDITIONS = {
    "thainguyen-2025": ("thainguyen", "2025"),
    "backan-8": ("backan", "8"),
    "bacgiang-11": ("bacgiang", "11"),
}
MOST = {"thainguyen": (20, 30, 30), "backan": (40, 30, 30), "bacgiang": (40, 30, 30)}


def inputs_of(name: str) -> dict[str, Any]:
    """The golden inputs `name` as stored."""
    stored: dict[str, Any] = read_json((FOLDER / f"{name}.inputs.json").read_bytes())
    return stored


def outputs_of(name: str) -> str:
    """The golden outputs `name` as stored."""
    return (FOLDER / f"{name}.outputs.json").read_text(encoding="utf-8")


def make_inputs(name: str, seed: int) -> dict[str, Any]:
    """Thirty entries, five judges, ties, an abstention, a withdrawn leader of the vote, an entry nobody judged."""
    tenant, edition = EDITIONS[name]
    dice = random.Random(seed)  # noqa: S311 - repeatable data
    prefix = {"thainguyen": "TN-2025", "backan": "BK-8", "bacgiang": "BG-11"}[tenant]
    codes = [f"{prefix}-{number:04d}" for number in range(1, 31)]

    def points(share: float) -> list[str]:
        parts = [
            min(most * 2, max(0, round(most * 2 * share + dice.randint(-3, 3)))) for most in MOST[tenant]
        ]
        return [str(part // 2) if part % 2 == 0 else f"{part // 2}.5" for part in parts]

    scores = {code: [points(0.95 - number / 60) for _ in range(5)] for number, code in enumerate(codes)}
    scores[codes[4]] = scores[codes[3]]
    scores[codes[-1]] = []
    votes = {code: dice.randint(0, 400) for code in codes} if tenant == "thainguyen" else {}
    if votes:
        votes[codes[1]], votes[codes[4]] = 999, votes[codes[3]]
    given = document(tenant, edition=edition, scores=scores, votes=votes, withdrawn=[codes[1]])
    for number, entry in enumerate(given["entries"]):
        entry["authors"][0]["birth_year"] = 1940 + (number * 7) % 60
    judge = {"round": DECIDING[tenant], "judge": "J5", "entry": codes[6], "reason": "người nhà của tác giả"}
    given["sheets"] = [row for row in given["sheets"] if (row["judge"], row["entry"]) != ("J5", codes[6])]
    given["abstentions"] = [judge]
    if tenant == "bacgiang":
        given["sheets"] += [sheet(tenant, "J1", code, points(0.52), "so_khao") for code in codes[20:]]
    return given


def main() -> None:
    """Write what is missing of the inputs, and all outputs."""
    for seed, name in enumerate(EDITIONS, start=1):
        place = FOLDER / f"{name}.inputs.json"
        if not place.exists():
            place.write_text(readable_text(make_inputs(name, seed)), encoding="utf-8")
        outputs = run(inputs_of(name)).document()
        (FOLDER / f"{name}.outputs.json").write_text(readable_text(outputs), encoding="utf-8")
        print(name, json.dumps(outputs["proposal"][:2], ensure_ascii=False))


if __name__ == "__main__":
    main()
