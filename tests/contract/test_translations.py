"""English is a full translation: every sentence that core and the plugins mark for people is in the catalogue."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

HOUSE = Path(__file__).parents[2]
ENGLISH = HOUSE / "core/translations/en/LC_MESSAGES/messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
MARKS = {"_", "_l", "N_", "gettext", "lazy_gettext", "ngettext"}
ROOMS = ("contests", "entries", "judging", "kernel", "outreach", "people", "publishing", "voting")
VIETNAMESE = re.compile("[ăâđêôơưạ-ỹ]")


def recipe() -> list[str]:
    """The options of `pybabel extract` that `make messages` uses."""
    line = next(
        one for one in (HOUSE / "Makefile").read_text("utf-8").splitlines() if "pybabel -q extract" in one
    )
    return line.partition("extract ")[2].partition(" -o ")[0].split()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the sources mark now."""
    found = tmp_path_factory.mktemp("words") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", *recipe(), "-o", str(found)]
    subprocess.run([*command, "core", "plugins"], cwd=HOUSE, check=True)
    return read_po(io.BytesIO(found.read_bytes()))


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The catalogue as it is kept."""
    with ENGLISH.open("rb") as text:
        return read_po(text, locale="en")


def said(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [one for one in catalogue if one.id]


def forms(words: str | Sequence[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def test_every_marked_sentence_has_its_english_and_nothing_is_left_over(
    marked: Catalog, english: Catalog
) -> None:
    assert {forms(one.id) for one in said(english)} == {forms(one.id) for one in said(marked)}
    assert list(english.obsolete) == []


def test_no_translation_is_empty_or_a_guess(english: Catalog) -> None:
    faults = [one.id for one in said(english) if one.fuzzy or not all(forms(one.string))]
    assert faults == []


def test_plurals_have_both_english_forms(english: Catalog) -> None:
    short = [one.id for one in said(english) if len(forms(one.string)) != len(forms(one.id))]
    assert short == []


def test_a_translation_has_the_placeholders_of_its_source(english: Catalog) -> None:
    differing = [
        one.id
        for one in said(english)
        for form in forms(one.string)
        if sorted(set(PLACEHOLDER.findall(form))) != sorted(set(PLACEHOLDER.findall(forms(one.id)[0])))
    ]
    assert differing == []


def test_a_translation_keeps_the_blanks_at_its_ends(english: Catalog) -> None:
    """Sentences are put side by side: a blank lost or won joins or parts words."""
    differing = [
        one.id
        for one in said(english)
        for source, form in zip(forms(one.id), forms(one.string), strict=True)
        if (source[:1].isspace(), source[-1:].isspace()) != (form[:1].isspace(), form[-1:].isspace())
    ]
    assert differing == []


def test_the_header_names_the_project_and_no_placeholder(english: Catalog) -> None:
    head = ENGLISH.read_text("utf-8").partition("\nmsgid " + '" ')[0][:2000]
    assert english.project == "Bảng Vàng"
    assert "EMAIL" not in head
    assert "PROJECT" not in head


def is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def parsed(*rooms: str) -> list[tuple[str, ast.Module]]:
    files = [path for room in rooms for path in (HOUSE / "core" / room).rglob("*.py")]
    return [(str(path.relative_to(HOUSE)), ast.parse(path.read_text("utf-8"))) for path in files]


def test_no_sentence_hides_from_the_extractor_inside_an_f_string() -> None:
    hidden = [
        f"{path}:{node.lineno}"
        for path, tree in parsed(*ROOMS, "results")
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and any(is_mark(part) for part in ast.walk(node))
    ]
    assert hidden == []


def test_every_sentence_of_a_refusal_is_marked() -> None:
    unmarked = [
        f"{path}:{node.lineno}"
        for path, tree in parsed(*ROOMS, "results/services")
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and node.exc is not None and vietnamese_outside_marks(node.exc)
    ]
    assert unmarked == []


def vietnamese_outside_marks(node: ast.AST) -> bool:
    if is_mark(node):
        return False
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return VIETNAMESE.search(node.value) is not None
    return any(vietnamese_outside_marks(part) for part in ast.iter_child_nodes(node))
