"""Geometry of small charts: exact numbers in, SVG attributes as text out; the macros of charts.html draw them.

A chart never stands alone: it carries the words and the numbers of its data table. Floats do not occur; a coordinate
is rounded to a tenth for drawing only, the numbers beside it stay exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

Exact = Decimal | Fraction | int

LINE_WIDTH, LINE_HEIGHT = 640, 200
DONUT_RADIUS = 40
_ROUND = 100  # a donut's circle is declared `pathLength="100"`: a share is its percent


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is, its number as read, its length in percent of the longest, where the address leads."""

    label: str
    value_text: str
    percent: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole: its length and start in percent, and its series (1 to 6) for the colour."""

    label: str
    value_text: str
    percent: str
    start: str
    series: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line, in the units of the drawing (0,0 at the top left)."""

    label: str
    value_text: str
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line through dots: `points` for the polyline, `area` for the ground under it."""

    dots: tuple[Dot, ...]
    points: str
    area: str
    top_text: str
    width: int = LINE_WIDTH
    height: int = LINE_HEIGHT


def bars(rows: Sequence[tuple[str, Exact, str]], *, maximum: Exact | None = None) -> tuple[Bar, ...]:
    """Bars for `(label, value, value as read)`, against `maximum` or the largest value."""
    top = (
        Fraction(maximum)
        if maximum is not None
        else max((Fraction(row[1]) for row in rows), default=Fraction(0))
    )
    return tuple(Bar(label, text, _share(value, top)) for label, value, text in rows)


def parts(rows: Sequence[tuple[str, Exact, str]]) -> tuple[Part, ...]:
    """Parts of the sum of `(label, value, value as read)`, one after the other; series repeat after six."""
    whole = sum((Fraction(row[1]) for row in rows), Fraction(0))
    done = Fraction(0)
    found = []
    for index, (label, value, text) in enumerate(rows):
        found.append(Part(label, text, _share(value, whole), _share(done, whole), index % 6 + 1))
        done += Fraction(value)
    return tuple(found)


def line(rows: Sequence[tuple[str, Exact, str]], *, maximum: Exact | None = None) -> Line:
    """A line over `(label, value, value as read)` at even steps from left to right, zero at the bottom."""
    top = (
        Fraction(maximum)
        if maximum is not None
        else max((Fraction(row[1]) for row in rows), default=Fraction(0))
    )
    step = Fraction(LINE_WIDTH, max(len(rows) - 1, 1))
    found = tuple(
        Dot(label, text, _tenth(step * index), _tenth(LINE_HEIGHT - _ratio(value, top) * LINE_HEIGHT))
        for index, (label, value, text) in enumerate(rows)
    )
    points = " ".join(f"{dot.x},{dot.y}" for dot in found)
    area = f"0,{LINE_HEIGHT} {points} {found[-1].x},{LINE_HEIGHT}" if found else ""
    tallest = max(rows, key=lambda row: Fraction(row[1]), default=None)
    return Line(found, points, area, tallest[2] if tallest else "")


@dataclass(frozen=True, slots=True)
class Strip:
    """Several values on one line from zero to the largest possible: where each stands, and the stretch they take."""

    dots: tuple[Bar, ...]
    start: str
    width: str


def strip(rows: Sequence[tuple[str, Exact, str]], *, maximum: Exact) -> Strip:
    """Dots for `(label, value, value as read)` out of `maximum`; at least one."""
    top = Fraction(maximum)
    values = [_ratio(value, top) for _label, value, _text in rows]
    lowest, highest = min(values), max(values)
    dots = tuple(Bar(label, text, _share(value, top)) for label, value, text in rows)
    return Strip(dots, _tenth(lowest * _ROUND), _tenth((highest - lowest) * _ROUND))


def _ratio(value: Exact, top: Fraction) -> Fraction:
    if top <= 0:
        return Fraction(0)
    return min(max(Fraction(value) / top, Fraction(0)), Fraction(1))


def _share(value: Exact, top: Fraction) -> str:
    return _tenth(_ratio(value, top) * _ROUND)


def _tenth(value: Fraction) -> str:
    """A number with one decimal at most, rounded half up."""
    tenths = (value * 20 + 1).__floor__() // 2
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)
