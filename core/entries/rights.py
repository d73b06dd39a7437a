"""What an account that does not own a dossier may do with it; each level holds the ones before it."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """A level of right to somebody else's dossier."""

    VIEW = "view"
    EDIT = "edit"
    SUBMIT = "submit"

    def covers(self, wanted: Right) -> bool:
        """Whether who holds this level may do what `wanted` allows."""
        levels = tuple(Right)
        return levels.index(self) >= levels.index(wanted)
