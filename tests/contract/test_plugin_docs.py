"""The pages for plugin authors run: the tutorial word for word, every sample of the recipes, every signature."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from core.entries.tables import sums_of
from core.extensions.jobs import queue_of, register_jobs
from core.extensions.tables import stores_of
from core.kernel.db import tenant_scope
from core.plugin_api import (
    API_VERSION,
    Author,
    Entry,
    JobRequest,
    Plugin,
    PluginInfo,
    PluginSettings,
    Ranked,
    Sheet,
    Text,
    hook_infos,
)
from core.plugin_host import Host, Rules, default_host, rules_for
from core.plugin_kit.kit import edition_problems
from tests.support.app import client_of
from tests.support.databases import Template
from tests.support.factories import World, view
from tests.support.installation import HOUSE, Installation, make_installation
from tests.support.people import sign_in
from tests.support.plugin_tables import own_copy, packaged, raise_tables
from tests.support.plugins import enable, installed
from tests.support.postgres import DatabaseUrls, PostgresServer
from tests.unit.plugin_host.samples import edition_on

PAGES = HOUSE / "docs" / "plugins"
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>\w+): (?P<target>[^\n]+?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what the comment before it says of it, and its text."""

    kind: str
    mark: str
    target: str
    text: str


def blocks_of(page: str) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    text = (PAGES / page).read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        yield Block(found["kind"], found["mark"] or "", found["target"] or "", found["text"])


