"""`bangvang db`: the schema."""

from __future__ import annotations

import click
from alembic.util import CommandError
from sqlalchemy import create_engine

from core.kernel.config import Config, read_config
from core.kernel.migrate import branches, current_revision, newest_revision, upgrade


@click.group()
def group() -> None:
    """The database schema."""


@group.command("upgrade")
def upgrade_command() -> None:
    """Bring the database and the tables of plugins to the newest revisions, as its owner (DATABASE_OWNER_URL)."""
    from core.cli.application import revision_of

    config = read_config()
    config.var.mkdir(parents=True, exist_ok=True)
    before, branches_before = revision_of(config), _branches(config)
    failed = upgrade(config.owner_url)
    click.echo(f"{before or 'empty'} → {newest_revision()}")
    for name, revision in _branches(config).items():
        if revision != branches_before[name]:
            click.echo(f"plugin {name}: {branches_before[name] or 'empty'} → {revision}")
    for one in failed:
        click.echo(one.told, err=True)
    if failed:
        raise click.exceptions.Exit(1)


@group.command("current")
def current_command() -> None:
    """Show the revision of the database and the newest one, and those of plugins with tables."""
    from core.cli.application import revision_of

    config = read_config()
    click.echo(f"{revision_of(config) or 'empty'} (newest: {newest_revision()})")
    found = _branches(config)
    for branch in branches():
        try:
            newest = newest_revision(branch) or "none"
        except CommandError as error:
            newest = f"cannot be read: {error}"
        click.echo(f"plugin {branch.name}: {found[branch.name] or 'empty'} (newest: {newest})")


def _branches(config: Config) -> dict[str, str | None]:
    """The revision of each installed plugin's tables; None where there is none."""
    engine = create_engine(config.owner_url)
    try:
        with engine.connect() as connection:
            return {branch.name: current_revision(connection, branch) for branch in branches()}
    finally:
        engine.dispose()
