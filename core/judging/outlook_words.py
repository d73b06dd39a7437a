"""What is foretold of a round or a judge, in words."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from core.judging.forecast import Forecast, Outlook
from core.judging.queries.progress import RoundOutlook
from core.kernel.formats import date
from core.kernel.i18n import locale


def outlook_sentence(outlook: RoundOutlook) -> str:
    """What is foretold of a round, in a sentence or two."""
    told = [_sentence(outlook.forecast)]
    if outlook.forecast.is_borrowed:
        told.append(_("Ai chưa đủ phiếu để biết nhịp riêng thì được tính theo nhịp chung của vòng."))
    if outlook.waiting:
        told.append(
            ngettext(
                "Chưa kể %(num)s phiếu chờ Ban Tổ chức duyệt bản ẩn danh.",
                "Chưa kể %(num)s phiếu chờ Ban Tổ chức duyệt bản ẩn danh.",
                outlook.waiting,
            )
        )
    return " ".join(map(str, told))


def _sentence(found: Forecast) -> str:
    day = "" if found.day is None else date(found.day, locale())
    match found.outlook:
        case Outlook.DONE:
            return str(_("Mọi phiếu đã xong."))
        case Outlook.WAITING:
            return str(_("Mọi phiếu chấm được đã xong."))
        case Outlook.IN_TIME:
            return str(_("Với nhịp chấm gần đây, vòng này dự kiến xong ngày %(day)s, kịp hạn.", day=day))
        case Outlook.LATE if day:
            return str(_("Với nhịp chấm gần đây, vòng này dự kiến xong ngày %(day)s, sau hạn.", day=day))
        case Outlook.LATE:
            return str(_("Với nhịp chấm gần đây, vòng này không kịp hạn."))
        case Outlook.STALLED:
            return str(_("Có giám khảo bảy ngày qua không xong phiếu nào nên chưa nói được ngày xong."))
        case _:
            return str(_("Chưa đủ dữ liệu để dự kiến ngày xong của cả vòng."))


def outlook_words(found: Forecast) -> str:
    """What is foretold of one judge, in a few words."""
    words = _few_words(found)
    if found.is_borrowed and found.outlook in {Outlook.IN_TIME, Outlook.LATE}:
        words = str(_("%(words)s (theo nhịp chung)", words=words))
    return words


def _few_words(found: Forecast) -> str:
    day = "" if found.day is None else date(found.day, locale())
    match found.outlook:
        case Outlook.DONE:
            return str(_("Đã xong"))
        case Outlook.WAITING:
            return str(_("Chờ duyệt bản ẩn danh"))
        case Outlook.IN_TIME:
            return day
        case Outlook.LATE:
            return str(_("%(day)s, sau hạn", day=day)) if day else str(_("Không kịp hạn"))
        case Outlook.STALLED:
            return str(_("Bảy ngày qua chưa xong phiếu nào"))
        case _:
            return str(_("Chưa đủ dữ liệu"))
