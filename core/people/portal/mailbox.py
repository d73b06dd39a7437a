"""The mailbox of a demonstration."""

from __future__ import annotations

from flask import current_app, render_template, request

from core.kernel.errors import NotFound
from core.kernel.web import Access, allows
from core.people import queries
from core.people.portal.shared import Answer, blueprint


@blueprint.get("/hop-thu")
@allows(Access.PUBLIC)
def mailbox() -> Answer:
    """The letters of a demonstration, of everybody or `?to=` one address: none leaves it. Not there in production."""
    if not current_app.config["BANGVANG"].is_demonstration:
        raise NotFound
    to = request.args.get("to", "").strip().lower()[:254]
    return render_template("people/mailbox.html", letters=queries.newest_letters(to), to=to)
