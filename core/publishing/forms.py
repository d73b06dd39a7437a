"""The news form of the office: what was typed, what it must be, how it will look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from marshmallow.validate import Length

from core.kernel.clock import local
from core.kernel.errors import Invalid
from core.kernel.i18n import N_
from core.kernel.markdown import html_of
from core.kernel.text import clean, clean_line
from core.publishing.content import NewsDraft
from core.publishing.models import Content
from core.publishing.queries import HIDDEN_NEWS

MAX_TITLE, MAX_BODY = 200, 20_000


class NewsSchema(Schema):
    """A news item as typed: Vietnamese is required, English may follow."""

    class Meta:
        """Other fields of the form (the token, the button) are none of its business."""

        unknown = EXCLUDE

    title_vi = fields.String(
        required=True,
        validate=Length(1, MAX_TITLE, error=N_("Nhập tiêu đề, nhiều nhất 200 ký tự.")),
    )
    body_vi = fields.String(
        required=True,
        validate=Length(1, MAX_BODY, error=N_("Nhập nội dung, nhiều nhất 20.000 ký tự.")),
    )
    title_en = fields.String(
        load_default="", validate=Length(max=MAX_TITLE, error=N_("Tiêu đề tiếng Anh nhiều nhất 200 ký tự."))
    )
    body_en = fields.String(
        load_default="",
        validate=Length(max=MAX_BODY, error=N_("Nội dung tiếng Anh nhiều nhất 20.000 ký tự.")),
    )
    on = fields.Date(
        required=True, error_messages={"invalid": N_("Chọn ngày đăng theo dạng ngày/tháng/năm.")}
    )
    is_hidden = fields.Boolean(load_default=False)


@dataclass(frozen=True, slots=True)
class NewsTyped:
    """The form's values as they go back into it."""

    title_vi: str
    title_en: str
    body_vi: str
    body_en: str
    on: str
    is_hidden: bool

    @classmethod
    def blank(cls, now: datetime) -> NewsTyped:
        """A new item, dated today."""
        return cls("", "", "", "", local(now).date().isoformat(), is_hidden=False)

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> NewsTyped:
        """What was typed, cleaned of control marks."""
        return cls(
            clean_line(form.get("title_vi", "")),
            clean_line(form.get("title_en", "")),
            clean(form.get("body_vi", "")),
            clean(form.get("body_en", "")),
            clean_line(form.get("on", "")),
            is_hidden=form.get("is_hidden") == "1",
        )

    @staticmethod
    def labels() -> dict[str, str]:
        """Field → the words of its label."""
        return {
            "title_vi": _("Tiêu đề"),
            "body_vi": _("Nội dung"),
            "title_en": _("Tiêu đề tiếng Anh"),
            "body_en": _("Nội dung tiếng Anh"),
            "on": _("Ngày đăng"),
            "is_hidden": _("Chưa đăng"),
        }


def read_news(typed: NewsTyped) -> NewsDraft:
    """The draft behind the form; raises Invalid with a sentence at each wrong field."""
    values = {name: getattr(typed, name) for name in NewsSchema().fields}
    try:
        read = NewsSchema().load(values)
    except ValidationError as error:
        raise Invalid(
            {name: [_(str(one)) for one in told] for name, told in error.messages_dict.items()}
        ) from None
    return NewsDraft(
        title={"vi": read["title_vi"], "en": read["title_en"]},
        body={"vi": read["body_vi"], "en": read["body_en"]},
        on=read["on"],
        is_hidden=read["is_hidden"],
    )


def typed_news(row: Content) -> NewsTyped:
    """A stored item as the form shows it."""
    return NewsTyped(
        row.title.get("vi", ""),
        row.title.get("en", ""),
        row.body.get("vi", ""),
        row.body.get("en", ""),
        local(row.at).date().isoformat(),
        is_hidden=row.kind == HIDDEN_NEWS,
    )


def preview_of(typed: NewsTyped) -> dict[str, str]:
    """The HTML of each language as readers will see it."""
    return html_of({"vi": typed.body_vi, "en": typed.body_en})
