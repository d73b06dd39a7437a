"""How dates, money, scores and sizes read on a page, in Vietnamese and in English.

All functions are pure: they take aware instants (any zone) or exact numbers and an explicit locale (`vi` or `en`),
and give back one line of text. What people read is the local time of Viet Nam. `register_filters` puts them into
Jinja, where the locale is the one of the request.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DEFAULT_LOCALE = "vi"

Exact = Decimal | Fraction | int | str

_KIB = 1024
_UNITS_VI = {"day": "ngày", "hour": "giờ", "minute": "phút"}
_SIZES = ("KB", "MB", "GB", "TB")


@runtime_checkable
class Bilingual(Protocol):
    """A text that knows its languages, such as `core.plugin_api.Text`."""

    def in_(self, locale: str) -> str:
        """The text in that language."""


def local(instant: datetime) -> datetime:
    """The same instant on a clock in Viet Nam. Raises ValueError for an instant without a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(ZONE)


def date(value: datetime | dt.date, locale: str = DEFAULT_LOCALE) -> str:
    """`20/11/2025`, in English `20 Nov 2025`."""
    day = _day(value)
    return format_date(day, "dd/MM/yyyy" if _is_vi(locale) else "d MMM yyyy", locale=locale)


def date_long(value: datetime | dt.date, locale: str = DEFAULT_LOCALE) -> str:
    """With the weekday: `thứ Năm, ngày 20/11/2025`, in English `Thursday 20 November 2025`."""
    day = _day(value)
    if _is_vi(locale):
        return f"{_weekday(day)}, ngày {date(day, locale)}"
    return format_date(day, "EEEE d MMMM yyyy", locale=locale)


