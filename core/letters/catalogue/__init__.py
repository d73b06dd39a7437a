"""The letters there are: what each is for, which places its text may fill in, and an example for each place.

Each room's letters stand in a module of their own; `places` holds what several of them fill in.
"""

from __future__ import annotations

from core.letters.catalogue import accounts, data, dossiers, judging, units
from core.letters.catalogue.values import LANGUAGES, LetterKind, Place

__all__ = ["KINDS", "LANGUAGES", "LetterKind", "Place", "known_letter", "letter_kind"]

KINDS = (*dossiers.KINDS, *judging.KINDS, *units.KINDS, *data.KINDS, *accounts.KINDS)
_BY_KEY = {one.key: one for one in KINDS}


def letter_kind(key: str) -> LetterKind | None:
    """The letter named `key`; None when there is none."""
    return _BY_KEY.get(key)


def known_letter(key: str) -> LetterKind:
    """The letter named `key`. Raises LookupError: code that names a letter names one of the catalogue."""
    if key not in _BY_KEY:
        raise LookupError(f"there is no letter {key!r}")
    return _BY_KEY[key]
