"""Which language a reader gets: Vietnamese, unless `?lang=en` or its cookie says English."""

from __future__ import annotations

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel

from core.kernel.clock import LOCAL

LOCALES = ("vi", "en")
COOKIE = "lang"


def locale() -> str:
    """The language of this request: "vi" or "en"."""
    if not has_request_context():
        return "vi"
    if "locale" not in g:
        asked = request.args.get("lang") or request.cookies.get(COOKIE) or "vi"
        g.locale = asked if asked in LOCALES else "vi"
    return str(g.locale)


def init_i18n(app: Flask) -> None:
    """Attach the catalogues and remember a choice of language made in the address."""
    Babel(
        app,
        default_locale="vi",
        default_timezone=LOCAL.key,
        default_translation_directories="translations",
        locale_selector=locale,
    )

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LOCALES:
            response.set_cookie(COOKIE, locale(), max_age=365 * 86400, samesite="Lax", httponly=True)
        return response
