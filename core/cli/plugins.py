"""`bangvang plugins`: what is installed."""

from __future__ import annotations

from pathlib import Path

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

    click.echo(render_catalogue(), nl=False)


@group.command("new")
@click.argument("name")
@click.option(
    "--into",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Where its folder goes; the folder plugins/ of the checkout when left out.",
)
@click.option("--with-tables", is_flag=True, help="Also a table, the pages that use it and a job.")
def new(name: str, *, into: Path | None, with_tables: bool) -> None:
    """Write a plugin NAME that runs: the rules of an invented contest, with tests and a page for its committee.

    Refused for a name that is taken and a folder that exists; then nothing is written.
    """
    from core.plugin_host.discovery import shipped_folder
    from core.scaffold import default_folder, write_plugin

    folder = default_folder() if into is None else into.resolve()
    place = write_plugin(name, folder, with_tables=with_tables)
    is_found = folder == shipped_folder()
    click.echo(f"Written: {place}" + ("" if is_found else f". Install it: pip install -e {place}"))
    click.echo(f"Check it: bangvang plugins check {name}")
    click.echo(f"Test it: cd {place} && pytest")
    click.echo(f'Use it: put "{name}" into plugins of a tenant\'s tenant.toml, then bangvang rehearse SLUG')


@group.command("migrate")
@click.argument("name")
@click.option("-m", "words", required=True, help="What changes, in a few words; they name the file.")
def migrate(name: str, *, words: str) -> None:
    """Write the next migration of the plugin NAME: what its declared tables have and its migrations do not make.

    Needs no database. Refused where there is nothing to write, or where only the author can know what to do.
    """
    from core.extensions.migrations import write_next
    from core.plugin_host import PluginUnavailable, default_host

    try:
        plugin = default_host().plugin(name)
    except PluginUnavailable as error:
        raise WrongUse(error.message) from None
    click.echo(f"Written: {write_next(plugin, words)}")
    click.echo("Read it, then run: bangvang db upgrade")


@group.command("check")
@click.argument("name")
@click.option("--quick", is_flag=True, help="Fewer generated contests, and 1,000 entries instead of 10,000.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document when all is done.")
@click.option("--en", "english", is_flag=True, help="In English.")
def check(name: str, *, quick: bool, as_json: bool, english: bool) -> None:
    """Run the conformance kit on the plugin NAME: a line for each check, and each fault with its smallest example.

    Exit 1 when something is found.
    """
    import json
    import tempfile
    import time

    try:
        from hypothesis.configuration import set_hypothesis_home_dir
    except ImportError:
        raise WrongUse("The kit needs hypothesis: pip install 'bangvang[authors]'.") from None
    from structlog.testing import capture_logs

    from core.plugin_kit import report
    from core.plugin_kit.kit import CHECKS, Kit

    with capture_logs():  # what goes wrong in a plugin is told below, not logged
        from core.plugin_host import installed_plugins

        known = {one.name for one in installed_plugins()}
    if name not in known:
        raise WrongUse(f"There is no plugin {name!r}: `bangvang plugins list` shows them.")
    kit, locale, done = Kit(name, quick=quick), "en" if english else "vi", []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        set_hypothesis_home_dir(scratch)  # it would leave a folder where the command is called
        for one in CHECKS:
            done.append(kit.run(one))
            if not as_json:
                click.echo("\n".join(report.check_lines(done[-1], locale)))
            if one == "load" and not done[-1].holds:
                break
    if as_json:
        click.echo(json.dumps(report.document(name, done, kit.notes()), ensure_ascii=False, indent=2))
    else:
        for note in kit.notes():
            click.echo(note.in_(locale))
        click.echo(report.verdict(name, done, time.perf_counter() - began, locale))
    if not all(one.holds for one in done):
        raise click.exceptions.Exit(1)
