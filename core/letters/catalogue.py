"""The letters there are: what each is for, which places its text may fill in, and an example for each place."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api import Text

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place of a text, written `{name}`: what stands there, and an example.

    `needed`: a text without it is refused. What fills it in are words, never markup; a place for an address becomes
    a link in the HTML form.
    """

    name: str
    says: Text
    example: Text
    needed: bool = False


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One letter. `is_open`: its words are the committee's own, and its officers may read them in the outbox."""

    key: str
    name: Text
    places: tuple[Place, ...]
    is_open: bool = True

    def place(self, name: str) -> Place | None:
        """The place named `name`."""
        return next((one for one in self.places if one.name == name), None)


_ADDRESSEE = Place("nguoi_nhan", Text("tên người nhận", "the reader's name"), Text("Nguyễn Thị Hoa"))
_CONTEST = Place(
    "don_vi_to_chuc",
    Text("tên ngắn của cuộc thi", "the contest's short name"),
    Text("Cuộc thi mẫu", "Sample contest"),
)
_COMMITTEE = Place(
    "ban_to_chuc", Text("Ban Tổ chức", "the committee"), Text("Ban Tổ chức", "The organising committee")
)
_EDITION = Place(
    "ky_thi", Text("tên kỳ thi", "the edition"), Text("Cuộc thi mẫu năm 2026", "Sample contest 2026")
)
_PAGE = Place(
    "dia_chi",
    Text("địa chỉ của trang cần mở", "the address of the page to open"),
    Text("https://mau.example.vn/du-thi/ABCDEFGHJK"),
    needed=True,
)
_RESCUED = Place(
    "viec",
    Text("việc được đề nghị", "what was asked for"),
    Text("gỡ bước xác thực thứ hai", "the second step is removed"),
    needed=True,
)
_TITLE = Place(
    "ten_ho_so", Text("tên hồ sơ", "the dossier's title"), Text("Máy sấy chè dùng năng lượng mặt trời")
)
_CODE = Place("ma_ho_so", Text("mã hồ sơ", "the dossier's code"), Text("TN-2026-0042"))
_REASON = Place(
    "ly_do",
    Text("lời của cán bộ xét hồ sơ", "the officer's words"),
    Text(
        "Thiếu bản mô tả có chữ ký.\nBổ sung năm áp dụng.",
        "The description is not signed.\nThe year is missing.",
    ),
)
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
_BEFORE = Place(
    "truoc_han",
    Text(
        "hạn phải xong, ví dụ “trước 17:00 ngày 31/10/2026”; trống khi không có hạn",
        "by when; empty without a date",
    ),
    Text("trước 17:00 ngày 31/10/2026", "before 17:00, 31 Oct 2026"),
)
_REQUEST = Place("ma_yeu_cau", Text("mã yêu cầu", "the request's code"), Text("DL-2026-0007"))
_UNIT = Place("don_vi", Text("tên đơn vị", "the unit"), Text("Xã Đại Từ"))
_DOSSIER = (_ADDRESSEE, _TITLE, _CODE, _COMMITTEE, _EDITION, _CONTEST, _PAGE)
_OUTCOME = (*_DOSSIER, _REASON, _BASIS, _BASIS_PAGE)
_VISIT_AT = Place(
    "luc_den",
    Text("ngày giờ đoàn thẩm định đến", "when the visitors come"),
    Text("08:30 ngày 20/11/2026", "08:30, 20 Nov 2026"),
)
_VISIT_PLACE = Place(
    "noi_den", Text("nơi đến", "where"), Text("Hợp tác xã chè Đại Từ", "the Đại Từ tea cooperative")
)
_VISIT_BEFORE = (
    Place(
        "luc_cu",
        Text("ngày giờ hẹn trước khi dời", "when it was to be before"),
        Text("08:30 ngày 18/11/2026", "08:30, 18 Nov 2026"),
    ),
    Place(
        "noi_cu",
        Text("nơi hẹn trước khi dời", "where it was to be before"),
        Text("Xưởng chè La Bằng", "the La Bằng tea workshop"),
    ),
)
_VISIT_GOER = (_ADDRESSEE, _CODE, _COMMITTEE, _EDITION, _CONTEST, _PAGE, _VISIT_AT)
_SECRET = Place("ma", Text("mã dùng một lần", "the one-time code"), Text("123456"), needed=True)
_SEND_BY = Place(
    "han_gui",
    Text("hạn gửi, hoặc câu cho biết đã quá hạn", "by when, or that it is late"),
    Text("Hạn gửi: 17:00 ngày 31/10/2026", "Please send it before 17:00, 31 Oct 2026"),
)

