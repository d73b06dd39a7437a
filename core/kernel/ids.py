"""Identifiers: UUIDv7 keys for rows, short codes for people."""

from __future__ import annotations

import random
import secrets
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

# No 0/O, 1/I/L: a receipt code is read aloud over the telephone and typed back from paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then random bits.

    A key is no secret: its bits come from the process's generator, which each fork seeds anew. Asking the system for
    every key would let go of the interpreter's lock several times a request.
    """
    return _uuid7(time.time_ns() // 1_000_000, random.getrandbits(80))


def uuid7_from(instant: datetime) -> UUID:
    """The smallest key that a row made at `instant` or later can have; rows made before have smaller ones."""
    return _uuid7((instant - _EPOCH) // timedelta(milliseconds=1), 0)


def _uuid7(milliseconds: int, tail: int) -> UUID:
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | tail
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def token() -> str:
    """A secret of 256 bits in URL-safe characters (session ids, links)."""
    return secrets.token_urlsafe(32)


def spoken_code(length: int = 10) -> str:
    """A random code for people: `length` characters out of 31 that cannot be mistaken for each other."""
    return _drawn(CODE_ALPHABET, length)


def digits(length: int = 6) -> str:
    """A random one-time code of decimal digits."""
    return _drawn("0123456789", length)


def _drawn(alphabet: str, length: int) -> str:
    """`length` characters of `alphabet`, all words equally likely; the system is asked once."""
    number = secrets.randbelow(len(alphabet) ** length)
    drawn = []
    for _ in range(length):
        number, place = divmod(number, len(alphabet))
        drawn.append(alphabet[place])
    return "".join(drawn)
