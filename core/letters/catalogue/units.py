"""Letters to units: monthly reports and targets."""

from __future__ import annotations

from core.letters.catalogue.places import (
    ADDRESSEE,
    BEFORE,
    COMMITTEE,
    CONTEST,
    EDITION,
    PAGE,
)
from core.letters.catalogue.values import LetterKind, Place
from core.plugin_api import Text

_UNIT = Place("don_vi", Text("tên đơn vị", "the unit"), Text("Xã Đại Từ"))
_SEND_BY = Place(
    "han_gui",
    Text("hạn gửi, hoặc câu cho biết đã quá hạn", "by when, or that it is late"),
    Text("Hạn gửi: 17:00 ngày 31/10/2026", "Please send it before 17:00, 31 Oct 2026"),
)

KINDS = (
    LetterKind(
        "unit-report",
        Text("Nhắc đơn vị gửi báo cáo", "Reminder of a report"),
        (
            ADDRESSEE,
            _UNIT,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            BEFORE,
            _SEND_BY,
            Place("thang", Text("tháng báo cáo", "the month"), Text("tháng 10/2026", "October 2026")),
        ),
    ),
    LetterKind(
        "unit-target",
        Text("Nhắc đơn vị vận động hồ sơ", "Reminder of a target"),
        (
            ADDRESSEE,
            _UNIT,
            COMMITTEE,
            EDITION,
            CONTEST,
            PAGE,
            BEFORE,
            _SEND_BY,
            Place(
                "chi_tieu",
                Text("câu nói chỉ tiêu của đơn vị", "the target in words"),
                Text("Chỉ tiêu của Xã Đại Từ là 3 hồ sơ", "The target of Xã Đại Từ is 3"),
            ),
            Place("da_nop", Text("số hồ sơ đã nộp", "dossiers handed in"), Text("1")),
        ),
    ),
)
