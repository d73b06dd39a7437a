"""What a person typed into a form that could not be taken, to be shown and sent again: a refusal loses no word.

The sign-in may have ended while somebody was typing, the page's token may be too old, the disk full, the database
away. The answer then carries everything that was typed, in a form of its own with a fresh token and one button.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# Refusals that the same words may pass when they are sent again.
PASSING = frozenset({400, 401, 429, 500, 503, 507})
_OWN = ("csrf_token",)
_SECRET = frozenset({"current", "code", "proof_code"})


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: where to, its fields without token and files, and what of it a person would read.

    `again` is the label of the button that sends it again; empty when sending again would not help.
    """

    action: str
    fields: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    has_files: bool
    again: str


def typed_form(status: int) -> Typed | None:
    """What was typed, for the page of a refusal with `status`; None when nothing was, or it is not to be repeated.

    Only a form of ours is repeated: one that the browser says comes from a page of this host. A form with a secret in
    it (a password, a code) is not: it would stand in the page.
    """
    if request.method != "POST" or request.mimetype not in FORMS or not is_from_here():
        return None
    try:
        fields = [one for one in request.form.items(multi=True) if one[0] not in _OWN]
        has_files = any(file.filename for file in request.files.values())
    except (HTTPException, OSError):
        # The body is too large or has no room: then there is nothing that could be shown.
        return None
    if any(name in _SECRET or "password" in name for name, _value in fields):
        return None
    words = tuple(value for _name, value in fields if " " in value.strip())
    again = _("Gửi lại") if status in PASSING else ""
    return Typed(request.full_path.rstrip("?"), tuple(fields), words, has_files, again)


def is_from_here() -> bool:
    """Whether the browser says that this request comes from a page of this very host."""
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host
