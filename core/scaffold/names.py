"""Which names a new plugin may have."""

from __future__ import annotations

import keyword
import re
from importlib.util import find_spec

from core.plugin_host import installed_plugins

MOST_LETTERS = 40
_SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_OURS = frozenset({"bangvang", "core", "golden", "plugins", "tenants", "tests"})


def name_problem(name: str) -> str | None:
    """Why `name` cannot be a new plugin's, in one sentence; None when it can.

    It becomes a package, a part of addresses and a prefix of tables, so it is short and plain; what can be imported
    here already would hide the plugin, or be hidden by it.
    """
    if not _SNAKE.fullmatch(name) or len(name) > MOST_LETTERS:
        return (
            f"{name!r} cannot be a plugin's name: small letters a to z, digits and single underscores, "
            f"a letter first, at most {MOST_LETTERS}."
        )
    if name in {one.name for one in installed_plugins()}:
        return f"There is a plugin {name!r} already: `bangvang plugins list` shows it."
    if keyword.iskeyword(name) or name in _OURS or find_spec(name) is not None:
        return f"{name!r} is a name of Python or of an installed package: choose another."
    return None
