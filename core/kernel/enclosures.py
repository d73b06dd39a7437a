"""Files that go with letters. The outbox keeps what a file is made from, never its bytes: it is made when the letter
is sent, so that nobody waits for it, and anew at every attempt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file of a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """What a letter says of its file: `kind` names the maker, `name` the file, `source` is what the maker reads.

    `source` is plain JSON: ids and addresses, no words about people.
    """

    kind: str
    name: str
    source: Mapping[str, Any]

    def stored(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {"kind": self.kind, "name": self.name, "source": dict(self.source)}


class NotEnclosed(Exception):
    """The file could not be made now; another attempt may help."""


Maker = Callable[[Mapping[str, Any], str], bytes | None]
_makers: dict[str, tuple[str, Maker]] = {}


def encloses(kind: str, media_type: str) -> Callable[[Maker], Maker]:
    """Register what makes files of `kind` from their source, in the letter's language.

    It runs in the tenant's scope, gives None where there is nothing left to send, and raises NotEnclosed.
    """

    def register(maker: Maker) -> Maker:
        _makers[kind] = media_type, maker
        return maker

    return register


def enclosure_of(stored: Mapping[str, Any] | None, language: str) -> Enclosure | None:
    """The file of a letter; None for a letter without one. Raises NotEnclosed."""
    if stored is None or stored["kind"] not in _makers:
        return None
    media_type, maker = _makers[stored["kind"]]
    content = maker(stored["source"], language)
    return None if content is None else Enclosure(stored["name"], media_type, content)


def file_name_of(stored: Mapping[str, Any] | None) -> str:
    """What the file of a letter is called; "" for a letter without one."""
    return "" if stored is None else str(stored["name"])
