"""What is accepted in the list of authors: the page of authors and its save; shares typed the Vietnamese way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from marshmallow import ValidationError, fields, pre_load

from core.entries.schemas import AUTHORS_MAX, AuthorSchema, Line, ShareField, flat_errors
from core.entries.services.author_rows import AuthorLine
from core.kernel.errors import Invalid
from core.kernel.text import clean_line
from core.people.schemas import EmailLine

PARTS = ("id", "name", "role", "birth_year", "workplace", "share", "email")
_TYPED = ("name", "birth_year", "workplace", "share", "email")


class AuthorLineSchema(AuthorSchema):
    """One author on the page of authors: beside the parts of a dossier the row, the share and the address."""

    id = fields.UUID(allow_none=True, load_default=None)
    share = ShareField(allow_none=True, load_default=None)
    email = EmailLine()
    workplace = Line(300)

    @pre_load
    def _leave_out_what_is_empty(self, data: Any, **kwargs: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        return {key: value for key, value in data.items() if key not in ("id", "email") or value}


def load_lines(rows: Sequence[Mapping[str, Any]]) -> list[AuthorLine]:
    """The rows as lines, empty ones left out. Raises Invalid at `authors.<row>.<part>`, counted as they were sent."""
    if len(rows) > AUTHORS_MAX:
        raise Invalid.one("authors", _("Tối đa %(most)s tác giả.", most=AUTHORS_MAX))
    errors: dict[str, list[str]] = {}
    lines: list[AuthorLine] = []
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        if not any(clean_line(str(row.get(part) or "")) for part in _TYPED):
            continue
        try:
            loaded = AuthorLineSchema().load(row)
        except ValidationError as error:
            messages = error.messages if isinstance(error.messages, Mapping) else {"": error.messages}
            errors |= flat_errors(messages, f"authors.{place}")
            continue
        line = _line(loaded)
        if not line.name:
            errors[f"authors.{place}.name"] = [_("Bạn hãy ghi họ và tên tác giả.")]
        if line.email and line.email in seen:
            errors[f"authors.{place}.email"] = [
                _(
                    "Địa chỉ này đã ghi cho tác giả thứ %(number)s; mỗi người một địa chỉ. Người không có thư điện tử "
                    "ký trên bản giấy.",
                    number=seen[line.email] + 1,
                )
            ]
        seen.setdefault(line.email, place)
        lines.append(line)
    if errors:
        raise Invalid(errors)
    return lines


def _line(loaded: Mapping[str, Any]) -> AuthorLine:
    found: UUID | None = loaded["id"]
    share: Decimal | None = loaded["share"]
    return AuthorLine(
        name=loaded.get("name", ""),
        role=loaded["role"],
        birth_year=loaded["birth_year"],
        workplace=loaded.get("workplace", ""),
        share=share,
        email=loaded.get("email", ""),
        id=found,
    )
