"""Places that letters of several rooms fill in."""

from __future__ import annotations

from core.letters.catalogue.values import Place
from core.plugin_api import Text

ADDRESSEE = Place("nguoi_nhan", Text("tên người nhận", "the reader's name"), Text("Nguyễn Thị Hoa"))
CONTEST = Place(
    "don_vi_to_chuc",
    Text("tên ngắn của cuộc thi", "the contest's short name"),
    Text("Cuộc thi mẫu", "Sample contest"),
)
COMMITTEE = Place(
    "ban_to_chuc", Text("Ban Tổ chức", "the committee"), Text("Ban Tổ chức", "The organising committee")
)
EDITION = Place(
    "ky_thi", Text("tên kỳ thi", "the edition"), Text("Cuộc thi mẫu năm 2026", "Sample contest 2026")
)
PAGE = Place(
    "dia_chi",
    Text("địa chỉ của trang cần mở", "the address of the page to open"),
    Text("https://mau.example.vn/du-thi/ABCDEFGHJK"),
    needed=True,
)
TITLE = Place(
    "ten_ho_so", Text("tên hồ sơ", "the dossier's title"), Text("Máy sấy chè dùng năng lượng mặt trời")
)
CODE = Place("ma_ho_so", Text("mã hồ sơ", "the dossier's code"), Text("TN-2026-0042"))
REASON = Place(
    "ly_do",
    Text("lời của cán bộ xét hồ sơ", "the officer's words"),
    Text(
        "Thiếu bản mô tả có chữ ký.\nBổ sung năm áp dụng.",
        "The description is not signed.\nThe year is missing.",
    ),
)
BEFORE = Place(
    "truoc_han",
    Text(
        "hạn phải xong, ví dụ “trước 17:00 ngày 31/10/2026”; trống khi không có hạn",
        "by when; empty without a date",
    ),
    Text("trước 17:00 ngày 31/10/2026", "before 17:00, 31 Oct 2026"),
)
DOSSIER = (ADDRESSEE, TITLE, CODE, COMMITTEE, EDITION, CONTEST, PAGE)
