"""The parts of a dossier that are saved each by itself, and their versions: so that nobody overwrites what they have
not read.

`Entry.parts[path]` is `{"n": 3, "ops": [...], "by": "<account id>", "at": "<instant>"}`: how often the part was saved,
the ids of the last savings (a saving that is sent again is known by its id), who saved it last and when. A form carries
for each part the *stamp* of what it was served with: the version and a short hash of what stood in the control. So a
part that was not touched is not written, and one that was is written only over the version that was read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.entries.models import Entry
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of

OPS_KEPT = 8


@dataclass(frozen=True, slots=True)
class PartVersion:
    """How often a part was saved (0: never), by which of the last savings, by whom last and when (UTC, ISO 8601)."""

    number: int = 0
    ops: tuple[str, ...] = ()
    by: str = ""
    at: str = ""

    def is_newer_than(self, base: int, mine: Collection[str] = ()) -> bool:
        """Whether somebody saved since version `base`; the savings `mine` are the reader's own."""
        return self.number != base and not (self.ops and self.ops[-1] in mine)


@dataclass(frozen=True, slots=True)
class Saving:
    """One saving of one part by a browser: its id, the version that was read, and the ids of the sender's own savings
    whose answer has not come yet."""

    op: str
    base: int
    mine: tuple[str, ...] = ()


def version_of(entry: Entry, path: str) -> PartVersion:
    """The version of the part `path`."""
    held = entry.parts.get(path)
    if held is None:
        return PartVersion()
    return PartVersion(held["n"], tuple(held["ops"]), held["by"], held["at"])


def bump(entry: Entry, path: str, *, op: str | None = None, actor: Actor, now: datetime) -> int:
    """Count one more saving of the part `path`, by the saving `op`; returns its new version."""
    held = version_of(entry, path)
    # What has no id of its own still ends the row: the saving before it is no longer the last.
    ops = (*held.ops, op or "")[-OPS_KEPT:]
    stored = {"n": held.number + 1, "ops": list(ops), "by": str(actor.id), "at": now.isoformat()}
    entry.parts = {**entry.parts, path: stored}
    return held.number + 1


def stamp(version: int, shown: Any) -> str:
    """What a form carries for a part that is served in `version` showing `shown` (tidy)."""
    return f"{version}-{_digest(shown)}"


@dataclass(frozen=True, slots=True)
class Served:
    """A stamp that came back: which version the reader had, and whether the part was touched since."""

    version: int
    digest: str

    def is_untouched(self, typed: Any) -> bool:
        """Whether `typed` (tidy) is what the control was served with."""
        return self.digest == _digest(typed)


def read_stamp(words: str | None) -> Served | None:
    """The stamp in a form; None when there is none, as from a program."""
    number, dash, digest = (words or "").partition("-")
    if not dash or not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return Served(int(number), digest)


def _digest(shown: Any) -> str:
    return sha256_of({"shown": shown})[:12]
