"""`bangvang serve`: the web server."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from core.kernel.config import HOUSE, read_config


def gunicorn_command(port: int, *, workers: int, threads: int) -> list[str]:
    """The gunicorn command line of this installation."""
    return [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--chdir", str(HOUSE),
        "--bind", f"0.0.0.0:{port}",
        "--worker-class", "gthread",
        "--workers", str(workers),
        "--threads", str(threads),
        "--max-requests", "20000", "--max-requests-jitter", "2000",
        "--timeout", "60",
        "--no-control-socket",
        "--worker-tmp-dir", shared_memory(),
        "--forwarded-allow-ips", "127.0.0.1",
        "--log-level", "warning",
    ]  # fmt: skip


def shared_memory() -> str:
    """A folder in memory for gunicorn's heartbeats, where the machine has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp"  # noqa: S108 - gunicorn makes its own file in it


@click.command()
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=4, show_default=True, type=click.IntRange(1, 64))
def serve(workers: int, threads: int) -> None:
    """Serve the configured installation with gunicorn on PORT."""
    from core.cli.application import ensure_schema
    from core.plugin_host import platform_settings

    config = read_config()
    platform_settings()  # refused here in a sentence, not in each worker
    config.var.mkdir(parents=True, exist_ok=True)
    ensure_schema(config)
    command = gunicorn_command(config.port, workers=workers, threads=threads)
    os.execv(command[0], command)  # noqa: S606 - the command line is our own
