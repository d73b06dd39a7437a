"""The mailbox of a demonstration, for letters and short messages."""

from __future__ import annotations

from flask import current_app, render_template, request

from core.kernel.errors import NotFound
from core.kernel.web import Access, allows
from core.people import queries
from core.people.phones import looks_like_phone, normal_phone, spoken_phone
from core.people.portal.shared import Answer, blueprint


@blueprint.get("/hop-thu")
@allows(Access.PUBLIC)
def mailbox() -> Answer:
    """The letters and short messages of a demonstration, of everybody or `?to=` one: none leaves it.

    Not there in production.
    """
    if not current_app.config["BANGVANG"].is_demonstration:
        raise NotFound
    to = request.args.get("to", "").strip().lower()[:254]
    number = normal_phone(to) if looks_like_phone(to) else None
    messages = [] if to and number is None else queries.newest_messages(number or "")
    letters = [] if number else queries.newest_letters(to)
    shown = sorted([*letters, *messages], key=lambda one: one.at, reverse=True)
    return render_template("people/mailbox.html", letters=shown, to=spoken_phone(number) if number else to)
