"""Small values this room hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an entrant holds in hand: the entry's code, the receipt's code, the hash of what was handed in.

    `number` is the version (1 is the first), `at` the instant it was fixed (UTC).
    """

    code: str
    receipt: str
    sha256: str
    number: int
    at: datetime
