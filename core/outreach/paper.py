"""How a unit's name stands at the head of an official paper (Decree 30/2020/NĐ-CP, Annex I, elements 2 to 4)."""

from __future__ import annotations

from dataclasses import dataclass

from core.contests.queries import UnitRow

COUNCIL = "Ủy ban nhân dân"
_LOCAL = {"commune": "Xã ", "ward": "Phường ", "special_zone": "Đặc khu "}


@dataclass(frozen=True, slots=True)
class Paper:
    """The lines of a head: who issues, the symbol after the number, the place; dots where only the unit knows."""

    issuer: tuple[str, ...]
    symbol: str
    place: str


def paper_of(unit: UnitRow) -> Paper:
    """The head of a report by `unit`: a commune's People's Committee, else the unit itself."""
    prefix = _LOCAL.get(unit.kind)
    if prefix is None:
        return Paper((unit.name,), "/BC-……", "…………")
    return Paper((COUNCIL, unit.name), "/BC-UBND", unit.name.removeprefix(prefix))
