"""The judge's own figures beside his desk: the blueprint for the list of views."""

from __future__ import annotations

from core.judging.statistics_room import own_blueprint as blueprint

__all__ = ["blueprint"]
