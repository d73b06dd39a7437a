"""What a hook call costs through the facade: 50 plugins installed, 5 of them enabled, each answering every hook asked.

A hook that depends on the edition alone is asked once for an edition and held, so both are measured: the call as
pages make it, again and again, and the first one, which asks the plugins.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable, Mapping
from types import SimpleNamespace

from core.plugin_api import (
    Edition,
    Entry,
    Finding,
    NavItem,
    Plugin,
    PluginInfo,
    Severity,
    Text,
    VotePolicy,
    hookimpl,
)
from core.plugin_host import Host, Rules, plugin_refs, resolve_settings, rules_for

INSTALLED, ENABLED = 50, 5
CALLS, REPEATS = 2000, 7
ENTRIES = (Entry("E1", None, "Một"),)


def hook_costs() -> Mapping[str, float]:
    """Microseconds of a call, the best of some runs, by what is called."""
    host = Host.of(*(_plugin(number) for number in range(INSTALLED)))
    names = [f"p{number}" for number in range(0, INSTALLED, INSTALLED // ENABLED)]
    settings = resolve_settings(names, {}, host=host)
    edition = Edition("mau", "1", Text("Mẫu"), (2025,), 1, plugin_refs(names, host=host), settings)
    rules = rules_for(edition, host=host)
    assert len(rules.check_entries(ENTRIES)) == ENABLED
    return {
        "latest (vote_policy)": _micros(rules.vote_policy),
        "all (navigation)": _micros(rules.navigation),
        "latest, not held": _micros(lambda: _first(rules, "vote_policy")),
        "all, not held": _micros(lambda: rules._call("check_entries", {"entries": ENTRIES})),
    }


def _first(rules: Rules, hook: str) -> object:
    rules._held.clear()
    return rules._call(hook)


def _micros(call: Callable[[], object]) -> float:
    return min(timeit.repeat(call, number=CALLS, repeat=REPEATS)) / CALLS * 1e6


def _plugin(number: int) -> Plugin:
    """A plugin that answers at once, so that what is measured is the way to it and back."""
    policy = VotePolicy(True, 1)
    items = (NavItem(Text("Mục", "Item"), f"/p{number}", number),)
    findings = (Finding("E1", f"c{number}", Severity.WARN, Text("Lưu ý", "Note")),)

    @hookimpl
    def vote_policy(edition: Edition) -> VotePolicy:
        return policy

    @hookimpl
    def navigation(edition: Edition) -> tuple[NavItem, ...]:
        return items

    @hookimpl
    def check_entries(edition: Edition, entries: tuple[Entry, ...]) -> tuple[Finding, ...]:
        return findings

    part = SimpleNamespace(vote_policy=vote_policy, navigation=navigation, check_entries=check_entries)
    info = PluginInfo(f"p{number}", "1.0.0", Text(f"P{number}"), ("1.0", "2.0"))
    return Plugin(info, (part,))


if __name__ == "__main__":
    for what, micros in hook_costs().items():
        print(f"hook call, {what:<22} {micros:8.2f} µs")
