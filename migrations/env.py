"""Alembic's environment: runs as the owner of the tables, on the connection it is handed."""

from __future__ import annotations

from alembic import context

from core.kernel.db import Base
from core.kernel.migrate import import_models

import_models()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table=context.config.attributes["version_table"],
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
