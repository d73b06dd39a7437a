"""What the lint of an edition says: one finding, where it is, and how much it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.kernel.formats import score
from core.plugin_api import Text


class Weight(StrEnum):
    """A FAULT makes the edition unfit to run; a DOUBT may be meant, and somebody should look."""

    FAULT = "fault"
    DOUBT = "doubt"


class Spot(StrEnum):
    """What kind of thing a finding is about."""

    RULES = "rules"
    PHASE = "phase"
    ROUND = "round"
    CRITERION = "criterion"
    COMPONENT = "component"
    TIE_BREAK = "tie_break"
    TIER = "tier"
    SPECIAL = "special"
    SCHEME = "scheme"
    VOTE = "vote"
    DECISION = "decision"
    FORM = "form"
    CHECK = "check"
    NOTICE = "notice"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class SettingRef:
    """A setting of a plugin, by the names that a tenant's folder uses."""

    plugin: str
    key: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is: `key` is the phase, tier, criterion … it is about ("" for the whole).

    `settings` are those that change the thing, so that an officer knows what to set.
    """

    spot: Spot
    key: str = ""
    settings: tuple[SettingRef, ...] = ()


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing that makes no sense in an edition; `remedy` says what to do, `clause` is the key behind it."""

    code: str
    weight: Weight
    place: Place
    sentence: Text
    remedy: Text
    clause: str | None = None

    @property
    def is_fault(self) -> bool:
        """Whether the edition should not run like this."""
        return self.weight is Weight.FAULT


Said = Text | Decimal | int | str
"""What may stand in a sentence."""


def say(vi: str, en: str, **values: Said) -> Text:
    """Both languages with `{name}` filled in: words in their language, numbers as it writes them."""
    return Text(
        vi.format(**{key: _in(value, "vi") for key, value in values.items()}),
        en.format(**{key: _in(value, "en") for key, value in values.items()}),
    )


def fault(code: str, place: Place, sentence: Text, remedy: Text, clause: str | None = None) -> LintFinding:
    """A finding that makes the edition unfit to run."""
    return LintFinding(code, Weight.FAULT, place, sentence, remedy, clause)


def doubt(code: str, place: Place, sentence: Text, remedy: Text, clause: str | None = None) -> LintFinding:
    """A finding that somebody should look at."""
    return LintFinding(code, Weight.DOUBT, place, sentence, remedy, clause)


def _in(value: Said, locale: str) -> str:
    if isinstance(value, Text):
        return value.in_(locale)
    return value if isinstance(value, str) else score(value, locale)
