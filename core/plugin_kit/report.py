"""The kit's answer in words: a line for each check as it is done, its faults below it, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from core.plugin_api import Text
from core.plugin_kit.findings import Checked

_HOLDS = Text("đạt", "ok")
_FAILS = Text("KHÔNG ĐẠT", "FAILED")
_WAITS = Text("chưa chạy", "not run")
_AGAIN = Text(
    "Sửa xong hãy chạy lại: có phần chưa kiểm tra được.", "Mend it and run again: some checks could not run."
)


def check_lines(checked: Checked, locale: str) -> Iterator[str]:
    """The line of one check, and one for each fault."""
    mark = _WAITS
    if checked.ran:
        mark = _HOLDS if checked.holds else _FAILS
    yield f"{mark.in_(locale):9}  {checked.name:12} {checked.title.in_(locale)}"
    for one in checked.problems:
        yield f"    {one.sentence(locale)}"


def verdict(name: str, done: Sequence[Checked], seconds: float, locale: str) -> str:
    """The last line: what was checked, how long it took, how many faults there are."""
    faults = sum(len(one.problems) for one in done)
    took = f"{seconds:.1f}"
    if all(one.holds for one in done):
        said = Text(
            f"{name}: đạt cả {len(done)} phần kiểm tra trong {took.replace('.', ',')} giây.",
            f"{name}: ok, all {len(done)} checks hold, in {took} seconds.",
        )
        return said.in_(locale)
    failed = ", ".join(one.name for one in done if one.problems)
    said = Text(
        f"{name}: {faults} lỗi ở {failed}.",
        f"{name}: {faults} {'fault' if faults == 1 else 'faults'} in {failed}.",
    )
    return said.in_(locale) if all(one.ran for one in done) else f"{said.in_(locale)} {_AGAIN.in_(locale)}"


def document(name: str, done: Iterable[Checked], notes: Iterable[Text]) -> dict[str, Any]:
    """The whole answer as JSON values."""
    checks = [one.document() for one in done]
    return {
        "plugin": name,
        "ok": all(one["ok"] for one in checks),
        "checks": checks,
        "notes": [{"vi": one.vi, "en": one.en} for one in notes],
    }
