"""What an officer looks at in a dossier of this contest, beside what the checks find by themselves."""

from __future__ import annotations

from core.plugin_api import ChecklistItem, Text, hookimpl


@hookimpl
def screening_checklist() -> tuple[ChecklistItem, ...]:
    """The work is deployed and effective."""
    return (
        ChecklistItem(
            "da_trien_khai",
            Text(
                "Công trình đã được triển khai, áp dụng có hiệu quả vào thực tiễn",
                "The work is deployed and effective in practice",
            ),
            Text(
                "Mở minh chứng, xem nơi triển khai, thời gian và xác nhận của đơn vị áp dụng.",
                "Open the evidence; see where and since when it is deployed, and who of those that use it confirms it.",
            ),
            "da_trien_khai",
            evidence=True,
        ),
    )
