"""Under which name a plugin knows a person, and what its tables hold under that name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from core.extensions.tables import MOST_ROWS, stores_of
from core.kernel.db import session
from core.kernel.security import keyed_digest
from core.plugin_api import ColumnKind, Plugin, Rows, Table, Text, Value
from core.plugin_host import default_host

REF = 32
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row that a plugin keeps under a person's reference; `values` without the reference."""

    plugin: Text
    table: str
    values: Mapping[str, Value]


def person_ref(plugin: Plugin, account_id: UUID | None) -> str:
    """The name that only this plugin in the bound tenant knows the account by."""
    return keyed_digest(f"{session().tenant_id}:{plugin.info.name}:{account_id}", "person-of-plugin")[:REF]


def rows_of_person(account_id: UUID) -> Iterator[PersonRow]:
    """What the installed plugins keep under the person's reference in the bound tenant.

    A plugin whose tables cannot be read, because its migration waits, keeps nobody from the rest.
    """
    for installed in default_host().installed():
        plugin = installed.plugin
        if installed.error is not None or plugin is None or not plugin.tables:
            continue
        try:
            with session().begin_nested():
                found = list(_rows(plugin, person_ref(plugin, account_id)))
        except DBAPIError as error:
            log.warning("plugin_tables_not_read", plugin=plugin.info.name, error=repr(error))
            continue
        yield from found


def _rows(plugin: Plugin, ref: str) -> Iterator[PersonRow]:
    stores = stores_of(plugin)
    for table in plugin.tables:
        for column in table.columns:
            if column.kind is ColumnKind.WORDS and column.length >= REF:
                for values in _all(stores[table.name], column.name, ref):
                    yield PersonRow(plugin.info.title, table.name, _without(values, table, ref))


def _all(rows: Rows, column: str, ref: str) -> Iterator[Mapping[str, Value]]:
    start = 0
    while found := rows.find({column: ref}, limit=MOST_ROWS, offset=start):
        yield from (row.values for row in found)
        start += len(found)


def _without(values: Mapping[str, Value], table: Table, ref: str) -> dict[str, Value]:
    return {column.name: values[column.name] for column in table.columns if values[column.name] != ref}