def change(file: Path, diff: str) -> None:
    """Apply one hunk: the lines without `+` stand in the file exactly once and become the lines without `-`."""
    lines = [line if line else " " for line in diff.splitlines()]
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name}: {text.count(old)} places for\n{old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def follow(block: Block, house: Installation) -> None:
    """Do what a block of the tutorial says."""
    file = house.folder / block.target
    if block.mark == "file":
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
    elif block.mark == "append":
        file.write_text(f"{file.read_text(encoding='utf-8')}\n\n{block.text}", encoding="utf-8")
    elif block.mark == "change":
        change(file, block.text)
    else:
        assert block.kind == "sh", block
        for line in block.text.splitlines():
            call(line, house)


def call(line: str, house: Installation) -> None:
    """Run one command of a page; it has to end well."""
    words = shlex.split(line)
    at = house.folder
    if words[0] == "cd":
        at, words = house.folder / words[1], words[3:]
    if words[0].endswith(".venv/bin/bangvang"):
        # The whole kit is run by test_cli_plugins_new; here its quick way is enough.
        quick = ("--quick",) if words[1:3] == ["plugins", "check"] else ()
        done = house.bangvang(*words[1:], *quick)
    else:
        assert words[:3] == ["../../.venv/bin/python", "-m", "pytest"], line
        done = house.pytest(at, "--bangvang-quick")
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


@pytest.mark.timeout(300)
def test_tutorial_leads_from_a_new_plugin_to_a_verified_edition(tmp_path: Path) -> None:
    house = make_installation(tmp_path)
    for block in blocks_of("tutorial.md"):
        follow(block, house)

    (bundle,) = (tmp_path / "var" / "rehearsals").rglob("*.zip")
    assert house.bangvang("verify", str(bundle)).returncode == 0


# -- recipes -----------------------------------------------------------------------------------------------------------

RECIPES = {block.target: block.text for block in blocks_of("recipes.md") if block.mark == "recipe"}
TEMPLATES = {block.target: block.text for block in blocks_of("recipes.md") if block.mark == "template"}
INFO = PluginInfo("vi_du", "1.0.0", Text("Ví dụ", "Example"), (API_VERSION, "2.0"))


@cache
def sample(name: str) -> ModuleType:
    """The module that a recipe is."""
    module = ModuleType(f"recipe_{name}")
    exec(compile(RECIPES[name], f"recipes.md: {name}", "exec"), module.__dict__)  # noqa: S102 - our own page
    return module


def plugin_of(*names: str) -> Plugin:
    """A plugin of the samples and of the clauses that they cite."""
    parts = [sample(name) for name in dict.fromkeys(("clauses", *names))]
    settings = next((vars(part)["Settings"] for part in parts if "Settings" in vars(part)), PluginSettings)
    return Plugin(
        INFO,
        tuple(parts),
        settings,
        pages=tuple(page for part in parts for page in vars(part).get("PAGES", ())),
        tables=tuple(table for part in parts for table in vars(part).get("TABLES", ())),
        jobs=tuple(job for part in parts for job in vars(part).get("JOBS", ())),
    )


def rules_of(*names: str) -> Rules:
    """The rules of a sample edition on these samples."""
    host = Host.of(plugin_of(*names))
    return rules_for(edition_on(host, "vi_du"), host=host)


def entry(code: str, *born: int | None) -> Entry:
    return Entry(
        code, None, code, authors=tuple(Author(f"{code}-{n}", "member", year) for n, year in enumerate(born))
    )


def ranked(*totals: str) -> tuple[Ranked, ...]:
    return tuple(Ranked(place, f"M-{place}", Decimal(total)) for place, total in enumerate(totals, start=1))


def test_every_python_sample_of_the_recipes_is_named_and_so_run() -> None:
    named = [block.mark == "recipe" for block in blocks_of("recipes.md") if block.kind == "python"]
    assert len(RECIPES) == len(named)
    assert all(named)


@pytest.mark.parametrize("name", RECIPES)
def test_sample_conforms(name: str) -> None:
    host = Host.of(plugin_of(name))
    rules = rules_for(edition_on(host, "vi_du"), host=host)
    assert edition_problems(rules, host=host) == ()


def test_sample_of_a_wrapper_adds_its_question_at_the_end() -> None:
    before, after = rules_of("clauses").dossier_form(), rules_of("form_wrapper").dossier_form()
    assert after[:-1] == before[:-1]
    assert [one.key for one in after[-1].fields] == [*(one.key for one in before[-1].fields), "cam_ket"]


def test_sample_of_a_table_sums_its_money() -> None:
    (section,) = rules_of("form_table").dossier_form()
    (costs,) = section.fields
    assert sums_of([{"so_tien": 900_000}, {"vat_tu": "Tôn", "so_tien": 1}], costs) == {"so_tien": 900_001}


def test_sample_of_two_rounds_lets_fifty_points_into_the_final() -> None:
    first, final = rules_of("two_rounds").rounds()
    assert (first.threshold, first.deciding, final.deciding, final.maximum) == (
        Decimal(50),
        False,
        True,
        Decimal(100),
    )


def test_sample_of_vote_points_is_a_share_of_the_most_votes() -> None:
    rules = rules_of("vote_points")
    criterion = rules.deciding_round().criteria[0].key
    codes = ("M-1", "M-2", "M-3")
    sheets = [Sheet("hoi_dong", "J1", code, {criterion: Decimal(60)}) for code in codes]
    jury = rules.aggregate_sheets(rules.deciding_round(), sheets)
    parts = {
        one.key: one for one in rules.score_components(map(entry, codes), jury, {"M-1": 300, "M-2": 101})
    }
    assert [str(parts["vote"].scores[code]) for code in codes] == ["20.0", "6.7", "0.0"]
    assert set(parts) == {"jury", "vote"}


def test_sample_of_bands_reads_them_from_the_settings() -> None:
    host = Host.of(plugin_of("bands"))
    rules = rules_for(edition_on(host, "vi_du", given={"vi_du": {"band_ba": "65"}}), host=host)
    assert [(one.minimum, one.official) for one in rules.award_scheme().tiers] == [
        (Decimal(90), True),
        (Decimal(80), True),
        (Decimal(70), True),
        (Decimal(65), False),
    ]


def test_sample_of_quotas_sends_who_finds_a_tier_full_to_the_next() -> None:
    rules = rules_of("quotas")
    given = rules.allocate(rules.award_scheme(), ranked("91", "88", "75", "74", "10"))
    assert [one.tier for one in given.proposals] == ["nhat", "nhi", "nhi", "khuyen_khich", "khuyen_khich"]


def test_sample_of_tie_breaks_names_the_first_criterion() -> None:
    assert [one.criterion for one in rules_of("tie_breaks", "two_rounds").tie_breaks()] == [None, "tinh_moi"]


def test_sample_of_the_oldest_author_leaves_equals_to_the_committee() -> None:
    rules = rules_of("oldest_author")
    one = rules.special_awards([entry("M-1", 1950, None), entry("M-2", 1990, 1944)], ranked("70", "60"), ())
    assert ([proposal.entry for proposal in one.proposals], one.undecided) == (["M-2"], ())
    two = rules.special_awards([entry("M-1", 1944), entry("M-2", 1944)], ranked("70", "60"), ())
    assert (two.proposals, two.undecided) == ((), ("M-1", "M-2"))


def test_sample_of_a_check_blocks_six_authors() -> None:
    found = rules_of("check").check_entries([entry("M-1", *[1980] * 5), entry("M-2", *[1980] * 6)])
    assert [(one.entry, str(one.severity)) for one in found] == [("M-2", "block")]


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def extended(tmp_path: Path, database: DatabaseUrls, world: World) -> Iterator[World]:
    """The samples of pages, panel, table, job and document in one plugin, enabled for the first tenant alone."""
    samples = plugin_of("page", "panel", "table", "job", "document")
    for packed in packaged(samples, tmp_path):
        templates = tmp_path / packed.package / "templates"
        templates.mkdir()
        for name, text in TEMPLATES.items():
            (templates / name).write_text(text, encoding="utf-8")
        assert raise_tables(packed, database) == ()
        with installed(packed):
            register_jobs([packed])
            with world.app.app_context():
                enable(world.first, "vi_du")
            yield world


def test_samples_of_pages_answer_where_they_are_enabled(extended: World) -> None:
    first, second = client_of(extended.app, "motmot"), client_of(extended.app, "haihai")
    shown = first.get("/p/vi_du/linh-vuc/nuoc")
    assert shown.status_code == 200
    assert "Nước sạch</h1>" in shown.text
    assert "Sáng kiến của lĩnh vực này được chấm" in shown.text
    assert first.get("/p/vi_du/linh-vuc/khac").status_code == 404
    assert second.get("/p/vi_du/linh-vuc/nuoc").status_code == 404


def test_samples_of_table_and_job_store_once_refuse_in_words_and_forget(extended: World) -> None:
    client = client_of(extended.app, "motmot")
    sign_in(client, "tacgia@example.vn")
    assert client.get("/p/vi_du/dang-ky").status_code == 200
    refused = client.post("/p/vi_du/dang-ky", data={"dien_thoai": "09x"})
    assert (refused.status_code, 'value="09x"' in refused.text) == (422, True)
    for _ in range(2):
        assert client.post("/p/vi_du/dang-ky", data={"dien_thoai": "0912345678"}).status_code == 303

    plugin = default_host().plugin("vi_du")
    (job,) = plugin.jobs
    with extended.app.app_context(), tenant_scope(extended.first.id):
        rows = stores_of(plugin)["dang_ky"]
        assert [row.values["dien_thoai"] for row in rows.find()] == ["0912345678"]
        (written,) = [row.values["luc"] for row in rows.find()]
        assert isinstance(written, datetime)
        edition = view(extended.first).values
        for days, left in ((89, 1), (91, 0), (91, 0)):
            job.run(
                JobRequest(edition, written + timedelta(days=days), {}, stores_of(plugin), queue_of(plugin))
            )
            assert rows.count() == left


def test_samples_of_panel_and_document_are_heard() -> None:
    rules = rules_of("panel", "document")
    assert [one.key for one in rules.panels("dossier")] == ["nhac_nho"]
    assert [(one.key, one.per_entry) for one in rules.documents()] == [("phieu", True)]


# -- every page --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md")))
def test_python_of_every_page_compiles_and_imports_what_exists(page: str) -> None:
    for block in blocks_of(page):
        if block.kind != "python" or page == "hooks.md":
            continue
        tree = ast.parse(block.text)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "core":
                module = importlib.import_module(node.module)
                assert {one.name for one in node.names} <= set(dir(module)), f"{page}: {ast.unparse(node)}"


def test_every_page_is_listed_by_the_index() -> None:
    index = (PAGES / "index.md").read_text(encoding="utf-8")
    for page in sorted(PAGES.glob("*.md")):
        assert page.name == "index.md" or f"({page.name})" in index, page.name
        assert page.name == "index.md" or f"\n{page.stem}\n" in index.partition("{toctree}")[2], page.name


def test_every_hook_is_used_by_the_scaffold_or_a_recipe() -> None:
    written = "\n".join(RECIPES.values()) + "".join(
        file.read_text(encoding="utf-8") for file in (HOUSE / "core" / "scaffold" / "files").rglob("*.jinja")
    )
    assert {name for name in hook_infos() if f"\ndef {name}(" not in written} == set()
