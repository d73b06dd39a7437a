"""`bangvang demo`: the three contests with demonstration data, served with one command."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING

import click

from core.kernel.config import Config, read_config
from core.kernel.errors import WrongUse

if TYPE_CHECKING:
    from core.tenancy.package import TenantPackage

STARTING = 60
STOPPING = 10
WORKERS = 2
THREADS = 4


@click.command()
@click.option("--fill-only", is_flag=True, help="Fill the database and leave, without serving.")
def demo(*, fill_only: bool) -> None:
    """Fill the demonstration where it is empty, then serve it on PORT until Ctrl+C.

    What stands already is kept. Exit 1 when the port is taken.
    """
    config = read_config()
    if not config.is_demonstration:
        raise WrongUse("The demonstration does not run with BANGVANG_MODE=production.")
    if not fill_only:
        require_free_port(config.port)
    packages = _fill(config)
    if fill_only:
        return
    _serve(config, packages)


def require_free_port(port: int) -> None:
    """Return when `port` can be listened on; else say so and leave with exit code 1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 -- the address gunicorn is going to listen on
        except OSError as error:
            click.echo(f"Port {port} cannot be used ({error.strerror}): try PORT={port + 1}.", err=True)
            raise click.exceptions.Exit(1) from None


def _fill(config: Config) -> tuple[TenantPackage, ...]:
    from core.cli.application import application
    from core.kernel.clock import real_now
    from core.rehearsal.demonstration import fill_demonstration
    from core.tenancy.package import PackageError, load_tenant_packages

    try:
        packages = load_tenant_packages(config.tenants)
    except PackageError as error:
        raise WrongUse(str(error)) from None
    # Nothing that is played here leaves the machine, whatever mail server is configured.
    with application(replace(config, smtp_url="")):
        fill_demonstration(
            packages, now=real_now(), told=lambda what: click.echo(f"Filling the demonstration: {what}")
        )
    return packages


def _serve(config: Config, packages: Sequence[TenantPackage]) -> None:
    from core.cli.serve import gunicorn_command

    environment = {**os.environ, "BANGVANG_VAR": str(config.var), "PORT": str(config.port)}
    commands = {
        "web server": gunicorn_command(config.port, workers=WORKERS, threads=THREADS),
        "worker": [sys.executable, "-m", "core.cli", "worker"],
    }
    signal.signal(signal.SIGTERM, _stop)
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in commands.items():
            children[name] = subprocess.Popen(command, env=environment)  # noqa: S603 -- our own command lines
        if _answers(config, children["web server"]):
            _tell(config, packages)
        dead = _first_to_end(children)
        click.echo(f"The {dead} has ended; see above why.", err=True)
        raise click.exceptions.Exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        _end(children.values())


def _answers(config: Config, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False when it ended, or is not ready after a minute."""
    for _ in range(STARTING * 4):
        try:
            server.wait(timeout=0.25)
            return False
        except subprocess.TimeoutExpired:
            pass
        connection = http.client.HTTPConnection("127.0.0.1", config.port, timeout=5)
        try:
            connection.request("GET", "/healthz", headers={"Host": config.base_host})
            connection.getresponse().read()
            return True
        except OSError:
            continue
        finally:
            connection.close()
    return False


def _first_to_end(children: dict[str, subprocess.Popen[bytes]]) -> str:
    while True:
        for name, child in children.items():
            try:
                child.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                continue
            return name


def _end(children: Collection[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=STOPPING)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _tell(config: Config, packages: Sequence[TenantPackage]) -> None:
    """The address of every tenant, and the accounts that anybody may use."""
    from core.rehearsal.accounts import PASSWORD, demo_accounts

    host = f"{config.base_host}:{config.port}"
    click.echo(f"\nBảng Vàng is running: http://{host}\n")
    for package in packages:
        address = f"http://{package.slug}.{host}"
        click.echo(f"  {address:<38} {package.name.vi}")
    click.echo(f"\nDemonstration accounts, all with the password: {PASSWORD}\n")
    for account in demo_accounts(packages):
        click.echo(f"  {account.email:<28} {account.role_words.in_('en')} ({account.role_words.vi})")
    click.echo("\nMail is kept on each contest's own mailbox page. Ctrl+C stops everything.")
