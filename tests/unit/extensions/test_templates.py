"""What a plugin's template can reach: its own folder and what the core publishes, and nothing by another's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import TemplateNotFound, UndefinedError

from core.extensions.templates import PluginEnvironment
from core.plugin_api import Plugin, PluginInfo, Text
from tests.support.handbook import plugin as handbook

Render = Callable[[Mapping[str, str]], str]


@pytest.fixture
def render(fresh_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Render]:
    """Renders `main.html` of a package that holds the given templates."""
    package = tmp_path / "mau_thu"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    info = PluginInfo("mau_thu", "1.0.0", Text("Mẫu"), ("1.0", "2.0"))

    def rendered(templates: Mapping[str, str]) -> str:
        for name, source in templates.items():
            place = package / "templates" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(source, encoding="utf-8")
        environment = PluginEnvironment(Plugin(info, package="mau_thu"))
        return environment.get_template("main.html").render()

    with fresh_app.test_request_context():
        yield rendered


def test_own_template_is_included_by_its_name(render: Render) -> None:
    said = render({"main.html": '{% include "parts/mot.html" %}', "parts/mot.html": "<p>một</p>"})

    assert said == "<p>một</p>"


@pytest.mark.parametrize(
    "name",
    [
        "base.html",
        "office/index.html",
        "parts/account.html",
        "errors/404.html",
        "contents.html",
        "macros/../base.html",
    ],
)
def test_template_of_the_core_or_of_another_plugin_does_not_exist(render: Render, name: str) -> None:
    with pytest.raises(TemplateNotFound):
        render({"main.html": f'{{% include "{name}" %}}'})


def test_file_of_a_published_name_changes_nothing(render: Render) -> None:
    said = render(
        {
            "main.html": '{% import "macros/ui.html" as ui %}{{ ui.badge("fine", "Xong") }}',
            "macros/ui.html": "{% macro badge(state, label) %}của plugin{% endmacro %}",
        }
    )

    assert "state--fine" in said
    assert "của plugin" not in said


def test_configuration_and_request_are_not_there(render: Render) -> None:
    assert render({"main.html": "[{{ config }}{{ request }}{{ session }}{{ g }}{{ url_for }}]"}) == "[]"
    with pytest.raises(UndefinedError):
        render({"main.html": "{{ config.SECRET_KEY }}"})


def test_values_are_escaped_whatever_the_file_is_called(render: Render) -> None:
    assert render({"main.html": '{% include "a.txt" %}', "a.txt": "{{ '<b>' }}"}) == "&lt;b&gt;"


def test_macros_of_the_core_keep_the_cores_words(fresh_app: Flask) -> None:
    with fresh_app.test_request_context("/?lang=en"):
        environment = PluginEnvironment(handbook)
        own = environment.from_string('{% import "shared.html" as shared %}{{ shared.closing() }}').render()
        core = environment.from_string('{% import "macros/ui.html" as ui %}{{ ui.illustration() }}').render()

    assert own == "<p>End of the handbook.</p>"
    assert "illustration</span>" in core
