"""The application for commands: configured from the environment, its database at the newest revision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.exc import ProgrammingError

from core.app import create_app
from core.kernel.config import Config, read_config
from core.kernel.db import db
from core.kernel.errors import WrongUse
from core.kernel.migrate import behind, current_revision, newest_revision, upgrade
from core.tenancy.resolver import CurrentTenant, find_tenant


@contextmanager
def application(config: Config | None = None) -> Iterator[Flask]:
    """An application context for a command.

    A fresh database is migrated in demonstration mode; in production the command refuses and says what to run.
    """
    config = config or read_config()
    config.var.mkdir(parents=True, exist_ok=True)
    ensure_schema(config)
    app = create_app(config)
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def ensure_schema(config: Config) -> None:
    """Migrate a demonstration's database; in production refuse one that is not at the newest revision.

    A plugin whose migration waits is no reason to refuse: the doctor tells of it, and the tenants without it go on.
    """
    if revision_of(config) == newest_revision() and not (
        config.is_demonstration and waiting_branches(config)
    ):
        return
    if not config.is_demonstration:
        raise WrongUse("The database is not at the newest revision: run `bangvang db upgrade` as its owner.")
    for failed in upgrade(config.owner_url):
        click.echo(failed.told, err=True)


def waiting_branches(config: Config) -> tuple[str, ...]:
    """The plugins whose migrations the configured database has not got."""
    engine = create_engine(config.owner_url)
    try:
        with engine.connect() as connection:
            return behind(connection)
    finally:
        engine.dispose()


def revision_of(config: Config) -> str | None:
    """The revision of the configured database; None when it is empty."""
    engine = create_engine(config.owner_url)
    try:
        with engine.connect() as connection:
            return current_revision(connection)
    except ProgrammingError:
        return None
    finally:
        engine.dispose()


def tenant_named(slug: str) -> CurrentTenant:
    """The tenant `slug`; raises WrongUse with the sentence a command shows."""
    found = find_tenant(slug)
    if found is None:
        raise WrongUse(f"There is no tenant {slug!r}: `bangvang tenants list` shows them.")
    return found
