"""The migrations of plugins: where they are, whether they make the tables that a plugin declares, and the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection

from core.extensions.tables import mapped_tables
from core.kernel.errors import WrongUse
from core.kernel.migrate import (
    Branch,
    alembic_config,
    branches_from,
    current_revision,
    newest_revision,
    rehearse,
)
from core.kernel.text import slug
from core.plugin_api import Column, ColumnKind, Plugin, Table
from core.plugin_api.migrations import recorded
from core.plugin_host import default_host

LONGEST_REVISION = 32
"""What Alembic's version table keeps."""


@dataclass(frozen=True, slots=True)
class Step:
    """One difference between the declared tables and those that the migrations make.

    `words` say it; `up` and `down` are the lines of a migration that mends it, empty where nobody can without knowing
    what the rows mean.
    """

    words: str
    up: str = ""
    down: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a plugin's tables in this installation, in a sentence; `waits`: `db upgrade` mends it."""

    plugin: str
    words: str
    waits: bool = False


@branches_from
def plugin_branches() -> tuple[Branch, ...]:
    """A branch for each installed plugin that declares tables or has migrations."""
    made = (branch_of(plugin) for plugin in _plugins())
    return tuple(branch for branch in made if branch.tables or branch.folder is not None)


def branch_of(plugin: Plugin) -> Branch:
    """The plugin's own branch; its folder is None where its package has no `migrations/`."""
    folder = _package_folder(plugin)
    place = None if folder is None else folder / "migrations"
    return Branch(
        plugin.info.name,
        place if place is not None and place.is_dir() else None,
        tuple(one.stored for one in mapped_tables(plugin)),
    )


def table_faults(connection: Connection) -> tuple[Fault, ...]:
    """What is wrong with the tables of the installed plugins: no migration, one that lags behind, one that waits."""
    return tuple(fault for plugin in _plugins() for fault in _faults(connection, plugin))


def write_next(plugin: Plugin, words: str) -> Path:
    """Write the migration that makes the plugin's tables what it declares, and return its file.

    Raises WrongUse with a sentence where there is nothing to write, or where a person has to decide.
    """
    folder = _package_folder(plugin)
    if folder is None:
        raise WrongUse(f"{plugin.info.name} does not say in which package its migrations are (package).")
    steps = _steps(plugin)
    undecided = [step.words for step in steps if not step.up]
    if undecided:
        raise WrongUse(f"{plugin.info.name}: {'; '.join(undecided)}.")
    if not steps:
        raise WrongUse(
            f"{plugin.info.name}: the migrations make the declared tables; there is nothing to write."
        )
    branch = branch_of(plugin)
    number = 1 + (0 if branch.folder is None else _count(branch))
    source = _source(plugin, words, number, newest_revision(branch), steps)
    name = slug(words).replace("-", "_")[:40].strip("_") or "tables"
    target = folder / "migrations" / f"{number:04}_{name}.py"
    try:
        target.parent.mkdir(exist_ok=True)
        with target.open("x", encoding="utf-8") as out:
            out.write(source)
    except OSError as error:
        raise WrongUse(f"{target} cannot be written: {error.strerror}.") from None
    return target


def differences(plugin: Plugin) -> tuple[Step, ...]:
    """How the declared tables differ from those that the plugin's migrations make, run in memory; raises theirs."""
    branch = branch_of(plugin)
    with recorded() as made:
        if branch.folder is not None:
            rehearse(branch)
    declared = {table.name: table for table in plugin.tables}
    name = plugin.info.name
    return tuple(
        [
            Step(f"table {one} has no migration", *_made(name, declared[one]))
            for one in declared
            if one not in made
        ]
        + [step for one in declared if one in made for step in _changes(name, made[one], declared[one])]
        + [
            Step(f"table {one} is no longer declared", *reversed(_made(name, made[one])))
            for one in made
            if one not in declared
        ]
    )