_RECEIPT = (
    *_DOSSIER,
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

_COUNCIL = (
    _ADDRESSEE,
    _COMMITTEE,
    _EDITION,
    _CONTEST,
    _PAGE,
    Place(
        "hoi_dong", Text("tên hội đồng", "the council"), Text("Hội đồng chuyên môn", "Professional council")
    ),
    Place("vong", Text("vòng chấm", "the round"), Text("Vòng sơ khảo", "Preliminary round")),
    Place("so_ho_so", Text("số hồ sơ", "how many dossiers"), Text("45"), needed=True),
)
_SEAT = Place(
    "viec", Text("nhiệm vụ trong hội đồng", "the part in the council"), Text("Ủy viên", "Member"), needed=True
)

_MATERIAL = (
    *_DOSSIER,
    _BEFORE,
    Place("vong_cham", Text("vòng chấm", "the round"), Text("Vòng chung khảo", "Final round")),
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
                Text("việc gửi bản giấy; trống khi kỳ thi không cần", "about the papers; empty where none are wanted"),
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
    LetterKind("entry-returned", Text("Trả lại để bổ sung", "Dossier returned"), (*_OUTCOME, _BEFORE)),
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
    LetterKind("entry-reopened", Text("Xét lại hồ sơ", "Dossier looked at again"), (*_DOSSIER, _REASON)),
    LetterKind(
        "entry-reminder",
        Text("Nhắc bổ sung hồ sơ", "Reminder to complete a dossier"),
        (
            *_DOSSIER,
            _REASON,
            _BEFORE,
            Place("con_lai", Text("còn bao lâu", "how long is left"), Text("còn 3 ngày", "3 days left")),
        ),
    ),
    LetterKind(
        "visit-planned",
        Text("Báo lịch thẩm định thực tế", "A site visit is planned"),
        (*_DOSSIER, _VISIT_AT, _VISIT_PLACE),
    ),
    LetterKind(
        "visit-moved",
        Text("Dời lịch thẩm định thực tế", "A site visit is moved"),
        (*_DOSSIER, _REASON, _VISIT_AT, _VISIT_PLACE, *_VISIT_BEFORE),
    ),
    LetterKind(
        "visit-cancelled",
        Text("Hủy lịch thẩm định thực tế", "A site visit is cancelled"),
        (*_DOSSIER, _REASON, _VISIT_AT),
    ),
    LetterKind(
        "visit-goer-planned",
        Text("Báo người đi: lịch thẩm định thực tế", "To who goes: a site visit is planned"),
        (*_VISIT_GOER, _VISIT_PLACE),
    ),
    LetterKind(
        "visit-goer-moved",
        Text("Báo người đi: dời lịch thẩm định thực tế", "To who goes: a site visit is moved"),
        (*_VISIT_GOER, _REASON, _VISIT_PLACE, *_VISIT_BEFORE),
    ),
    LetterKind(
        "visit-goer-cancelled",
        Text("Báo người đi: hủy lịch thẩm định thực tế", "To who goes: a site visit is cancelled"),
        (*_VISIT_GOER, _REASON),
    ),
    LetterKind("entry-withdrawn", Text("Rút hồ sơ", "Dossier withdrawn"), (*_DOSSIER, _REASON)),
    LetterKind(
        "entry-imported",
        Text("Mời hoàn thiện bản nháp đã nhập", "Invitation to an imported draft"),
        (_ADDRESSEE, _TITLE, _COMMITTEE, _EDITION, _CONTEST, _PAGE, _BEFORE),
    ),
    LetterKind(
        "file-blocked",
        Text("Tệp có mã độc", "A file is infected"),
        (*_DOSSIER, Place("ten_tep", Text("tên tệp", "the file's name"), Text("thuyet-minh.pdf"), needed=True)),
    ),
    LetterKind(
        "entry-extended",
        Text("Gia hạn nộp hồ sơ", "More time to hand in"),
        (
            *_DOSSIER,
            _REASON,
            _BEFORE,
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
            *_DOSSIER,
            Place("lan_nop", Text("lần nộp được xét", "the version that counts"), Text("2"), needed=True),
            Place(
                "phan_dang_sua",
                Text("câu về phần sửa chưa nộp; có thể trống", "the sentence on what was not handed in; or empty"),
                Text("Phần đang sửa chưa nộp vẫn được giữ.", "What was changed is kept."),
            ),
        ),
    ),
    LetterKind(
        "author-invitation",
        Text("Mời đồng tác giả xác nhận", "Invitation to confirm authorship"),
        (
            *_DOSSIER,
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
            *_DOSSIER,
            Place("tac_gia", Text("tên tác giả", "the author's name"), Text("Trần Thị Mai")),
            Place("ly_do", Text("lý do từ chối", "why they declined"), Text("Tỷ lệ chưa đúng.", "The share is wrong.")),
        ),
        is_open=False,
    ),
    LetterKind(
        "dossier-handed-over",
        Text("Chuyển chủ hồ sơ", "A dossier changes hands"),
        (*_DOSSIER, Place("nguoi_giao", Text("người chuyển", "who hands it over"), Text("Hoàng Văn Nam"))),
        is_open=False,
    ),
    LetterKind(
        "data-request",
        Text("Yêu cầu về dữ liệu cá nhân", "Request about personal data"),
        (
            _ADDRESSEE,
            _REQUEST,
            Place("yeu_cau", Text("điều được yêu cầu", "what was asked"), Text("xem dữ liệu", "see the data")),
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
            _CONTEST,
            _PAGE,
        ),
    ),
    LetterKind(
        "data-erased",
        Text("Đã xóa dữ liệu cá nhân", "Personal data erased"),
        (
            _ADDRESSEE,
            _REQUEST,
            Place(
                "giu_lai",
                Text("những gì còn được giữ và vì sao", "what is kept, and why"),
                Text("- Tên trong kết quả đã công bố", "- The name in a published result"),
                needed=True,
            ),
            _CONTEST,
        ),
        is_open=False,
    ),
    LetterKind(
        "unit-report",
        Text("Nhắc đơn vị gửi báo cáo", "Reminder of a report"),
        (
            _ADDRESSEE, _UNIT, _COMMITTEE, _EDITION, _CONTEST, _PAGE, _BEFORE, _SEND_BY,
            Place("thang", Text("tháng báo cáo", "the month"), Text("tháng 10/2026", "October 2026")),
        ),
    ),
    LetterKind(
        "unit-target",
        Text("Nhắc đơn vị vận động hồ sơ", "Reminder of a target"),
        (
            _ADDRESSEE, _UNIT, _COMMITTEE, _EDITION, _CONTEST, _PAGE, _BEFORE, _SEND_BY,
            Place(
                "chi_tieu",
                Text("câu nói chỉ tiêu của đơn vị", "the target in words"),
                Text("Chỉ tiêu của Xã Đại Từ là 3 hồ sơ", "The target of Xã Đại Từ is 3"),
            ),
            Place("da_nop", Text("số hồ sơ đã nộp", "dossiers handed in"), Text("1")),
        ),
    ),
    LetterKind(
        "judging-assigned",
        Text("Giao hồ sơ cho giám khảo", "Entries for a judge"),
        (
            _ADDRESSEE,
            _COMMITTEE,
            _EDITION,
            _CONTEST,
            _PAGE,
            _BEFORE,
            Place("vong_cham", Text("vòng chấm", "the round"), Text("Vòng sơ khảo", "First round")),
            Place(
                "so_ho_so",
                Text("số hồ sơ phải chấm trong vòng", "how many entries there are to judge"),
                Text("42"),
                needed=True,
            ),
        ),
    ),
    LetterKind(
        "account-code",
        Text("Mã dùng một lần", "One-time code"),
        (
            _ADDRESSEE, _CONTEST, _SECRET,
            Place("dia_chi", _PAGE.says, Text("https://mau.example.vn")),
            Place("viec", Text("mã dùng để làm gì", "what the code is for"), Text("đăng nhập", "sign in")),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-known",
        Text("Báo đã có tài khoản", "An account exists already"),
        (_ADDRESSEE, _CONTEST, _PAGE),
        is_open=False,
    ),
    LetterKind(
        "account-notice",
        Text("Báo tài khoản có thay đổi", "Something changed about an account"),
        (
            _ADDRESSEE,
            _CONTEST,
            _PAGE,
            Place(
                "tieu_de",
                Text("điều đã thay đổi", "what was changed"),
                Text("Đã đổi mật khẩu", "The password was changed"),
            ),
            Place(
                "noi_dung",
                Text("câu giải thích và việc cần làm", "what it means and what to do"),
                Text("Nếu không phải Quý vị: xin đặt lại mật khẩu ngay.", "If it was not you, set a new password."),
                needed=True,
            ),
        ),
        is_open=False,
    ),
    LetterKind(
        "account-rescue",
        Text("Báo có đề nghị khôi phục lối vào", "A rescue of an account was asked for"),
        (
            _ADDRESSEE, _CONTEST, _PAGE, _RESCUED,
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
            _ADDRESSEE, _CONTEST, _PAGE, _RESCUED,
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
            _ADDRESSEE, _CONTEST, _PAGE, _SECRET,
            Place("vai_tro", Text("vai trò được mời", "the role"), Text("Giám khảo", "Judge")),
        ),
        is_open=False,
    ),
    LetterKind(
        "material-wanted",
        Text("Đề nghị nộp tài liệu bổ sung", "More material is wanted"),
        (*_MATERIAL, Place("ghi_chu", Text("lời của Ban Tổ chức", "the committee's words"), Text("Kèm ảnh sản phẩm."))),
    ),
    LetterKind(
        "material-received",
        Text("Đã nhận tài liệu bổ sung", "More material received"),
        (
            *_MATERIAL,
            Place("ma_bien_nhan", Text("mã biên nhận", "the receipt code"), Text("K7M2Q9RTXA"), needed=True),
            Place("sha256", Text("mã SHA-256 của tài liệu", "the SHA-256 of what was sent"), Text("9f86d081884c7d65…")),
        ),
    ),
    LetterKind(
        "judging-reminder",
        Text("Nhắc giám khảo chấm tiếp", "Reminder to a judge"),
        (
            _ADDRESSEE,
            _COMMITTEE,
            _EDITION,
            _CONTEST,
            _PAGE,
            _BEFORE,
            Place("vong_cham", Text("vòng chấm", "the round"), Text("Vòng sơ khảo", "First round")),
            Place(
                "so_ho_so",
                Text("số hồ sơ còn phải chấm", "how many entries are left to judge"),
                Text("12"),
                needed=True,
            ),
        ),
    ),
    LetterKind(
        "conflict-declared",
        Text("Xung đột lợi ích chờ quyết định", "A conflict of interest waits"),
        (
            _ADDRESSEE,
            _COMMITTEE,
            _EDITION,
            _CONTEST,
            _PAGE,
            Place("so_ho_so", Text("số hồ sơ", "how many dossiers"), Text("2"), needed=True),
        ),
    ),
    LetterKind(
        "criteria-changed",
        Text("Tiêu chí chấm điểm thay đổi", "The judging criteria have changed"),
        (
            _ADDRESSEE,
            _COMMITTEE,
            _EDITION,
            _CONTEST,
            _PAGE,
            _REASON,
            Place(
                "thay_doi",
                Text("những gì thay đổi, mỗi dòng một tiêu chí", "what changed, one criterion a line"),
                Text(
                    "Vòng chung khảo, “Tính mới”: điểm tối đa từ 30 thành 25.",
                    "Final round, “Novelty”: most points from 30 to 25.",
                ),
                needed=True,
            ),
        ),
    ),
    LetterKind(
        "council-invitation",
        Text("Mời tham gia hội đồng", "Invitation to a council"),
        (*_COUNCIL, _SEAT, _BEFORE),
    ),
    LetterKind(
        "council-reminder",
        Text("Nhắc trả lời lời mời vào hội đồng", "Reminder of an invitation to a council"),
        (*_COUNCIL, _SEAT, _BEFORE),
    ),
    LetterKind(
        "council-stand-in",
        Text("Giám khảo dự khuyết nhận hồ sơ", "A reserve takes over dossiers"),
        _COUNCIL,
    ),
    LetterKind(
        "paper-sheet-locked",
        Text("Báo giám khảo: phiếu giấy đã được nhập và khóa", "A judge's paper sheet was keyed in and locked"),
        (
            _ADDRESSEE, _CONTEST, _COMMITTEE, _EDITION, _PAGE, _CODE,
            Place("vong", Text("tên vòng chấm", "the round"), Text("Chấm điểm", "Judging")),
        ),
    ),
)  # fmt: skip
_BY_KEY = {one.key: one for one in KINDS}


def letter_kind(key: str) -> LetterKind | None:
    """The letter named `key`; None when there is none."""
    return _BY_KEY.get(key)


def known_letter(key: str) -> LetterKind:
    """The letter named `key`. Raises LookupError: code that names a letter names one of the catalogue."""
    if key not in _BY_KEY:
        raise LookupError(f"there is no letter {key!r}")
    return _BY_KEY[key]
