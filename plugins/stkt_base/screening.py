"""What an officer looks at in a dossier of the family, beside what the checks find by themselves."""

from __future__ import annotations

from core.plugin_api import ChecklistItem, Text, hookimpl


@hookimpl
def screening_checklist() -> tuple[ChecklistItem, ...]:
    """The solution is applied, and the papers of the dossier are signed."""
    return (
        ChecklistItem(
            "da_ap_dung",
            Text("Giải pháp đã được áp dụng trong thực tế", "The solution has been applied in practice"),
            Text(
                "Mở minh chứng, xem nơi áp dụng, thời gian và xác nhận của đơn vị áp dụng.",
                "Open the evidence; see where and since when it is applied, and who of those that use it confirms it.",
            ),
            "da_ap_dung",
            evidence=True,
        ),
        ChecklistItem(
            "phieu_co_chu_ky",
            Text("Phiếu đăng ký có chữ ký và xác nhận", "The registration form is signed and confirmed"),
            Text(
                "Mở phiếu đăng ký: đủ chữ ký của các tác giả và xác nhận của đơn vị hoặc chính quyền địa phương.",
                "Open the form: all authors have signed, and the unit or local authority has confirmed it.",
            ),
            "phieu_dang_ky",
            official=False,
        ),
    )