def _plugins() -> tuple[Plugin, ...]:
    found = (one for one in default_host().installed() if one.error is None)
    return tuple(one.plugin for one in found if one.plugin is not None)


def _package_folder(plugin: Plugin) -> Path | None:
    if not plugin.package:
        return None
    try:
        spec = find_spec(plugin.package)
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _faults(connection: Connection, plugin: Plugin) -> Iterator[Fault]:
    name, branch = plugin.info.name, branch_of(plugin)
    if not plugin.tables and branch.folder is None:
        return
    try:
        steps = differences(plugin)
        at, newest = current_revision(connection, branch), newest_revision(branch)
    except Exception as error:  # noqa: BLE001 - whatever a plugin's migration raises is what is told
        yield Fault(name, f"its migrations cannot be run: {type(error).__name__}: {error}")
        return
    if newest is None:
        yield Fault(name, f"it declares tables and has no migration: run `bangvang plugins migrate {name}`")
        return
    if steps:
        told = "; ".join(step.words for step in steps)
        yield Fault(
            name, f"its migrations lag behind its tables ({told}): run `bangvang plugins migrate {name}`"
        )
    if at != newest:
        words = f"its tables are at {at or 'nothing'}, newest is {newest}: run `bangvang db upgrade`"
        yield Fault(name, words, waits=True)


def _steps(plugin: Plugin) -> tuple[Step, ...]:
    try:
        return differences(plugin)
    except Exception as error:  # noqa: BLE001 - whatever a plugin's migration raises is what its author is told
        said = f"{type(error).__name__}: {error}"
        raise WrongUse(f"{plugin.info.name}: its migrations cannot be run: {said}") from None


def _count(branch: Branch) -> int:
    from alembic.script import ScriptDirectory  # not for web workers, which only read names and tables here

    return sum(1 for _ in ScriptDirectory.from_config(alembic_config(branch=branch)).walk_revisions())


# -- what has changed, and the lines that do it --


def _made(plugin: str, table: Table) -> tuple[str, str]:
    up = f"create_table(\n        {plugin!r},\n        {_table_source(table)},\n    )"
    return up, f"drop_table({plugin!r}, {table.name!r})"


def _changes(plugin: str, old: Table, new: Table) -> Iterator[Step]:
    """Keys that go before the columns they name, columns, then keys that come."""
    at = f"{plugin!r}, {new.name!r}"
    for kind, verb, noun in (("unique", "unique", "unique key"), ("indexes", "index", "index")):
        for key in sorted(set(getattr(old, kind)) - set(getattr(new, kind))):
            up, down = f"drop_{verb}({at}, {key!r})", f"add_{verb}({at}, {key!r})"
            yield Step(f"{noun} {', '.join(key)} of {new.name} is no longer declared", up, down)
    yield from _column_changes(at, old, new)
    for kind, verb, noun in (("unique", "unique", "unique key"), ("indexes", "index", "index")):
        for key in sorted(set(getattr(new, kind)) - set(getattr(old, kind))):
            up, down = f"add_{verb}({at}, {key!r})", f"drop_{verb}({at}, {key!r})"
            yield Step(f"{noun} {', '.join(key)} of {new.name} has no migration", up, down)


def _column_changes(at: str, old: Table, new: Table) -> Iterator[Step]:
    before = {column.name: column for column in old.columns}
    after = {column.name: column for column in new.columns}
    for name in sorted(before.keys() - after.keys()):
        down = _added(at, before[name])
        yield Step(f"column {new.name}.{name} is no longer declared", f"drop_column({at}, {name!r})", down)
    for column in new.columns:
        held = before.get(column.name)
        if held is None:
            up = "" if column.kind is ColumnKind.INSTANT and not column.optional else _added(at, column)
            words = f"column {new.name}.{column.name} has no migration"
            if not up:
                words += ", and only its author knows the instant of the rows that stand: make it optional"
            yield Step(words, up, f"drop_column({at}, {column.name!r})")
        elif _is_other_kind(held, column):
            yield Step(
                f"column {new.name}.{column.name} has another kind or number of places: give it a new name"
            )
        elif held != column and _shape(held) != _shape(column):
            words = f"column {new.name}.{column.name} has another length, or may now be empty, or no longer"
            up, down = (f"change_column({at}, {_column_source(one)})" for one in (column, held))
            yield Step(words, up, down)


