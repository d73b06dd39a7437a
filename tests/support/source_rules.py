"""Rules about the source that no linter knows, held by `make check` and by a test.

Run `python -m tests.support.source_rules [FOLDER]`: one line a finding, exit status 1 when there is one. A line
that ends in `# source-rule: why it may` is let through; the reason is for the reader.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

_READ: Final = frozenset({".py", ".html", ".svg"})
ROOTS: Final = ("core", "plugins", "tenants", "wsgi.py")
_CLOCK: Final = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
}
_RAW_SQL: Final = {"text", "TextClause"}
_BYPASSES: Final = {"connection", "raw_connection", "exec_driver_sql", "get_bind"}
_ENGINES: Final = {"engine", "engines", "get_engine"}
_OF_THE_FRAME: Final = {"account", "tenant", "nav", "links", "demo", "phases"}
_MARKUP: Final = (
    (
        re.compile(r"<[^>]*\sstyle\s*="),
        "a style attribute; the content security policy refuses it, use a class",
    ),
    (re.compile(r"<style\b"), "a style element; put it into a style sheet"),
    (
        re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
        "an event attribute; listen in a script of static/",
    ),
    (re.compile(r"=\s*[\"']\s*javascript:", re.IGNORECASE), "an address that is script"),
)
_SCRIPT: Final = re.compile(r"<script\b([^>]*)>")
_DATA_BLOCK: Final = re.compile(r"\ssrc\s*=|type\s*=\s*[\"']application/(ld\+)?json[\"']")
_REASON: Final = re.compile(r"#\s*source-rule:\s*\S")
_TEMPLATE_COMMENT: Final = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One place that breaks a rule."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check_folder(root: Path) -> list[Finding]:
    """Every finding under `root`, in order of path and line."""
    return sorted(
        finding
        for name in ROOTS
        for path in _files(root / name)
        if path.suffix in _READ
        for finding in check_file(PurePosixPath(path.relative_to(root)), path.read_text(encoding="utf-8"))
    )


def check_file(path: PurePosixPath, source: str) -> list[Finding]:
    """The findings of one file; `path` is relative to the top of the checkout and decides the rules."""
    if path.suffix == ".py":
        return sorted(_check_python(path, source))
    # Mail is shown by programs that load no style sheet, and stands under no content security policy of ours.
    if path.suffix in {".html", ".svg"} and "templates" in path.parts and "mail" not in path.parts:
        return sorted(_check_template(path, source))
    return []


def _files(start: Path) -> list[Path]:
    if start.is_file():
        return [start]
    return [path for path in start.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _check_python(path: PurePosixPath, source: str) -> Iterator[Finding]:
    rules = [rule for rule, holds in _PYTHON_RULES if holds(path)]
    tree, lines = ast.parse(source), source.splitlines()
    names = _imported_names(tree)
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if line and _REASON.search(lines[line - 1]):
            continue
        for rule in rules:
            message = rule(node, names)
            if message:
                yield Finding(str(path), line, message)


def _check_template(path: PurePosixPath, source: str) -> Iterator[Finding]:
    text = _TEMPLATE_COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)
    for pattern, message in _MARKUP:
        for found in pattern.finditer(text):
            yield Finding(str(path), _line(text, found.start()), message)
    for found in _SCRIPT.finditer(text):
        if not _DATA_BLOCK.search(found.group(1)):
            yield Finding(str(path), _line(text, found.start()), "an inline script; put it into static/")


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _imported_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name of the file stands for: {"sa": "sqlalchemy", "now": "datetime.now"}."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _dotted(node: ast.AST, names: dict[str, str]) -> str:
    """`dt.now` as "datetime.datetime.now" where `dt` was imported so; "" for what is not a plain name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def _raw_sql(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"):
        banned = sorted(_RAW_SQL & {alias.name for alias in node.names})
        return f"raw SQL ({', '.join(banned)}) outside core/kernel" if banned else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        owner = _dotted(node.func.value, names)
        if node.func.attr == "text" and owner in {"sqlalchemy", "db", "core.kernel.db.db"}:
            return "raw SQL (text) outside core/kernel"
        if node.func.attr in _BYPASSES and owner.rpartition(".")[2] in {"session", "connection", "db"}:
            return f"{node.func.attr}() goes round the tenant's session"
    return None


def _engine(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Attribute) and node.attr in _ENGINES and isinstance(node.ctx, ast.Load):
        return f".{node.attr} goes round the tenant's session; only core/kernel may hold it"
    return None


def _clock(node: ast.AST, names: dict[str, str]) -> str | None:
    if not isinstance(node, ast.Attribute | ast.Name) or not isinstance(node.ctx, ast.Load):
        return None
    dotted = _dotted(node, names)
    if any(dotted == name or dotted.endswith(f".{name}") for name in _CLOCK):
        return f"{dotted}: the time comes from core/kernel/clock.py, or as the argument `now`"
    return None


def _chance(node: ast.AST, names: dict[str, str]) -> str | None:
    imported = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
    if isinstance(node, ast.ImportFrom):
        imported = {node.module or ""}
    if "random" in imported:
        return "random outside core/rehearsal: a result must come out the same everywhere"
    return None


def _printing(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
        return "print(): log it, or give it to click.echo in core/cli"
    return None


def _relative_import(node: ast.AST, names: dict[str, str]) -> str | None:
    if isinstance(node, ast.ImportFrom) and node.level:
        return "a relative import: write the whole path, so that the floors can be read"
    return None


def _frame_name(node: ast.AST, names: dict[str, str]) -> str | None:
    """The frame of every page reads these; a page that passes one of its own shows somebody else at its top."""
    if isinstance(node, ast.Call) and _dotted(node.func, names) == "flask.render_template":
        taken = sorted(one.arg for one in node.keywords if one.arg in _OF_THE_FRAME)
        return (
            f"the frame of the pages has its own {', '.join(taken)}: choose another name" if taken else None
        )
    return None


def _outside(*allowed: str) -> Callable[[PurePosixPath], bool]:
    return lambda path: (
        not any(str(path) == place or PurePosixPath(place) in path.parents for place in allowed)
    )


def _not_printed(path: PurePosixPath) -> bool:
    # verify.py goes into a published bundle and speaks to whoever runs it there.
    return _outside("core/cli", "core/cli.py")(path) and path.name != "verify.py"


Rule = Callable[[ast.AST, dict[str, str]], str | None]
_PYTHON_RULES: Final[tuple[tuple[Rule, Callable[[PurePosixPath], bool]], ...]] = (
    (_raw_sql, _outside("core/kernel")),
    (_engine, _outside("core/kernel", "core/app.py", "core/cli")),  # floor 5 opens and closes the connections
    # A UUIDv7 begins with the machine's time, and rate limits count its seconds: neither is a contest's time.
    (_clock, _outside("core/kernel/clock.py", "core/kernel/ids.py", "core/kernel/limits.py")),
    (_chance, _outside("core/rehearsal", "core/kernel/ids.py")),
    (_printing, _not_printed),
    (_relative_import, _outside()),
    (_frame_name, _outside("core/kernel/problems.py")),
)


def main(arguments: list[str]) -> int:
    """Print the findings of a checkout (default: the current folder); 0 when there is none, 1 otherwise."""
    findings = check_folder(Path(arguments[0]) if arguments else Path.cwd())
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
