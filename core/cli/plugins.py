"""`bangvang plugins`: what is installed."""

from __future__ import annotations

import click


@click.group()
def group() -> None:
    """The plugins of this installation."""


@group.command("list")
def list_() -> None:
    """List the installed plugins: name, version, title, where from; exit 1 when one cannot be used."""
    from core.plugin_host import installed_plugins

    broken = 0
    for one in installed_plugins():
        if one.info is None or one.error:
            broken += 1
            click.echo(f"{one.name}\t-\t{one.error}\t{one.source}")
            continue
        click.echo(f"{one.name}\t{one.info.version}\t{one.info.title}\t{one.source}")
    if broken:
        raise click.exceptions.Exit(1)


@group.command("docs")
def docs() -> None:
    """Print the hook catalogue: each hook with its policy, since when it exists, and what it says of itself."""
    from inspect import cleandoc

    from core.plugin_api import SPEC_MODULES, hook_infos

    texts = {name: getattr(module, name).__doc__ for module in SPEC_MODULES for name in vars(module)}
    for name, info in hook_infos().items():
        click.echo(f"{name} ({info.policy}, since {info.version_added})")
        click.echo("    " + cleandoc(texts.get(name) or "").replace("\n", "\n    ") + "\n")
