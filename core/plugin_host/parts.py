"""Whether the tables and jobs that a plugin declares can be: their names, their columns, and what two plugins share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from core.plugin_api import ColumnKind, Job, Plugin, Table

NAME = re.compile(r"[a-z][a-z0-9_]*")
LONGEST_NAME = 63
LONGEST_KIND = 60
LONGEST_PLUGIN = 40
LONGEST_WORDS = 100_000
MOST_PLACES = 9
SHORTEST_PERIOD = timedelta(minutes=1)
RESERVED = frozenset({"tenant_id", "id"})


def part_gaps(plugin: Plugin) -> tuple[str, ...]:
    """What is wrong with the declared tables and jobs, a sentence each; empty when they can be made."""
    return tuple(_faults(plugin))


def table_names(plugin: Plugin) -> tuple[str, ...]:
    """The names of the plugin's tables in the database."""
    return tuple(f"p_{plugin.info.name}_{table.name}" for table in plugin.tables)


def job_kind(plugin: str, job: str) -> str:
    """The kind under which a plugin's job stands among all jobs."""
    return f"p.{plugin}.{job}"


def shared_tables(plugins: Iterable[Plugin]) -> dict[str, str]:
    """The plugins whose tables would be another's, which comes before by name: plugin → a sentence."""
    owner: dict[str, str] = {}
    clashes = {}
    for plugin in sorted(plugins, key=lambda one: one.info.name):
        for name in table_names(plugin):
            first = owner.setdefault(name, plugin.info.name)
            if first != plugin.info.name:
                clashes[plugin.info.name] = f"bảng {name} trùng tên với bảng của plugin {first}"
    return clashes


def _faults(plugin: Plugin) -> Iterator[str]:
    name = plugin.info.name
    if not (plugin.tables or plugin.jobs):
        return
    if not NAME.fullmatch(name) or len(name) > LONGEST_PLUGIN:
        yield (
            f"tên {name} phải gồm chữ thường không dấu, chữ số và dấu gạch dưới, dài nhất {LONGEST_PLUGIN} ký tự"
        )
    if plugin.tables and not plugin.package:
        yield "có bảng riêng nhưng chưa nêu package, nơi đặt thư mục migrations/"
    yield from (f"trùng tên bảng {one}" for one in _repeated(table.name for table in plugin.tables))
    yield from (f"trùng tên việc {one}" for one in _repeated(job.name for job in plugin.jobs))
    for table in plugin.tables:
        yield from (f"bảng {table.name}: {fault}" for fault in _table_faults(name, table))
    for job in plugin.jobs:
        yield from (f"việc {job.name}: {fault}" for fault in _job_faults(name, job))


def _table_faults(plugin: str, table: Table) -> Iterator[str]:
    if not NAME.fullmatch(table.name):
        yield "tên phải gồm chữ thường không dấu, chữ số và dấu gạch dưới"
    if len(f"p_{plugin}_{table.name}") > LONGEST_NAME:
        yield f"tên đầy đủ p_{plugin}_{table.name} dài quá {LONGEST_NAME} ký tự"
    if not _is_fixed(table):
        yield "columns, unique và indexes phải là tuple, không phải list"
        return
    if not table.columns:
        yield "không có cột nào"
    yield from (f"trùng cột {one}" for one in _repeated(column.name for column in table.columns))
    for column in table.columns:
        if not NAME.fullmatch(column.name) or len(column.name) > LONGEST_NAME or column.name in RESERVED:
            yield f"tên cột {column.name} không dùng được"
        if column.kind is ColumnKind.WORDS and not 1 <= column.length <= LONGEST_WORDS:
            yield f"cột {column.name}: độ dài phải từ 1 đến {LONGEST_WORDS}"
        if column.kind is ColumnKind.EXACT and not 0 <= column.places <= MOST_PLACES:
            yield f"cột {column.name}: số chữ số thập phân phải từ 0 đến {MOST_PLACES}"
    known = {column.name for column in table.columns}
    for columns in (*table.unique, *table.indexes):
        yield from _key_faults(columns, known)


def _is_fixed(table: Table) -> bool:
    try:
        hash(table)
    except TypeError:
        return False
    return True


def _key_faults(columns: Sequence[str], known: set[str]) -> Iterator[str]:
    if isinstance(columns, str) or not columns:
        yield f"khóa {columns!r} phải là một dãy tên cột"
        return
    yield from (f"khóa nêu cột {one} không có trong bảng" for one in columns if one not in known)
    yield from (f"khóa nêu cột {one} hai lần" for one in _repeated(columns))


def _job_faults(plugin: str, job: Job) -> Iterator[str]:
    if not NAME.fullmatch(job.name):
        yield "tên phải gồm chữ thường không dấu, chữ số và dấu gạch dưới"
    if len(job_kind(plugin, job.name)) > LONGEST_KIND:
        yield f"tên đầy đủ {job_kind(plugin, job.name)} dài quá {LONGEST_KIND} ký tự"
    if job.every is not None and job.every < SHORTEST_PERIOD:
        yield "chu kỳ phải từ một phút trở lên"


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
