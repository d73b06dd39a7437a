"""`bangvang tenants`: what stands in `tenants/` and what the database holds of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from core.kernel.config import read_config
from core.kernel.errors import DomainError, WrongUse

if TYPE_CHECKING:
    from core.tenancy.package import TenantPackage


@click.group()
def group() -> None:
    """The tenants of this installation."""


@group.command("sync")
def sync() -> None:
    """Load `tenants/` into the database. What a committee changed in the office is kept, and reported."""
    from core.cli.application import application
    from core.contests.sync import sync_packages
    from core.kernel.clock import real_now
    from core.plugin_host import PluginError
    from core.tenancy.package import load_tenant_packages

    config = read_config()
    packages = load_tenant_packages(config.tenants)
    faults = 0
    with application(config):
        for package in packages:
            try:
                (report,) = sync_packages([package], now=real_now())
            except PluginError as error:
                # The folder of one tenant must not keep the others' from being loaded.
                faults += 1
                click.echo(f"{package.slug}: {error.message}", err=True)
                continue
            click.echo(f"{report.slug}: {report.summary}")
            for line in report.differences:
                click.echo(f"  {line}")
    if faults:
        raise click.exceptions.Exit(1)


@group.command("list")
def list_() -> None:
    """List the tenants and their editions."""
    from sqlalchemy import select

    from core.cli.application import application
    from core.contests.models import Edition
    from core.kernel.db import platform_scope, session, tenant_scope
    from core.tenancy.resolver import all_tenants

    with application():
        with platform_scope():
            found = all_tenants()
        for tenant in found:
            with tenant_scope(tenant.id):
                keys = ", ".join(session().scalars(select(Edition.key).order_by(Edition.ordinal.desc())))
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
    """Check the folders in `tenants/`: dates in order, plugins known, colours readable, rules that make sense."""
    from core.letters.wording import folder_problems
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
        found = [*check_package(package, names), *_settings_faults(package)]
        found += [f"{package.slug}: {problem}" for problem in folder_problems(package.folder / "letters")]
        doubts: list[str] = []
        if not found:
            found, doubts = _lint(package)
        faults += len(found)
        click.echo(f"{package.slug}: {'ok' if not found else f'{len(found)} faults'}{_counted(doubts)}")
        for line in (*found, *doubts):
            click.echo(f"  {line}")
    if faults:
        raise click.exceptions.Exit(1)


def _settings_faults(package: TenantPackage) -> list[str]:
    from core.contests.sync import check_settings

    try:
        check_settings(package)
    except DomainError as error:
        return [error.message]
    return []


def _lint(package: TenantPackage) -> tuple[list[str], list[str]]:
    """What makes no sense in the rules of its editions, and what somebody should look at; a line each."""
    from core.contests.lint import lint_package

    faults: list[str] = []
    doubts: list[str] = []
    for key, findings in lint_package(package):
        for one in findings:
            place = " ".join(part for part in (one.place.spot, one.place.key) if part)
            settings = ", ".join(f"{ref.plugin}.{ref.key}" for ref in one.place.settings)
            clause = f" (the-le#{one.clause})" if one.clause else ""
            behind = f" [{settings}]" if settings else ""
            line = f"editions {key}: {place}: {one.sentence.vi} {one.remedy.vi}{behind}{clause}"
            (faults if one.is_fault else doubts).append(line if one.is_fault else f"xem lại: {line}")
    return faults, doubts


def _counted(doubts: list[str]) -> str:
    return f", {len(doubts)} to look at" if doubts else ""


@group.command("invite")
@click.argument("slug")
@click.argument("email")
@click.argument("name")
@click.option("--site", required=True, help="The address of the tenant's pages, as people type it.")
def invite(slug: str, email: str, name: str, site: str) -> None:
    """Invite the first officer of SLUG: an account of the committee, and a mail with a code to come in."""
    from core.cli.application import application, tenant_named
    from core.kernel.actor import SYSTEM, Role
    from core.kernel.clock import real_now
    from core.kernel.db import tenant_scope
    from core.kernel.uow import unit_of_work
    from core.people.services import invite as invite_account

    with application() as app, app.test_request_context():
        tenant = tenant_named(slug)
        with tenant_scope(tenant.id), unit_of_work():
            invite_account(email, name, Role.COMMITTEE, site=site, actor=SYSTEM, now=real_now())
    click.echo(f"{slug}: {email} is invited; the code is good for seven days")


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
