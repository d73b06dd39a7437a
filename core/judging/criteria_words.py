"""Changes of criteria as sentences for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from core.kernel.formats import score
from core.kernel.i18n import locale


def change_sentences(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """One sentence a change, in the reader's language."""
    return [
        _(
            "%(round)s, “%(criterion)s”: %(what)s",
            round=_said(one["round_name"]),
            criterion=_said(one["criterion_name"]),
            what=_what(one),
        )
        for one in changes
    ]


def _what(one: Mapping[str, Any]) -> str:
    before, after = one["before"], one["after"]
    match one["what"]:
        case "added":
            return str(_("tiêu chí mới, tối đa %(after)s điểm.", after=_points(after)))
        case "removed":
            return str(_("bỏ tiêu chí này (trước tối đa %(before)s điểm).", before=_points(before)))
        case "maximum":
            return str(
                _("điểm tối đa từ %(before)s thành %(after)s.", before=_points(before), after=_points(after))
            )
        case "step":
            return str(
                _("bước điểm từ %(before)s thành %(after)s.", before=_points(before), after=_points(after))
            )
        case "name":
            return str(_("tên mới là “%(after)s”.", after=_said(after)))
        case "anchors":
            return str(
                _("các mức điểm: %(before)s → %(after)s.", before=_anchors(before), after=_anchors(after))
            )
        case _:
            return str(_("nội dung: “%(before)s” → “%(after)s”.", before=_said(before), after=_said(after)))


def _anchors(found: Iterable[Mapping[str, Any]]) -> str:
    told = [f"{_points(one['least'])}–{_points(one['most'])}: {_said(one['text'])}" for one in found]
    return "; ".join(told) or str(_("không có"))


def _said(words: Mapping[str, str] | None) -> str:
    if words is None:
        return str(_("không có"))
    return words.get(locale()) or words["vi"]


def _points(text: str) -> str:
    return score(Decimal(text), locale())
