"""The platform's own colours are readable in both schemes (WCAG 2.2, success criterion 1.4.3: 4.5 to 1)."""

from __future__ import annotations

import re

import pytest

from core.kernel.static import OWN

READABLE = 4.5
STATES = ("draft", "waiting", "fine", "refused", "held")
PAIRS = (
    [
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent", "gold-ink")
        for ground in ("paper", "raised", "sunken")
    ]
    + [(state, f"{state}-soft") for state in STATES]
    + [(state, "raised") for state in STATES]
    + [("ink", f"{state}-soft") for state in STATES]
    + [("accent-strong", "accent-soft"), ("accent-ink", "accent"), ("accent-ink", "accent-strong")]
    + [("gold-ink", "gold-soft"), ("leaf", "lacquer"), ("leaf-soft", "lacquer")]
)


def tokens(scheme: str) -> dict[str, str]:
    """Colours by token; the dark scheme is the light one with its own values over it."""
    light, dark = (OWN / "css/tokens.css").read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", dark))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_readable_on_their_grounds(scheme: str) -> None:
    colours = tokens(scheme)
    weak = [pair for pair in PAIRS if contrast(colours[pair[0]], colours[pair[1]]) < READABLE]
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_are_seen(scheme: str) -> None:
    """3 to 1, success criterion 1.4.11."""
    colours = tokens(scheme)
    weak = [ground for ground in ("paper", "raised") if contrast(colours["line-strong"], colours[ground]) < 3]
    assert weak == []


@pytest.mark.parametrize("accent", ["#1f6f43", "#12647f", "#a4243b"])
def test_accents_of_the_tenants_are_readable_on_paper(accent: str) -> None:
    assert contrast(accent, tokens("light")["paper"]) >= READABLE
