"""The panels of plugins in the named slots of the core's pages.

A page says `{% with slot = "home" %}{% include "parts/panels.html" %}{% endwith %}`. Panels come from the rules alone,
so they cost no query and may stand in kept pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import structlog
from flask import Flask, g
from markupsafe import Markup

from core.contests.values import EditionView
from core.kernel.i18n import locale
from core.kernel.markdown import to_html
from core.plugin_api import Clause, Panel

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel in the reader's language: its heading, its body as clean HTML, and the clause behind it."""

    key: str
    title: str
    body: Markup
    clause: Clause | None


def init_panels(app: Flask) -> None:
    """Give the templates of `app` the function `panels_in`."""
    app.jinja_env.globals["panels_in"] = panels_in


def panels_in(slot: str) -> tuple[PanelView, ...]:
    """The panels of `slot` for this request's edition and reader; none where there is no edition."""
    edition: EditionView | None = g.get("edition")
    return () if edition is None else panels_of(edition, slot, locale())


def panels_of(edition: EditionView, slot: str, language: str) -> tuple[PanelView, ...]:
    """The panels of `slot`, in order. One that cannot be shown is recorded and left out; the page goes on."""
    return tuple(
        made for one in edition.rules.panels(slot) if (made := _made(edition, one, language)) is not None
    )


def _made(edition: EditionView, panel: Panel, language: str) -> PanelView | None:
    try:
        body = _html(panel.body.in_(language))
        return PanelView(panel.key, panel.title.in_(language), body, edition.rules.clause(panel.clause))
    except Exception:
        log.exception("plugin_panel_failed", panel=str(panel.key), tenant=edition.tenant, edition=edition.key)
        return None


@lru_cache(maxsize=512)
def _html(source: str) -> Markup:
    return Markup(to_html(source))  # noqa: S704 - cleaned by nh3
