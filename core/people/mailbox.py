"""The mailbox of a demonstration: no letter leaves it, so a visitor finds the code of a sign-up here."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request

from core.kernel.errors import NotFound
from core.kernel.web import Access, allows
from core.people.queries import newest_letters

blueprint = Blueprint("mailbox", __name__)


@blueprint.get("/hop-thu")
@allows(Access.PUBLIC)
def index() -> str:
    """The newest letters, of everybody or `?to=` one address; in production there is no such page."""
    if not current_app.config["BANGVANG"].is_demonstration:
        raise NotFound
    to = request.args.get("to", "").strip().lower()[:254]
    return render_template("people/mailbox.html", letters=newest_letters(to), to=to)
