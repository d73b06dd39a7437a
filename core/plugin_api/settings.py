"""Settings of a plugin: a marshmallow schema in which every field has a default, a help text and an
origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from core.plugin_api.values import Text


def about(label: Text, help_text: Text, *, official: bool) -> dict[str, Any]:
    """The metadata every settings field carries.

    `official` is True when the default value is stated by a document of the contest, False for an
    illustration.
    """
    return {"label": label, "help": help_text, "official": official}


class Exact(fields.Decimal):
    """A decimal given as text or whole number; a binary float is refused, since it may not be what was
    written.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(as_string=True, **settings)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Decimal:
        if isinstance(value, (float, bool)):
            raise ValidationError('Viết số thập phân trong dấu nháy, ví dụ "0.5".')
        return super()._deserialize(value, attr, data, **kwargs)


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


def is_illustration(schema: type[PluginSettings], values: Mapping[str, object], key: str) -> bool:
    """Whether the value of setting `key` must be shown with "minh họa".

    It is when no document states the default, or the value is no longer the documented default, unless the
    committee named the setting in `confirmed`. KeyError for a setting the schema does not have.
    """
    declared = schema().fields[key]
    confirmed = values.get("confirmed", ())
    if isinstance(confirmed, (list, tuple)) and key in confirmed:
        return False
    if not declared.metadata["official"]:
        return True
    default = declared.load_default() if callable(declared.load_default) else declared.load_default
    return key in values and values[key] != default
