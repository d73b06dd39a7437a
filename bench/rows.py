"""The least writing that can be done through the application: an address that inserts one row.

A request to it goes the whole way of a signed-in person's (tenant, sign-in, CSRF, unit of work). It is what the saving
of a field is compared with; `bench.writing` serves it.
"""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from sqlalchemy import Column, MetaData, Table, Text, Uuid, create_engine, insert, text
from werkzeug.wrappers import Response

from core.kernel.db import ALL_TENANTS, APP_ROLE, session
from core.kernel.ids import uuid7
from core.kernel.web import Access, allows

ADDRESS = "/bench/hang"
ROWS = Table(
    "bench_row",
    MetaData(),
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("words", Text, nullable=False),
)

blueprint = Blueprint("bench", __name__)


@blueprint.post(ADDRESS)
@allows(Access.ACCOUNT)
def insert_row() -> Response:
    """Insert what was sent as one row; the unit of work commits it, as any other."""
    row = {"tenant_id": session().tenant_id, "id": uuid7(), "words": request.get_json()["value"]}
    session().execute(insert(ROWS).values(row), execution_options=ALL_TENANTS)
    return jsonify(id=str(row["id"]))


def create_table(owner_url: str) -> None:
    """Make the table in a database that is migrated."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        ROWS.create(connection)
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"grant insert on {ROWS.name} to {APP_ROLE}"))
    engine.dispose()
