"""Hooks: documented, described to the host as they say, and reachable through the facade."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from core.plugin_api import HookInfo, Policy, hook_infos
from core.plugin_host import Rules, render_catalogue

ROOT = Path(__file__).resolve().parents[2]
HOOKS = tuple(hook_infos().values())


def _named(info: HookInfo) -> str:
    return info.name


def test_the_hooks_are_these() -> None:
    assert sorted(hook_infos()) == sorted(
        [
            "terms",
            "clauses",
            "entry_fields",
            "dossier_form",
            "author_policy",
            "check_entries",
            "rounds",
            "aggregate_sheets",
            "score_components",
            "tie_breaks",
            "vote_policy",
            "award_scheme",
            "allocate",
            "special_awards",
            "decision_rule",
            "lifecycle_notices",
            "navigation",
            "panels",
            "documents",
            "screening_checklist",
            "report_figures",
        ]
    )


@pytest.mark.parametrize("info", HOOKS, ids=_named)
def test_docstring_tells_arguments_return_policy_and_version(info: HookInfo) -> None:
    said = inspect.getdoc(info.spec) or ""

    assert "Arguments: " in said
    assert "Returns: " in said
    assert f"Policy: {info.policy}." in said
    assert f".. versionadded:: {info.since}" in said
    for name in inspect.signature(info.spec).parameters:
        assert f"`{name}`" in said


@pytest.mark.parametrize("info", HOOKS, ids=_named)
def test_hook_is_typed_and_asks_for_the_edition_first(info: HookInfo) -> None:
    signature = inspect.signature(info.spec)

    assert next(iter(signature.parameters)) == "edition"
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())
    expected = f"tuple[{info.gives.__name__}, ...] | None" if info.many else f"{info.gives.__name__} | None"
    assert signature.return_annotation == expected


@pytest.mark.parametrize("info", HOOKS, ids=_named)
def test_facade_has_a_typed_method_for_the_hook(info: HookInfo) -> None:
    method = getattr(Rules, info.name)

    assert inspect.getdoc(method)
    assert inspect.signature(method).return_annotation is not inspect.Signature.empty


def test_only_what_decides_nothing_is_collected() -> None:
    collected = {info.name for info in HOOKS if info.policy is Policy.COLLECT}

    assert collected == {"lifecycle_notices", "navigation", "panels", "documents", "report_figures"}


def test_catalogue_is_what_the_specifications_say() -> None:
    written = (ROOT / "docs" / "plugins" / "hooks.md").read_text(encoding="utf-8")

    assert written == render_catalogue()


@pytest.mark.parametrize("info", HOOKS, ids=_named)
def test_catalogue_documents_the_hook(info: HookInfo) -> None:
    written = (ROOT / "docs" / "plugins" / "hooks.md").read_text(encoding="utf-8")

    assert f"\n### {info.name}\n\n```python\ndef {info.name}(" in written


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def test_plugin_api_imports_nothing_else_of_the_core() -> None:
    for path in (ROOT / "core" / "plugin_api").rglob("*.py"):
        foreign = {
            one
            for one in _imports(path)
            if one.split(".")[0] in {"core", "plugins"} and not one.startswith("core.plugin_api")
        }
        assert foreign == set(), path


def test_plugins_import_the_api_and_themselves_alone() -> None:
    for path in (ROOT / "plugins").rglob("*.py"):
        if (ROOT / "plugins" / path.relative_to(ROOT / "plugins").parts[0] / "pyproject.toml").is_file():
            continue  # somebody's own distribution: its rules are its kit's business, and its tests may import more
        own = f"plugins.{path.relative_to(ROOT / 'plugins').parts[0]}"
        foreign = {
            one
            for one in _imports(path)
            if one.split(".")[0] in {"core", "plugins"}
            and one != "core.plugin_api"
            and not one.startswith(own)
        }
        assert foreign == set(), path


def test_core_never_imports_plugins() -> None:
    for path in (ROOT / "core").rglob("*.py"):
        assert {one for one in _imports(path) if one.split(".")[0] == "plugins"} == set(), path
