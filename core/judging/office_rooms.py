"""The parts of a judging round in the office, as ways on from its front page."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _


def office_rooms(round_key: str, *, is_open: bool) -> list[dict[str, str]]:
    """For `ui.doors`: what is prepared, what goes on once the round is open, and the council's common work."""
    before = [
        {
            "label": _("Hội đồng của vòng"),
            "href": url_for("councils_office.show", round_key=round_key),
            "icon": "people",
            "note": _("Thành viên, nhóm chấm, lời mời, cam kết, dự khuyết."),
        },
        {
            "label": _("Phân công"),
            "href": url_for("judging_plan.index", round_key=round_key),
            "icon": "diagram-3",
            "note": _("Ai chấm hồ sơ nào."),
        },
        {
            "label": _("Chấm ẩn danh"),
            "href": url_for("blind_office.index", round_key=round_key),
            "icon": "eye-slash",
            "note": _("Giám khảo đọc bản không có tên tác giả, đơn vị."),
        },
        {
            "label": _("Thay đổi tiêu chí"),
            "href": url_for("judging_criteria.kept"),
            "icon": "clock-history",
            "note": _("Các lần thay đổi, ai đã xác nhận đọc."),
        },
    ]
    during = [
        {
            "label": _("Tiến độ và nhắc chấm"),
            "href": url_for("judging_progress.index", round_key=round_key),
            "icon": "bar-chart-line",
            "note": _("Ai còn bao nhiêu phiếu, dự kiến ngày xong, gửi lời nhắc."),
        },
        {
            "label": _("Tài liệu bổ sung"),
            "href": url_for("material_office.show", round_key=round_key),
            "icon": "paperclip",
            "note": _("Đề nghị các hồ sơ của vòng nộp thêm tài liệu."),
        },
        {
            "label": _("Đối chiếu với nhật ký"),
            "href": url_for("proofs_office.index"),
            "icon": "shield-check",
            "note": _("Phiếu đã khóa có còn đúng như lúc khóa không."),
        },
    ]
    together = {
        "label": _("Phòng họp hội đồng"),
        "href": url_for("council_hub.index", round_key=round_key),
        "icon": "journal-text",
        "note": _("Xếp hạng, thống kê, thảo luận, bốc thăm, biểu quyết, thẩm định, biên bản, phiếu giấy."),
    }
    return [*before, *(during if is_open else []), together]
