"""What plugins of other people stand on: names that go, or change, would break them."""

from __future__ import annotations

import core.plugin_api
from core.plugin_api import API_VERSION
from tests.support.plugin_api import pinned_file, surface

WRITE = "python -m tests.support.plugin_api"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def test_no_public_name_of_this_api_is_removed_or_changed() -> None:
    lost = [line for line in _pinned() if line not in set(surface())]

    assert lost == [], (
        "Plugins that say they run on this API use these names as they were. Keep them: let the old name work on and "
        "warn (core/plugin_api/deprecation.py), add a field only at the end and with a default, add a hook's argument "
        "only with a new hook. What cannot be kept needs a new first number of API_VERSION and a file of its own "
        "(docs/plugins/upgrading.md)."
    )


def test_every_new_public_name_is_written_down() -> None:
    new = [line for line in surface() if line not in set(_pinned())]

    assert new == [], (
        f"New in the API: raise the second number of API_VERSION once a release and run `{WRITE}`."
    )


def test_names_are_written_in_the_order_of_the_file() -> None:
    assert _pinned() == surface()


def test_every_public_name_is_there() -> None:
    assert [name for name in core.plugin_api.__all__ if not hasattr(core.plugin_api, name)] == []


def test_no_hook_is_newer_than_the_api_and_each_deprecation_ends_with_a_first_number() -> None:
    for info in core.plugin_api.hook_infos().values():
        assert _numbers(info.since) <= _numbers(API_VERSION), info.name
        if info.deprecated is not None:
            assert _numbers(info.deprecated.since) <= _numbers(API_VERSION), info.name
            assert _numbers(info.deprecated.removed_in)[0] > _numbers(API_VERSION)[0], info.name


def _pinned() -> list[str]:
    return pinned_file().read_text(encoding="utf-8").splitlines()
