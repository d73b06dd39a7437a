"""The public pages of a tenant."""

from __future__ import annotations

from flask import Blueprint, Response, g

from core.kernel.errors import NotFound
from core.kernel.web import Access, allows

blueprint = Blueprint("publishing", __name__)

TOKENS = (
    ("--accent", "accent"),
    ("--accent-strong", "accent_strong"),
    ("--accent-soft", "accent_soft"),
    ("--accent-ink", "on_accent"),
)


@blueprint.get("/giao-dien.css")
@allows(Access.PUBLIC)
def theme_css() -> Response:
    """The tenant's four colours for the light and the dark scheme, as custom properties."""
    profile = g.tenant.profile
    light, dark = (_tokens(profile.get(scheme) or {}) for scheme in ("light", "dark"))
    body = f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
    response = Response(body, mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/bieu-trung.svg")
@allows(Access.PUBLIC)
def emblem() -> Response:
    """The tenant's emblem."""
    drawing = g.tenant.profile.get("emblem")
    if not drawing:
        raise NotFound
    response = Response(drawing, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _tokens(palette: dict[str, str]) -> str:
    return "".join(f"{name}:{palette[key]};" for name, key in TOKENS if key in palette)
