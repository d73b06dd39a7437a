"""What a judge types: points the Vietnamese way, cleaned and refused with a sentence at the field."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, ValidationError, fields

from core.judging.merging import Change
from core.judging.points import fault, points_of
from core.kernel.errors import Invalid
from core.kernel.text import clean
from core.plugin_api import Criterion, Round

PREFIX = "score_"
BASE = "base_"
REMARK_CHARS = 4000


@dataclass(frozen=True, slots=True)
class TypedSheet:
    """A sheet as typed: the criteria that were sent (None: left blank), the remark if it was, the revision seen.

    `base` is what the page was served with, of a page that says so: then `scores` holds only what was touched.
    """

    scores: Mapping[str, Decimal | None]
    remark: str | None
    revision: int
    base: Mapping[str, Decimal | None]
    base_remark: str | None


class Points(fields.Field[Decimal | None]):
    """Points on one criterion; blanks are none, "18,5" and "18.5" the same."""

    def __init__(self, criterion: Criterion) -> None:
        super().__init__(allow_none=True)
        self.criterion = criterion

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Decimal | None:
        return typed_points(self.criterion, value if isinstance(value, str) else str(value))


def typed_points(criterion: Criterion, text: str) -> Decimal | None:
    """The points that somebody typed for a criterion, None for blanks; raises ValidationError with a sentence."""
    try:
        points = points_of(text)
    except ValueError as error:
        raise ValidationError(_("Điểm phải là một số, ví dụ 18 hoặc 18,5.")) from error
    sentence = None if points is None else fault(criterion, points)
    if sentence is not None:
        raise ValidationError(sentence)
    return points


class _Sheet(Schema):
    class Meta:
        """A form carries more than its fields (the CSRF token, the button that was pressed)."""

        unknown = EXCLUDE

    remark = fields.String(load_default=None)
    base_remark = fields.String(load_default=None)
    revision = fields.Integer(load_default=0)


def read_sheet(judging_round: Round, form: Mapping[str, str]) -> TypedSheet:
    """The sheet in `form`; criteria that were not sent stay out. Raises Invalid (`score_<key>` → sentences)."""
    inputs: dict[str, Any] = {PREFIX + one.key: Points(one) for one in judging_round.criteria}
    schema = _Sheet.from_dict(inputs)()
    try:
        loaded: dict[str, Any] = schema.load(dict(form))
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"": error.messages}
        raise Invalid({str(key): [str(one) for one in value] for key, value in messages.items()}) from error
    scores = {key.removeprefix(PREFIX): value for key, value in loaded.items() if key.startswith(PREFIX)}
    base = _base_in(judging_round, form)
    touched = {key: points for key, points in scores.items() if key not in base or base[key] != points}
    remark, base_remark = loaded["remark"], loaded["base_remark"]
    if remark is not None and base_remark is not None and clean(remark) == clean(base_remark):
        remark = None
    return TypedSheet(touched, remark, loaded["revision"], base, base_remark)


def _base_in(judging_round: Round, form: Mapping[str, str]) -> dict[str, Decimal | None]:
    base: dict[str, Decimal | None] = {}
    for one in judging_round.criteria:
        with suppress(KeyError, ValueError):
            base[one.key] = points_of(form[BASE + one.key])
    return base


class _Change(Schema):
    class Meta:
        """A page of another version may send more."""

        unknown = EXCLUDE

    revision = fields.Integer(required=True, strict=True)
    scores = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    base = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    remark = fields.String(load_default=None)
    base_remark = fields.String(load_default=None)


_CHANGE = _Change()


def read_change(judging_round: Round, body: Any) -> tuple[Change, dict[str, list[str]]]:
    """The change in a JSON `body`, and what does not pass and is left out of it: `score_<key>` or `remark` → sentences.

    Raises Invalid when the body has not the right shape.
    """
    try:
        sent: dict[str, Any] = _CHANGE.load(body if isinstance(body, dict) else {})
        base = {key: points_of(text) for key, text in sent["base"].items()}
    except (ValidationError, ValueError) as error:
        raise Invalid.one("", _("Trang này đã cũ. Bạn hãy tải lại trang rồi gõ tiếp.")) from error
    criteria = {one.key: one for one in judging_round.criteria}
    scores: dict[str, Decimal | None] = {}
    errors: dict[str, list[str]] = {}
    for key, text in sent["scores"].items():
        try:
            if key not in criteria:
                raise ValidationError(_("Phiếu chấm không có tiêu chí này."))
            scores[key] = typed_points(criteria[key], text)
        except ValidationError as error:
            errors[PREFIX + key] = [str(one) for one in error.messages]
    remark, known = (None if sent[name] is None else clean(sent[name]) for name in ("remark", "base_remark"))
    if remark is not None and len(remark) > REMARK_CHARS:
        errors["remark"] = [_("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=REMARK_CHARS)]
        remark = None
    return Change(scores, remark, sent["revision"], base, known), errors
