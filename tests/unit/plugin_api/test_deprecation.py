"""Names that go: they work on, and warn with the version that is without them."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType, SimpleNamespace

import pluggy
import pytest

from core.plugin_api import PROJECT, hookimpl
from core.plugin_api.deprecation import Deprecation, deprecated, moved

GOING = Deprecation("1.2", "2.0", "Tier.minimum")


def test_deprecated_function_works_and_warns_with_both_versions_at_the_caller() -> None:
    @deprecated(since="1.2", removed_in="2.0", instead="exact_sum")
    def total(*numbers: int) -> int:
        """The sum."""
        return sum(numbers)

    with pytest.warns(DeprecationWarning, match="total is deprecated") as told:
        assert total(1, 2) == 3

    assert [str(one.message) for one in told] == [
        "total is deprecated since API 1.2 and is gone in API 2.0: use exact_sum"
    ]
    assert told[0].filename == __file__
    assert total.__doc__ == "The sum."


def test_deprecated_class_warns_when_an_object_is_made() -> None:
    @deprecated(since="1.2", removed_in="2.0", instead="Tier")
    @dataclass(frozen=True, slots=True)
    class Band:
        points: int

    with pytest.warns(DeprecationWarning, match=r"Band is deprecated since API 1\.2 and is gone in API 2\.0"):
        made = Band(90)

    assert made.points == 90
    assert isinstance(made, Band)


def test_moved_name_is_given_on_and_warns() -> None:
    module = ModuleType("api")
    module.__getattr__ = moved("api", {"Old": (int, GOING)})  # type: ignore[method-assign]

    with pytest.warns(DeprecationWarning, match=r"api\.Old is deprecated since API 1\.2"):
        assert module.Old is int


def test_name_that_never_was_is_no_attribute() -> None:
    look_up = moved("api", {"Old": (int, GOING)})

    with pytest.raises(AttributeError, match="module 'api' has no attribute 'New'"):
        look_up("New")


def test_deprecated_hook_warns_when_a_plugin_implements_it() -> None:
    def old_hook() -> None:
        """A hook on its way out."""

    manager = pluggy.PluginManager(PROJECT)
    mark = pluggy.HookspecMarker(PROJECT)
    specs = ModuleType("specs")
    specs.old_hook = mark(old_hook, warn_on_impl=GOING.warning("hook old_hook"))  # type: ignore[attr-defined]
    manager.add_hookspecs(specs)

    @hookimpl
    def answers() -> None:
        return None

    with pytest.warns(
        DeprecationWarning, match="hook old_hook is deprecated since API 1.2 and is gone in API 2.0"
    ):
        manager.register(SimpleNamespace(old_hook=answers))
