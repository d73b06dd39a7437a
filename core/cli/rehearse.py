"""`bangvang rehearse`: a whole edition played in a scratch database, from the first draft to the verified bundle."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.kernel.errors import WrongUse

if TYPE_CHECKING:
    from core.kernel.config import Config
    from core.rehearsal.plan import Size
    from core.rehearsal.rehearsal import Rehearsal
    from core.tenancy.package import TenantPackage


@click.command()
@click.argument("slug")
@click.option("--edition", metavar="KEY", help="Which edition; the newest when left out.")
@click.option(
    "--entries", default=40, show_default=True, type=click.IntRange(1, 1000), help="Dossiers handed in."
)
@click.option(
    "--judges", default=5, show_default=True, type=click.IntRange(1, 50), help="Members of the council."
)
@click.option(
    "--voters", default=300, show_default=True, type=click.IntRange(0, 100_000), help="People who vote."
)
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed plays the same contest.")
@click.option(
    "--keep", is_flag=True, help="Leave the scratch database and its files, and say where they are."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
def rehearse(
    slug: str,
    *,
    edition: str | None,
    entries: int,
    judges: int,
    voters: int,
    seed: int,
    keep: bool,
    as_json: bool,
) -> None:
    """Play a whole edition of SLUG with simulated people through the real services, and verify its bundle.

    In a scratch database: an SQLite file, or where DATABASE_URL names PostgreSQL a database beside it. The bundle
    stays under the data folder. Exit 1 when it does not verify.
    """
    from core.kernel.config import read_config
    from core.rehearsal.plan import Size

    config = read_config()
    package = _package(config, slug)
    key = edition or max(package.editions, key=lambda one: one.ordinal).key
    size = Size(entries, judges, voters, seed)
    played, kept = _play(config, package, key, size, keep=keep)
    path = _store(config, played, size)
    if as_json:
        click.echo(json.dumps(_document(played, path, kept), ensure_ascii=False))
    else:
        _tell(played, path, kept)
    if not played.verified:
        raise click.exceptions.Exit(1)


def _package(config: Config, slug: str) -> TenantPackage:
    from core.tenancy.package import PackageError, load_tenant_package

    if not slug.isascii() or not slug.replace("-", "").isalnum() or not (config.tenants / slug).is_dir():
        raise WrongUse(f"There is no tenant {slug!r} in {config.tenants}.")
    try:
        return load_tenant_package(config.tenants / slug)
    except PackageError as error:
        raise WrongUse(str(error)) from None


def _play(
    config: Config, package: TenantPackage, key: str, size: Size, *, keep: bool
) -> tuple[Rehearsal, dict[str, str] | None]:
    from core.cli.application import application
    from core.kernel.scratch import scratch_installation
    from core.rehearsal.rehearsal import rehearse as play

    if key not in {one.key for one in package.editions}:
        known = ", ".join(one.key for one in package.editions)
        raise WrongUse(f"{package.slug} has no edition {key!r}; it has {known}.")
    with (
        scratch_installation(config, keep=keep) as scratch,
        application(scratch),
        _progress(f"{package.slug} {key}") as started,
    ):
        played = play(package, key, size, started=started)
        return played, {"database": scratch.database_url, "folder": str(scratch.var)} if keep else None


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int], Callable[[int], None]]]:
    """What gives the progress bar its length; the bar is drawn on standard error, when that is a terminal."""
    bars = []

    def started(length: int) -> Callable[[int], None]:
        bar = click.progressbar(length=length, label=label, file=sys.stderr)
        bars.append(bar)
        bar.__enter__()
        return bar.update

    try:
        yield started
    finally:
        for bar in bars:
            bar.__exit__(None, None, None)


def _store(config: Config, played: Rehearsal, size: Size) -> Path:
    """The bundle where the reader finds it: the scratch folder goes."""
    folder = config.var / "rehearsals"
    folder.mkdir(parents=True, exist_ok=True)
    path = (
        folder
        / f"{played.tenant}-{played.edition}-{size.entries}-{size.judges}-{size.voters}-{size.seed}.zip"
    )
    path.write_bytes(played.bundle)
    return path


def _document(played: Rehearsal, path: Path, kept: dict[str, str] | None) -> dict[str, object]:
    document: dict[str, object] = {
        "verified": played.verified,
        "outputs_sha256": played.outputs_sha256,
        "bundle": str(path),
        "entries": played.entries,
        "steps": [{"what": step.what, "count": step.count} for step in played.steps],
    }
    return document if kept is None else {**document, "kept": kept}


def _tell(played: Rehearsal, path: Path, kept: dict[str, str] | None) -> None:
    for step in played.steps:
        click.echo(f"{step.what.replace('_', ' ')}: {step.count}")
    click.echo(played.sentence)
    click.echo(f"outputs_sha256: {played.outputs_sha256}")
    click.echo(f"bundle: {path}")
    if kept is not None:
        click.echo(f"kept: {kept['database']}, files in {kept['folder']}")
