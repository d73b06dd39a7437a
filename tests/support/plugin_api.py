"""The public names of `core.plugin_api` as text, to be held against `tests/contract/plugin_api_<first number>.txt`.

`python -m tests.support.plugin_api` writes the file anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import core.plugin_api as api


def pinned_file() -> Path:
    """Where the names of this major version of the API are written down."""
    major = api.API_VERSION.split(".")[0]
    return Path(__file__).parents[1] / "contract" / f"plugin_api_{major}.txt"


def surface() -> list[str]:
    """One line a public name, a field, a member, a method or a hook; sorted within its kind."""
    lines = [line for name in sorted(api.__all__) for line in _name(name, getattr(api, name))]
    return [*lines, *(_hook(info) for _, info in sorted(api.hook_infos().items()))]


def _name(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, type):
        yield from _class(name, value)
    elif inspect.isfunction(value):
        yield f"def {name}{_signature(value)}"
    elif isinstance(value, tuple) and all(isinstance(one, str) for one in value):
        yield f"{name} = {value!r}"
    elif type(value).__module__ in {"types", "typing"}:
        yield f"{name} = {value}".replace("core.plugin_api.parts.", "")
    else:
        yield f"{name}: {type(value).__name__}"


def _class(name: str, value: type) -> Iterator[str]:
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    yield f"class {name}({bases})" if bases else f"class {name}"
    if issubclass(value, Enum):
        yield from (f"    {name}.{one.name} = {one.value!r}" for one in value)
        return
    if is_dataclass(value):
        yield from (f"    {name}.{_field(one)}" for one in fields(value))
    for key, member in sorted(vars(value).items()):
        if key.startswith("_"):
            continue
        if inspect.isfunction(member):
            yield f"    {name}.{key}{_signature(member)}"
        elif isinstance(member, property):
            yield f"    {name}.{key}: property"


def _field(one: Field[Any]) -> str:
    is_optional = one.default is not MISSING or one.default_factory is not MISSING
    return f"{one.name}: {one.type}{' = …' if is_optional else ''}"


def _signature(function: Any) -> str:
    return str(inspect.signature(function)).replace("core.plugin_api.", "")


def _hook(info: api.HookInfo) -> str:
    going = f", deprecated since {info.deprecated.since}" if info.deprecated else ""
    asked = inspect.signature(info.spec)
    return f"hook {info.name}{asked} [{info.policy}, {info.combine}, since {info.since}{going}]"


if __name__ == "__main__":
    pinned_file().write_text("\n".join(surface()) + "\n", encoding="utf-8")
