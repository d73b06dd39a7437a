"""The platform's own page on the bare host: which contests run here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for

from core.kernel.clock import real_now
from core.kernel.i18n import locale
from core.kernel.web import Access, allows
from core.publishing.contests import demo_accounts, tenant_cards
from core.tenancy.resolver import PLATFORM, slug_of

blueprint = Blueprint("platform", __name__)

HOMES = {True: "platform.home", False: "publishing.home"}


@blueprint.app_url_value_preprocessor
def choose_home(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Lead `/` to the platform's page on the bare host and to the contest's on a tenant's: one address, two views.

    Runs before everything else of a request, so tenancy and permissions see the view that will answer.
    """
    if endpoint not in HOMES.values():
        return
    base = current_app.config["BANGVANG"].base_host
    wanted = HOMES[slug_of(request.host, base) == PLATFORM]
    if endpoint != wanted:
        request.url_rule = next(current_app.url_map.iter_rules(wanted))


@blueprint.get("/", endpoint="home")
@allows(Access.PUBLIC, platform=True)
def home() -> str:
    """The contests of this installation, each with its phase and the way to its own site."""
    is_demonstration = current_app.config["BANGVANG"].is_demonstration
    cards = tenant_cards(request.scheme, request.host, locale(), now=real_now())
    return render_template(
        "platform/home.html",
        cards=cards,
        groups=demo_accounts(current_app.extensions.get("demo_accounts"), cards) if is_demonstration else [],
        is_demonstration=is_demonstration,
        console=url_for("console.index"),
    )
