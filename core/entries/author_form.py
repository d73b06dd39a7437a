"""The list of authors as a form without JavaScript: rows as typed, and what the pressed button does to them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext as _

from core.entries.author_pages import share_typed
from core.entries.author_schema import PARTS
from core.entries.schemas import AUTHORS_MAX
from core.entries.services import equal_shares
from core.kernel.text import clean_line
from core.plugin_api import AuthorPolicy, AuthorRole


def most_of(policy: AuthorPolicy) -> int:
    """How many authors the page lets add."""
    return min(policy.max_authors or AUTHORS_MAX, AUTHORS_MAX)


def labels(count: int) -> dict[str, str]:
    """What each control is called, by path, for the list of errors."""
    known = {"authors": _("Tác giả")}
    for place in range(count):
        who = _("Tác giả thứ %(number)s", number=place + 1)
        known |= {f"authors.{place}.{part}": who for part in PARTS}
    return known


def pressed(do: str) -> tuple[str, int | None]:
    """What the pressed button says, and the row it stands in: "up-2" → ("up", 2)."""
    action, dash, number = do.rpartition("-")
    return (action, int(number)) if dash and number.isdigit() and len(number) < 3 else (do, None)


def read_rows(form: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows as they were typed, in their order; an id that is none is left out."""
    rows = []
    for place in range(AUTHORS_MAX + 1):
        if f"authors.{place}.name" not in form:
            continue
        row = {part: form.get(f"authors.{place}.{part}", "") for part in PARTS}
        row["role"] = row["role"] or str(AuthorRole.MEMBER)
        try:
            row["id"] = str(UUID(row["id"])) if row["id"] else ""
        except ValueError:
            row["id"] = ""
        rows.append(row)
    return rows


def changed(rows: list[dict[str, str]], action: str, place: int | None) -> list[dict[str, str]]:
    """The rows after the pressed button: one taken out or moved, or the shares made equal."""
    if action == "split":
        named = [row for row in rows if clean_line(row["name"])]
        for row, share in zip(named, equal_shares(len(named)), strict=True):
            row["share"] = share_typed(share)
        return rows
    if place is None or place >= len(rows):
        return rows
    if action == "remove":
        return [row for number, row in enumerate(rows) if number != place]
    other = {"up": place - 1, "down": place + 1}.get(action, -1)
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows
