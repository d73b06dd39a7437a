"""`bangvang plugins new`: what it writes is found, passes the kit and its own tests untouched, and can be installed."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kernel.errors import WrongUse
from core.plugin_api import PROJECT, Plugin, hook_infos
from core.plugin_host.discovery import load_distribution
from core.scaffold import name_problem, write_plugin
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.installation import Installation, make_installation
from tests.support.people import sign_in
from tests.support.plugins import enable, installed

NAME = "demo_contest"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation in which `plugins new demo_contest` has been called."""
    made = make_installation(tmp_path_factory.mktemp("house"))
    answer = made.bangvang("plugins", "new", NAME)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.splitlines()[:2] == [
        f"Written: {made.plugins / NAME}",
        f"Check it: bangvang plugins check {NAME}",
    ]
    return made


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Plugin]:
    """The new plugin with tables, imported."""
    found = load_distribution(write_plugin("mau_tam", tmp_path, with_tables=True))
    assert found.plugin is not None, found.error
    yield found.plugin
    for module in [one for one in sys.modules if one.split(".")[0] == "mau_tam"]:
        del sys.modules[module]


def test_new_plugin_is_found_at_once(house: Installation) -> None:
    listed = house.bangvang("plugins", "list")
    line = next(line for line in listed.stdout.splitlines() if line.startswith(NAME))
    assert line == f"{NAME}\t1.0.0\tCuộc thi mẫu\t{house.plugins / NAME}"
    assert listed.returncode == 0


def test_new_plugin_passes_the_check_untouched(house: Installation) -> None:
    checked = house.bangvang("plugins", "check", NAME)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    assert checked.stdout.splitlines()[-1].startswith(f"{NAME}: đạt cả ")


def test_its_own_tests_pass_and_run_the_kit(house: Installation) -> None:
    tested = house.pytest(house.plugins / NAME, "--bangvang-quick", "-vv")
    assert tested.returncode == 0, tested.stdout
    assert f"bangvang[{NAME}-determinism] PASSED" in tested.stdout
    assert "::test_of_five_sheets_the_highest_and_the_lowest_are_left_out PASSED" in tested.stdout


def test_it_implements_every_hook(written: Plugin) -> None:
    implemented = {
        name
        for part in written.hooks
        for name in dir(part)
        if hasattr(getattr(part, name), f"{PROJECT}_impl")
    }
    assert implemented == set(hook_infos())


def test_everything_it_says_is_labelled_as_invented(written: Plugin) -> None:
    fields = written.settings().fields
    assert {key for key, one in fields.items() if one.metadata["official"]} == {"confirmed"}


def test_with_tables_it_has_a_table_a_page_that_writes_and_a_job(written: Plugin) -> None:
    assert [one.name for one in written.tables] == ["gop_y"]
    assert [(one.path, one.methods) for one in written.pages if "POST" in one.methods] == [
        ("gop-y", ("GET", "POST"))
    ]
    assert [one.name for one in written.jobs] == ["don_gop_y"]


def test_its_pages_are_shown_where_it_is_enabled_in_both_languages(written: Plugin, world: World) -> None:
    with installed(written):
        with world.app.app_context():
            enable(world.first, written.info.name)
        first, second = client_of(world.app, "motmot"), client_of(world.app, "haihai")
        address = f"/p/{written.info.name}/"
        assert ("Giải Nhất" in first.get(address).text, "Các giải" in first.get(address).text) == (True, True)
        english = first.get(f"{address}?lang=en").text
        assert ("First Prize" in english, "Các giải" in english) == (True, False)
        assert f'href="{address}"' in first.get("/").text
        assert second.get(address).status_code == 404
        sign_in(first, "tacgia@example.vn")
        assert "Ban Tổ chức đọc góp ý" in first.get(f"{address}gop-y?lang=vi").text


def test_with_tables_the_migration_is_written_and_everything_holds(tmp_path: Path) -> None:
    house = make_installation(tmp_path)
    assert house.bangvang("plugins", "new", NAME, "--with-tables").returncode == 0

    assert [one.name for one in (house.plugins / NAME / NAME / "migrations").glob("*.py")] == [
        "0001_the_table_of_feedback.py"
    ]
    tested = house.pytest(house.plugins / NAME, "--bangvang-quick")
    assert tested.returncode == 0, tested.stdout
    upgraded = house.bangvang("db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert f"{NAME}_0001" in house.bangvang("db", "current").stdout


def test_installed_by_pip_it_is_found_by_its_entry_point(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    house = make_installation(tmp_path / "house")
    work, target = tmp_path / "work", tmp_path / "site"
    work.mkdir()
    told = house.bangvang("plugins", "new", NAME, "--into", str(work), "--with-tables")
    assert told.stdout.splitlines()[0] == f"Written: {work / NAME}. Install it: pip install -e {work / NAME}"

    pip = ("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--target")
    installed = house.python(*pip, str(target), str(work / NAME))
    assert installed.returncode == 0, installed.stderr

    listed = house.bangvang("plugins", "list", path=[target])
    assert f"{NAME}\t1.0.0\tCuộc thi mẫu\tbangvang-demo-contest ({NAME})" in listed.stdout.splitlines()
    brought = {one.relative_to(target / NAME).as_posix() for one in (target / NAME).rglob("*.*")}
    assert {
        "golden/mau-2025.inputs.json",
        "migrations/0001_the_table_of_feedback.py",
        "templates/points.html",
        "translations/en/LC_MESSAGES/messages.po",
    } <= brought
    checked = house.bangvang("plugins", "check", NAME, "--quick", path=[target])
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Demo", "cannot be a plugin's name"),
        ("demo__contest", "cannot be a plugin's name"),
        ("../demo", "cannot be a plugin's name"),
        ("a" * 41, "cannot be a plugin's name"),
        ("stkt_base", "There is a plugin 'stkt_base' already"),
        ("json", "is a name of Python or of an installed package"),
        ("lambda", "is a name of Python or of an installed package"),
        ("core", "is a name of Python or of an installed package"),
    ],
)
def test_name_that_cannot_be_one_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(WrongUse, match=re.escape(sentence)):
        write_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_longest_name_is_allowed_and_runs(tmp_path: Path) -> None:
    name = "c" * 40
    assert name_problem(name) is None
    write_plugin(name, tmp_path, with_tables=True)
    assert (tmp_path / name / name / "golden" / "mau-2025.outputs.json").is_file()


def test_folder_that_exists_is_refused_and_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "mine.txt").write_text("of mine")
    with pytest.raises(WrongUse, match="exists already; nothing was written"):
        write_plugin(NAME, tmp_path)
    assert [one.name for one in (tmp_path / NAME).iterdir()] == ["mine.txt"]


def test_wrong_use_is_one_sentence_and_exit_2(house: Installation) -> None:
    again = house.bangvang("plugins", "new", NAME)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == f"There is a plugin '{NAME}' already: `bangvang plugins list` shows it.\n"
    nowhere = house.bangvang("plugins", "new", "khac", "--into", str(house.folder / "nowhere"))
    assert (nowhere.returncode, nowhere.stderr) == (2, f"There is no folder {house.folder / 'nowhere'}.\n")


def test_when_the_disk_is_full_nothing_is_left(tmp_path: Path) -> None:
    call = f"import pathlib, core.scaffold; core.scaffold.write_plugin({NAME!r}, pathlib.Path({str(tmp_path)!r}))"
    done = subprocess.run(
        [sys.executable, "-B", "-c", call],  # cut-off bytecode would be left in the checkout
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert "cannot be written to: File too large." in done.stderr
    assert list(tmp_path.iterdir()) == []