def time(instant: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """`17:00`, on 24 hours in both languages."""
    return local(instant).strftime("%H:%M")


def datetime_(instant: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """`17:00 ngày 31/10/2026`, in English `17:00, 31 Oct 2026`."""
    joint = " ngày " if _is_vi(locale) else ", "
    return f"{time(instant, locale)}{joint}{date(instant, locale)}"


def deadline(until: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """The last moment people have, from the exclusive instant `until`.

    Midnight is the end of the day before: `hết ngày 20/11/2025` (`the end of 20 Nov 2025`); any other time reads
    as itself: `17:00 ngày 31/10/2026`.
    """
    if not _is_midnight(until):
        return datetime_(until, locale)
    last_day = date(_last_day(until), locale)
    return f"hết ngày {last_day}" if _is_vi(locale) else f"the end of {last_day}"


def is_end_of_day(until: datetime) -> bool:
    """Whether the exclusive instant `until` is midnight in Viet Nam, so that people read it as a day's end."""
    return _is_midnight(until)


def deadline_long(until: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """As `deadline`, with the weekday: `hết thứ Năm, ngày 20/11/2025`, `17:00 thứ Bảy, ngày 31/10/2026`."""
    if not _is_midnight(until):
        joint = " " if _is_vi(locale) else ", "
        return f"{time(until, locale)}{joint}{date_long(until, locale)}"
    last_day = date_long(_last_day(until), locale)
    return f"hết {last_day}" if _is_vi(locale) else f"the end of {last_day}"


def by_when(until: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """By when something is to be done: `trước 17:00 ngày 31/10/2026`, `đến hết ngày 20/11/2025`, in English too."""
    return f"{_by(until, locale)} {deadline(until, locale)}"


def by_when_long(until: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """The same with the day of the week."""
    return f"{_by(until, locale)} {deadline_long(until, locale)}"


def _by(until: datetime, locale: str) -> str:
    words = {"vi": ("đến", "trước"), "en": ("by", "before")}[locale]
    return words[0] if is_end_of_day(until) else words[1]


def left(until: datetime, now: datetime, locale: str = DEFAULT_LOCALE) -> str:
    """What is left of the time until `until`, in its two largest units, rounded down.

    `còn 3 ngày 4 giờ`, `còn 12 phút`, `còn chưa đến 1 phút`, `đã hết hạn`.
    """
    vi = _is_vi(locale)
    span = local(until) - local(now)
    if span <= timedelta(0):
        return "đã hết hạn" if vi else "closed"
    minutes = int(span / timedelta(minutes=1))
    if minutes == 0:
        return "còn chưa đến 1 phút" if vi else "less than a minute left"
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    pair = ((days, "day"), (hours, "hour")) if days else ((hours, "hour"), (rest, "minute"))
    words = " ".join(_counted(count, unit, vi=vi) for count, unit in pair if count)
    return f"còn {words}" if vi else f"{words} left"


def money(amount: int, locale: str = DEFAULT_LOCALE) -> str:
    """Whole đồng: `25.000.000 đồng`, in English `VND 25,000,000`."""
    digits = number(amount, locale)
    return f"{digits} đồng" if _is_vi(locale) else f"VND {digits}"


def score(value: Exact, locale: str = DEFAULT_LOCALE, places: int | None = None) -> str:
    """Points as spoken: `90,5`. With `places`, always that many decimals: `90,50`; without, no idle zeros.

    A fraction that does not end is rounded half up at `places` (two when not given); it is for reading only.
    """
    exact = _decimal(value, places=2 if places is None else places)
    if places is None:
        return format_decimal(exact, "#,##0.####", locale=locale, decimal_quantization=False)
    return format_decimal(exact, "#,##0" + ("." + "0" * places if places else ""), locale=locale)


def number(value: Exact, locale: str = DEFAULT_LOCALE) -> str:
    """A count or a quantity with its thousands set off: `1.234`, in English `1,234`."""
    return format_decimal(_decimal(value, places=2), "#,##0.##", locale=locale)


def percent(ratio: Exact, locale: str = DEFAULT_LOCALE) -> str:
    """A ratio of 0..1 as percent with at most one decimal, rounded half up: `62,5%`."""
    whole = Fraction(ratio) * 100
    tenths = _decimal(whole, places=1)
    return format_decimal(tenths, "#,##0.#", locale=locale) + "%"


def file_size(size: int, locale: str = DEFAULT_LOCALE) -> str:
    """Bytes in the unit people know (1 KB is 1,024 bytes): `840 byte`, `2,4 MB`."""
    if size < _KIB:
        return f"{number(size, locale)} byte"
    amount, units = Fraction(size, _KIB), iter(_SIZES)
    unit = next(units)
    while amount >= _KIB and unit != _SIZES[-1]:
        amount, unit = amount / _KIB, next(units)
    places = 1 if amount < 100 else 0
    return f"{number(_decimal(amount, places=places), locale)} {unit}"


def say(value: object, locale: str = DEFAULT_LOCALE) -> str:
    """A bilingual text in the reader's language; anything else as it is, and nothing for None."""
    if value is None:
        return ""
    return value.in_(locale) if isinstance(value, Bilingual) else str(value)


def register_filters(app: Flask) -> None:
    """Make every function here a Jinja filter in the reader's language; None becomes an empty text.

    Filters: `date`, `date_long`, `time`, `datetime`, `deadline`, `deadline_long`, `by_when`, `by_when_long`,
    `left(now)`, `money`, `score(places=…)`, `number`, `percent`, `file_size`, `say`.
    """
    app.jinja_env.filters["datetime"] = _localised(datetime_)
    app.jinja_env.filters["left"] = _left_filter
    app.jinja_env.filters["score"] = _score_filter
    plain = (date, date_long, time, deadline, deadline_long, by_when, by_when_long, money, number, percent)
    for function in (*plain, file_size, say):
        app.jinja_env.filters[function.__name__] = _localised(function)


def _localised(function: Callable[..., str]) -> Callable[[object], str]:
    def filtered(value: object) -> str:
        return "" if value is None else function(value, _reader())

    return filtered


def _left_filter(until: datetime | None, now: datetime) -> str:
    return "" if until is None else left(until, now, _reader())


def _score_filter(value: Exact | None, places: int | None = None) -> str:
    return "" if value is None else score(value, _reader(), places)


def _reader() -> str:
    found = get_locale()
    return DEFAULT_LOCALE if found is None else found.language


def _is_vi(locale: str) -> bool:
    return locale[:2] == "vi"


def _day(value: datetime | dt.date) -> dt.date:
    return local(value).date() if isinstance(value, datetime) else value


def _weekday(day: dt.date) -> str:
    # Babel starts the weekday with a capital; inside a sentence officials write "thứ Năm", yet "Chủ Nhật".
    name = format_date(day, "EEEE", locale="vi")
    return "t" + name[1:] if name.startswith("Thứ") else name


def _is_midnight(instant: datetime) -> bool:
    there = local(instant)
    return (there.hour, there.minute, there.second, there.microsecond) == (0, 0, 0, 0)


def _last_day(until: datetime) -> dt.date:
    return local(until).date() - timedelta(days=1)


def _counted(count: int, unit: str, *, vi: bool) -> str:
    if vi:
        return f"{count} {_UNITS_VI[unit]}"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _decimal(value: Exact, *, places: int) -> Decimal:
    if isinstance(value, Fraction):
        scaled = value * 10**places
        halves = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(halves if scaled >= 0 else -halves).scaleb(-places)
    exact = Decimal(value)
    quantum = Decimal(1).scaleb(-places)
    return exact.quantize(quantum, ROUND_HALF_UP) if -int(exact.as_tuple().exponent) > places else exact
