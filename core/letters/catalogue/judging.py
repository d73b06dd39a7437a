"""Letters of judging: the council, its judges, new material and site visits."""

from __future__ import annotations

from core.letters.catalogue.places import (
    ADDRESSEE,
    BEFORE,
    CODE,
    COMMITTEE,
    CONTEST,
    DOSSIER,
    EDITION,
    PAGE,
    REASON,
)
from core.letters.catalogue.values import LetterKind, Place
from core.plugin_api import Text

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
_VISIT_GOER = (ADDRESSEE, CODE, COMMITTEE, EDITION, CONTEST, PAGE, _VISIT_AT)
_COUNCIL = (
    ADDRESSEE,
    COMMITTEE,
    EDITION,
    CONTEST,
    PAGE,
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
    *DOSSIER,
    BEFORE,
    Place("vong_cham", Text("vòng chấm", "the round"), Text("Vòng chung khảo", "Final round")),
)

KINDS = (
    LetterKind(
        "visit-planned",
        Text("Báo lịch thẩm định thực tế", "A site visit is planned"),
        (*DOSSIER, _VISIT_AT, _VISIT_PLACE),
    ),
    LetterKind(
        "visit-moved",
        Text("Dời lịch thẩm định thực tế", "A site visit is moved"),
        (*DOSSIER, REASON, _VISIT_AT, _VISIT_PLACE, *_VISIT_BEFORE),
    ),
    LetterKind(
        "visit-cancelled",
        Text("Hủy lịch thẩm định thực tế", "A site visit is cancelled"),
        (*DOSSIER, REASON, _VISIT_AT),
    ),
    LetterKind(
        "visit-goer-planned",
        Text("Báo người đi: lịch thẩm định thực tế", "To who goes: a site visit is planned"),
        (*_VISIT_GOER, _VISIT_PLACE),
    ),
    LetterKind(
        "visit-goer-moved",
        Text("Báo người đi: dời lịch thẩm định thực tế", "To who goes: a site visit is moved"),
        (*_VISIT_GOER, REASON, _VISIT_PLACE, *_VISIT_BEFORE),
    ),
    LetterKind(
        "visit-goer-cancelled",
        Text("Báo người đi: hủy lịch thẩm định thực tế", "To who goes: a site visit is cancelled"),
        (*_VISIT_GOER, REASON),
    ),
    LetterKind(
        "visit-goer-released",
        Text("Báo người thôi đi thẩm định thực tế", "To who need no longer go on a site visit"),
        (*_VISIT_GOER, REASON),
    ),
    LetterKind(
        "judging-assigned",
        Text("Giao hồ sơ cho giám khảo", "Entries for a judge"),
        (
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            BEFORE,
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
        "material-wanted",
        Text("Đề nghị nộp tài liệu bổ sung", "More material is wanted"),
        (
            *_MATERIAL,
            Place("ghi_chu", Text("lời của Ban Tổ chức", "the committee's words"), Text("Kèm ảnh sản phẩm.")),
        ),
    ),
    LetterKind(
        "material-received",
        Text("Đã nhận tài liệu bổ sung", "More material received"),
        (
            *_MATERIAL,
            Place("ma_bien_nhan", Text("mã biên nhận", "the receipt code"), Text("K7M2Q9RTXA"), needed=True),
            Place(
                "sha256",
                Text("mã SHA-256 của tài liệu", "the SHA-256 of what was sent"),
                Text("9f86d081884c7d65…"),
            ),
        ),
    ),
    LetterKind(
        "material-late",
        Text("Báo giám khảo: tài liệu đến sau khi khóa phiếu", "To a judge: material came after the lock"),
        (
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            CODE,
            Place("vong_cham", Text("vòng chấm", "the round"), Text("Vòng chung khảo", "Final round")),
            Place(
                "luc_gui",
                Text("lúc tài liệu được gửi", "when it was sent"),
                Text("08:30 ngày 20/11/2026", "08:30, 20 Nov 2026"),
            ),
        ),
    ),
    LetterKind(
        "judging-reminder",
        Text("Nhắc giám khảo chấm tiếp", "Reminder to a judge"),
        (
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            BEFORE,
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
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            Place("so_ho_so", Text("số hồ sơ", "how many dossiers"), Text("2"), needed=True),
        ),
    ),
    LetterKind(
        "conflict-reopened",
        Text("Xung đột lợi ích đã bác nay có dấu hiệu mới", "A dismissed conflict has new evidence"),
        (
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            Place("so_ho_so", Text("số xung đột", "how many conflicts"), Text("2"), needed=True),
        ),
    ),
    LetterKind(
        "criteria-changed",
        Text("Tiêu chí chấm điểm thay đổi", "The judging criteria have changed"),
        (
            ADDRESSEE,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            REASON,
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
        (*_COUNCIL, _SEAT, BEFORE),
    ),
    LetterKind(
        "council-reminder",
        Text("Nhắc trả lời lời mời vào hội đồng", "Reminder of an invitation to a council"),
        (*_COUNCIL, _SEAT, BEFORE),
    ),
    LetterKind(
        "council-stand-in",
        Text("Giám khảo dự khuyết nhận hồ sơ", "A reserve takes over dossiers"),
        _COUNCIL,
    ),
    LetterKind(
        "paper-objection-answered",
        Text(
            "Trả lời ý kiến của giám khảo về phiếu giấy",
            "A judge's objection to his paper sheet was answered",
        ),
        (
            ADDRESSEE,
            CONTEST,
            COMMITTEE,
            EDITION,
            PAGE,
            CODE,
            Place("vong", Text("tên vòng chấm", "the round"), Text("Chấm điểm", "Judging")),
        ),
    ),
    LetterKind(
        "paper-sheet-locked",
        Text(
            "Báo giám khảo: phiếu giấy đã được nhập và khóa", "A judge's paper sheet was keyed in and locked"
        ),
        (
            ADDRESSEE,
            CONTEST,
            COMMITTEE,
            EDITION,
            PAGE,
            CODE,
            Place("vong", Text("tên vòng chấm", "the round"), Text("Chấm điểm", "Judging")),
        ),
    ),
)
