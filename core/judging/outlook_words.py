"""What is foretold of a round or a judge, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from core.judging.forecast import Forecast, Outlook
from core.kernel.formats import date
from core.kernel.i18n import locale


def outlook_sentence(found: Forecast) -> str:
    """What is foretold of a round, in a sentence."""
    day = "" if found.day is None else date(found.day, locale())
    match found.outlook:
        case Outlook.DONE:
            return str(_("Mọi phiếu đã xong."))
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
    day = "" if found.day is None else date(found.day, locale())
    match found.outlook:
        case Outlook.DONE:
            return str(_("Đã xong"))
        case Outlook.IN_TIME:
            return day
        case Outlook.LATE:
            return str(_("%(day)s, sau hạn", day=day)) if day else str(_("Không kịp hạn"))
        case Outlook.STALLED:
            return str(_("Bảy ngày qua chưa xong phiếu nào"))
        case _:
            return str(_("Chưa đủ dữ liệu"))
