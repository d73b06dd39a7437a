"""One schema for a dossier, built from the plugins' form: the HTML form, the JSON API and later the import use it.

What it loads: `{"title", "field", "unit", "authors": [{"name", "role", "birth_year", "workplace"}], "facts": {…}}`,
every part optional, because a draft may be half done; what is required is asked by `services.check`. Numbers are
strings with a decimal point, money is whole đồng, days and months are ISO, a table is a list of mappings. Error keys
are paths: `title`, `authors.0.name`, `facts.tom_tat`, `facts.loi_ich.0.so_tien`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _
from marshmallow import RAISE, Schema, ValidationError, fields, pre_load
from marshmallow.validate import Length, OneOf, Range

from core.contests.values import EditionView
from core.kernel.counting import count_words
from core.kernel.i18n import N_
from core.kernel.text import clean, clean_line
from core.plugin_api import AuthorRole, FieldKind, FormColumn, FormField

TITLE_CHARS = 500
TEXT_CHARS = 500
LONG_TEXT_CHARS = 100_000
MONEY_MAX = 10**15
AUTHORS_MAX = 30
ROWS_MAX = 30
CELL_CHARS = 300

_NOT_TEXT = N_("Mục này phải là chữ.")
_EMPTY = N_("Mục này không được để trống.")
_UNKNOWN = N_("Mục này không có trong hồ sơ.")
_MONTH = re.compile(r"[1-9]\d{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What passed, as plain values ready to store, and what did not: path → sentences."""

    data: dict[str, Any]
    errors: dict[str, list[str]]


def load_dossier(edition: EditionView, data: Mapping[str, Any]) -> Loaded:
    """`data` by the schema of `edition`: the parts that pass, and the errors of the others."""
    schema = dossier_schema(edition)
    try:
        return Loaded(schema.load(dict(data)), {})
    except ValidationError as error:
        valid = error.valid_data if isinstance(error.valid_data, dict) else {}
        return Loaded(valid, flat_errors(_messages(error)))


def load_part(edition: EditionView, path: str, data: Mapping[str, Any]) -> Loaded:
    """`data` of the one part `path`, without building the schema of the whole form: it is saved while people type."""
    head, _dot, key = path.partition(".")
    asked = edition.rules.form_field(key) if head == "facts" else None
    if asked is not None and asked.kind is FieldKind.FILES:
        asked = None
    field = _core_parts(edition).get(path) if head != "facts" else fact_field(asked) if asked else None
    if field is None:
        return Loaded({}, {path: [_(_UNKNOWN)]})
    value = data["facts"][key] if asked else data[path]
    try:
        read = field.deserialize(value)
    except ValidationError as error:
        messages = error.messages
        told = messages if isinstance(messages, Mapping) else {"_schema": messages}
        return Loaded({}, flat_errors(told, path))
    return Loaded({"facts": {key: read}} if asked else {path: read}, {})


def _core_parts(edition: EditionView) -> dict[str, fields.Field[Any]]:
    return {
        "title": Line(TITLE_CHARS),
        "field": Choice([one.key for one in edition.rules.entry_fields()], allow_none=True),
        "unit": Line(200, allow_none=True),
        "authors": fields.List(
            fields.Nested(AuthorSchema()),
            validate=Length(max=AUTHORS_MAX, error=_("Tối đa %(most)s tác giả.", most=AUTHORS_MAX)),
            error_messages={"invalid": N_("Danh sách tác giả chưa đúng dạng.")},
        ),
    }


def _messages(error: ValidationError) -> Mapping[Any, Any]:
    return error.messages if isinstance(error.messages, Mapping) else {"": error.messages}


def dossier_schema(edition: EditionView) -> Schema:
    """The schema of a dossier of `edition`."""
    asked = [one for section in edition.rules.dossier_form() for one in section.fields]
    facts = {one.key: fact_field(one) for one in asked if one.kind is not FieldKind.FILES}
    parts = _core_parts(edition) | {"facts": fields.Nested(_made(facts, "Facts"))}
    return _made(parts, "Dossier")


def _made(parts: dict[str, fields.Field[Any]], name: str) -> Schema:
    # Not registered by name: each edition has its own.
    made = cast(Callable[[], Schema], type(name, (_Strict,), {"Meta": _Made, **parts}))
    return made()


