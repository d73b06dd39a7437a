"""What a contest asks of the authors of an entry as a group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Confirmation(StrEnum):
    """What an author who has not confirmed name, part and share means for handing in."""

    OFF = "off"
    """Nobody is asked to confirm."""
    WARN = "warn"
    """The entrant is told, and may hand in."""
    BLOCK = "block"
    """The dossier cannot be handed in."""


@dataclass(frozen=True, slots=True)
class AuthorPolicy:
    """How many authors an entry may have, whether their shares are asked, and whether each must confirm.

    `max_authors` None means that the rules set no number. With `shares` each author has a share in percent, and the
    shares of an entry add up to exactly 100. `illustrated` names those of the three values that no document of the
    contest states; pages mark them "minh họa".
    """

    max_authors: int | None = None
    shares: bool = False
    confirmation: Confirmation = Confirmation.WARN
    clause: str | None = None
    illustrated: tuple[str, ...] = ()
