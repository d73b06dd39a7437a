"""What an officer looks at in a dossier of the youth family."""

from __future__ import annotations

from core.plugin_api import ChecklistItem, Text, hookimpl


@hookimpl
def screening_checklist() -> tuple[ChecklistItem, ...]:
    """Birth days, the signed consents, faces in pictures."""
    return (
        ChecklistItem(
            "ngay_sinh",
            Text("Ngày sinh đã khai có căn cứ", "The declared birth days are well founded"),
            Text(
                "Hỏi lại nhà trường khi nghi ngờ; không thu bản sao giấy khai sinh hay căn cước.",
                "Ask the school when in doubt; do not collect birth certificates or identity cards.",
            ),
            "do_tuoi",
            official=False,
        ),
        ChecklistItem(
            "chu_ky_giam_ho",
            Text("Văn bản đồng ý có chữ ký", "The consent is signed"),
            Text(
                "Mở tệp đồng ý: đủ chữ ký của cha, mẹ hoặc người giám hộ cho từng tác giả chưa đủ 18 tuổi.",
                "Open the consent: a parent or guardian has signed for each author under 18.",
            ),
            "dong_y_giam_ho",
            official=False,
        ),
        ChecklistItem(
            "khuon_mat",
            Text("Ảnh không lộ mặt trẻ em", "Pictures show no child's face"),
            Text(
                "Trả lại hồ sơ để thay ảnh nếu nhìn rõ mặt trẻ em, vì ảnh được công bố.",
                "Return the dossier for other pictures where a face can be seen, since they are published.",
            ),
            "dong_y_cong_bo",
            official=False,
        ),
    )