def fact_field(asked: FormField) -> fields.Field[Any]:
    """The schema field of one question of the plugins."""
    makers: dict[FieldKind, Callable[[], fields.Field[Any]]] = {
        FieldKind.TEXT: lambda: Line(asked.max_chars or TEXT_CHARS, allow_none=True),
        FieldKind.LONG_TEXT: lambda: Paragraphs(
            asked.max_chars or LONG_TEXT_CHARS, max_words=asked.max_words, allow_none=True
        ),
        FieldKind.CHOICE: lambda: Choice([one.key for one in asked.choices], allow_none=True),
        FieldKind.NUMBER: lambda: ExactNumber(allow_none=True),
        FieldKind.MONEY: lambda: Money(allow_none=True),
        FieldKind.DATE: lambda: Day(allow_none=True),
        FieldKind.MONTH: lambda: Month(allow_none=True),
        FieldKind.CHECK: lambda: Box(allow_none=True),
        FieldKind.TABLE: lambda: TableRows(asked.columns, asked.max_rows or ROWS_MAX, allow_none=True),
    }
    return makers[asked.kind]()


def cell_field(column: FormColumn) -> fields.Field[Any]:
    """The schema field of one cell of a table."""
    if column.kind is FieldKind.MONEY:
        return Money(allow_none=True)
    if column.kind is FieldKind.NUMBER:
        return ExactNumber(allow_none=True)
    return Line(column.max_chars or CELL_CHARS, allow_none=True)


def flat_errors(messages: Mapping[Any, Any], path: str = "") -> dict[str, list[str]]:
    """Nested marshmallow messages as path → sentences; what is about a whole part stands under its own path."""
    flat: dict[str, list[str]] = {}
    for key, value in messages.items():
        here = path if key == "_schema" else f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping):
            for inner, sentences in flat_errors(value, here).items():
                flat.setdefault(inner, []).extend(sentences)
        else:
            flat.setdefault(here, []).extend(_(str(one)) for one in value)
    return flat


class _Strict(Schema):
    """Unknown keys are refused in words."""

    class Meta:
        unknown = RAISE

    # marshmallow reads this from the class.
    error_messages = {"unknown": _UNKNOWN, "type": N_("Dữ liệu gửi lên chưa đúng dạng.")}  # noqa: RUF012


class _Made(_Strict.Meta):
    register = False


class Line(fields.String):
    """One line, cleaned; "" when empty."""

    def __init__(self, max_chars: int, *, allow_none: bool = False) -> None:
        super().__init__(allow_none=allow_none, error_messages={"invalid": _NOT_TEXT, "null": _EMPTY})
        self.max_chars = max_chars

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return self._within(clean_line(super()._deserialize(value, attr, data, **kwargs)))

    def _within(self, words: str) -> str:
        if len(words) > self.max_chars:
            over = len(words) - self.max_chars
            raise ValidationError(
                _(
                    "Nội dung dài %(count)s ký tự, tối đa %(most)s; cần bớt %(over)s.",
                    count=len(words),
                    most=self.max_chars,
                    over=over,
                )
            )
        return words


class Paragraphs(Line):
    """Text of several lines, kept as typed save for marks that nobody sees."""

    def __init__(self, max_chars: int, *, max_words: int | None = None, allow_none: bool = False) -> None:
        super().__init__(max_chars, allow_none=allow_none)
        self.max_words = max_words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        words = self._within(clean(fields.String._deserialize(self, value, attr, data, **kwargs)))
        count = count_words(words) if self.max_words else 0
        if self.max_words and count > self.max_words:
            raise ValidationError(
                _(
                    "Nội dung dài %(count)s từ, tối đa %(most)s; cần bớt %(over)s từ.",
                    count=count,
                    most=self.max_words,
                    over=count - self.max_words,
                )
            )
        return words


class Choice(fields.Field[Any]):
    """One of the given keys; None when nothing is chosen."""

    def __init__(self, keys: list[str], *, allow_none: bool = False) -> None:
        super().__init__(allow_none=allow_none)
        self.keys = frozenset(keys)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or value not in self.keys:
            raise ValidationError(_("Lựa chọn không có trong danh sách."))
        return value


class ExactNumber(fields.Field[Any]):
    """A number as its exact text ("12.5"); whole numbers of JSON are taken, floats are not."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        words = _digits(value)
        if words == "":
            return None
        if words is None or not re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,10})?", words):
            raise ValidationError(_("Bạn hãy nhập một số, ví dụ 12,5."))
        return format(Decimal(words), "f")


class Money(fields.Field[Any]):
    """Whole đồng, 0 to 10^15, as an integer."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | None:
        words = _digits(value)
        if words == "":
            return None
        if words is None or not re.fullmatch(r"-?[0-9]{1,30}", words):
            raise ValidationError(_("Bạn hãy nhập số tiền bằng đồng, chỉ gồm chữ số, ví dụ 25.000.000."))
        if not 0 <= int(words) <= MONEY_MAX:
            raise ValidationError(_("Số tiền phải từ 0 đến 1.000.000.000.000.000 đồng."))
        return int(words)


