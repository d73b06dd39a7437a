"""Letters to who signs in: codes, notices, rescue, invitation."""

from __future__ import annotations

from core.letters.catalogue.places import (
    ADDRESSEE,
    CONTEST,
    PAGE,
)
from core.letters.catalogue.values import LetterKind, Place
from core.plugin_api import Text

_RESCUED = Place(
    "viec",
    Text("việc được đề nghị", "what was asked for"),
    Text("gỡ bước xác thực thứ hai", "the second step is removed"),
    needed=True,
)
_SECRET = Place("ma", Text("mã dùng một lần", "the one-time code"), Text("123456"), needed=True)

KINDS = (
    LetterKind(
        "account-code",
        Text("Mã dùng một lần", "One-time code"),
        (
            ADDRESSEE,
            CONTEST,
            _SECRET,
            Place("dia_chi", PAGE.says, Text("https://mau.example.vn")),
            Place("viec", Text("mã dùng để làm gì", "what the code is for"), Text("đăng nhập", "sign in")),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-known",
        Text("Báo đã có tài khoản", "An account exists already"),
        (ADDRESSEE, CONTEST, PAGE),
        is_open=False,
    ),
    LetterKind(
        "account-notice",
        Text("Báo tài khoản có thay đổi", "Something changed about an account"),
        (
            ADDRESSEE,
            CONTEST,
            PAGE,
            Place(
                "tieu_de",
                Text("điều đã thay đổi", "what was changed"),
                Text("Đã đổi mật khẩu", "The password was changed"),
            ),
            Place(
                "noi_dung",
                Text("câu giải thích và việc cần làm", "what it means and what to do"),
                Text(
                    "Nếu không phải Quý vị: xin đặt lại mật khẩu ngay.",
                    "If it was not you, set a new password.",
                ),
                needed=True,
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-rescue",
        Text("Báo có đề nghị khôi phục lối vào", "A rescue of an account was asked for"),
        (
            ADDRESSEE,
            CONTEST,
            PAGE,
            _RESCUED,
            Place(
                "khi_nao",
                Text("khi nào có hiệu lực", "when it takes effect"),
                Text(
                    "Việc này có hiệu lực lúc 08:00 ngày 12/11/2025.",
                    "It takes effect at 08:00 on 12 November 2025.",
                ),
                needed=True,
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-rescued",
        Text("Báo đã khôi phục lối vào", "A rescue of an account took effect"),
        (
            ADDRESSEE,
            CONTEST,
            PAGE,
            _RESCUED,
            Place(
                "viec_tiep",
                Text("việc nên làm tiếp", "what to do next"),
                Text("Xin đăng nhập rồi thiết lập lại.", "Please sign in and set it up again."),
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-invitation",
        Text("Lời mời vào tài khoản", "Invitation to an account"),
        (
            ADDRESSEE,
            CONTEST,
            PAGE,
            _SECRET,
            Place("vai_tro", Text("vai trò được mời", "the role"), Text("Giám khảo", "Judge")),
        ),
        is_open=False,
    ),
)
