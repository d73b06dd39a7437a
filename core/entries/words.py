"""What states, moves and happenings are called on pages, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.queries import Happening
from core.entries.states import State
from core.kernel.i18n import locale
from core.plugin_api import AuthorRole


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as `ui.badge` shows it."""

    kind: str
    label: str


def state_badge(state: str, *, is_published: bool = False) -> Badge:
    """The colour and word of a dossier's state."""
    if is_published:
        return Badge("fine", _("Đã công bố"))
    return {
        State.DRAFT: Badge("draft", _("Bản nháp")),
        State.SUBMITTED: Badge("waiting", _("Đã nộp, chờ xét")),
        State.RETURNED: Badge("waiting", _("Cần bổ sung")),
        State.ACCEPTED: Badge("fine", _("Đã chấp nhận")),
        State.REFUSED: Badge("refused", _("Không được chấp nhận")),
        State.WITHDRAWN: Badge("held", _("Đã rút")),
    }[State(state)]


def holder_of(state: str) -> str:
    """Who has the dossier in hand now."""
    return str(
        {
            State.DRAFT: _("Bạn đang giữ"),
            State.SUBMITTED: _("Ban Tổ chức đang xét"),
            State.RETURNED: _("Bạn đang giữ"),
            State.ACCEPTED: _("Hội đồng và Ban Tổ chức"),
            State.REFUSED: _("Đã khép lại"),
            State.WITHDRAWN: _("Đã khép lại"),
        }[State(state)]
    )


def next_step(state: str) -> str:
    """What comes next for the entrant."""
    return str(
        {
            State.DRAFT: _("Hoàn thiện các mục còn thiếu rồi nộp hồ sơ."),
            State.SUBMITTED: _("Chờ Ban Tổ chức xét; kết quả được báo qua thư điện tử."),
            State.RETURNED: _("Bổ sung theo yêu cầu của Ban Tổ chức rồi nộp lại."),
            State.ACCEPTED: _("Không cần làm gì thêm. Kết quả được công bố trên trang này."),
            State.REFUSED: _("Xem lý do và căn cứ trong hồ sơ."),
            State.WITHDRAWN: _("Hồ sơ không còn tham gia."),
        }[State(state)]
    )


def role_choices() -> list[tuple[str, str]]:
    """The parts an author may have, for a list."""
    return [(str(role), role_name(role)) for role in AuthorRole]


def role_name(role: str) -> str:
    """The part of an author in words."""
    return str(
        {
            AuthorRole.CHIEF: _("Tác giả chính"),
            AuthorRole.CO_CHIEF: _("Đồng tác giả chính"),
            AuthorRole.MEMBER: _("Đồng tác giả"),
        }[AuthorRole(role)]
    )


def field_name(edition: EditionView, key: str | None) -> str:
    """The field of the contest in the reader's language; "" for none."""
    found = next((one for one in edition.rules.entry_fields() if one.key == key), None)
    return "" if found is None else found.name.in_(locale())


def happening(one: Happening) -> Badge:
    """What happened, as a sentence with the colour of its place in the timeline."""
    words = {
        "entry.started": ("draft", _("Bắt đầu hồ sơ")),
        "entry.file_added": ("draft", _("Thêm một tệp")),
        "entry.file_removed": ("draft", _("Bỏ một tệp")),
        "entry.submitted": ("waiting", _("Nộp hồ sơ")),
        "entry.accepted": ("fine", _("Ban Tổ chức chấp nhận hồ sơ")),
        "entry.returned": ("waiting", _("Ban Tổ chức trả lại để bổ sung")),
        "entry.refused": ("refused", _("Ban Tổ chức không chấp nhận hồ sơ")),
        "entry.withdrawn": ("held", _("Rút hồ sơ")),
        "entry.paper_received": ("fine", _("Nơi nhận đã nhận giấy tờ")),
        "entry.paper_undone": ("held", _("Bỏ một lần ghi nhận giấy tờ")),
        "entry.paper_scanned": ("draft", _("Thêm bản quét của bản giấy")),
        "entry.filed_for": ("draft", _("Cán bộ lập hồ sơ thay người dân")),
        "entry.published": ("fine", _("Đăng trên trang công khai")),
        "entry.unpublished": ("held", _("Gỡ khỏi trang công khai")),
    }
    kind, label = words.get(one.action, ("draft", one.action))
    return Badge(kind, label)
