"""What a letter of the catalogue is: its kind, and the places its text may fill in."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api import Text

LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Place:
    """A named place of a text, written `{name}`: what stands there, and an example.

    `needed`: a text without it is refused. What fills it in are words, never markup; a place for an address becomes
    a link in the HTML form.
    """

    name: str
    says: Text
    example: Text
    needed: bool = False


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One letter. `is_open`: its words are the committee's own, and its officers may read them in the outbox."""

    key: str
    name: Text
    places: tuple[Place, ...]
    is_open: bool = True

    def place(self, name: str) -> Place | None:
        """The place named `name`."""
        return next((one for one in self.places if one.name == name), None)
