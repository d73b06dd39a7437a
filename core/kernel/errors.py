"""What goes wrong in ways we expect: each error says what happened and what to do, in one Vietnamese sentence.

Rooms subclass `DomainError`; `kernel.problems` turns them into pages and problem documents in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, Self

from flask_babel import gettext as _

from core.kernel.formats import Bilingual


class Basis(Protocol):
    """A provision that a refusal rests on, such as `core.plugin_api.Clause`."""

    @property
    def key(self) -> str:
        """The name of its place on the rules page."""

    @property
    def document(self) -> Bilingual:
        """The document it stands in."""

    @property
    def article(self) -> Bilingual:
        """The place in the document."""

    @property
    def text(self) -> Bilingual:
        """What it says."""

    @property
    def official(self) -> bool:
        """Whether a public document states it."""


class DomainError(Exception):
    """An expected refusal. `status` is its HTTP status, `kind` the last part of its problem type.

    `clause` is the provision that a refusal by the rules of the contest rests on (see `under`): pages and problem
    documents lead to it.

    `retry_after` says in seconds when it is worth asking again; the page of an `is_plain` error is drawn without
    the frame of the tenant's pages, since what that needs is what has failed.
    """

    status = 409
    kind = "conflict"
    retry_after: int | None = None
    is_plain = False
    clause: Basis | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def under(self, clause: Basis | None) -> Self:
        """The same error, resting on `clause`; None where the rules name none."""
        self.clause = clause
        return self

    @property
    def told(self) -> str:
        """What a reader on the network is told; `message` is for logs and commands."""
        return self.message


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


class SignInNeeded(DomainError):
    """A form was sent by somebody whose sign-in has ended: the page keeps what was typed until they are back."""

    status = 401
    kind = "sign-in-needed"


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
