"""The honours board of a published edition, as the home page shows it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.results.queries import publication_of
from core.results.reading import honours, is_illustrative


def is_published(edition: EditionView) -> bool:
    """Whether the edition's result is public. One query."""
    return publication_of(edition.id) is not None


def board_note(edition: EditionView) -> str | None:
    """The line under the board where tiers or quotas are not from a document of the contest."""
    return _("Cơ cấu giải, mức điểm có phần minh họa; xem Thể lệ.") if is_illustrative(edition) else None


def board_of(edition: EditionView) -> list[dict[str, Any]]:
    """Tiers from the highest with their laureates, as macros/honours.html takes them; empty before publication."""
    return [
        {
            "name": tier.name,
            "note": None,
            "laureates": [
                {
                    "names": work.names,
                    "title": work.title,
                    "unit": work.unit,
                    "href": url_for("gallery.entry", code=work.code) if work.is_public else None,
                }
                for work in tier.works
            ],
        }
        for tier in honours(edition)
    ]
