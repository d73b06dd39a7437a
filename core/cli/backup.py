"""`bangvang backup` and `restore`: everything or one tenant, rows and files, with checksums."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--tenant", help="Only this tenant.")
def backup(file: Path, tenant: str | None) -> None:
    """Write everything, or one tenant, into FILE (.zip)."""
    from core.cli.application import application, tenant_named
    from core.kernel.archive import write_archive
    from core.kernel.db import platform_scope

    with application(), platform_scope():
        only = tenant_named(tenant).id if tenant else None
        counts = write_archive(file, only)
    click.echo(f"{file}: {counts.rows} rows in {counts.tables} tables, {counts.files} files")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--tenant", help="Only this tenant.")
def restore(file: Path, tenant: str | None) -> None:
    """Read FILE into this installation. Nothing is overwritten: a tenant that exists already is refused."""
    from core.cli.application import application
    from core.kernel.archive import read_archive
    from core.kernel.db import platform_scope

    with application(), platform_scope():
        counts = read_archive(file, tenant)
    click.echo(f"{file}: {counts.rows} rows in {counts.tables} tables, {counts.files} files")
