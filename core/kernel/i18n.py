"""Which language a reader gets: Vietnamese, unless `?lang=en` or its cookie says English.

Source strings are Vietnamese. The English catalogue is `core/translations/en/LC_MESSAGES/messages.po`; it is compiled
into the data folder when the process starts, so that no compiled file is kept in the repository.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel

from core.kernel.clock import LOCAL

LOCALES = ("vi", "en")
COOKIE = "lang"
CATALOGUES = Path(__file__).resolve().parents[1] / "translations"


def locale() -> str:
    """The language of this request: "vi" or "en"."""
    if not has_request_context():
        return "vi"
    if "locale" not in g:
        asked = request.args.get("lang") or request.cookies.get(COOKIE) or "vi"
        g.locale = asked if asked in LOCALES else "vi"
    return str(g.locale)


def N_(text: str) -> str:  # noqa: N802 - the mark that babel's extractor looks for
    """`text` itself, collected for the catalogue; whoever shows it to people translates it then."""
    return text


def init_i18n(app: Flask) -> None:
    """Attach the catalogues and remember a choice of language made in the address."""
    compiled = compile_catalogues(Path(app.config["BANGVANG_VAR"]) / "cache" / "translations")
    Babel(
        app,
        default_locale="vi",
        default_timezone=LOCAL.key,
        default_translation_directories=str(compiled),
        locale_selector=locale,
    )

    @app.after_request
    def remember(response: Response) -> Response:
        if request.args.get("lang") in LOCALES:
            response.set_cookie(COOKIE, locale(), max_age=365 * 86400, samesite="Lax", httponly=True)
        return response


def compile_catalogues(target: Path, sources: Path = CATALOGUES) -> Path:
    """Compile every catalogue of the folder `sources` that is newer than its compiled form below `target`.

    Returns `target`.
    """
    for source in sources.glob("*/LC_MESSAGES/messages.po"):
        compiled = target / source.relative_to(sources).with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        partial = compiled.with_suffix(".part")
        partial.write_bytes(_compiled(source, source.stat().st_mtime_ns))
        partial.replace(compiled)
    return target


@cache
def _compiled(source: Path, changed: int) -> bytes:
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parts[-3])
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()
