"""Column types that keep values exact on SQLite and PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, String, Text
from sqlalchemy.types import TypeDecorator

from core.kernel.security import cipher


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC datetime. A naive one is refused, never guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with a fixed number of places, stored as a scaled integer. What does not fit is refused."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int = 2) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not isinstance(value, Decimal):
            raise TypeError(f"an exact decimal is wanted, not {type(value).__name__}")
        scaled = value.scaleb(self.places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-self.places)


class JsonDoc(TypeDecorator[Any]):
    """A JSON document: plain `JSON` on both databases, so that what is read is what was written.

    `names_contents`: digests of stored contents stand in it, which are kept for its sake (`core.kernel.contents`).
    `none_as_null`: None is no document and not the document `null`.
    """

    impl = JSON
    cache_ok = True

    def __init__(self, *, names_contents: bool = False, none_as_null: bool = False) -> None:
        super().__init__(none_as_null=none_as_null)
        self.names_contents = names_contents


class ContentDigest(TypeDecorator[str]):
    """The SHA-256 (hexadecimal) of a content in the file store, which is kept as long as a row names it here.

    A digest of anything else is a plain `String(64)`.
    """

    impl = String(64)
    cache_ok = True


class EncryptedText(TypeDecorator[str]):
    """Text that lies encrypted in the database, under a key of this installation for `purpose` alone.

    The same text never looks the same twice, so a column of it is neither searched nor unique: what has to be found
    again keeps a `keyed_digest` beside it. Reading under another SECRET_KEY raises ValueError.
    """

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else cipher(f"column:{self.purpose}").encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return cipher(f"column:{self.purpose}").decrypt(value.encode()).decode()
        except InvalidToken as error:
            raise ValueError(f"{self.purpose} was encrypted under another SECRET_KEY") from error
