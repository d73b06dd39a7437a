"""Words of the office's pages of blind rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from core.contests.values import EditionView
from core.entries.forms import labels
from core.judging.blind_scan import Finding, Kind
from core.judging.queries.blinding import BlindState
from core.kernel.i18n import locale
from core.plugin_api import Text


def kind_word(kind: Kind) -> str:
    """What was found, in a word."""
    words = {
        Kind.NAME: _("tên người"),
        Kind.UNIT: _("đơn vị"),
        Kind.PHONE: _("số điện thoại"),
        Kind.EMAIL: _("địa chỉ thư"),
        Kind.LINK: _("địa chỉ mạng"),
        Kind.MORE: _("từ bạn ghi thêm"),
    }
    return str(words[kind])


def place_word(edition: EditionView, finding: Finding, titles: Mapping[str, str]) -> str:
    """Where it stands: the question, the page of the file, or what of the file it is; `titles` are the questions of
    the new material by place."""
    if finding.page:
        return str(_("trang %(number)s", number=finding.page))
    parts = finding.place.split("/")
    if len(parts) > 1:
        names = {"ten": _("tên tệp"), "phan": _("chữ trong tệp"), "thuoc-tinh": _("thuộc tính của tệp")}
        return str(names[parts[1]])
    if finding.place in titles:
        return str(_("Tài liệu bổ sung: %(question)s", question=titles[finding.place]))
    label = labels(edition).get(finding.place) or labels(edition).get(
        ".".join(finding.place.split(".")[:2]), finding.place
    )
    return label.in_(locale()) if isinstance(label, Text) else str(label)


def state_word(state: BlindState) -> tuple[str, str]:
    """The colour and the word of a dossier's state."""
    return {
        BlindState.NEW: ("draft", _("Chưa quét")),
        BlindState.WAITING: ("waiting", _("Đang quét")),
        BlindState.TODO: ("waiting", _("Chờ bạn duyệt")),
        BlindState.MORE: ("waiting", _("Có tài liệu mới chưa duyệt")),
        BlindState.READY: ("fine", _("Giám khảo đọc được")),
    }[state]


def file_word(state: str) -> tuple[str, str]:
    """The colour and the word of a copy's state."""
    return {
        "ready": ("fine", _("Đã có bản che")),
        "waiting": ("waiting", _("Đang tạo bản che")),
        "failed": ("refused", _("Không tạo được bản che")),
        "unfit": ("held", _("Loại tệp không che được")),
        "unmade": ("waiting", _("Chưa tạo bản chữ")),
    }[state]


def left_out_words(left_out: Mapping[str, int]) -> str:
    """What a text copy does not carry, as a list; "" when nothing was left out."""
    said: dict[str, Callable[[int], str]] = {
        "chart": lambda num: ngettext("%(num)s biểu đồ", "%(num)s biểu đồ", num),
        "diagram": lambda num: ngettext("%(num)s sơ đồ SmartArt", "%(num)s sơ đồ SmartArt", num),
        "picture": lambda num: ngettext(
            "%(num)s hình (EMF, WMF, ảnh liên kết, hoặc quá nhiều hình)",
            "%(num)s hình (EMF, WMF, ảnh liên kết, hoặc quá nhiều hình)",
            num,
        ),
        "object": lambda num: ngettext("%(num)s đối tượng nhúng", "%(num)s đối tượng nhúng", num),
        "part": lambda num: ngettext("%(num)s đoạn chèn từ tệp khác", "%(num)s đoạn chèn từ tệp khác", num),
        "drawing": lambda num: ngettext("%(num)s nét vẽ hoặc khung", "%(num)s nét vẽ hoặc khung", num),
        "formula": lambda num: ngettext(
            "cách trình bày %(num)s công thức (viết lại trên một dòng)",
            "cách trình bày %(num)s công thức (viết lại trên một dòng)",
            num,
        ),
        "hidden_sheet": lambda num: ngettext("%(num)s trang tính ẩn", "%(num)s trang tính ẩn", num),
    }
    return "; ".join(words(left_out[kind]) for kind, words in said.items() if left_out.get(kind))
