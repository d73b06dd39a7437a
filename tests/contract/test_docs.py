"""What the documentation names exists: commands, options, targets of make, files that its links lead to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from core.cli import cli

HOUSE = Path(__file__).parents[2]
PAGES = sorted([*(HOUSE / "docs").rglob("*.md"), HOUSE / "CHANGELOG.md", *HOUSE.glob("README.md")])
CALL = re.compile(r"bangvang((?: +(?:[a-z][a-z0-9-]*|--[a-z-]+))+)")
LINK = re.compile(r"\]\(([^)\s#]+)(?:#[^)]*)?\)")
FENCE = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
TEST = re.compile(r"^tests/[\w/]+\.py(?:::\w+)?$")
MAKE = re.compile(r"^\s*make ([a-z][a-z-]*)", re.MULTILINE)


def code_of(page: Path) -> str:
    """What stands in the code of a page: blocks and inline, with continued lines joined."""
    text = page.read_text(encoding="utf-8")
    inline = INLINE.findall(FENCE.sub("", text))
    return "\n".join([*FENCE.findall(text), *inline]).replace("\\\n", " ")


def calls_in(page: Path) -> Iterator[list[str]]:
    """Each call of the command in the code of a page, as its words up to the first that is a value."""
    for line in code_of(page).splitlines():
        for found in CALL.finditer(line):
            is_command = line[: found.start()].strip() in {"", "$"} or line[: found.start()].endswith("/bin/")
            if is_command:
                yield found[1].split()


def fault_of(words: list[str]) -> str | None:
    """Why the command line has no such command or option; None when all is there."""
    command: click.Command = cli
    context = click.Context(cli)
    for word in words:
        if word.startswith("--"):
            known = {name for one in command.get_params(context) for name in one.opts}
            if word not in known:
                return f"{command.name} has no option {word}"
        elif isinstance(command, click.Group):
            inner = command.get_command(context, word)
            if inner is None:
                return f"{command.name} has no command {word}"
            command = inner
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    faults = {" ".join(words): fault_of(words) for words in calls_in(page)}
    assert {call: fault for call, fault in faults.items() if fault is not None} == {}


def test_every_command_is_named_in_the_operators_list() -> None:
    named = {
        tuple(word for word in words if not word.startswith("--"))
        for words in calls_in(HOUSE / "docs/operators/commands.md")
    }
    assert {path for path in leaves(cli, ()) if not any(call[: len(path)] == path for call in named)} == set()


def leaves(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of every command that does something."""
    if not isinstance(command, click.Group):
        yield path
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from leaves(inner, (*path, name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_target_of_make_that_a_page_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (HOUSE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(MAKE.findall(code_of(page))) - targets == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_relative_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    lost = [
        target for target in links if not target.startswith("mailto:") and not (page.parent / target).exists()
    ]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(HOUSE)))
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    named = [one for one in INLINE.findall(page.read_text(encoding="utf-8")) if TEST.match(one)]

    assert [one for one in named if not _has_test(*one.partition("::")[::2])] == []


def _has_test(path: str, name: str) -> bool:
    file = HOUSE / path
    return file.is_file() and f"def {name}(" in file.read_text(encoding="utf-8") if name else file.is_file()
