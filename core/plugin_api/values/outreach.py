"""Figures that a unit types into its monthly report."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api.values.words import Text


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """A whole number from 0 that a unit counts itself; `unit` is what is counted ("trường", "schools").

    `key` is lower-case letters, digits and `_`; what was typed is stored under it, so it must not change.
    """

    key: str
    label: Text
    unit: Text
    help: Text | None = None
    clause: str | None = None
