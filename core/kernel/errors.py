"""What goes wrong in ways we expect: each error says what happened and what to do, in one Vietnamese sentence.

Rooms subclass `DomainError`; `kernel.problems` turns them into pages and problem documents in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _


class DomainError(Exception):
    """An expected refusal. `status` is its HTTP status, `kind` the last part of its problem type."""

    status = 409
    kind = "conflict"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(DomainError):
    """It does not exist for this reader: another tenant's thing, or nobody's."""

    status = 404
    kind = "not-found"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or _("Không tìm thấy nội dung này."))


class Forbidden(DomainError):
    """It exists in this tenant, and the actor may not do this to it."""

    status = 403
    kind = "forbidden"


class Invalid(DomainError):
    """What was typed does not pass; `errors` is field → sentences. Field `""` is about the whole."""

    status = 422
    kind = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str = "") -> None:
        super().__init__(message or _("Một số mục chưa đúng, xin xem lại."))
        self.errors: dict[str, list[str]] = {key: list(value) for key, value in errors.items()}

    @classmethod
    def one(cls, field: str, sentence: str) -> Invalid:
        """The error of a single field."""
        return cls({field: [sentence]})


class WrongUse(Exception):
    """A command was used wrongly (exit 2); the text is one sentence."""