def _is_other_kind(old: Column, new: Column) -> bool:
    return old.kind is not new.kind or (new.kind is ColumnKind.EXACT and old.places != new.places)


def _shape(column: Column) -> tuple[object, ...]:
    return (column.length if column.kind is ColumnKind.WORDS else None, column.optional)


_FILLS = {
    ColumnKind.WORDS: '""',
    ColumnKind.WHOLE: "0",
    ColumnKind.EXACT: 'Decimal("0")',
    ColumnKind.YES_NO: "False",
    ColumnKind.INSTANT: "datetime(1970, 1, 1, tzinfo=UTC)",
}


def _added(at: str, column: Column) -> str:
    fill = "" if column.optional else f", fill={_FILLS[column.kind]}"
    return f"add_column({at}, {_column_source(column)}{fill})"


def _column_source(column: Column) -> str:
    parts = [repr(column.name), f"ColumnKind.{column.kind.name}"]
    if column.kind is ColumnKind.WORDS:
        parts.append(f"length={column.length}")
    if column.kind is ColumnKind.EXACT:
        parts.append(f"places={column.places}")
    if column.optional:
        parts.append("optional=True")
    return f"Column({', '.join(parts)})"


def _table_source(table: Table) -> str:
    columns = "".join(f"                {_column_source(column)},\n" for column in table.columns)
    keys = "".join(
        f"            {kind}={getattr(table, kind)!r},\n"
        for kind in ("unique", "indexes")
        if getattr(table, kind)
    )
    return f"Table(\n            {table.name!r},\n            (\n{columns}            ),\n{keys}        )"


def _source(plugin: Plugin, words: str, number: int, before: str | None, steps: tuple[Step, ...]) -> str:
    ups = "\n".join(f"    {step.up}" for step in steps)
    downs = "\n".join(f"    {step.down}" for step in reversed(steps))
    body = f"{ups}\n{downs}"
    api = [name for name in ("Column", "ColumnKind", "Table") if f"{name}(" in body or f"{name}." in body]
    verbs = sorted({line.split("(")[0] for step in steps for line in (step.up, step.down)})
    imports = []
    if "datetime(" in body:
        imports.append("from datetime import UTC, datetime")
    if "Decimal(" in body:
        imports.append("from decimal import Decimal")
    standard = "\n".join(imports)
    own = [f"from core.plugin_api import {', '.join(api)}"] if api else []
    own.append(f"from core.plugin_api.migrations import {', '.join(verbs)}")
    title = " ".join(words.split()).replace("\\", "/").replace('"', "'") or "Tables"
    return (
        f'"""{title}"""\n\nfrom __future__ import annotations\n\n'
        + (f"{standard}\n\n" if standard else "")
        + "\n".join(own)
        + f'\n\nrevision = "{_revision(plugin.info.name, number)}"\n'
        + f"down_revision = {_quoted(before)}\nbranch_labels = None\ndepends_on = None\n\n\n"
        + f"def upgrade() -> None:\n{_double(ups)}\n\n\ndef downgrade() -> None:\n{_double(downs)}\n"
    )


def _revision(plugin: str, number: int) -> str:
    name = f"{plugin}_{number:04}"
    if len(name) <= LONGEST_REVISION:
        return name
    digest = hashlib.sha256(plugin.encode()).hexdigest()[:8]
    return f"{plugin[: LONGEST_REVISION - 14]}_{digest}_{number:04}"


def _quoted(revision: str | None) -> str:
    return "None" if revision is None else f'"{revision}"'


def _double(source: str) -> str:
    """Names are plain letters, so their quotes can be those that formatters want."""
    return source.replace("'", '"')
