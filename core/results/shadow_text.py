"""A shadow run as lines of plain text, for a terminal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.plugin_api import PluginRef, Text
from core.results.formats import points
from core.results.shadow import EntryChange, Standing
from core.results.shadow_run import SettingChange, ShadowReport
from core.results.shadow_words import difference_words, place_words

BANNER = Text("Chạy thử, không phải kết quả chính thức", "A trial run, not the official result")
HEADS = ("Mã", "Hạng", "", "Tổng điểm", "Giải đề xuất")


def report_lines(report: ShadowReport) -> list[str]:
    """What was tried, what would change in words, and a table of the entries that change."""
    lines = [f"{BANNER}: {report.tenant} {report.edition}.", *_tried(report), ""]
    lines += [str(one) for one in difference_words(report.difference, report.awards)]
    changed = report.difference.changed
    if changed:
        lines += ["", *_table([_row(one, report.awards) for one in changed])]
    return lines


def value_text(value: Any) -> str:
    """A setting's JSON value as one reads and types it; "không đặt" for none."""
    if value is None:
        return "không đặt"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _tried(report: ShadowReport) -> list[str]:
    lines = [f"Bộ quy tắc: {_refs(report.plugins)}"]
    if report.plugins_changed:
        lines[0] += f" (chính thức: {_refs(report.official_plugins)})"
    lines += [f"Cài đặt {_setting(one)}" for one in report.settings]
    lines += [f"Cài đặt {path}: đã chốt nhưng lần chạy thử không dùng." for path in report.left_out]
    return lines


def _setting(one: SettingChange) -> str:
    return f"{one.plugin}.{one.key}: {value_text(one.official)} → {value_text(one.shadow)}"


def _refs(refs: Sequence[PluginRef]) -> str:
    return ", ".join(f"{one.name} {one.version}" for one in refs)


def _row(one: EntryChange, awards: Mapping[str, Text]) -> tuple[str, ...]:
    return (
        one.entry,
        _moved(_rank(one.official), _rank(one.shadow)),
        str(place_words(one)),
        _moved(_points(one.official.total), _points(one.shadow.total)),
        _moved(_awards(one.official, awards), _awards(one.shadow, awards)),
    )


def _moved(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _rank(one: Standing) -> str:
    return "–" if one.rank is None else str(one.rank)


def _points(value: Decimal | None) -> str:
    return "–" if value is None else points(value).replace(".", ",")


def _awards(one: Standing, awards: Mapping[str, Text]) -> str:
    if one.undecided:
        return "chờ quyết định"
    return ", ".join(str(awards.get(key, key)) for key in one.awards) or "không có"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in (HEADS, *rows)) for column in range(len(HEADS))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (HEADS, *rows)
    ]
