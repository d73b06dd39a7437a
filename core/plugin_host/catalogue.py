"""The hook catalogue, `docs/plugins/hooks.md`, written from the live specifications."""

from __future__ import annotations

import inspect
from types import ModuleType

from core.plugin_api import SPEC_MODULES, Combine, HookInfo, hook_infos

_HEARD = {
    Combine.LATEST: "the last plugin in the tenant's list that answers is heard",
    Combine.ALL: "all plugins are heard, in the order of the tenant's list",
}

_HEAD = """\
# Hooks

This page is written from the specifications in `core/plugin_api/hooks/` by `bangvang plugins docs`; a test
fails when the two differ. How a plugin is built, and one that runs, is in
[writing-a-plugin.md](writing-a-plugin.md).

* **strict**: an exception, or an answer that is not what the specification says, stops the operation with
  `PluginFailed`, which names the plugin and the hook.
* **collect**: the error is recorded with plugin and tenant, and the rest goes on.

An implementation may leave out arguments that it does not need, and returns `None` when it has nothing to
say. The core's own defaults are a plugin that is asked last, so every hook has an answer.
"""


def render_catalogue() -> str:
    """The whole page as Markdown, one section an area, one heading a hook with its exact signature."""
    parts = [_HEAD, _contents()]
    for module in SPEC_MODULES:
        parts.append(f"## {_title(module)}\n")
        parts.extend(_hook(info) for info in _hooks_of(module))
    return "\n".join(parts)


def _contents() -> str:
    rows = [
        f"| `{info.name}` | {info.policy} | {_HEARD[info.combine]} | {info.since} |"
        for module in SPEC_MODULES
        for info in _hooks_of(module)
    ]
    return "\n".join(["| hook | policy | who is heard | since |", "| --- | --- | --- | --- |", *rows, ""])


def _hooks_of(module: ModuleType) -> list[HookInfo]:
    return [info for info in hook_infos().values() if info.spec.__module__ == module.__name__]


def _title(module: ModuleType) -> str:
    first = (inspect.getdoc(module) or "").splitlines()[0]
    return first.removeprefix("Hooks for ").rstrip(".").capitalize()


def _hook(info: HookInfo) -> str:
    said = inspect.getdoc(info.spec) or ""
    said = said.replace(".. versionadded:: ", "Added in version ").rstrip() + "."
    if info.deprecated is not None:
        going = info.deprecated
        said += f"\n\n**Deprecated** since {going.since}, gone in {going.removed_in}: use {going.instead}."
    return f"### {info.name}\n\n```python\n{_signature(info)}\n```\n\n{said}\n"


def _signature(info: HookInfo) -> str:
    signature = inspect.signature(info.spec)
    arguments = ", ".join(f"{one.name}: {one.annotation}" for one in signature.parameters.values())
    return f"def {info.name}({arguments}) -> {signature.return_annotation}"
