"""Dates, money, scores and sizes read exactly as officials write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel

from core.kernel import formats
from core.plugin_api.values import Text


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=formats.ZONE).astimezone(UTC)


@pytest.mark.parametrize(("locale", "expected"), [("vi", "20/11/2025"), ("en", "20 Nov 2025")])
def test_a_date_reads_in_local_time(locale: str, expected: str) -> None:
    assert formats.date(datetime(2025, 11, 19, 17, 30, tzinfo=UTC), locale) == expected


def test_a_plain_day_needs_no_zone() -> None:
    assert formats.date(date(2026, 4, 2)) == "02/04/2026"


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        formats.date(datetime(2025, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "locale", "expected"),
    [
        (date(2025, 11, 20), "vi", "thứ Năm, ngày 20/11/2025"),
        (date(2025, 11, 23), "vi", "Chủ Nhật, ngày 23/11/2025"),
        (date(2025, 11, 20), "en", "Thursday 20 November 2025"),
    ],
)
def test_a_long_date_names_the_weekday(day: date, locale: str, expected: str) -> None:
    assert formats.date_long(day, locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"), [("vi", "17:00 ngày 31/10/2026"), ("en", "17:00, 31 Oct 2026")]
)
def test_date_and_time_together(locale: str, expected: str) -> None:
    assert formats.datetime_(local(2026, 10, 31, 17), locale) == expected


def test_time_alone_is_local_and_on_24_hours() -> None:
    assert formats.time(datetime(2026, 10, 31, 10, 5, tzinfo=UTC)) == "17:05"


@pytest.mark.parametrize(
    ("until", "locale", "expected"),
    [
        (local(2025, 11, 21), "vi", "hết ngày 20/11/2025"),
        (local(2025, 11, 21), "en", "the end of 20 Nov 2025"),
        (local(2026, 1, 1), "vi", "hết ngày 31/12/2025"),
        (local(2026, 10, 31, 17), "vi", "17:00 ngày 31/10/2026"),
        (local(2025, 11, 21, 0, 0, 1), "vi", "00:00 ngày 21/11/2025"),
        (local(2026, 10, 31, 17), "en", "17:00, 31 Oct 2026"),
    ],
)
def test_midnight_is_the_end_of_the_day_before(until: datetime, locale: str, expected: str) -> None:
    assert formats.deadline(until, locale) == expected


@pytest.mark.parametrize(
    ("until", "locale", "expected"),
    [
        (local(2025, 11, 21), "vi", "hết thứ Năm, ngày 20/11/2025"),
        (local(2025, 11, 21), "en", "the end of Thursday 20 November 2025"),
        (local(2026, 10, 31, 17), "vi", "17:00 thứ Bảy, ngày 31/10/2026"),
        (local(2026, 10, 31, 17), "en", "17:00, Saturday 31 October 2026"),
    ],
)
def test_a_long_deadline_names_the_weekday(until: datetime, locale: str, expected: str) -> None:
    assert formats.deadline_long(until, locale) == expected


@pytest.mark.parametrize(
    ("now", "vi", "en"),
    [
        (local(2026, 10, 28, 13), "còn 3 ngày 4 giờ", "3 days 4 hours left"),
        (local(2026, 10, 28, 13, 0, 1), "còn 3 ngày 3 giờ", "3 days 3 hours left"),
        (local(2026, 10, 28, 17), "còn 3 ngày", "3 days left"),
        (local(2026, 10, 30, 16), "còn 1 ngày 1 giờ", "1 day 1 hour left"),
        (local(2026, 10, 31, 12, 48), "còn 4 giờ 12 phút", "4 hours 12 minutes left"),
        (local(2026, 10, 31, 16, 48), "còn 12 phút", "12 minutes left"),
        (local(2026, 10, 31, 16, 59, 1), "còn chưa đến 1 phút", "less than a minute left"),
        (local(2026, 10, 31, 17), "đã hết hạn", "closed"),
    ],
)
def test_what_is_left_is_said_in_two_units(now: datetime, vi: str, en: str) -> None:
    until = local(2026, 10, 31, 17)
    assert (formats.left(until, now, "vi"), formats.left(until, now, "en")) == (vi, en)


def test_money_is_whole_dong() -> None:
    assert formats.money(25_000_000) == "25.000.000 đồng"
    assert formats.money(25_000_000, "en") == "VND 25,000,000"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("90.50"), "90,5"),
        (Decimal(90), "90"),
        ("87.25", "87,25"),
        (Decimal("0.3"), "0,3"),
        (Fraction(2, 3), "0,67"),
        (Fraction(141, 2), "70,5"),
    ],
)
def test_a_score_has_a_comma_and_no_idle_zeros(value: Decimal | Fraction | str, expected: str) -> None:
    assert formats.score(value) == expected


def test_a_score_keeps_the_places_asked_for() -> None:
    assert formats.score(Decimal("90.5"), "vi", 2) == "90,50"
    assert formats.score(Decimal("90.5"), "en", 2) == "90.50"
    assert formats.score(Decimal("13.0"), "vi", 1) == "13,0"


def test_halves_round_up() -> None:
    assert formats.score(Fraction(5, 1000), "vi", 2) == "0,01"
    assert formats.percent(Fraction(1, 80)) == "1,3%"


def test_numbers_are_grouped() -> None:
    assert formats.number(1234567) == "1.234.567"
    assert formats.number(1234567, "en") == "1,234,567"
    assert formats.number(Decimal("12.5")) == "12,5"


@pytest.mark.parametrize(
    ("ratio", "expected"), [(Decimal("0.625"), "62,5%"), (Fraction(2, 3), "66,7%"), (1, "100%"), (0, "0%")]
)
def test_a_ratio_reads_as_percent(ratio: Decimal | Fraction | int, expected: str) -> None:
    assert formats.percent(ratio) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (840, "840 byte"),
        (1024, "1 KB"),
        (2_516_582, "2,4 MB"),
        (20 * 1024 * 1024, "20 MB"),
        (157_286_400, "150 MB"),
        (3 * 1024**3, "3 GB"),
    ],
)
def test_a_file_size_is_in_the_unit_people_know(size: int, expected: str) -> None:
    assert formats.file_size(size) == expected


def test_a_bilingual_text_is_said_in_the_readers_language() -> None:
    text = Text(vi="Cuộc thi", en="Contest")
    assert (formats.say(text), formats.say(text, "en")) == ("Cuộc thi", "Contest")


def test_other_things_are_said_as_they_are() -> None:
    assert (formats.say("Hồ sơ"), formats.say(12), formats.say(None)) == ("Hồ sơ", "12", "")


def test_filters_follow_the_locale_of_the_request() -> None:
    app = Flask(__name__)
    Babel(app, default_locale="en")
    formats.register_filters(app)
    page = "{{ 1234|number }} {{ score|score(places=2) }} {{ nothing|date }}|{{ until|left(now) }}"
    with app.test_request_context():
        shown = render_template_string(
            page,
            score=Decimal("90.5"),
            nothing=None,
            until=local(2026, 10, 31, 17),
            now=local(2026, 10, 31, 16),
        )
    assert shown == "1,234 90.50 |1 hour left"