class ShareField(fields.Field[Any]):
    """A share in percent: above 0, to 100, at most two decimals, as an exact Decimal; None when empty.

    "33,34", "33.34" and "33,34 %" are the same; a number of JSON is taken when it is whole.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Decimal | None:
        words = (_digits(value) or "?") if value not in (None, "") else ""
        words = words.removesuffix("%").strip()
        if words == "":
            return None
        found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,9}))?", words)
        if found is None:
            raise ValidationError(_("Bạn hãy ghi tỷ lệ phần trăm, ví dụ 40 hoặc 33,34."))
        whole, part = found[1], (found[2] or "").rstrip("0")
        if len(part) > 2:
            raise ValidationError(_("Tỷ lệ có nhiều nhất hai chữ số sau dấu phẩy, ví dụ 33,34."))
        share = Decimal(f"{whole}.{part or '0'}")
        if not 0 < share <= 100:
            raise ValidationError(_("Tỷ lệ từ 0,01 đến 100."))
        return share


class Day(fields.Field[Any]):
    """A day as "YYYY-MM-DD"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        try:
            return datetime.strptime(str(value).strip(), "%Y-%m-%d").date().isoformat()  # noqa: DTZ007
        except ValueError:
            raise ValidationError(_("Bạn hãy nhập ngày có thật, ví dụ 20/11/2025.")) from None


class Month(fields.Field[Any]):
    """A month as "YYYY-MM"."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str | None:
        if value == "":
            return None
        if not isinstance(value, str) or not _MONTH.fullmatch(value.strip()):
            raise ValidationError(_("Bạn hãy nhập tháng và năm, ví dụ 04/2025."))
        return value.strip()


class Box(fields.Boolean):
    """A box that is ticked or not."""

    def __init__(self, *, allow_none: bool = False) -> None:
        super().__init__(
            allow_none=allow_none, error_messages={"invalid": N_("Mục này chỉ nhận có hoặc không.")}
        )


class TableRows(fields.Field[Any]):
    """The rows of a table as mappings column key → value; what is empty is left out, rows and cells alike."""

    def __init__(self, columns: tuple[FormColumn, ...], max_rows: int, *, allow_none: bool = False) -> None:
        super().__init__(allow_none=allow_none)
        self.cells = {one.key: cell_field(one) for one in columns}
        self.max_rows = max_rows

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[dict[str, Any]]:
        if value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise ValidationError(_("Bảng chưa đúng dạng."))
        if len(value) > self.max_rows:
            raise ValidationError(
                _("Bảng có %(count)s dòng, tối đa %(most)s dòng.", count=len(value), most=self.max_rows)
            )
        rows, wrong = [], {}
        for index, row in enumerate(value):
            read, errors = self._row(row)
            if errors:
                wrong[index] = errors
            if read:
                rows.append(read)
        if wrong:
            raise ValidationError(cast("dict[str, Any]", wrong))
        return rows

    def _row(self, row: Mapping[Any, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
        read: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for key, value in row.items():
            cell = self.cells.get(key)
            if cell is None:
                errors[str(key)] = [_UNKNOWN]
                continue
            try:
                found = cell.deserialize(value)
            except ValidationError as error:
                errors[str(key)] = [str(one) for one in error.messages]
                continue
            if found not in (None, ""):
                read[key] = found
        return read, errors


def _digits(value: object) -> str | None:
    """A JSON string or whole number as text; None for anything else (a float is not exact)."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value).strip()


class AuthorSchema(_Strict):
    """One author; a row without a name is left out by the service."""

    name = Line(200)
    role = fields.String(
        validate=OneOf([str(one) for one in AuthorRole], error=N_("Vai trò không có trong danh sách.")),
        load_default=str(AuthorRole.MEMBER),
        error_messages={"invalid": N_("Vai trò không có trong danh sách.")},
    )
    birth_year = fields.Integer(
        strict=True,
        allow_none=True,
        load_default=None,
        validate=Range(1900, 2100, error=N_("Năm sinh gồm bốn chữ số, từ 1900.")),
        error_messages={"invalid": N_("Năm sinh gồm bốn chữ số, ví dụ 1985.")},
    )
    workplace = Line(300)
    share = ShareField(allow_none=True)

    @pre_load
    def _read_year(self, data: Any, **kwargs: Any) -> Any:
        """A form sends the year as text."""
        if not isinstance(data, Mapping):
            return data
        year = data.get("birth_year")
        if isinstance(year, str):
            words = year.strip()
            read: Any = int(words) if re.fullmatch(r"[0-9]{4}", words) else (None if not words else "?")
            return {**data, "birth_year": read}
        return data
