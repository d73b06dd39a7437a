"""The templates of a plugin: its own folder and the few of the core that are published, in an environment of its own.

A plugin's template sees what its view gave it and a handful of names, and neither the request, nor the configuration,
nor the words of the core. What it says is put into the core's frame as finished parts, so that it cannot change the
masthead, the menu or another plugin's page.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext, ngettext, npgettext, pgettext
from flask_wtf.csrf import generate_csrf
from jinja2 import BaseLoader, Environment, FileSystemLoader, FunctionLoader, Template
from jinja2.loaders import ChoiceLoader
from jinja2.utils import Namespace
from markupsafe import Markup

from core.extensions.translations import folder_of, words_of
from core.kernel.static import static_url
from core.plugin_api import Plugin

PARTS = ("title", "heading", "lead", "actions", "content", "aside")
"""The blocks of `plugin.html`."""


def is_published(name: str) -> bool:
    """Whether a template of the core may be extended or imported by plugins."""
    return name == "plugin.html" or (name.startswith("macros/") and ".." not in name)


class PluginEnvironment(Environment):
    """Where one plugin's templates are compiled: the core's published names come first and cannot be replaced."""

    def __init__(self, plugin: Plugin) -> None:
        core = current_app.jinja_env
        super().__init__(
            loader=ChoiceLoader([_published(core), *_own(plugin)]),
            extensions=["jinja2.ext.i18n"],
            autoescape=True,
            auto_reload=current_app.debug,
        )
        self.filters.update(core.filters)
        self.globals.update(static_url=static_url, csrf_token=generate_csrf)
        bound: Any = self
        bound.install_gettext_callables(
            gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
        )
        self._words = words_of(plugin)

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:  # noqa: A002
        """The core's macros speak the core's words, the plugin's templates the plugin's."""
        own = {} if is_published(name) else self._words
        return super()._load_template(name, {**(globals or {}), **own})


def _published(core: Environment) -> BaseLoader:
    def load(name: str) -> tuple[str, str | None, Any] | None:
        if not is_published(name) or core.loader is None:
            return None
        return core.loader.get_source(core, name)

    return FunctionLoader(load)


def _own(plugin: Plugin) -> list[BaseLoader]:
    folder = folder_of(plugin, "templates")
    return [] if folder is None else [FileSystemLoader(folder)]


def render_page(
    plugin: Plugin, template: str, values: Mapping[str, Any], *, given: Mapping[str, Any], frame: str
) -> str:
    """A page of `plugin`: its `template` with `values` and what the core gives, in the core's `frame`.

    A template that does not extend `plugin.html` is the content as it stands.
    """
    parts = Namespace()
    said = _environment(plugin).get_template(template).render({**values, **given, "page_parts": parts})
    found = {name: getattr(parts, name, "") for name in PARTS}
    if not hasattr(parts, "content"):
        title = given["page_title"]
        found |= {"title": title, "heading": title, "content": Markup(said)}  # noqa: S704 - escaped as it was rendered
    return render_template("extensions/page.html", frame=frame, parts=found)


def _environment(plugin: Plugin) -> PluginEnvironment:
    """The plugin's environment in this application, made at its first page."""
    held: dict[tuple[str, str, str], PluginEnvironment] = current_app.extensions.setdefault(
        "plugin_templates", {}
    )
    key = (plugin.info.name, plugin.info.version, plugin.package)
    if key not in held:
        held[key] = PluginEnvironment(plugin)
    return held[key]
