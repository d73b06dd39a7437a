"""One entry's arithmetic in plain words, from the inputs and outputs of a computation alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.plugin_api import Clause, Round


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic, and the clause it carries out."""

    what: str
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """What the arithmetic of every entry of a computation needs, prepared once."""

    deciding: Round
    sheets: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]
    votes: Mapping[str, int]
    most_votes: int
    parts: Mapping[str, Mapping[str, str]]
    part_clauses: Mapping[str, Clause | None]
    total_clause: Clause | None = None

    def of(self, row: Mapping[str, Any]) -> tuple[Line, ...]:
        """The lines for one row of the ranking: each sheet, each part, the total, the rank."""
        code = row["entry"]
        own = self.sheets.get(code, ())
        lines = [Line(_sheet_line(judge, scores, self.deciding)) for judge, scores in own]
        lines += [self._part(key, value, code, len(own)) for key, value in row["components"].items()]
        values = [_vi(value) for value in row["components"].values()]
        if len(values) > 1:
            lines.append(Line(f"Tổng điểm: {' + '.join(values)} = {_vi(row['total'])}.", self.total_clause))
        tied = row["tied_with"]
        shared = f", đồng hạng với {', '.join(tied)}" if tied else ""
        lines.append(Line(f"Xếp hạng {row['rank']}{shared}."))
        return tuple(lines)

    def _part(self, key: str, value: str, code: str, count: int) -> Line:
        name = self.parts.get(key, {}).get("name", key)
        most = _vi(self.parts.get(key, {}).get("maximum", ""))
        clause = self.part_clauses.get(key)
        if key == "vote":
            got = self.votes.get(code, 0)
            told = (
                f"{most} × {got} lượt ÷ {self.most_votes} lượt cao nhất"
                if self.most_votes
                else "không có lượt nào"
            )
            return Line(f"{name}: {told} = {_vi(value)} điểm.", clause)
        if key == "jury":
            totals = [_vi(_total(scores)) for _, scores in self.sheets.get(code, ())]
            told = f"({' + '.join(totals)}) ÷ {count}" if count > 1 else (totals[0] if totals else "0")
            return Line(f"{name}: {told} = {_vi(value)} trên {most} điểm.", clause)
        return Line(f"{name}: {_vi(value)} trên {most} điểm.", clause)


def sums_of(
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    deciding: Round,
    clauses: Mapping[str, Clause],
) -> Sums:
    """What the arithmetic needs, read from the two documents."""
    sheets: dict[str, list[tuple[str, Mapping[str, str]]]] = {}
    for sheet in inputs["sheets"]:
        if sheet["round"] == deciding.key:
            sheets.setdefault(sheet["entry"], []).append((sheet["judge"], sheet["scores"]))
    ranked = [row["entry"] for row in outputs["ranking"]]
    votes = inputs["votes"]
    parts: Mapping[str, Mapping[str, str]] = next(
        (step["data"]["components"] for step in outputs["steps"] if "components" in step["data"]), {}
    )
    mean = next(
        (step["clause"] for step in outputs["steps"] if step["data"].get("round") == deciding.key), None
    )
    vote = next((step["clause"] for step in outputs["steps"] if "most_votes" in step["data"]), None)
    cited = {"jury": deciding.clause or mean, "vote": vote}
    return Sums(
        deciding=deciding,
        sheets=sheets,
        votes=votes,
        most_votes=max((votes.get(code, 0) for code in ranked), default=0),
        parts=parts,
        part_clauses={key: clauses.get(clause) if clause else None for key, clause in cited.items()},
    )


def _sheet_line(judge: str, scores: Mapping[str, str], deciding: Round) -> str:
    told = [f"{one.name.vi} {_vi(scores[one.key])}" for one in deciding.criteria if one.key in scores]
    return f"Phiếu {judge}: {' + '.join(told)} = {_vi(_total(scores))}."


def _total(scores: Mapping[str, str]) -> str:
    text = format(sum(map(Decimal, scores.values()), Decimal(0)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _vi(number: str) -> str:
    return number.replace(".", ",")
