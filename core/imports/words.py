"""What an import's states, outcomes and troubles are called."""

from __future__ import annotations

from flask_babel import gettext as _

from core.imports.reading import MOST_PEOPLE, MOST_ROWS
from core.imports.states import Outcome, RunState


def unreadable(reason: str) -> str:
    """Why a file could not be read, and what to do."""
    words = {
        "empty": _("Tệp rỗng. Bạn hãy mở lại bảng tính, lưu rồi tải lên."),
        "large": _(
            "Tệp quá lớn: bảng tính tối đa 20 MB. Bạn hãy bỏ ảnh và trang thừa, hoặc chia thành nhiều tệp."
        ),
        "locked": _("Tệp có mật khẩu. Bạn hãy bỏ mật khẩu rồi tải lên lại."),
        "broken": _("Không đọc được tệp này. Bạn hãy lưu lại thành .xlsx rồi tải lên."),
        "encoding": _("Tệp CSV không ở dạng UTF-8. Bạn hãy lưu lại thành .xlsx, hoặc CSV UTF-8."),
        "headings": _(
            "Không tìm thấy dòng tiêu đề của mẫu: cần có ít nhất các cột đánh dấu bắt buộc. "
            "Bạn hãy tải mẫu về, chép dữ liệu vào rồi tải lên."
        ),
        "rows": _(
            "Bảng tính quá dài: tối đa %(rows)s hồ sơ và %(people)s tác giả một tệp. Bạn hãy chia thành nhiều tệp.",
            rows=MOST_ROWS,
            people=MOST_PEOPLE,
        ),
    }
    return str(words[reason])


def state_word(state: str) -> tuple[str, str]:
    """The colour and the word of an import's state, for `ui.badge`."""
    words: dict[RunState, tuple[str, str]] = {
        RunState.READING: ("waiting", _("Đang đọc")),
        RunState.CHECKED: ("waiting", _("Đã đọc, chưa nhập")),
        RunState.IMPORTING: ("waiting", _("Đang nhập")),
        RunState.DONE: ("fine", _("Đã nhập")),
        RunState.UNDOING: ("waiting", _("Đang hoàn tác")),
        RunState.UNDONE: ("held", _("Đã hoàn tác")),
        RunState.FAILED: ("refused", _("Không đọc được")),
    }
    return words[RunState(state)]


def outcome_word(outcome: str, note: str = "") -> tuple[str, str]:
    """The colour and the word of a row's outcome."""
    words: dict[Outcome, tuple[str, str]] = {
        Outcome.NEW: ("fine", _("Sẽ tạo mới")),
        Outcome.KNOWN: ("held", _("Đã nhập trước đó: %(name)s", name=note)),
        Outcome.SAME: ("held", _("Trùng tên và tác giả với %(name)s", name=note)),
        Outcome.BAD: ("refused", _("Có lỗi")),
        Outcome.MADE: ("fine", _("Đã tạo")),
        Outcome.UNDONE: ("held", _("Đã hoàn tác")),
    }
    return words[Outcome(outcome)]
