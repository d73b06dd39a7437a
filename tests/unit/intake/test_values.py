"""Setting paper against its electronic twin: pure functions over plain values."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from core.intake.values import (
    Arrived,
    Reconciled,
    Standing,
    Timeliness,
    known_items,
    reconcile,
    timeliness,
)

EXPECTED = ("giay.phieu", "mo-ta", "tep.toan_van")


def arrived(version: int, *items: str) -> Arrived:
    """An arrival of papers of `version`."""
    return Arrived(version, frozenset(items))


@pytest.mark.parametrize(
    ("arrivals", "standing", "missing"),
    [
        ([], Standing.NONE, EXPECTED),
        ([arrived(2, "mo-ta")], Standing.PARTIAL, ("giay.phieu", "tep.toan_van")),
        ([arrived(2, "mo-ta", "giay.phieu"), arrived(2, "tep.toan_van")], Standing.COMPLETE, ()),
        ([arrived(0, *EXPECTED)], Standing.COMPLETE, ()),
        ([arrived(1, *EXPECTED)], Standing.OUTDATED, EXPECTED),
        ([arrived(1, *EXPECTED), arrived(2, "mo-ta")], Standing.PARTIAL, ("giay.phieu", "tep.toan_van")),
    ],
)
def test_what_arrived_is_set_against_the_version_that_holds(
    arrivals: list[Arrived], standing: Standing, missing: tuple[str, ...]
) -> None:
    assert reconcile(EXPECTED, 2, arrivals) == Reconciled(standing, missing)


MIDNIGHT = datetime(2025, 6, 30, 17, tzinfo=UTC)  # 01/7/2025 00:00 in Viet Nam: "hết ngày 30/6/2025"
AFTERNOON = datetime(2025, 6, 30, 10, tzinfo=UTC)  # 30/6/2025 17:00


@pytest.mark.parametrize("closes_at", [MIDNIGHT, AFTERNOON])
@pytest.mark.parametrize(
    ("arrived_on", "postmarked_on", "expected"),
    [
        (date(2025, 6, 30), None, Timeliness.IN_TIME),
        (date(2025, 7, 1), None, Timeliness.LATE),
        (date(2025, 7, 3), date(2025, 6, 30), Timeliness.BY_POSTMARK),
        (date(2025, 7, 3), date(2025, 7, 1), Timeliness.LATE),
    ],
)
def test_days_lie_to_the_deadline_by_its_last_day(
    closes_at: datetime, arrived_on: date, postmarked_on: date | None, expected: Timeliness
) -> None:
    assert timeliness(arrived_on, postmarked_on, closes_at) is expected


def test_only_expected_papers_are_kept_each_once() -> None:
    assert known_items(EXPECTED, ["mo-ta", "la", "mo-ta", "giay.phieu"]) == ["giay.phieu", "mo-ta"]
