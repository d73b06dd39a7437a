"""What the receiving office's states and days are called on pages, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.words import Badge
from core.intake.models import PaperArrival
from core.intake.queries import timeliness_of
from core.intake.values import ConsentKind, Standing, Timeliness, Way


@dataclass(frozen=True, slots=True)
class ArrivalWords:
    """An arrival in words: how it came, what was in it, and where its day lies to the deadline."""

    way: str
    items: str
    timely: Badge | None


def standing(value: Standing) -> Badge:
    """How a dossier stands on paper, as `ui.badge` shows it."""
    return {
        Standing.NONE: Badge("draft", _("Chưa có bản giấy")),
        Standing.PARTIAL: Badge("waiting", _("Bản giấy còn thiếu")),
        Standing.OUTDATED: Badge("held", _("Bản giấy của lần nộp trước")),
        Standing.COMPLETE: Badge("fine", _("Đã đủ bản giấy")),
    }[value]


def timely(value: Timeliness) -> Badge:
    """Where an arrival lies to the deadline."""
    return {
        Timeliness.IN_TIME: Badge("fine", _("đến trong hạn")),
        Timeliness.BY_POSTMARK: Badge("waiting", _("đến sau hạn, dấu bưu điện trong hạn")),
        Timeliness.LATE: Badge("refused", _("đến sau hạn")),
    }[value]


def ways() -> list[tuple[str, str]]:
    """How papers come, for a list."""
    return [
        (str(Way.POST), _("Qua bưu điện")),
        (str(Way.HAND), _("Nộp trực tiếp")),
        (str(Way.UNIT), _("Đơn vị chuyển đến")),
    ]


def consents() -> list[tuple[str, str, str]]:
    """How a citizen agreed, for a list, each with a note."""
    return [
        (
            str(ConsentKind.SIGNED),
            _("Ký trên giấy"),
            _("Bạn quét tờ có chữ ký và đính kèm khi ghi nhận giấy tờ."),
        ),
        (str(ConsentKind.SPOKEN), _("Đồng ý bằng lời tại nơi nhận"), _("Cần họ tên người làm chứng.")),
    ]


def consent(value: str) -> str:
    """How a citizen agreed, in words."""
    return next(label for key, label, _note in consents() if key == value)


def arrival(one: PaperArrival, edition: EditionView, titles: Mapping[str, str]) -> ArrivalWords:
    """One arrival in words; a paper that the form no longer asks for keeps its key."""
    when = timeliness_of(one, edition)
    return ArrivalWords(
        dict(ways())[one.way],
        "; ".join(titles.get(key, key) for key in one.items),
        None if when is None else timely(when),
    )
