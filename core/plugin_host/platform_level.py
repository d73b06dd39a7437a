"""What the operator gives plugins for every tenant of an installation: a TOML file named by the environment.

[core]
score_places = 2

[stkt_base]
lookback_years = 5
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from core.kernel.errors import WrongUse
from core.plugin_host import core_settings
from core.plugin_host.errors import PluginUnavailable, SettingsInvalid
from core.plugin_host.host import Host, default_host
from core.plugin_host.settings import Given, Layers, only, resolve_one

NAMED_BY = "BANGVANG_PLUGIN_SETTINGS"


def platform_settings() -> Given:
    """The platform's settings by plugin; empty without a file. Read once a process. Raises WrongUse."""
    chosen = os.environ.get("BANGVANG_PLUGIN_SETTINGS", "")
    return _read(chosen) if chosen else {}


def layers_for(plugin_names: Sequence[str], tenant: Given, edition: Given) -> Layers:
    """The levels of an edition with these plugins, the platform's included. Raises WrongUse."""
    return Layers(only(platform_settings(), plugin_names), only(tenant, plugin_names), edition)


@cache
def _read(path: str) -> Given:
    return read_platform_settings(Path(path))


def read_platform_settings(path: Path, *, host: Host | None = None) -> Given:
    """The settings in the file `path`, checked against the schemas of the installed plugins.

    Raises WrongUse, one sentence with the file, for a file that cannot be read, a plugin that is not installed, a
    setting that the plugin does not have or a value that it refuses.
    """
    found = host or default_host()
    given = _tables(path)
    installed = {one.name: one for one in found.installed()}
    for name, values in given.items():
        if name != core_settings.NAME and name not in installed:
            raise WrongUse(f"{path}: plugin {name} chưa được cài đặt.")
        if name in installed and installed[name].error is not None:
            continue  # its schema cannot be asked; the tenants that need the plugin are told why it fails
        try:
            resolve_one(name, values, host=found)
        except (SettingsInvalid, PluginUnavailable) as error:
            raise WrongUse(f"{path}: {error.message}") from None
    return given


def _tables(path: Path) -> dict[str, dict[str, Any]]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"{NAMED_BY}: không đọc được {path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUse(f"{path}: không đọc được TOML: {error}.") from None
    for name, values in raw.items():
        if not isinstance(values, Mapping):
            raise WrongUse(f"{path}: {name}: phải là một bảng [{name}] với tên và giá trị.")
    return raw
