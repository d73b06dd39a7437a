"""What comes in: the decision form; and what goes out to programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, Range, Regexp

from core.kernel.i18n import N_

_NEEDED: dict[str, Any] = {
    "required": N_("Cần điền mục này."),
    "invalid": N_("Cần một số nguyên."),
    "null": N_("Cần điền mục này."),
}
_DAY: dict[str, Any] = {
    "required": N_("Cần chọn ngày họp."),
    "invalid": N_("Ngày họp chưa đúng."),
    "null": N_("Cần chọn ngày họp."),
}


class DecisionForm(Schema):
    """The meeting that decided: `computation` is the number of the computation it had before it."""

    class Meta:
        """The choices of each entry are read beside this schema."""

        unknown = EXCLUDE

    computation = fields.Integer(required=True, error_messages=_NEEDED)
    members = fields.Integer(
        required=True,
        validate=Range(1, 1000, error=N_("Số thành viên Ban Tổ chức từ 1 đến 1.000.")),
        error_messages=_NEEDED,
    )
    agreed = fields.Integer(
        required=True,
        validate=Range(0, 1000, error=N_("Số người đồng ý từ 0 đến 1.000.")),
        error_messages=_NEEDED,
    )
    held_on = fields.Date(required=True, error_messages=_DAY)
    number = fields.String(
        load_default="", validate=Length(max=80, error=N_("Số văn bản không quá 80 ký tự."))
    )


class AwardedSchema(Schema):
    """One prize: `award` is "tier" or the key of a special award."""

    entry = fields.String()
    award = fields.String()
    tier = fields.String(allow_none=True)
    proposed = fields.String(allow_none=True)
    reason = fields.String()


class ResultSchema(Schema):
    """The published result: the outputs (`bangvang.outputs/1`), the decision, and where to check them."""

    tenant = fields.String()
    edition = fields.String()
    published_at = fields.AwareDateTime()
    inputs_sha256 = fields.String()
    outputs_sha256 = fields.String()
    outputs = fields.Raw(metadata={"type": "object"})
    decision = fields.Raw(metadata={"type": "object"})
    awards = fields.List(fields.Nested(AwardedSchema))
    bundle = fields.Raw(metadata={"type": "object"})


class LogHeadQuery(Schema):
    """A head of the audit log, as minutes and bundles carry it: both of its parts, or neither."""

    size = fields.Integer(
        validate=Range(0, 2**31 - 1, error=N_("Số dòng nhật ký từ 0 đến 2.147.483.647.")),
        error_messages=_NEEDED,
    )
    root = fields.String(
        validate=Regexp(
            "^[0-9a-fA-F]{64}$", error=N_("Gốc nhật ký gồm đúng 64 chữ số và chữ cái từ a đến f.")
        ),
        error_messages=_NEEDED,
    )

    @validates_schema
    def _whole(self, data: Mapping[str, Any], **_rest: Any) -> None:
        for name in {"size", "root"} - data.keys() if data else ():
            raise ValidationError(str(_NEEDED["required"]), name)


class HeadSchema(Schema):
    """How many lines, and the Merkle root over them."""

    size = fields.Integer()
    root = fields.String()


class LogHeadSchema(HeadSchema):
    """Whether the log holds the head: `verdict` is held, longer, other or changed."""

    holds = fields.Boolean()
    verdict = fields.String()
    now = fields.Nested(HeadSchema)
    consistency = fields.List(fields.String())
