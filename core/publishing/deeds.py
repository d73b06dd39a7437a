"""Words for the deeds of the audit log that a committee wants to see pass by."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

_WORDS = {
    "entry.submitted": _l("Hồ sơ được nộp"),
    "entry.accepted": _l("Hồ sơ được chấp nhận"),
    "entry.returned": _l("Hồ sơ được trả lại"),
    "entry.refused": _l("Hồ sơ không được chấp nhận"),
    "entry.withdrawn": _l("Hồ sơ được rút"),
    "entry.published": _l("Bài dự thi được đăng tải"),
    "entry.unpublished": _l("Bài dự thi được gỡ"),
    "attribution.changed": _l("Đổi đơn vị giới thiệu của hồ sơ"),
    "judge.appointed": _l("Cử giám khảo"),
    "judge.withdrawn": _l("Thôi cử giám khảo"),
    "judge.fields": _l("Ghi lĩnh vực của giám khảo"),
    "round.setup": _l("Đặt cách phân công chấm"),
    "plan.proposed": _l("Lập phương án phân công"),
    "plan.moved": _l("Đổi phân công bằng tay"),
    "plan.issued": _l("Giao phân công chấm"),
    "council.made": _l("Lập hội đồng"),
    "council.changed": _l("Sửa thông tin hội đồng"),
    "council.invited": _l("Mời vào hội đồng"),
    "council.role_changed": _l("Đổi nhiệm vụ trong hội đồng"),
    "council.accepted": _l("Nhận lời vào hội đồng"),
    "council.declined": _l("Từ chối vào hội đồng"),
    "council.left": _l("Thôi tham gia hội đồng"),
    "council.reminded": _l("Nhắc trả lời lời mời"),
    "council.group_set": _l("Lập nhóm chấm"),
    "council.group_removed": _l("Bỏ nhóm chấm"),
    "council.stood_in": _l("Người dự khuyết chấm thay"),
    "pledge.signed": _l("Ký cam kết bảo mật"),
    "round.opened": _l("Mở vòng chấm"),
    "finalists.set": _l("Đặt cách chọn hồ sơ vào vòng sau"),
    "finalists.chosen": _l("Quyết định một hồ sơ vào vòng sau"),
    "criteria.changed": _l("Thay đổi tiêu chí chấm"),
    "judges.reminded": _l("Nhắc giám khảo chấm tiếp"),
    "judges.reminders_set": _l("Đặt lịch nhắc giám khảo"),
    "material.asked": _l("Đề nghị hồ sơ nộp tài liệu bổ sung"),
    "material.sent": _l("Hồ sơ nộp tài liệu bổ sung"),
    "rules.frozen": _l("Chốt quy tắc chấm"),
    "sheet.abstained": _l("Giám khảo không chấm một bài"),
    "vote.cancelled": _l("Hủy lượt bình chọn"),
    "votes.frozen": _l("Chốt số lượt bình chọn"),
    "result.computed": _l("Tính kết quả"),
    "result.decided": _l("Ghi quyết định"),
    "result.published": _l("Công bố kết quả"),
    "shadow.run": _l("Chạy thử kết quả"),
    "phase.changed": _l("Đổi mốc thời gian"),
    "edition.made_current": _l("Đổi kỳ hiện hành"),
    "news.added": _l("Thêm tin"),
    "news.changed": _l("Sửa tin"),
    "report.sent": _l("Đơn vị gửi báo cáo"),
    "report.reopened": _l("Mở lại báo cáo của đơn vị"),
    "letter.text_changed": _l("Sửa mẫu thư"),
    "letter.text_reset": _l("Trở về mẫu thư mặc định"),
    "letter.sent_again": _l("Gửi lại thư"),
    "rescue.asked": _l("Đề nghị khôi phục lối vào tài khoản"),
    "rescue.confirmed": _l("Xác nhận khôi phục lối vào tài khoản"),
    "rescue.stopped": _l("Dừng khôi phục lối vào tài khoản"),
    "account.rescued": _l("Đã khôi phục lối vào tài khoản"),
    "role.granted": _l("Giao vai trò"),
    "role.revoked": _l("Thôi vai trò"),
}
DEEDS = tuple(_WORDS)


def deed_words(action: str) -> str:
    """What `action` means to people; other actions are named as they are."""
    return str(_WORDS[action]) if action in _WORDS else _("Thao tác %(action)s", action=action)
