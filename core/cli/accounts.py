"""`bangvang accounts`: what the operator does for accounts where no two officers can."""

from __future__ import annotations

import click


@click.group()
def group() -> None:
    """The accounts of a tenant."""


@group.command("rescue")
@click.argument("slug")
@click.argument("login")
def rescue(slug: str, login: str) -> None:
    """Begin to take the second factor of an account of SLUG, known by LOGIN (address of mail or +84… number).

    For a tenant's last officers, and where there is but one: while two others could help in the office, the command
    refuses. The account's owner is told at once and can stop it; it takes effect after the tenant's waiting time, done
    by the worker.
    """
    from core.cli.application import application, tenant_named
    from core.kernel.clock import real_now
    from core.kernel.db import tenant_scope
    from core.kernel.formats import datetime_
    from core.kernel.uow import unit_of_work
    from core.people.services import rescue_by_operator

    with application():
        tenant = tenant_named(slug)
        with tenant_scope(tenant.id), unit_of_work():
            made = rescue_by_operator(login.strip().lower(), now=real_now())
            holds_from = made.holds_from
    if holds_from is not None:
        click.echo(
            f"{slug}: the second factor of {login} goes at {datetime_(holds_from, 'en')}, unless it is stopped"
        )
