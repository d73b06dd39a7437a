"""What a unit types into its monthly report, cleaned and checked; a draft may leave things out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from core.kernel.errors import Invalid
from core.kernel.formats import number
from core.kernel.i18n import locale
from core.kernel.text import clean

MOST = 10_000_000
LONGEST = 5_000
COUNTS = ("events", "news", "people")
_NUMBER = re.compile(r"[0-9]{1,3}([. ][0-9]{3})+|[0-9]+")


class Count(fields.Field[int | None]):
    """A whole number from 0, thousands set off or not; None when nothing was typed."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int | None:
        typed = clean(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else "?"
        if not typed:
            return None
        if not _NUMBER.fullmatch(typed) or len(typed) > 20:
            raise ValidationError(_("Bạn hãy ghi một số nguyên từ 0 trở lên, ví dụ 12."))
        found = int(re.sub(r"[. ]", "", typed))
        if found > MOST:
            raise ValidationError(_("Số này lớn quá %(most)s, bạn hãy xem lại.", most=number(MOST, locale())))
        return found


class Paragraphs(fields.Field[str]):
    """Several lines of text, cleaned."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = clean(value) if isinstance(value, str) else ""
        if len(text) > LONGEST:
            raise ValidationError(
                _("Dài quá %(longest)s ký tự, bạn hãy viết ngắn hơn.", longest=number(LONGEST, locale()))
            )
        return text


class ReportForm(Schema):
    """The typed part of a report; the counts of dossiers are not typed."""

    class Meta:
        """A form carries more than its fields (the CSRF token, the button pressed)."""

        unknown = EXCLUDE

    events = Count(load_default=None, allow_none=True)
    news = Count(load_default=None, allow_none=True)
    people = Count(load_default=None, allow_none=True)
    activities = Paragraphs(load_default="")
    difficulties = Paragraphs(load_default="")


def load_report(
    data: Mapping[str, Any], figures: Sequence[str] = (), *, complete: bool = False
) -> dict[str, Any]:
    """The report's values; raises Invalid with the sentences of each field.

    `figures` are the names of further counts, which are asked for and told of like the others. `complete` asks for all
    that a report must hold before it is sent; what is missing is told with what is wrong.
    """
    errors: dict[str, list[str]] = {}
    try:
        loaded: dict[str, Any] = _form(figures)().load(data)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        errors = {str(key): [str(one) for one in said] for key, said in messages.items()}
        loaded = dict(error.valid_data) if isinstance(error.valid_data, dict) else {}
    if complete:
        errors = _missing(loaded, (*COUNTS, *figures)) | errors
    if errors:
        raise Invalid(errors)
    return loaded


def _form(figures: Sequence[str]) -> type[Schema]:
    counts: dict[str, Any] = {name: Count(load_default=None, allow_none=True) for name in figures}
    return type("ReportFormWithFigures", (ReportForm,), counts) if counts else ReportForm


def _missing(values: Mapping[str, Any], counts: Sequence[str]) -> dict[str, list[str]]:
    missing = {
        name: [_("Bạn hãy ghi số lượng; không có thì ghi 0.")] for name in counts if values.get(name) is None
    }
    if not values.get("activities"):
        missing["activities"] = [_("Bạn hãy ghi những việc đã làm trong tháng; chưa làm thì ghi rõ là chưa.")]
    return missing
