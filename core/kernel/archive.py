"""Backups: a zip of one JSON-lines file a table and the stored files, with the SHA-256 of each part.

Rows are written in their stored meaning (ISO instants, exact decimals as text), so a backup of one database can be
read into the other; what is encrypted stays as it lies, for who has the SECRET_KEY. The tables of the plugins that
are installed here are in it too, with their revisions. Reading is all or nothing, and never overwrites a tenant that
exists.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Date,
    LargeBinary,
    Table,
    Text,
    Uuid,
    bindparam,
    insert,
    select,
    type_coerce,
)

from core.kernel.db import ALL_TENANTS, Base, session
from core.kernel.errors import WrongUse
from core.kernel.files import file_store
from core.kernel.migrate import Branch, branches, current_revision, newest_revision
from core.kernel.types import EncryptedText, ExactDecimal, JsonDoc, UtcInstant

FORMAT = "bangvang.backup/1"
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was written or read."""

    tables: int
    rows: int
    files: int


def write_archive(target: Path, tenant_id: UUID | None) -> Counts:
    """Write all tenants, or one, into the zip `target`; in the platform's scope. Returns the counts."""
    parts: dict[str, str] = {}
    rows = files = 0
    kept = _kept_branches()
    tables = _tables(kept)
    partial = target.with_suffix(".part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for table in tables:
            name = f"rows/{table.name}.jsonl"
            digest = hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as out:
                for row in _rows(table, tenant_id):
                    line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
                    digest.update(line)
                    out.write(line)
                    rows += 1
            parts[name] = digest.hexdigest()
        for key in _file_keys(tenant_id):
            try:
                chunks = file_store().read(key)
            except FileNotFoundError:
                continue  # removed since it was listed, because nothing names it any more
            digest = hashlib.sha256()
            with archive.open(f"files/{key}", "w", force_zip64=True) as out:
                for chunk in chunks:
                    digest.update(chunk)
                    out.write(chunk)
            parts[f"files/{key}"] = digest.hexdigest()
            files += 1
        manifest = {"format": FORMAT, "revision": newest_revision(), "branches": kept, "parts": parts}
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    partial.replace(target)
    return Counts(len(tables), rows, files)


def read_archive(source: Path, slug: str | None) -> Counts:
    """Read the zip `source`, or one tenant of it, into this installation. Raises WrongUse with a sentence."""
    try:
        archive = zipfile.ZipFile(source)
    except zipfile.BadZipFile:
        raise WrongUse(f"{source} is not a backup: it is no zip file.") from None
    with archive:
        manifest = _manifest(archive, source)
        only = _tenants(archive, slug)
        rows = files = 0
        tables = _tables(manifest.get("branches", {}))
        for table in tables:
            rows += _load(archive, table, only)
        for name in manifest["parts"]:
            if name.startswith("files/") and UUID(hex=name.split("/")[1]) in only:
                file_store().put(name.removeprefix("files/"), BytesIO(archive.read(name)))
                files += 1
        session().commit()
    return Counts(len(tables), rows, files)


def _kept_branches() -> dict[str, str]:
    """The plugins that have tables here, with the revision of each; WrongUse for one whose migrations wait."""
    kept = {}
    for branch in branches():
        revision = current_revision(session().connection(), branch)
        if revision is None:
            continue
        if revision != newest_revision(branch):
            raise WrongUse(
                f"The tables of plugin {branch.name} are not at its newest revision: run `bangvang db upgrade`."
            )
        kept[branch.name] = revision
    return kept


def _require_branches(kept: dict[str, str], source: Path) -> None:
    here = _kept_branches()
    for name, revision in kept.items():
        if name not in here:
            raise WrongUse(f"{source} holds tables of plugin {name}, which this installation has not got.")
        if here[name] != revision:
            raise WrongUse(
                f"{source} was written at revision {revision} of plugin {name}, here it is {here[name]}."
            )


def _tables(kept: Iterable[str]) -> list[Table]:
    """The core's tables, then those of the plugins `kept`, each after what its rows point at."""
    held: dict[str, Branch] = {branch.name: branch for branch in branches()}
    return [*Base.metadata.sorted_tables, *(table for name in kept for table in held[name].tables)]


def _manifest(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    except (KeyError, ValueError):
        raise WrongUse(f"{source} is not a backup: it has no manifest.") from None
    if manifest.get("format") != FORMAT or manifest.get("revision") != newest_revision():
        raise WrongUse(f"{source} was written at another revision ({manifest.get('revision')}).")
    _require_branches(manifest.get("branches", {}), source)
    for name, expected in manifest["parts"].items():
        try:
            found = hashlib.sha256(archive.read(name)).hexdigest()
        except (KeyError, zipfile.BadZipFile):
            found = ""
        if found != expected:
            raise WrongUse(f"{source} is damaged: {name} does not match its checksum.")
    return manifest


def _tenants(archive: zipfile.ZipFile, slug: str | None) -> set[UUID]:
    found = {row["slug"]: UUID(row["id"]) for row in _lines(archive, "tenant")}
    if slug is not None and slug not in found:
        raise WrongUse(f"The backup holds no tenant {slug!r}.")
    wanted = {slug: found[slug]} if slug else found
    table = Base.metadata.tables["tenant"]
    ask = select(table.c.slug).where(table.c.slug.in_(list(wanted)))
    taken = session().scalars(ask, execution_options=ALL_TENANTS).all()
    if taken:
        raise WrongUse(f"This installation already has {', '.join(sorted(taken))}; nothing was changed.")
    return set(wanted.values())


def _rows(table: Table, tenant_id: UUID | None) -> Iterator[dict[str, Any]]:
    ask = select(*(_as_it_lies(column) for column in table.columns))
    if tenant_id is not None:
        ask = ask.where((table.c.id if table.name == "tenant" else table.c.tenant_id) == tenant_id)
    for row in session().execute(ask, execution_options={**ALL_TENANTS, "yield_per": BATCH}).mappings():
        yield {column.name: _plain(row[column.name]) for column in table.columns}


def _load(archive: zipfile.ZipFile, table: Table, only: set[UUID]) -> int:
    owner = "id" if table.name == "tenant" else "tenant_id"
    batch: list[dict[str, Any]] = []
    count = 0
    for line in _lines(archive, table.name):
        if UUID(line[owner]) not in only:
            continue
        batch.append({column.name: _stored(column, line[column.name]) for column in table.columns})
        if len(batch) == BATCH:
            count += _insert(table, batch)
    return count + _insert(table, batch)


def _insert(table: Table, batch: list[dict[str, Any]]) -> int:
    count = len(batch)
    if batch:
        sealed = {one.name: bindparam(one.name, type_=Text()) for one in table.columns if _is_sealed(one)}
        statement = insert(table).values(sealed) if sealed else insert(table)
        session().execute(statement, list(batch), execution_options=ALL_TENANTS)
    batch.clear()
    return count


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[dict[str, Any]]:
    with archive.open(f"rows/{table}.jsonl") as source:
        for line in source:
            yield json.loads(line)


def _file_keys(tenant_id: UUID | None) -> Iterator[str]:
    tenants = Base.metadata.tables["tenant"]
    for slug in session().scalars(select(tenants.c.id), execution_options=ALL_TENANTS).all():
        if tenant_id in (None, slug):
            yield from file_store().keys(slug.hex)


def _is_sealed(column: Column[Any]) -> bool:
    return isinstance(column.type, EncryptedText)


def _as_it_lies(column: Column[Any]) -> ColumnElement[Any]:
    return type_coerce(column, Text()).label(column.name) if _is_sealed(column) else column


def _plain(value: Any) -> Any:
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value


def _stored(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, (JSON, JsonDoc)):
        return value
    if isinstance(column.type, Uuid):
        return UUID(value)
    if isinstance(column.type, UtcInstant):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(column.type, ExactDecimal):
        return Decimal(value)
    if isinstance(column.type, Date):
        return date.fromisoformat(value)
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return value
