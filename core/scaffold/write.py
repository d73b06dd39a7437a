"""Writing a new plugin: all of it, or nothing."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import jinja2

from core import __path__ as core_path
from core.extensions.migrations import write_next
from core.kernel.errors import WrongUse
from core.plugin_api import API_VERSION
from core.plugin_host.discovery import load_distribution, shipped_folder
from core.scaffold.golden import golden_edition
from core.scaffold.names import name_problem

TEMPLATES = Path(core_path[0]) / "scaffold" / "files"
TITLE = ("Cuộc thi mẫu", "Sample Contest")
_ENDING = ".jinja"
_PLACES = {"gitignore": ".gitignore", "ci.yml": ".github/workflows/ci.yml"}
_TABLE_FILES = frozenset(
    {
        "package/feedback.py",
        "package/templates/feedback.html",
        "package/templates/feedback_list.html",
        "tests/test_feedback.py",
    }
)
"""What is written only where the plugin is to have a table."""


def default_folder() -> Path:
    """Where a new plugin goes: `plugins/` of the checkout, where it is found at once; else the current folder."""
    plugins = shipped_folder()
    is_checkout = (plugins.parent / "pyproject.toml").is_file()
    return plugins if is_checkout and os.access(plugins, os.W_OK) else Path.cwd()


def write_plugin(name: str, into: Path, *, with_tables: bool = False) -> Path:
    """Write the plugin `name` as the folder `into/name`, an installable distribution, and return that folder.

    Its golden edition is computed by its own rules as they were just written. WrongUse for a name that cannot be
    one, a folder that exists, or a place that cannot be written to; then nothing was written.
    """
    problem = name_problem(name)
    if problem is not None:
        raise WrongUse(problem)
    target = into / name
    if target.exists():
        raise WrongUse(f"{target} exists already; nothing was written.")
    if not into.is_dir():
        raise WrongUse(f"There is no folder {into}.")
    try:
        with tempfile.TemporaryDirectory(prefix=".new-", dir=into) as workshop:
            made = Path(workshop) / name
            _render(made, name, with_tables=with_tables, in_checkout=into == shipped_folder())
            _add_what_runs(made)
            made.rename(target)
    except OSError as error:
        raise WrongUse(f"{into} cannot be written to: {error.strerror}.") from None
    return target


def _render(made: Path, name: str, *, with_tables: bool, in_checkout: bool) -> None:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        variable_start_string="[[",
        variable_end_string="]]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[#",
        comment_end_string="#]",
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - what is written is source code
    )
    words = {
        "name": name,
        "distribution": f"bangvang-{name.replace('_', '-')}",
        "title_vi": TITLE[0],
        "title_en": TITLE[1],
        "platform": version("bangvang"),
        "api_first": API_VERSION,
        "api_beyond": f"{int(API_VERSION.partition('.')[0]) + 1}.0",
        "with_tables": with_tables,
        "in_checkout": in_checkout,
    }
    for source, place in _files(name, with_tables=with_tables):
        file = made / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(environment.get_template(source).render(words), encoding="utf-8")


def _files(name: str, *, with_tables: bool) -> Iterator[tuple[str, str]]:
    """Each template with the place of what is made of it."""
    for file in sorted(TEMPLATES.rglob(f"*{_ENDING}")):
        source = file.relative_to(TEMPLATES).as_posix()
        place = source.removesuffix(_ENDING)
        if place in _TABLE_FILES and not with_tables:
            continue
        if place.startswith("package/"):
            place = f"{name}/{place.removeprefix('package/')}"
        yield source, _PLACES.get(place, place)


def _add_what_runs(made: Path) -> None:
    """Compute the golden edition with the rules just written and write the migration of the tables.

    The package is imported for it, and no trace of that is left.
    """
    name = made.name
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        found = load_distribution(made)
        if found.plugin is None or found.error is not None:
            raise RuntimeError(f"the scaffold of {name} does not run: {found.error}")
        golden = made / name / "golden"
        golden.mkdir()
        for file, text in golden_edition(found.plugin).items():
            (golden / file).write_text(text, encoding="utf-8")
        if found.plugin.tables:
            write_next(found.plugin, "The table of feedback")
    finally:
        sys.dont_write_bytecode = writes
        for module in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
            del sys.modules[module]
