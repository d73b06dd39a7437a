"""`bangvang plugins`: what is installed."""

from __future__ import annotations

import click

from core.kernel.errors import WrongUse


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
    from core.plugin_host import render_catalogue

    click.echo(render_catalogue())


@group.command("check")
@click.argument("name")
def check(name: str) -> None:
    """Run the conformance kit on the plugin NAME; exit 1 and one line a fault when it does not hold."""
    from core.plugin_host import installed_plugins, plugin_problems

    if name not in {one.name for one in installed_plugins()}:
        raise WrongUse(f"There is no plugin {name!r}: `bangvang plugins list` shows them.")
    problems = plugin_problems(name)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.exceptions.Exit(1)
    click.echo(f"{name}: ok")
