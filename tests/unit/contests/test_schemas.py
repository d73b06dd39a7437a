"""Days and times as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_babel import Babel

from core.contests.schemas import parse_closing, parse_opening, typed_closing, typed_opening
from core.kernel.errors import Invalid


@pytest.fixture(autouse=True)
def _context() -> Iterator[None]:
    words = Flask(__name__)
    Babel(words, default_locale="vi")
    with words.test_request_context():
        yield


@pytest.mark.parametrize("day", ["20/11/2025", "2025-11-20", " 20-11-2025 ", "20.11.2025"])
def test_a_last_day_ends_at_local_midnight(day: str) -> None:
    assert parse_closing(day, "") == datetime(2025, 11, 20, 17, tzinfo=UTC)


def test_a_first_day_begins_at_local_midnight() -> None:
    assert parse_opening("05/11/2025", "") == datetime(2025, 11, 4, 17, tzinfo=UTC)


@pytest.mark.parametrize("hour", ["17:00", "17h", "17h00", "17g00"])
def test_a_time_of_day_is_local(hour: str) -> None:
    assert parse_closing("31/10/2026", hour) == datetime(2026, 10, 31, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [
        ("31/02/2026", "", "closes"),
        ("hôm nay", "", "closes"),
        ("", "", "closes"),
        ("11/2026", "", "closes"),
        ("31/10/2026", "25:00", "closes_time"),
        ("31/10/2026", "chiều", "closes_time"),
    ],
)
def test_what_is_no_day_or_time_is_refused_at_its_field(day: str, hour: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_closing(day, hour)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("hour", ["", "17:00", "23:59"])
def test_what_is_shown_can_be_typed_back(hour: str) -> None:
    closing = parse_closing("20/11/2025", hour)
    opening = parse_opening("05/11/2025", hour)

    assert parse_closing(*typed_closing(closing)) == closing
    assert parse_opening(*typed_opening(opening)) == opening
