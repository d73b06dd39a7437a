"""`bangvang audit`: the audit log against what was written down of it outside."""

from __future__ import annotations

import click


@click.group()
def group() -> None:
    """The audit log."""


@group.command("head")
@click.argument("size", metavar="N")
@click.argument("root")
@click.option("--tenant", "slug", metavar="SLUG", help="The tenant whose log it is; every log when left out.")
def head(size: str, root: str, slug: str | None) -> None:
    """Say whether a log still begins with the N lines whose Merkle root is ROOT, as minutes carry them; 1 when none
    does."""
    from core.cli.application import application, tenant_named
    from core.kernel.db import platform_scope, tenant_scope
    from core.kernel.errors import Invalid
    from core.kernel.log_heads import check_head, read_head
    from core.tenancy.resolver import all_tenants

    with application():
        try:
            asked = read_head(f"{size} {root}")
        except Invalid as wrong:
            click.echo(" ".join(wrong.errors["head"]), err=True)
            raise click.exceptions.Exit(1) from None
        if slug is None:
            with platform_scope():
                tenants = all_tenants()
        else:
            tenants = [tenant_named(slug)]
        answers = []
        for tenant in tenants:
            with tenant_scope(tenant.id):
                answers.append((tenant.slug, check_head(asked)))
        held = [(name, answer) for name, answer in answers if answer.holds]
        if held:
            name, answer = held[0]
            click.echo(f"{name}: {answer}")
            return
        changed = [(name, answer) for name, answer in answers if answer.false_line is not None]
        if slug or changed:
            name, answer = (changed or answers)[0]
            click.echo(f"{name}: {answer}", err=True)
        else:
            click.echo("Không khớp: không nhật ký nào giữ gốc này.", err=True)
        raise click.exceptions.Exit(1)
