"""Every shipped plugin against the conformance kit, and the kit against plugins that do not conform."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from core.plugin_api import (
    Edition,
    Plugin,
    PluginInfo,
    PluginSettings,
    Text,
    settings_fields,
)
from core.plugin_host import (
    Host,
    PluginUnavailable,
    installed_plugins,
    plugin_refs,
    resolve_settings,
    rules_for,
)
from core.plugin_host.discovery import settings_gaps
from core.plugin_kit.kit import CHECKS, Kit, edition_problems
from core.plugin_kit.subject import with_needs
from tests.unit.plugin_host.samples import edition_on, sample
from tests.unit.plugins.editions import all_editions

ROOT = Path(__file__).resolve().parents[2]
EDITIONS = all_editions()
PLUGINS = tuple(one.plugin for one in installed_plugins() if one.plugin is not None)


def _named(edition: Edition) -> str:
    return f"{edition.tenant}-{edition.key}"


def _plugin_name(plugin: Plugin) -> str:
    return plugin.info.name


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_shipped_plugins_conform(edition: Edition) -> None:
    assert edition_problems(rules_for(edition)) == ()


def test_defaults_alone_conform() -> None:
    host = Host.of()

    assert edition_problems(rules_for(edition_on(host), host=host), host=host) == ()


@pytest.mark.parametrize("plugin", PLUGINS, ids=_plugin_name)
def test_every_setting_has_default_label_help_and_origin(plugin: Plugin) -> None:
    assert settings_gaps(plugin.settings) == ()
    for declared in settings_fields(plugin.settings).values():
        for words in (declared.metadata["label"], declared.metadata["help"]):
            assert words.vi.strip()
            assert words.en.strip()


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_every_clause_that_the_code_of_the_checks_names_exists(edition: Edition) -> None:
    rules = rules_for(edition)
    known = {one.key for one in rules.clauses()}
    forms = {one.key for section in rules.dossier_form() for one in section.fields}

    for ref in edition.plugins:
        for check, clause, field in _findings_in_code(ref.name):
            assert clause in known, check
            assert field is None or field in forms, check


def _findings_in_code(plugin: str) -> list[tuple[str, str, str | None]]:
    """Check, clause and form field of every `Finding(…)` whose parts are written as literals."""
    found = []
    for path in (ROOT / "plugins" / plugin).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding"
            ):
                continue
            literal = [part.value if isinstance(part, ast.Constant) else None for part in node.args]
            field = literal[5] if len(literal) > 5 else None
            found.append((str(literal[1]), str(literal[4]), None if field is None else str(field)))
    return found


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_every_clause_names_its_document_and_place(edition: Edition) -> None:
    for clause in rules_for(edition).clauses():
        for words in (clause.document, clause.article, clause.text):
            assert words.vi.strip()
            assert words.en.strip()


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_every_question_and_criterion_cites_a_clause(edition: Edition) -> None:
    rules = rules_for(edition)

    assert all(one.clause for section in rules.dossier_form() for one in section.fields)
    assert all(one.clause and one.description for judged in rules.rounds() for one in judged.criteria)
    assert all(one.clause for one in rules.award_scheme().tiers)


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_official_words_have_no_exclamation_mark(edition: Edition) -> None:
    rules = rules_for(edition)
    words = [
        *(one.text for one in rules.clauses()),
        *(one.label for section in rules.dossier_form() for one in section.fields),
        *(text for one in rules.lifecycle_notices() for text in (one.subject, one.body)),
    ]

    assert [text.vi for text in words if "!" in text.vi + text.en] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_notices_hold_only_the_names_that_are_filled(edition: Edition) -> None:
    for notice in rules_for(edition).lifecycle_notices():
        for text in (notice.subject, notice.body):
            names = set(re.findall(r"\{(\w+)\}", text.vi))
            assert names <= {"edition", "from", "until", "address"}
            assert names == set(re.findall(r"\{(\w+)\}", text.en))


@pytest.mark.parametrize("edition", EDITIONS, ids=_named)
def test_notices_cover_submission_judging_and_results(edition: Edition) -> None:
    rules = rules_for(edition)
    turns = {(str(one.phase), str(one.moment)) for one in rules.lifecycle_notices()}
    expected = {
        ("submission", "opened"),
        ("submission", "closing"),
        ("judging", "opened"),
        ("results", "opened"),
    }
    if rules.vote_policy().enabled:
        expected |= {("voting", "opened"), ("voting", "closing")}

    assert turns == expected


@pytest.mark.parametrize("plugin", PLUGINS, ids=_plugin_name)
def test_each_shipped_plugin_conforms_after_those_it_requires(plugin: Plugin) -> None:
    kit = Kit(plugin.info.name, quick=True)

    assert [str(problem) for check in CHECKS for problem in kit.run(check).problems] == []


def test_plugins_that_require_each_other_are_refused() -> None:
    host = Host.of(sample("a", requires=("b",)), sample("b", requires=("a",)))

    with pytest.raises(PluginUnavailable) as refused:
        with_needs(host, "a")
    assert refused.value.message == "Các plugin cần lẫn nhau thành vòng: a → b → a."


def test_plugin_of_the_guide_runs_and_conforms(monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "plugins" / "writing-a-plugin.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(from __future__.*?)```", guide, re.DOTALL)[0]
    module = ModuleType("guide_plugin")
    monkeypatch.setitem(sys.modules, "guide_plugin", module)
    exec(compile(code, "writing-a-plugin.md", "exec"), module.__dict__)  # noqa: S102 - our own page
    host = Host.of(module.plugin)

    rules = rules_for(edition_on(host, "my_province", given={"my_province": {"points": 70}}), host=host)

    assert str(rules.deciding_round().maximum) == "70"
    assert edition_problems(rules, host=host) == ()


def test_base_settings_alone_are_complete() -> None:
    assert settings_gaps(PluginSettings) == ()
    assert PluginInfo("a", "1.0.0", Text("A"), ("1.0", "2.0")).ref.version == "1.0.0"


def test_lists_of_the_tenants_resolve() -> None:
    for names in (("thainguyen_innovation",), ("stkt_base", "backan_stkt"), ("stkt_base", "bacgiang_stkt")):
        assert [ref.name for ref in plugin_refs(names)] == list(names)
        assert set(resolve_settings(names, {})) == {"core", *names}
