"""The words for requests, their states and terms, for classes of data and for relations."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from core.entries.organisation_rights import STEWARD
from core.kernel.actor import Role
from core.privacy.due import DAYS, NOT_IN_THE_DECREE
from core.privacy.settings import DataClass
from core.privacy.states import Kind, State


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind of request for reading: its name, what it means, its days, and whether no document gives them."""

    kind: Kind
    name: str
    help: str
    days: int
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """A state with its colour."""

    kind: str
    label: str


def kind_name(kind: str) -> str:
    """What is asked, in a few words."""
    names: dict[Kind, str] = {
        Kind.SEE: _("Xem hoặc được cung cấp dữ liệu"),
        Kind.CORRECT: _("Chỉnh sửa dữ liệu"),
        Kind.DELETE: _("Xóa dữ liệu"),
        Kind.RESTRICT: _("Hạn chế xử lý"),
        Kind.OBJECT: _("Phản đối xử lý"),
        Kind.WITHDRAW: _("Rút lại sự đồng ý"),
        Kind.COMPLAIN: _("Khiếu nại về dữ liệu cá nhân"),
    }
    return names[Kind(kind)]


def kind_rows() -> list[KindRow]:
    """Every kind that a person chooses, with what it means. A consent is withdrawn at its own button."""
    helps = {
        Kind.SEE: _("Bạn muốn biết Ban Tổ chức giữ gì về bạn. Bản sao đầy đủ tải được ngay ở trên."),
        Kind.CORRECT: _("Có điều sai mà bạn không tự sửa được, ví dụ trong hồ sơ đã nộp."),
        Kind.DELETE: _("Bạn muốn xóa tài khoản và những gì pháp luật, Thể lệ không buộc phải giữ."),
        Kind.RESTRICT: _("Bạn muốn tạm dừng một việc xử lý, ví dụ trong khi chờ chỉnh sửa."),
        Kind.OBJECT: _("Bạn không đồng ý với một cách dùng dữ liệu của bạn."),
        Kind.COMPLAIN: _("Bạn cho rằng dữ liệu của bạn bị xử lý trái quy định."),
    }
    return [
        KindRow(kind, kind_name(kind), text, DAYS[kind], kind in NOT_IN_THE_DECREE)
        for kind, text in helps.items()
    ]


def state_badge(state: str) -> Badge:
    """How a request stands."""
    return {
        State.RECEIVED: Badge("waiting", _("Mới nhận")),
        State.ACKNOWLEDGED: Badge("waiting", _("Đang xử lý")),
        State.EXTENDED: Badge("held", _("Đã gia hạn")),
        State.DONE: Badge("fine", _("Đã xong")),
        State.REFUSED: Badge("refused", _("Không thực hiện")),
        State.TAKEN_BACK: Badge("draft", _("Bạn đã rút yêu cầu")),
    }[State(state)]


def office_badge(state: str) -> Badge:
    """How a request stands, told to the office."""
    return Badge("draft", _("Người gửi đã rút")) if state == State.TAKEN_BACK else state_badge(state)


def step_words(action: str) -> str:
    """A step of a request, from the log."""
    told: dict[str, str] = {
        "data_request.received": _("Yêu cầu được gửi"),
        "data_request.acknowledged": _("Ban Tổ chức xác nhận đã nhận"),
        "data_request.extended": _("Gia hạn một lần"),
        "data_request.done": _("Đã thực hiện"),
        "data_request.refused": _("Không thực hiện, có nêu lý do"),
        "data_request.taken_back": _("Người gửi rút yêu cầu"),
        "erasure.proposed": _("Đề nghị xóa dữ liệu"),
        "erasure.withdrawn": _("Rút đề nghị xóa"),
        "erasure.confirmed": _("Người thứ hai xác nhận, dữ liệu đã xóa"),
    }
    return told.get(action, action)


def class_name(kind: DataClass) -> str:
    """A class of data that is kept for a time."""
    names: dict[DataClass, str] = {
        DataClass.DRAFTS: _("Bản nháp chưa nộp của các kỳ đã kết thúc, cùng tệp đính kèm"),
        DataClass.SIGN_INS: _("Lần đăng nhập đã kết thúc (thiết bị, địa chỉ mạng)"),
        DataClass.TRIES: _("Lần nhập sai mật khẩu"),
        DataClass.CODES: _("Mã dùng một lần đã hết hạn"),
        DataClass.LETTERS: _(
            "Lời, tiêu đề và địa chỉ của thư đã gửi; việc đã gửi, loại thư và giờ gửi thì còn"
        ),
        DataClass.MESSAGES: _("Tin nhắn điện thoại đã gửi"),
        DataClass.OPENINGS: _("Lượt mở hồ sơ"),
    }
    return names[kind]


def relation_choices() -> list[tuple[str, str]]:
    """Who may act for a child, for a list."""
    return [
        ("parent", _("Cha hoặc mẹ")),
        ("grandparent", _("Ông bà, anh chị đang nuôi dưỡng")),
        ("guardian", _("Người giám hộ")),
        ("representative", _("Người đại diện theo pháp luật khác")),
    ]


def part_names() -> dict[str, str]:
    """The parts of the form for a guardian."""
    return {
        "name": _("Họ và tên người giám hộ"),
        "relation": _("Quan hệ với em"),
        "contact": _("Liên hệ"),
        "guardian_agrees": _("Người giám hộ đồng ý"),
        "child_agrees": _("Em đồng ý"),
    }


def opener_word(role: str) -> str:
    """As what somebody opened a dossier."""
    if role == STEWARD:
        return str(_("Người quản lý của tổ chức"))
    words: dict[Role, str] = {
        Role.COMMITTEE: _("Ban Tổ chức"),
        Role.JUDGE: _("Thành viên hội đồng chấm"),
        Role.UNIT: _("Đầu mối đơn vị"),
    }
    return words[Role(role)] if role in set(Role) else str(_("Người được giao"))
