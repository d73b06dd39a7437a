"""Whole editions played through the real services, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.errors import WrongUse
from core.rehearsal.plan import Size
from core.rehearsal.rehearsal import Step
from core.results.verify import verify_bytes
from tests.support.postgres import DatabaseUrls
from tests.support.rehearsal import play

SMALL = Size(entries=12, judges=3, voters=40, seed=1)


@pytest.mark.parametrize(("slug", "key"), [("thainguyen", "2025"), ("backan", "8"), ("bacgiang", "11")])
def test_an_edition_ends_verified_and_alike_on_both_databases(
    slug: str, key: str, sqlite_database: DatabaseUrls, postgres_database: DatabaseUrls, tmp_path: Path
) -> None:
    on_sqlite = play(sqlite_database, tmp_path / "sqlite", slug, key, SMALL)
    on_postgresql = play(postgres_database, tmp_path / "postgresql", slug, key, SMALL)

    assert (on_sqlite.verified, on_postgresql.verified) == (True, True)
    assert on_sqlite.outputs_sha256 == on_postgresql.outputs_sha256
    assert on_sqlite.steps == on_postgresql.steps
    assert verify_bytes(on_postgresql.bundle).outputs_sha256 == on_sqlite.outputs_sha256


def test_another_seed_gives_another_result(sqlite_database: DatabaseUrls, tmp_path: Path) -> None:
    first = play(sqlite_database, tmp_path, "backan", "8", Size(4, 1, 0, 1))
    second = play(sqlite_database, tmp_path, "backan", "8", Size(4, 1, 0, 2))

    assert (first.verified, second.verified) == (True, True)
    assert first.outputs_sha256 != second.outputs_sha256


def test_a_contest_in_which_nobody_votes_is_played_too(sqlite_database: DatabaseUrls, tmp_path: Path) -> None:
    played = play(sqlite_database, tmp_path, "thainguyen", "2025", Size(4, 2, 0, 5))

    assert played.verified
    assert Step("votes_frozen", 0) in played.steps


def test_what_a_contest_refuses_is_tried_and_refused(sqlite_database: DatabaseUrls, tmp_path: Path) -> None:
    played = play(sqlite_database, tmp_path, "thainguyen", "2026", Size(10, 2, 12, 1))
    counts = {step.what: step.count for step in played.steps}

    assert counts["late_submissions_refused"] == 2
    assert counts["votes_refused_outside_window"] == 3
    assert counts["repeated_votes_not_counted"] == 1
    assert (counts["withdrawn"], counts["abstentions"], counts["departures"]) == (1, 1, 1)
    assert counts["signed_up"] == 3


def test_an_edition_that_is_not_there_is_refused(sqlite_database: DatabaseUrls, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="backan has no edition '7'"):
        play(sqlite_database, tmp_path, "backan", "7", SMALL)
