"""`bangvang tenants`: what stands in `tenants/` and what the database holds of it."""

from __future__ import annotations

import json
from typing import Any

import click

from core.kernel.config import read_config
from core.kernel.errors import WrongUse


@click.group()
def group() -> None:
    """The tenants of this installation."""


@group.command("sync")
def sync() -> None:
    """Load `tenants/` into the database. What a committee changed in the office is kept, and reported."""
    from core.cli.application import application
    from core.contests.sync import sync_packages
    from core.kernel.clock import real_now
    from core.tenancy.package import load_tenant_packages

    config = read_config()
    packages = load_tenant_packages(config.tenants)
    with application(config):
        for report in sync_packages(packages, now=real_now()):
            click.echo(f"{report.slug}: {report.summary}")
            for line in report.differences:
                click.echo(f"  {line}")


@group.command("list")
def list_() -> None:
    """List the tenants and their editions."""
    from core.cli.application import application
    from core.contests.queries import editions
    from core.kernel.db import platform_scope, tenant_scope
    from core.tenancy.resolver import all_tenants

    with application():
        with platform_scope():
            found = all_tenants()
        for tenant in found:
            with tenant_scope(tenant.id):
                keys = ", ".join(edition.key for edition in editions(tenant.slug))
            click.echo(f"{tenant.slug}\t{tenant.profile['name']['vi']}\t{keys}")


@group.command("show")
@click.argument("slug")
def show(slug: str) -> None:
    """Show a tenant's profile and editions as JSON."""
    click.echo(json.dumps(_document(slug), ensure_ascii=False, indent=2, sort_keys=True))


@group.command("export")
@click.argument("slug")
def export(slug: str) -> None:
    """Print everything the office may have changed of a tenant, as JSON to compare with `tenants/`."""
    click.echo(json.dumps(_document(slug), ensure_ascii=False, indent=2, sort_keys=True))


@group.command("check")
@click.argument("slug", required=False)
def check(slug: str | None) -> None:
    """Check the folders in `tenants/`: dates in order, plugins known, colours readable."""
    from core.plugin_host import installed_plugins
    from core.tenancy.package import check_package, load_tenant_packages

    packages = load_tenant_packages(read_config().tenants)
    if slug is not None:
        packages = tuple(package for package in packages if package.slug == slug)
        if not packages:
            raise WrongUse(f"There is no folder for {slug!r} in tenants/.")
    names = [plugin.name for plugin in installed_plugins() if plugin.error is None]
    faults = 0
    for package in packages:
        found = check_package(package, names)
        faults += len(found)
        click.echo(f"{package.slug}: {'ok' if not found else f'{len(found)} faults'}")
        for line in found:
            click.echo(f"  {line}")
    if faults:
        raise click.exceptions.Exit(1)


def _document(slug: str) -> dict[str, Any]:
    from sqlalchemy import select

    from core.cli.application import application, tenant_named
    from core.contests.models import Edition, Phase
    from core.kernel.db import session, tenant_scope

    with application():
        tenant = tenant_named(slug)
        with tenant_scope(tenant.id):
            rows = list(session().scalars(select(Edition).order_by(Edition.key)))
            phases = list(session().scalars(select(Phase).order_by(Phase.opens_at)))
            return {
                "slug": tenant.slug,
                "profile": tenant.profile,
                "editions": [
                    {
                        "key": row.key,
                        "name": row.name,
                        "plugins": row.plugins,
                        "settings": row.settings,
                        "frozen": row.frozen,
                        "phases": {
                            phase.kind: [phase.opens_at.isoformat(), phase.closes_at.isoformat()]
                            for phase in phases
                            if phase.edition_id == row.id
                        },
                    }
                    for row in rows
                ],
            }
