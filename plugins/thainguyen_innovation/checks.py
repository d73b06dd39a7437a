"""The gate of the Thái Nguyên contest: works already deployed, with evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.plugin_api import Entry, Finding, Severity, Text, hookimpl
from plugins.thainguyen_innovation.benefit import sums_agree


@hookimpl
def check_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """BLOCK for a work that is not deployed, or without evidence that it is; WARN where sums differ."""
    return tuple(finding for entry in entries for finding in (*_deployed(entry), *sums_agree(entry)))


def _deployed(entry: Entry) -> Iterator[Finding]:
    if entry.facts.get("da_trien_khai") is not True:
        yield Finding(
            entry.code,
            "da_trien_khai",
            Severity.BLOCK,
            Text(
                "Công trình phải đã được triển khai, áp dụng có hiệu quả vào thực tiễn.",
                "The work must already be deployed and applied with effect.",
            ),
            "da_trien_khai",
            "da_trien_khai",
        )
        return
    evidence = entry.facts.get("minh_chung_trien_khai")
    if not isinstance(evidence, str) or not evidence.strip():
        yield Finding(
            entry.code,
            "minh_chung_trien_khai",
            Severity.BLOCK,
            Text(
                "Nêu minh chứng cho việc công trình đã được triển khai và hiệu quả đạt được.",
                "State the evidence that the work is deployed, and its effect.",
            ),
            "da_trien_khai",
            "minh_chung_trien_khai",
        )
