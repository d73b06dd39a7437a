"""What a plugin's source may import: of core the plugin API alone, and in rules nothing that reads the world.

Rules are the modules that implement a rule hook, and what these import of their own package. Pages, jobs and migrations
may use what they need.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from core.plugin_api import PROJECT, Plugin, Text, hook_infos
from core.plugin_kit.findings import Problem, place_of
from core.plugin_kit.subject import Subject, package_name, source_files

RULE_AREAS = frozenset({"rules", "dossier", "screening", "judging", "voting", "awards"})
_IMPURE_WORDS = """
    aiohttp alembic asyncio concurrent ctypes flask flask_sqlalchemy ftplib getpass http httpx locale multiprocessing os
    platform psycopg random requests sched secrets shutil signal smtplib socket sqlalchemy sqlite3 ssl subprocess
    tempfile threading time urllib urllib3 uuid webbrowser werkzeug
"""
_IMPURE = frozenset(_IMPURE_WORDS.split())
_IMPURE_CALLS = frozenset({"open", "input", "eval", "exec", "__import__"})
_CLOCK = frozenset({"now", "utcnow", "today"})
_CLOCK_OWNERS = frozenset({"datetime.datetime", "datetime.date", "datetime"})


def imports(subject: Subject) -> Iterator[Problem]:
    """Every import and call in the plugin's source that its place does not allow, with file and line."""
    files = source_files(subject.plugin)
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files.items()}
    rules = _rule_modules(subject.plugin, trees)
    for name, tree in trees.items():
        yield from _of_core(name, tree, files[name])
        if name in rules:
            yield from _impure(tree, files[name])


def floats(subject: Subject) -> Iterator[Problem]:
    """Every binary float that is written in a rule, with file and line."""
    files = source_files(subject.plugin)
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files.items()}
    for name in sorted(_rule_modules(subject.plugin, trees)):
        for node in ast.walk(trees[name]):
            written = isinstance(node, ast.Constant) and isinstance(node.value, float)
            called = isinstance(node, ast.Call) and _is_name(node.func, "float")
            if (written or called) and isinstance(node, (ast.Constant, ast.Call)):
                place = place_of(files[name], node.lineno)
                shown = ast.unparse(node)
                yield Problem(
                    "exactness",
                    Text(
                        f"Quy tắc dùng số thực nhị phân: {shown} ở {place}; viết Decimal hoặc Fraction.",
                        f"A rule uses a binary float: {shown} at {place}; write a Decimal or a Fraction.",
                    ),
                )


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _rule_modules(plugin: Plugin, trees: Mapping[str, ast.Module]) -> frozenset[str]:
    """Modules with a rule hook, and what they import of the package, however far."""
    waiting = [
        str(getattr(part, "__name__", "")) for part in plugin.hooks if any(map(_is_rule, vars(part).items()))
    ]
    package = package_name(plugin)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in trees:
            continue
        found.add(name)
        # The package itself imports everything, pages too, and holds no rule unless it is a hook module.
        waiting += [one for one, _ in _imported(trees[name]) if one in trees and one != package]
    return frozenset(found)


def _is_rule(item: tuple[str, object]) -> bool:
    name, function = item
    marks = getattr(function, f"{PROJECT}_impl", None)
    if marks is None:
        return False
    info = hook_infos().get(marks.get("specname") or name)
    return info is not None and info.spec.__module__.rpartition(".")[2] in RULE_AREAS


def _imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every module that is imported, also as a name from its package, with the line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _of_core(module: str, tree: ast.Module, path: Path) -> Iterator[Problem]:
    seen: set[int] = set()
    for name, line in _imported(tree):
        allowed = name == "core.plugin_api" or name.startswith("core.plugin_api.")
        if name.partition(".")[0] != "core" or allowed or line in seen:
            continue
        # `from core import plugin_api` names both; the second says which was meant.
        if name == "core" and any(
            one.startswith("core.plugin_api") and at == line for one, at in _imported(tree)
        ):
            continue
        seen.add(line)
        yield _problem(
            f"{place_of(path, line)} nạp {name}; plugin chỉ được nạp core.plugin_api.",
            f"{place_of(path, line)} imports {name}; a plugin may import core.plugin_api alone.",
        )
    yield from _relative(module, tree, path)


def _relative(module: str, tree: ast.Module, path: Path) -> Iterator[Problem]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level > module.count(".") + 1:
            yield _problem(
                f"{place_of(path, node.lineno)} nạp tương đối ra ngoài gói của plugin.",
                f"{place_of(path, node.lineno)} imports relatively from outside the plugin's package.",
            )


def _impure(tree: ast.Module, path: Path) -> Iterator[Problem]:
    seen: set[int] = set()
    for name, line in _imported(tree):
        if name.partition(".")[0] in _IMPURE and line not in seen:
            seen.add(line)
            yield _problem(
                f"{place_of(path, line)} nạp {name} trong quy tắc; quy tắc không dùng đồng hồ, số ngẫu nhiên, tệp, "
                "mạng hay cơ sở dữ liệu.",
                f"{place_of(path, line)} imports {name} in a rule; rules use no clock, chance, file, network or "
                "database.",
            )
    names = _bound_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (called := _impure_call(node.func, names)):
            yield _problem(
                f"{place_of(path, node.lineno)} gọi {called}() trong quy tắc.",
                f"{place_of(path, node.lineno)} calls {called}() in a rule.",
            )


def _impure_call(function: ast.expr, names: Mapping[str, str]) -> str | None:
    if isinstance(function, ast.Name) and function.id in _IMPURE_CALLS and function.id not in names:
        return function.id
    if isinstance(function, ast.Attribute) and function.attr in _CLOCK:
        owner = ast.unparse(function.value)
        head, _, rest = owner.partition(".")
        full = ".".join(part for part in (names.get(head, head), rest) if part)
        if full in _CLOCK_OWNERS:
            return f"{owner}.{function.attr}"
    return None


def _bound_names(tree: ast.Module) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _problem(vi: str, en: str) -> Problem:
    return Problem("imports", Text(vi, en))
