"""Settings of a plugin: a marshmallow schema in which every field has a default, a help text and an origin."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validates
from marshmallow.validate import OneOf

from core.plugin_api.values import Text

_Said = dict[str, str | list[Any] | dict[Any, Any]]
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NEEDED = "Cài đặt này cần có giá trị."


def about(label: Text, help_text: Text, *, official: bool) -> dict[str, Any]:
    """The metadata every settings field carries.

    `official` is True when the default value is stated by a document of the contest, False for an
    illustration.
    """
    return {"label": label, "help": help_text, "official": official}


class Exact(fields.Decimal):
    """A decimal given as text or whole number; a binary float is refused, since it may not be what was written."""

    def __init__(self, **settings: Any) -> None:
        said: _Said = {"null": _NEEDED, "invalid": "Viết một số.", "special": "Viết một số hữu hạn."}
        super().__init__(as_string=True, error_messages=said, **settings)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Decimal:
        if isinstance(value, (float, bool)):
            raise ValidationError('Viết số thập phân trong dấu nháy, ví dụ "0.5".')
        if isinstance(value, str) and not _PLAIN_NUMBER.fullmatch(value):
            # "1e2" or other digits would be read, but nobody would see the same number in the published settings.
            raise ValidationError("Viết một số.")
        return super()._deserialize(value, attr, data, **kwargs)


class Whole(fields.Integer):
    """A whole number given as one; text and fractions are refused."""

    def __init__(self, **settings: Any) -> None:
        said: _Said = {"null": _NEEDED, "invalid": "Viết một số nguyên.", "too_large": "Số này quá lớn."}
        super().__init__(strict=True, error_messages=said, **settings)


class OneOfWords(fields.String):
    """One of a few words; anything else is refused with the list of them."""

    def __init__(self, *words: str, **settings: Any) -> None:
        listed = ", ".join(f'"{word}"' for word in words)
        said: _Said = {"null": _NEEDED, "invalid": "Viết một từ trong dấu nháy."}
        known = OneOf(words, error=f"Chọn một trong: {listed}.")
        super().__init__(validate=known, error_messages=said, **settings)


class PluginSettings(Schema):
    """Base of every plugin's settings. Unknown keys are refused; what is not given takes its default.

    Each field needs `load_default` and `metadata=about(…)`. Loading what was loaded gives the same values
    again.
    """

    class Meta:
        """Refuse what the schema does not know."""

        unknown = RAISE

    confirmed = fields.List(
        fields.String(),
        load_default=list,
        error_messages={"null": _NEEDED, "invalid": "Viết danh sách tên cài đặt."},
        metadata=about(
            Text("Giá trị đã đối chiếu", "Checked values"),
            Text(
                "Tên các cài đặt mà Ban Tổ chức đã đối chiếu với văn bản của mình; "
                "các giá trị đó không còn ghi minh họa.",
                "Names of the settings that the committee has checked against its own documents; "
                "they are no longer shown as illustrations.",
            ),
            official=True,
        ),
    )

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.error_messages = {
            **self.error_messages,
            "unknown": "Không có cài đặt này.",
            "type": "Cài đặt của một plugin là một bảng tên và giá trị.",
        }

    @validates("confirmed")
    def _only_own_settings(self, value: Sequence[str], data_key: str) -> None:
        unknown = sorted(set(value) - self.fields.keys())
        if unknown:
            raise ValidationError(f"Không có cài đặt {', '.join(unknown)}.", data_key)


@cache
def settings_fields(schema: type[PluginSettings]) -> Mapping[str, fields.Field[Any]]:
    """The fields of a settings schema by name, in the order of declaration; shared, not to be changed."""
    return schema().fields


def is_illustration(schema: type[PluginSettings], values: Mapping[str, object], key: str) -> bool:
    """Whether the value of setting `key` must be shown with "minh họa".

    It is when no document states the default, or the value is no longer the documented default, unless the
    committee named the setting in `confirmed`. KeyError for a setting the schema does not have.
    """
    declared = settings_fields(schema)[key]
    confirmed = values.get("confirmed", ())
    if key == "confirmed" or (isinstance(confirmed, (list, tuple)) and key in confirmed):
        return False
    if not declared.metadata["official"]:
        return True
    default = declared.load_default() if callable(declared.load_default) else declared.load_default
    return key in values and values[key] != default
