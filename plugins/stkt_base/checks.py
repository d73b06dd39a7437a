"""Checks of the family: one of the six fields, already applied, within the look-back, awards already won."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.plugin_api import Edition, Entry, Finding, Severity, Text, hookimpl
from plugins.stkt_base.benefit import sums_agree
from plugins.stkt_base.form import entry_fields
from plugins.stkt_base.settings import NAME

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@hookimpl
def check_entries(edition: Edition, entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """BLOCK for a field not in the list, an idea only, or a date outside the look-back; WARN for the rest."""
    known = {one.key for one in entry_fields()}
    return tuple(finding for entry in entries for finding in _findings(edition, entry, known))


def _findings(edition: Edition, entry: Entry, known: set[str]) -> Iterator[Finding]:
    if entry.field not in known:
        yield Finding(
            entry.code,
            "linh_vuc",
            Severity.BLOCK,
            Text("Chọn một trong sáu lĩnh vực của Hội thi.", "Choose one of the six fields of the contest."),
            "sau_linh_vuc",
        )
    yield from _applied(entry)
    yield from _within_lookback(edition, entry)
    yield from sums_agree(entry)
    if _words(entry, "giai_thuong_da_dat"):
        yield Finding(
            entry.code,
            "giai_thuong_da_dat",
            Severity.WARN,
            Text(
                "Giải pháp đã đạt giải thưởng; Ban Tổ chức sẽ xem xét có thuộc diện không được dự thi hay "
                "không.",
                "The solution has won an award; the committee will consider whether that excludes it.",
            ),
            "giai_thuong_da_dat",
            "giai_thuong_da_dat",
        )


def _applied(entry: Entry) -> Iterator[Finding]:
    if entry.facts.get("da_ap_dung") is not True:
        yield Finding(
            entry.code,
            "da_ap_dung",
            Severity.BLOCK,
            Text(
                "Giải pháp phải đã được áp dụng trong thực tế; giải pháp mới ở mức ý tưởng không được xét.",
                "The solution must have been applied in practice; a mere idea is not considered.",
            ),
            "da_ap_dung",
            "da_ap_dung",
        )
    elif not _words(entry, "minh_chung_ap_dung"):
        yield Finding(
            entry.code,
            "minh_chung_ap_dung",
            Severity.BLOCK,
            Text(
                "Nêu minh chứng cho việc giải pháp đã được áp dụng.",
                "State the evidence that the solution has been applied.",
            ),
            "da_ap_dung",
            "minh_chung_ap_dung",
        )


def _within_lookback(edition: Edition, entry: Entry) -> Iterator[Finding]:
    created = _month(entry, "thang_tao_ra")
    applied = _month(entry, "thang_ap_dung")
    if edition.years and edition.setting(NAME, "lookback_years") is not None:
        first = edition.years[0] - edition.setting_as(NAME, "lookback_years", int)
        for key, month in (("thang_tao_ra", created), ("thang_ap_dung", applied)):
            if month is not None and month[0] < first:
                yield _too_old(entry, key, first)
    if created is not None and applied is not None and applied < created:
        yield Finding(
            entry.code,
            "thu_tu_thoi_gian",
            Severity.BLOCK,
            Text(
                "Tháng áp dụng không thể trước tháng tạo ra giải pháp.",
                "It cannot have been applied before it was created.",
            ),
            "tao_ra_trong_thoi_han",
            "thang_ap_dung",
        )


def _too_old(entry: Entry, key: str, first: int) -> Finding:
    return Finding(
        entry.code,
        "tao_ra_trong_thoi_han",
        Severity.BLOCK,
        Text(
            f"Giải pháp phải được tạo ra và áp dụng từ năm {first} trở lại đây.",
            f"The solution must have been created and applied in {first} or later.",
        ),
        "tao_ra_trong_thoi_han",
        key,
    )


def _month(entry: Entry, key: str) -> tuple[int, int] | None:
    """Year and month of an answer; None when it is missing or is no month, which the form itself refuses."""
    read = _MONTH.fullmatch(_words(entry, key))
    return (int(read[1]), int(read[2])) if read else None


def _words(entry: Entry, key: str) -> str:
    answer = entry.facts.get(key)
    return answer.strip() if isinstance(answer, str) else ""
