"""`bangvang db`: the schema."""

from __future__ import annotations

import click

from core.kernel.config import read_config
from core.kernel.migrate import newest_revision, upgrade


@click.group()
def group() -> None:
    """The database schema."""


@group.command("upgrade")
def upgrade_command() -> None:
    """Bring the database to the newest revision, as its owner (DATABASE_OWNER_URL)."""
    from core.cli.application import revision_of

    config = read_config()
    config.var.mkdir(parents=True, exist_ok=True)
    before = revision_of(config)
    upgrade(config.owner_url)
    click.echo(f"{before or 'empty'} → {newest_revision()}")


@group.command("current")
def current_command() -> None:
    """Show the revision of the database and the newest one."""
    from core.cli.application import revision_of

    click.echo(f"{revision_of(read_config()) or 'empty'} (newest: {newest_revision()})")
