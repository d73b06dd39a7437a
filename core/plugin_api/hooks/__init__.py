"""The hook specifications, one module an area. Importing this package declares them all.

A hook gets frozen values and returns frozen values, for many rows at once. Implementations may leave out
arguments that they do not need. An implementation that returns None has nothing to say, and the next plugin
is asked.
"""

from __future__ import annotations

from core.plugin_api.hooks import (
    awards,
    documents,
    dossier,
    judging,
    lifecycle,
    outreach,
    pages,
    rules,
    screening,
    voting,
)

SPEC_MODULES = (rules, dossier, screening, judging, voting, awards, documents, outreach, lifecycle, pages)
"""The modules of specifications, in the order of the catalogue."""

__all__ = ["SPEC_MODULES"]
