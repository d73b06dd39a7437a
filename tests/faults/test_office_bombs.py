"""Office files made to harm: the process that reads one ends within its limits, alone, and makes nothing of it."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from core.judging import text_copies
from core.judging.blind_files import READER
from tests.support.office_files import BOMBS, ENTITIES, package


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_text_copy_is_made_of_a_bomb_and_its_reader_ends_within_its_limits(
    tmp_path: Path, bomb: str
) -> None:
    source, target = tmp_path / "source", tmp_path / "text"
    source.write_bytes(BOMBS[bomb]())
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime

    done = run(text_copies.READER, source, target)

    assert done.returncode != 0
    assert not target.exists()
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 20
    assert b"root:" not in done.stdout + done.stderr


@pytest.mark.parametrize("bomb", ENTITIES)
def test_the_reader_of_dossiers_refuses_entities(tmp_path: Path, bomb: str) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(BOMBS[bomb]())

    done = run(READER, "read", source, target)

    assert done.returncode != 0
    assert b"a document type is declared" in done.stderr
    assert not target.exists()


def test_a_package_without_words_in_it_makes_no_copy_either(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "text"
    source.write_bytes(package("<document/>"))

    assert run(text_copies.READER, source, target).returncode != 0


def test_what_is_written_names_nothing_but_the_blocks(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "text"
    source.write_bytes(package("<d><body><p><r><t>Chữ</t></r></p></body></d>"))

    run(text_copies.READER, source, target)

    made = json.loads((target / "text.json").read_text())
    assert set(made) == {"kind", "blocks", "is_wide", "left_out"}
    assert [one.name for one in target.iterdir()] == ["text.json"]


def run(script: Path, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-I", str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False)
