"""Counting the statements of a page: a list with 1 and with 30 rows must need the same number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from core.kernel.db import db, platform_scope, set_write_intent
from core.tenancy import resolver

_HOUSEKEEPING = ("begin", "commit", "rollback", "select set_config", "savepoint", "release", "pragma")


@dataclass(slots=True)
class QueryCount:
    """The statements run so far, in order; what opens and closes transactions is not counted."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many there were."""
        return len(self.statements)

    def __str__(self) -> str:
        """One statement a line, for a failing test."""
        return "\n".join(" ".join(statement.split()) for statement in self.statements)


@contextmanager
def count_queries(app: Flask) -> Iterator[QueryCount]:
    """Count the statements that `app` runs inside; the same on SQLite and on PostgreSQL."""
    counted = QueryCount()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.lstrip().lower().startswith(_HOUSEKEEPING):
            counted.statements.append(statement)

    with app.app_context():
        engine = db.engine
        set_write_intent(writes=False)  # a test may hold the embedded database's one write lock
        with platform_scope():  # a worker that has answered before knows its tenants' ids
            resolver._ids.update({tenant.slug: tenant.id for tenant in resolver.all_tenants()})
        set_write_intent(writes=True)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
