"""Which settings stand behind a part of the rules: each is turned a little, to see whether the part moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from core.contests.lint.values import LintFinding, Place, SettingRef, Spot
from core.plugin_api import Edition
from core.plugin_host import Host, PluginFailed, Rules, rules_for

_Part = Callable[[Rules, str], object]


def with_settings(
    rules: Rules, findings: Sequence[LintFinding], *, host: Host | None = None
) -> tuple[LintFinding, ...]:
    """`findings` with the settings that change what each is about."""
    places = {one.place for one in findings if one.place.spot in _PARTS}
    if not places:
        return tuple(findings)
    now = {place: _part(rules, place) for place in places}
    behind: dict[Place, list[SettingRef]] = {place: [] for place in places}
    for ref, turned in _turned(rules.edition):
        other = rules_for(turned, host=host)
        for place in places:
            if _part(other, place) != now[place]:
                behind[place].append(ref)
    return tuple(
        replace(one, place=replace(one.place, settings=tuple(behind[one.place])))
        if one.place in places
        else one
        for one in findings
    )


def _turned(edition: Edition) -> Iterator[tuple[SettingRef, Edition]]:
    """The edition with one number of its settings changed at a time."""
    for plugin, values in edition.settings.items():
        for key, value in values.items():
            for other in _others(value):
                settings = {**edition.settings, plugin: {**values, key: other}}
                yield SettingRef(plugin, key), replace(edition, settings=settings)


def _others(value: object) -> tuple[object, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, Decimal | int):
        return (value + 1,)
    return ()


def _part(rules: Rules, place: Place) -> object:
    """What the rules say at `place`; None where they cannot, which settings a little off may well cause."""
    try:
        return _PARTS[place.spot](rules, place.key)
    except PluginFailed:
        return None


def _round(rules: Rules, key: str) -> object:
    return next((one.threshold for one in rules.rounds() if one.key == key), None)


def _criterion(rules: Rules, key: str) -> object:
    found = (
        (criterion.maximum, criterion.step)
        for one in rules.rounds()
        for criterion in one.criteria
        if f"{one.key}/{criterion.key}" == key
    )
    return next(found, None)


def _tier(rules: Rules, key: str) -> object:
    found = ((one.minimum, one.quota, one.money) for one in rules.award_scheme().tiers if one.key == key)
    return next(found, None)


def _special(rules: Rules, key: str) -> object:
    return next((one.quota for one in rules.award_scheme().specials if one.key == key), None)


def _scheme(rules: Rules, key: str) -> object:
    scheme = rules.award_scheme()
    return scheme.most, scheme.budget, tuple((one.quota, one.money) for one in scheme.tiers)


def _vote(rules: Rules, key: str) -> object:
    return rules.vote_policy()


def _decision(rules: Rules, key: str) -> object:
    return rules.decision_rule()


_PARTS: Mapping[Spot, _Part] = {
    Spot.ROUND: _round,
    Spot.CRITERION: _criterion,
    Spot.TIER: _tier,
    Spot.SPECIAL: _special,
    Spot.SCHEME: _scheme,
    Spot.VOTE: _vote,
    Spot.DECISION: _decision,
}
