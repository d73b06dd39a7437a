"""A draw that anybody can repeat: the order in which the entries of a round are presented. Pure.

The seed is SHA-256 over one line each of: `bangvang.draw/1`, the contest's address word, the key of the edition, that
of the round, the head of the audit log (hexadecimal) at the moment the draw was announced, and what was said in public
afterwards (such as the day's lottery number; empty where nothing was). Nobody knows the head before it is announced,
nor who announces it what will be said after it.

The entries, sorted by code, are shuffled from the last place down (Durstenfeld's form of the Fisher-Yates shuffle): at
place i one of the places 0 to i is taken, by the numbers that SHA-256 over seed and a counter gives. A number that
would favour some places is thrown away (rejection sampling), so each order is as likely as any other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FORMAT = "bangvang.draw/1"
_BYTES = 8


@dataclass(frozen=True, slots=True)
class DrawInputs:
    """What a draw is made from; whoever has these and the codes gets the same order."""

    tenant: str
    edition: str
    round: str
    log_head: str
    said: str = ""

    @property
    def seed(self) -> bytes:
        """The 32 bytes of the draw. Raises ValueError for a line break in a part: the lines would not be told apart."""
        lines = (FORMAT, self.tenant, self.edition, self.round, self.log_head, self.said)
        if any("\n" in line for line in lines):
            raise ValueError("a part of a draw is one line")
        return hashlib.sha256("\n".join(lines).encode()).digest()


def drawn_order(inputs: DrawInputs, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in the order of the draw; in whatever order they are given. Raises ValueError for a code twice."""
    order = sorted(codes)
    if len(set(order)) < len(order):
        raise ValueError("an entry stands twice in a draw")
    numbers = _numbers(inputs.seed)
    for place in range(len(order) - 1, 0, -1):
        taken = _below(place + 1, numbers)
        order[place], order[taken] = order[taken], order[place]
    return tuple(order)


def _numbers(seed: bytes) -> Iterator[int]:
    """Whole numbers below 2**64: the first 8 bytes of SHA-256 over seed and counter (8 bytes, big-endian) from 0."""
    counter = 0
    while True:
        digest = hashlib.sha256(seed + counter.to_bytes(_BYTES, "big")).digest()
        yield int.from_bytes(digest[:_BYTES], "big")
        counter += 1


def _below(most: int, numbers: Iterator[int]) -> int:
    """A number from 0 to `most` - 1: the first below the largest multiple of `most`, modulo `most`."""
    limit = (1 << 8 * _BYTES) // most * most
    return next(number for number in numbers if number < limit) % most
