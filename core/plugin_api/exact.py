"""Exact arithmetic for scores: sums and means without loss, and one rounding, half up."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact
from fractions import Fraction

_LOSSLESS = Context(prec=60, traps=[Inexact])


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum of `values`; raises decimal.Inexact rather than lose a digit, whatever the caller's decimal
    context is.
    """
    total = Decimal(0)
    for value in values:
        total = _LOSSLESS.add(total, value)
    return total


def mean(values: Iterable[Decimal]) -> Fraction:
    """The exact mean of `values`; ValueError when there is none."""
    listed = tuple(values)
    if not listed:
        raise ValueError("không có giá trị nào để tính trung bình")
    return Fraction(exact_sum(listed)) / len(listed)


def round_half_up(value: Fraction | Decimal | int, places: int) -> Decimal:
    """`value` with `places` decimals, halves away from zero: 0.25 → 0.3, 0.249 → 0.2, -0.25 → -0.3."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return Decimal(-whole if exact < 0 else whole).scaleb(-places, _LOSSLESS)
