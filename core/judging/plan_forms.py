"""What the committee types about a round's assignment: whole numbers, each refused with a sentence at its field."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from core.judging.plan import Fit, Weights
from core.judging.setups import Assigned, NextBy, Setup
from core.kernel.errors import Invalid

FIELD = "field_"
_BOUNDS = {"k": (1, 30), "least": (0, 10_000), "most": (1, 10_000), "seed": (0, 999_999)}
_WEIGHTS = ("near", "none", "load", "spread")
_MOST_WEIGHT = 1_000


def read_setup(form: Mapping[str, str]) -> Setup:
    """The choices of the form; what was not sent is as where nothing was chosen. Raises Invalid (field → sentences)."""
    errors: dict[str, list[str]] = {}
    default = Setup()

    def number(name: str, otherwise: int | None, least: int, most: int) -> int | None:
        typed = form.get(name, "").strip()
        if not typed:
            return otherwise
        if typed.isascii() and typed.isdigit() and least <= int(typed[:9]) <= most:
            return int(typed[:9])
        errors[name] = [_("Hãy ghi một số nguyên từ %(least)s đến %(most)s.", least=least, most=most)]
        return otherwise

    figures = {name: number(name, getattr(default, name), *bounds) for name, bounds in _BOUNDS.items()}
    weights = {name: number(name, getattr(default.weights, name), 0, _MOST_WEIGHT) or 0 for name in _WEIGHTS}
    least, most = figures["least"] or 0, figures["most"]
    if most is not None and most < least:
        errors["most"] = [_("Số nhiều nhất không được nhỏ hơn số ít nhất.")]
    if form.get("way", "") not in tuple(Assigned):
        errors["way"] = [_("Hãy chọn cách phân công.")]
    if errors:
        raise Invalid(errors)
    return Setup(
        way=Assigned(form["way"]),
        k=figures["k"] or default.k,
        least=least,
        most=most,
        seed=figures["seed"] or 0,
        weights=Weights(**weights),
        next_by=NextBy.LEAST if form.get("next_by") == NextBy.LEAST else NextBy.CODE,
    )


def typed_of(setup: Setup) -> dict[str, str]:
    """A setup as its form has it."""
    weights = setup.weights
    return {
        "way": setup.way.value,
        "k": str(setup.k),
        "least": str(setup.least),
        "most": "" if setup.most is None else str(setup.most),
        "seed": str(setup.seed),
        "near": str(weights.near),
        "none": str(weights.none),
        "load": str(weights.load),
        "spread": str(weights.spread),
        "next_by": setup.next_by.value,
    }


def read_fields(form: Mapping[str, str]) -> dict[str, Fit]:
    """Field → fit out of inputs `field_<key>`; anything else that was sent counts for nothing."""
    return {
        name.removeprefix(FIELD): Fit(value)
        for name, value in form.items()
        if name.startswith(FIELD) and value in tuple(Fit)
    }
