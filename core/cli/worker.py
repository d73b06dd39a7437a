"""`bangvang worker`: does the jobs."""

from __future__ import annotations

import click


@click.command()
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32), help="How many at once.")
def worker(threads: int) -> None:
    """Run jobs until stopped: those that are announced, and each minute those that wait or were left behind."""
    from core.cli.application import ensure_schema
    from core.kernel.config import read_config

    config = read_config()
    ensure_schema(config)
    from core.app import create_app

    create_app(config).extensions["queue"].consumer(threads).run()
