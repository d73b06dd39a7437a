"""Letters about a dossier: received, examined, its authors, its files."""

from __future__ import annotations

from core.letters.catalogue.places import (
    ADDRESSEE,
    BEFORE,
    COMMITTEE,
    CONTEST,
    DOSSIER,
    EDITION,
    PAGE,
    REASON,
    TITLE,
)
from core.letters.catalogue.values import LetterKind, Place
from core.plugin_api import Text

_BASIS = Place(
    "can_cu",
    Text("điều khoản làm căn cứ", "the clause it rests on"),
    Text("Điều 7, Thể lệ", "Article 7, Rules"),
)
_BASIS_PAGE = Place(
    "dia_chi_can_cu",
    Text("địa chỉ của điều khoản", "the clause's address"),
    Text("https://mau.example.vn/the-le#dieu-7"),
)
_OUTCOME = (*DOSSIER, REASON, _BASIS, _BASIS_PAGE)
_RECEIPT = (
    *DOSSIER,
    Place("ma_bien_nhan", Text("mã biên nhận", "the receipt code"), Text("K7M2Q9RTXA"), needed=True),
    Place("sha256", Text("mã SHA-256 của lần nộp", "the SHA-256 of the version"), Text("9f86d081884c7d65…")),
    Place(
        "luc_nhan", Text("lúc nhận", "when it arrived"), Text("09:30 ngày 20/10/2026", "09:30, 20 Oct 2026")
    ),
    Place(
        "lan_nop",
        Text("“(lần nộp thứ …)” khi nộp lại; trống ở lần đầu", "“(version …)” when handed in again"),
        Text(" (lần nộp thứ 2)", " (version 2)"),
    ),
)

KINDS = (
    LetterKind(
        "entry-received",
        Text("Đã nhận hồ sơ", "Dossier received"),
        (
            *_RECEIPT,
            Place(
                "dia_chi_bien_nhan",
                Text("địa chỉ biên nhận PDF", "the address of the receipt as a PDF"),
                Text("https://…/du-thi/K7M2Q9RTXA/bien-nhan/1.pdf"),
            ),
            Place(
                "ban_giay",
                Text(
                    "việc gửi bản giấy; trống khi kỳ thi không cần",
                    "about the papers; empty where none are wanted",
                ),
                Text("Kỳ này cần cả bản giấy: …", "The papers are wanted too: …"),
            ),
        ),
    ),
    LetterKind(
        "entry-received-author",
        Text("Đã nhận hồ sơ, gửi đồng tác giả", "Dossier received, to its authors"),
        _RECEIPT,
    ),
    LetterKind("entry-accepted", Text("Chấp nhận hồ sơ", "Dossier accepted"), _OUTCOME),
    LetterKind("entry-returned", Text("Trả lại để bổ sung", "Dossier returned"), (*_OUTCOME, BEFORE)),
    LetterKind(
        "entry-refused",
        Text("Không chấp nhận hồ sơ", "Dossier refused"),
        (
            *_OUTCOME,
            Place(
                "noi_nhan",
                Text("cơ quan thường trực nhận kiến nghị", "the standing agency that takes objections"),
                Text("Sở Khoa học và Công nghệ", "Department of Science and Technology"),
            ),
        ),
    ),
    LetterKind("entry-reopened", Text("Xét lại hồ sơ", "Dossier looked at again"), (*DOSSIER, REASON)),
    LetterKind(
        "entry-reminder",
        Text("Nhắc bổ sung hồ sơ", "Reminder to complete a dossier"),
        (
            *DOSSIER,
            REASON,
            BEFORE,
            Place("con_lai", Text("còn bao lâu", "how long is left"), Text("còn 3 ngày", "3 days left")),
        ),
    ),
    LetterKind("entry-withdrawn", Text("Rút hồ sơ", "Dossier withdrawn"), (*DOSSIER, REASON)),
    LetterKind(
        "entry-imported",
        Text("Mời hoàn thiện bản nháp đã nhập", "Invitation to an imported draft"),
        (ADDRESSEE, TITLE, COMMITTEE, EDITION, CONTEST, PAGE, BEFORE),
    ),
    LetterKind(
        "file-blocked",
        Text("Tệp có mã độc", "A file is infected"),
        (
            *DOSSIER,
            Place("ten_tep", Text("tên tệp", "the file's name"), Text("thuyet-minh.pdf"), needed=True),
        ),
    ),
    LetterKind(
        "entry-extended",
        Text("Gia hạn nộp hồ sơ", "More time to hand in"),
        (
            *DOSSIER,
            REASON,
            BEFORE,
            Place(
                "duoc_gia_han",
                Text("điều được gia hạn", "what is extended"),
                Text("thời gian nhận hồ sơ", "the time of handing in"),
            ),
        ),
    ),
    LetterKind(
        "revision-lapsed",
        Text("Hết hạn sửa, bản đã nộp được giữ", "Time of revising is over"),
        (
            *DOSSIER,
            Place("lan_nop", Text("lần nộp được xét", "the version that counts"), Text("2"), needed=True),
            Place(
                "phan_dang_sua",
                Text(
                    "câu về phần sửa chưa nộp; có thể trống",
                    "the sentence on what was not handed in; or empty",
                ),
                Text("Phần đang sửa chưa nộp vẫn được giữ.", "What was changed is kept."),
            ),
        ),
    ),
    LetterKind(
        "author-invitation",
        Text("Mời đồng tác giả xác nhận", "Invitation to confirm authorship"),
        (
            *DOSSIER,
            Place("nguoi_moi", Text("người mời", "who invites"), Text("Hoàng Văn Nam")),
            Place(
                "noi_dung",
                Text("họ tên, vai trò, tỷ lệ cần xác nhận", "name, role and share to confirm"),
                Text("Vai trò: Đồng tác giả\nTỷ lệ đóng góp: 30 %", "Role: Co-author\nShare: 30 %"),
                needed=True,
            ),
            Place(
                "dung_den",
                Text("liên kết dùng được đến khi nào", "until when the link can be used"),
                Text("09:30 ngày 20/11/2026", "09:30, 20 Nov 2026"),
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "author-declined",
        Text("Một tác giả từ chối xác nhận", "An author declined"),
        (
            *DOSSIER,
            Place("tac_gia", Text("tên tác giả", "the author's name"), Text("Trần Thị Mai")),
            Place(
                "ly_do",
                Text("lý do từ chối", "why they declined"),
                Text("Tỷ lệ chưa đúng.", "The share is wrong."),
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "dossier-handed-over",
        Text("Chuyển chủ hồ sơ", "A dossier changes hands"),
        (*DOSSIER, Place("nguoi_giao", Text("người chuyển", "who hands it over"), Text("Hoàng Văn Nam"))),
        is_open=False,
    ),
)
