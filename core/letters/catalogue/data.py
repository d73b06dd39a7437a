"""Letters about personal data: what was asked for, what was erased."""

from __future__ import annotations

from core.letters.catalogue.places import (
    ADDRESSEE,
    CONTEST,
    PAGE,
)
from core.letters.catalogue.values import LetterKind, Place
from core.plugin_api import Text

_REQUEST = Place("ma_yeu_cau", Text("mã yêu cầu", "the request's code"), Text("DL-2026-0007"))

KINDS = (
    LetterKind(
        "data-request",
        Text("Yêu cầu về dữ liệu cá nhân", "Request about personal data"),
        (
            ADDRESSEE,
            _REQUEST,
            Place(
                "yeu_cau", Text("điều được yêu cầu", "what was asked"), Text("xem dữ liệu", "see the data")
            ),
            Place(
                "tinh_trang",
                Text("tình trạng của yêu cầu", "how the request stands"),
                Text("đang được xử lý", "is being worked on"),
                needed=True,
            ),
            Place(
                "noi_dung",
                Text("câu cho biết việc tiếp theo và hạn", "the sentence with what comes next and by when"),
                Text("Ban Tổ chức đang xử lý.", "The committee works on it."),
            ),
            CONTEST,
            PAGE,
        ),
    ),
    LetterKind(
        "data-erased",
        Text("Đã xóa dữ liệu cá nhân", "Personal data erased"),
        (
            ADDRESSEE,
            _REQUEST,
            Place(
                "giu_lai",
                Text("những gì còn được giữ và vì sao", "what is kept, and why"),
                Text("- Tên trong kết quả đã công bố", "- The name in a published result"),
                needed=True,
            ),
            CONTEST,
        ),
        is_open=False,
    ),
)
