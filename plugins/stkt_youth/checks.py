"""Checks of the youth family: the field, the ages on the given day, the consents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.plugin_api import Edition, Entry, Finding, Severity, Text, hookimpl
from plugins.stkt_youth.ages import ADULT, Birth, Verdict, age_day, is_not_past, is_of_age, read_day
from plugins.stkt_youth.form import birth_day_key, entry_fields
from plugins.stkt_youth.settings import NAME


@hookimpl
def check_entries(edition: Edition, entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """BLOCK for a field not in the list, an age outside the limits, a missing consent; WARN where
    the year of birth alone cannot decide.
    """
    known = {one.key for one in entry_fields()}
    return tuple(finding for entry in entries for finding in _findings(edition, entry, known))


def _findings(edition: Edition, entry: Entry, known: set[str]) -> Iterator[Finding]:
    if entry.field not in known:
        yield Finding(
            entry.code,
            "linh_vuc",
            Severity.BLOCK,
            Text(
                "Chọn một trong năm lĩnh vực của Cuộc thi.", "Choose one of the five fields of the contest."
            ),
            "nam_linh_vuc",
        )
    on = age_day(edition)
    births = _births(entry)
    yield from _ages(edition, entry, births, on)
    yield from _consents(entry, births, on)


def _births(entry: Entry) -> tuple[Birth, ...]:
    """When each author was born, as the form and the list of authors tell."""
    return tuple(
        Birth(read_day(entry.facts.get(birth_day_key(place))), author.birth_year)
        for place, author in enumerate(entry.authors, 1)
    )


def _ages(edition: Edition, entry: Entry, births: Sequence[Birth], on: date | None) -> Iterator[Finding]:
    if on is None:
        yield Finding(
            entry.code,
            "ngay_tinh_tuoi",
            Severity.WARN,
            Text(
                "Kỳ thi chưa đặt ngày tính tuổi nên chưa xét được tuổi tác giả.",
                "The edition has no day on which ages count, so ages cannot be checked.",
            ),
            "do_tuoi",
        )
        return
    for place, birth in enumerate(births, 1):
        if birth.day is not None and birth.year is not None and birth.day.year != birth.year:
            yield _differs(entry, place)
        yield from _age(edition, entry, place, birth, on)


def _differs(entry: Entry, place: int) -> Finding:
    return Finding(
        entry.code,
        "ngay_sinh_khac_nam_sinh",
        Severity.BLOCK,
        Text(
            f"Tác giả thứ {place}: ngày sinh không khớp với năm sinh đã khai.",
            f"Author {place}: the birth day is not in the year of birth that was given.",
        ),
        "do_tuoi",
        birth_day_key(place),
    )


def _age(edition: Edition, entry: Entry, place: int, birth: Birth, on: date) -> Iterator[Finding]:
    least = edition.setting_as(NAME, "min_age", int)
    greatest = edition.setting_as(NAME, "max_age", int)
    verdicts = (is_of_age(birth, least, on), is_not_past(birth, greatest, on))
    day = f"{on.day:02}/{on.month:02}/{on.year}"
    if Verdict.NO in verdicts:
        yield Finding(
            entry.code,
            "do_tuoi",
            Severity.BLOCK,
            Text(
                f"Tác giả thứ {place} không ở trong độ tuổi từ {least} đến {greatest} vào ngày {day}.",
                f"Author {place} is not between {least} and {greatest} years old on {on.isoformat()}.",
            ),
            "do_tuoi",
            birth_day_key(place),
        )
    elif Verdict.OPEN in verdicts:
        yield Finding(
            entry.code,
            "do_tuoi_chua_ro",
            Severity.WARN,
            Text(
                f"Tác giả thứ {place}: cần ngày sinh để biết có từ {least} đến {greatest} tuổi vào ngày {day} hay "
                "không.",
                f"Author {place}: the birth day is needed to tell whether the age on {on.isoformat()} is between "
                f"{least} and {greatest}.",
            ),
            "do_tuoi",
            birth_day_key(place),
        )


def _consents(entry: Entry, births: Sequence[Birth], on: date | None) -> Iterator[Finding]:
    if entry.facts.get("dong_y_cong_bo") is not True:
        yield Finding(
            entry.code,
            "dong_y_cong_bo",
            Severity.BLOCK,
            Text(
                "Cần sự đồng ý của các tác giả và người đại diện trước khi công bố tên và sản phẩm.",
                "The authors and their representatives must agree before names and product are published.",
            ),
            "dong_y_cong_bo",
            "dong_y_cong_bo",
        )
    # Who may be a minor is taken for one: a consent too many harms nobody.
    grown_up = on is not None and all(is_of_age(birth, ADULT, on) is Verdict.YES for birth in births)
    if grown_up and births:
        return
    if entry.facts.get("dong_y_giam_ho") is not True:
        yield Finding(
            entry.code,
            "dong_y_giam_ho",
            Severity.BLOCK,
            Text(
                "Có tác giả chưa đủ 18 tuổi: cần sự đồng ý của cha, mẹ hoặc người giám hộ.",
                "An author is under 18: the consent of a parent or guardian is needed.",
            ),
            "dong_y_giam_ho",
            "dong_y_giam_ho",
        )
    if not entry.facts.get("van_ban_dong_y"):
        yield Finding(
            entry.code,
            "van_ban_dong_y",
            Severity.BLOCK,
            Text(
                "Đính kèm văn bản đồng ý có chữ ký của cha, mẹ hoặc người giám hộ.",
                "Attach the written consent signed by a parent or guardian.",
            ),
            "dong_y_giam_ho",
            "van_ban_dong_y",
        )
