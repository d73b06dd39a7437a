"""`bangvang rehearse` and `bangvang demo` as processes: what they print, where, and how they end."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.results.verify import verify_bundle
from tests.support.postgres import DatabaseUrls

SMALL = ("--entries", "4", "--judges", "2", "--voters", "5", "--seed", "3")


def bangvang(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command with its data in `folder`."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DATABASE")}
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *arguments],
        env={**inherited, "BANGVANG_VAR": str(folder), **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@dataclass(frozen=True)
class Played:
    """A rehearsal on SQLite that every test may look at: how it ended, and what it left in the temporary folder."""

    done: subprocess.CompletedProcess[str]
    folder: Path
    left: list[Path]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """`bangvang rehearse backan … --json`, once."""
    folder, temporary = tmp_path_factory.mktemp("var"), tmp_path_factory.mktemp("temporary")
    done = bangvang(folder, "rehearse", "backan", *SMALL, "--json", TMPDIR=str(temporary))
    return Played(done, folder, list(temporary.iterdir()))


def test_json_is_all_that_stands_on_standard_output(played: Played) -> None:
    document = json.loads(played.done.stdout)

    assert played.done.returncode == 0
    assert sorted(document) == ["bundle", "entries", "outputs_sha256", "steps", "verified"]
    assert (document["verified"], document["entries"]) == (True, 4)
    assert document["bundle"] == str(played.folder / "rehearsals" / "backan-8-4-2-5-3.zip")


def test_the_bundle_stays_and_verifies(played: Played) -> None:
    bundle = json.loads(played.done.stdout)["bundle"]
    assert verify_bundle(Path(bundle)).holds


def test_nothing_else_stays_without_keep(played: Played) -> None:
    assert played.left == []


def test_a_rehearsal_beside_postgresql_ends_alike(
    played: Played, postgres_database: DatabaseUrls, tmp_path: Path
) -> None:
    beside = {"DATABASE_URL": postgres_database.app_url, "DATABASE_OWNER_URL": postgres_database.owner_url}
    done = bangvang(tmp_path, "rehearse", "backan", *SMALL, "--json", **beside)

    assert json.loads(done.stdout)["outputs_sha256"] == json.loads(played.done.stdout)["outputs_sha256"]


def test_what_is_kept_is_named(tmp_path: Path) -> None:
    done = bangvang(
        tmp_path, "rehearse", "backan", "--entries", "1", "--judges", "1", "--keep", TMPDIR=str(tmp_path)
    )
    (folder,) = tmp_path.glob("bangvang-rehearsal-*")

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == f"kept: sqlite:///{folder}/bangvang.db, files in {folder}"
    assert (folder / "bangvang.db").is_file()


def test_an_unknown_tenant_is_wrong_use(tmp_path: Path) -> None:
    done = bangvang(tmp_path, "rehearse", "caobang")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("There is no tenant 'caobang' in ")


def test_an_unknown_edition_is_wrong_use(tmp_path: Path) -> None:
    done = bangvang(tmp_path, "rehearse", "thainguyen", "--edition", "2024")
    assert (done.returncode, done.stderr) == (2, "thainguyen has no edition '2024'; it has 2025, 2026.\n")


def test_a_demonstration_on_a_taken_port_ends_with_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = bangvang(tmp_path, "demo", PORT=str(port))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Port {port} cannot be used (Address already in use): try PORT={port + 1}.\n"
    assert list(tmp_path.iterdir()) == [tmp_path / "secret_key"]


def test_the_demonstration_does_not_run_in_production(tmp_path: Path) -> None:
    done = bangvang(tmp_path, "demo", BANGVANG_MODE="production", SECRET_KEY="k" * 40)
    assert (done.returncode, done.stderr) == (
        2,
        "The demonstration does not run with BANGVANG_MODE=production.\n",
    )
