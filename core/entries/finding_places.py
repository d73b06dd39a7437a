"""Where a finding of a later room is mended: that room registers the address for the field that it names."""

from __future__ import annotations

from collections.abc import Callable

from core.entries.models import Entry

_places: dict[str, Callable[[Entry], str]] = {}


def mended_at(field: str, address: Callable[[Entry], str]) -> None:
    """Findings at `field` are mended on the page that `address` gives for their dossier."""
    _places[field] = address


def place_of(entry: Entry, field: str | None) -> str | None:
    """The address for a finding at `field`, or None when it is mended in the form of the dossier."""
    found = _places.get(field or "")
    return None if found is None else found(entry)
