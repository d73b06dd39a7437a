"""Identifiers: UUIDv7 keys for rows, short codes for people."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

# No 0/O, 1/I/L: a receipt code is read aloud over the telephone and typed back from paper.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562 section 5.7): 48 bits of Unix milliseconds, then random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def token() -> str:
    """A secret of 256 bits in URL-safe characters (session ids, links)."""
    return secrets.token_urlsafe(32)


def spoken_code(length: int = 10) -> str:
    """A random code for people: `length` characters out of 31 that cannot be mistaken for each other."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def digits(length: int = 6) -> str:
    """A random one-time code of decimal digits."""
    return "".join(secrets.choice("0123456789") for _ in range(length))
