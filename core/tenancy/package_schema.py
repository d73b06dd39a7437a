"""The shape of `tenant.toml`, `units.toml` and `news.toml`: marshmallow schemas that refuse unknown keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from core.plugin_api.values import Text
from core.tenancy import package_values as values

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
SLUG = validate.Regexp(
    re.compile(r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$"), error="phải là chữ thường không dấu, số, gạch nối"
)
LABEL = validate.Regexp(
    re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"), error="phải là một nhãn tên miền"
)
COLOUR = validate.Regexp(re.compile(r"^#[0-9a-f]{6}$"), error="phải có dạng #rrggbb, chữ thường")
PREFIX = validate.Regexp(re.compile(r"^[A-Z]{2,6}$"), error="phải gồm 2 đến 6 chữ in hoa")
POSITIVE = validate.Range(min=1, error="phải là số nguyên dương")


class _Strict(Schema):
    class Meta:
        unknown = RAISE


class Day(fields.Field[date]):
    """A TOML local date."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> date:
        if isinstance(value, datetime) or not isinstance(value, date):
            raise ValidationError("phải là một ngày, viết như 2025-11-20")
        return value


class LocalTime(fields.Field[datetime]):
    """A TOML local date and time of the province; comes back as a UTC instant."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> datetime:
        if not isinstance(value, datetime) or value.tzinfo is not None:
            raise ValidationError("phải là ngày giờ tại địa phương, viết như 2025-11-20T17:00:00")
        return value.replace(tzinfo=LOCAL).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The UTC instant of the local midnight that begins `day`."""
    return datetime.combine(day, time.min, tzinfo=LOCAL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The UTC instant of the local midnight that ends `day`: the exclusive end of "hết ngày"."""
    return start_of(day + timedelta(days=1))


def words(*, required: bool = True) -> Any:
    """A `{vi = …, en = …}` table."""
    if required:
        return fields.Nested(TextSchema, required=True)
    return fields.Nested(TextSchema, load_default=None)


def string(*, required: bool = True, check: Any = None) -> Any:
    """A string that is not empty; None when it may be left out and is."""
    checks = [validate.Length(min=1, error="không được để trống"), *([check] if check else [])]
    if required:
        return fields.String(required=True, validate=checks)
    return fields.String(load_default=None, validate=checks)


def mark() -> Any:
    """One of exact, inferred, illustration."""
    return fields.Enum(values.Mark, by_value=True, required=True)


def settings() -> Any:
    """A table of each plugin's settings; the plugins' own schemas check the values."""
    return fields.Dict(keys=fields.String(), values=fields.Dict(keys=fields.String()), load_default=dict)


class TextSchema(_Strict):
    vi = string()
    en = string()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> Text:
        return Text(vi=data["vi"].strip(), en=data["en"].strip())


class OpensSchema(_Strict):
    on = Day()
    at = LocalTime()
    mark = mark()
    source = words()

    @validates_schema
    def one_of_them(self, data: Mapping[str, object], **_: object) -> None:
        if ("on" in data) == ("at" in data):
            raise ValidationError("cần đúng một trong hai khóa: on (từ đầu ngày) hoặc at (ngày giờ)", "on")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.Boundary:
        instant = start_of(data["on"]) if "on" in data else data["at"]
        return values.Boundary(instant, data["mark"], data["source"])


class ClosesSchema(_Strict):
    until_end_of = Day()
    at = LocalTime()
    mark = mark()
    source = words()

    @validates_schema
    def one_of_them(self, data: Mapping[str, object], **_: object) -> None:
        if ("until_end_of" in data) == ("at" in data):
            raise ValidationError(
                "cần đúng một trong hai khóa: until_end_of (hết ngày) hoặc at (ngày giờ)", "until_end_of"
            )

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.Boundary:
        last = data.get("until_end_of")
        instant = data["at"] if last is None else end_of(last)
        return values.Boundary(instant, data["mark"], data["source"], last)


class PhaseSchema(_Strict):
    kind = fields.Enum(values.PhaseKind, by_value=True, required=True)
    name = words()
    opens = fields.Nested(OpensSchema, required=True)
    closes = fields.Nested(ClosesSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.PhasePackage:
        return values.PhasePackage(**data)


class CommitteeSchema(_Strict):
    size = fields.Integer(required=True, strict=True, validate=POSITIVE)
    mark = mark()
    source = words()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.CommitteePackage:
        return values.CommitteePackage(**data)


class ReportSchema(_Strict):
    before_day = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, 31, error="phải là ngày từ 1 đến 31")
    )
    mark = mark()
    source = words()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.ReportPackage:
        return values.ReportPackage(**data)


class DemonstrationSchema(_Strict):
    starts_at = LocalTime(required=True)
    shows = words()
    entries = fields.Integer(required=True, strict=True, validate=POSITIVE)
    judges = fields.Integer(required=True, strict=True, validate=POSITIVE)
    voters = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, error="không được âm"))
    seed = fields.Integer(required=True, strict=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.DemonstrationPackage:
        return values.DemonstrationPackage(**data)


class EditionSchema(_Strict):
    key = string(check=SLUG)
    ordinal = fields.Integer(required=True, strict=True, validate=POSITIVE)
    name = words()
    short_name = words()
    years = fields.List(
        fields.Integer(strict=True),
        required=True,
        validate=validate.Length(min=1, error="cần ít nhất một năm"),
    )
    lead = words()
    phases = fields.List(fields.Nested(PhaseSchema), required=True)
    settings = settings()
    committee = fields.Nested(CommitteeSchema, required=True)
    report = fields.Nested(ReportSchema, load_default=None)
    demonstration = fields.Nested(DemonstrationSchema, required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.EditionPackage:
        data["years"] = tuple(data["years"])
        data["phases"] = tuple(data["phases"])
        return values.EditionPackage(**data)


class DocumentSchema(_Strict):
    key = string(check=SLUG)
    kind = words()
    number = string(required=False)
    issued = Day(load_default=None)
    date_note = words(required=False)
    issuer = words()
    title = words()
    editions = fields.List(fields.String(), required=True)
    official = fields.Boolean(required=True)
    legal_basis = fields.Boolean(required=True)
    source = words()
    url = string(required=False)

    @validates_schema
    def dated(self, data: Mapping[str, object], **_: object) -> None:
        if data.get("issued") is None and data.get("date_note") is None:
            raise ValidationError("văn bản không có ngày thì cần date_note nói rõ", "issued")

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.DocumentPackage:
        data["editions"] = tuple(data["editions"])
        return values.DocumentPackage(**data)


class ContactSchema(_Strict):
    agency = words()
    office = words(required=False)
    address = words(required=False)
    phone = string(required=False)
    email = fields.Email(load_default=None)
    website = string(required=False)
    source = words()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.ContactPackage:
        return values.ContactPackage(**data)


class PaletteSchema(_Strict):
    accent = string(check=COLOUR)
    accent_strong = string(check=COLOUR)
    accent_soft = string(check=COLOUR)
    on_accent = string(check=COLOUR)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.Palette:
        return values.Palette(**data)


class ColoursSchema(_Strict):
    light = fields.Nested(PaletteSchema, required=True)
    dark = fields.Nested(PaletteSchema, required=True)


class MergerSchema(_Strict):
    on = Day(required=True)
    into = words()
    note = words()
    source = words()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.MergerPackage:
        return values.MergerPackage(**data)


class TenantSchema(_Strict):
    """`tenant.toml`; comes back as a mapping that the loader completes with pages, news and units."""

    slug = string(check=SLUG)
    code_prefix = string(check=PREFIX)
    province = words()
    name = words()
    short_name = words()
    host_label = string(check=LABEL)
    language = fields.String(
        load_default="vi", validate=validate.OneOf(("vi", "en"), error="phải là vi hoặc en")
    )
    plugins = fields.List(
        fields.String(), required=True, validate=validate.Length(min=1, error="cần ít nhất một plugin")
    )
    pages = fields.List(fields.String(validate=SLUG), required=True)
    contact = fields.Nested(ContactSchema, required=True)
    colours = fields.Nested(ColoursSchema, required=True)
    merger = fields.Nested(MergerSchema, load_default=None)
    documents = fields.List(fields.Nested(DocumentSchema), required=True)
    settings = settings()
    editions = fields.List(
        fields.Nested(EditionSchema),
        required=True,
        validate=validate.Length(min=1, error="cần ít nhất một lần tổ chức"),
    )


class NewsItemSchema(_Strict):
    slug = string(check=SLUG)
    on = Day(required=True)
    month_only = fields.Boolean(load_default=False)
    edition = string()
    title = words()
    body = words()
    source = words()

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.NewsPackage:
        return values.NewsPackage(**data)


class NewsSchema(_Strict):
    """`news.toml`."""

    news = fields.List(fields.Nested(NewsItemSchema), required=True)


class TargetSchema(_Strict):
    edition = string()
    minimum = fields.Integer(required=True, strict=True, validate=POSITIVE)
    joint = fields.Boolean(load_default=False)
    mark = mark()
    source = words()
    note = words(required=False)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> values.TargetPackage:
        return values.TargetPackage(**data)


class UnitSchema(_Strict):
    code = string(check=SLUG)
    name = string()
    since = Day(load_default=None)
    until = Day(load_default=None)


class UnitGroupSchema(_Strict):
    key = string(check=SLUG)
    name = words()
    kind = string(check=SLUG)
    mark = mark()
    source = words()
    since = Day(load_default=None)
    until = Day(load_default=None)
    province_code = fields.Integer(load_default=None, strict=True, validate=POSITIVE)
    target = fields.Nested(TargetSchema, load_default=None)
    units = fields.List(fields.Nested(UnitSchema), load_default=list)

    @validates_schema
    def one_source(self, data: Mapping[str, object], **_: object) -> None:
        if bool(data.get("units")) == (data.get("province_code") is not None):
            raise ValidationError("cần đúng một trong hai: danh sách units hoặc province_code", "units")


class UnitsSchema(_Strict):
    """`units.toml`."""

    groups = fields.List(fields.Nested(UnitGroupSchema), required=True)
