"""The words of a plugin's templates in another language: its own catalogue, never the core's.

A plugin's package may hold `translations/en/LC_MESSAGES/messages.po`, its source strings Vietnamese as the core's are.
It is compiled into the data folder, as the core's is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import current_app
from jinja2 import Environment

from core.kernel.i18n import LOCALES, compile_catalogues, locale
from core.plugin_api import Plugin


def folder_of(plugin: Plugin, name: str) -> Path | None:
    """The folder `name` in the plugin's package, or None when there is no such folder or no package is named."""
    found = find_spec(plugin.package) if plugin.package else None
    for place in (found.submodule_search_locations or ()) if found else ():
        if (Path(place) / name).is_dir():
            return Path(place) / name
    return None


def words_of(plugin: Plugin) -> Mapping[str, Any]:
    """The names by which a template asks for words (`_`, `gettext`, `ngettext` …), bound to the plugin's catalogue."""
    catalogues = _catalogues(plugin)

    def of(name: str) -> Callable[..., Any]:
        def said(*words: Any) -> Any:
            return getattr(catalogues[locale()], name)(*words)

        return said

    binder: Any = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    binder.install_gettext_callables(
        of("ugettext"), of("ungettext"), newstyle=True, pgettext=of("upgettext"), npgettext=of("unpgettext")
    )
    return {name: binder.globals[name] for name in ("_", "gettext", "ngettext", "pgettext", "npgettext")}


def _catalogues(plugin: Plugin) -> dict[str, NullTranslations]:
    """The plugin's catalogue in each language; where there is none, words stay as they were written."""
    sources = folder_of(plugin, "translations")
    if sources is None:
        return {language: NullTranslations() for language in LOCALES}
    cache = Path(current_app.config["BANGVANG_VAR"]) / "cache" / "translations-of-plugins"
    compiled = compile_catalogues(cache / f"{plugin.info.name}-{plugin.info.version}", sources)
    return {language: Translations.load(compiled, [language]) for language in LOCALES}
