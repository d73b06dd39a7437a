"""The command `bangvang`. Each subcommand lives in a module of its own, loaded only when it is called.

Exit codes: 0 fine, 1 the answer is no, 2 wrong use. Errors are one sentence on standard error, never a traceback.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError

from core.kernel.errors import DomainError, WrongUse
from core.kernel.logs import configure_logs

# Name of the command → module and attribute.
COMMANDS = {
    "accounts": "core.cli.accounts:group",
    "audit": "core.cli.audit:group",
    "backup": "core.cli.backup:backup",
    "db": "core.cli.database:group",
    "demo": "core.cli.demo:demo",
    "doctor": "core.cli.doctor:doctor",
    "mail": "core.cli.mail:group",
    "plugins": "core.cli.plugins:group",
    "rehearse": "core.cli.rehearse:rehearse",
    "restore": "core.cli.backup:restore",
    "results": "core.cli.results:group",
    "rules": "core.cli.rules:group",
    "serve": "core.cli.serve:serve",
    "tenants": "core.cli.tenants:group",
    "verify": "core.cli.results:verify",
    "worker": "core.cli.worker:worker",
}


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is used, so that `verify` does not load the web."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bangvang")
def cli() -> None:
    """Bảng Vàng: contests of several provinces, from rules to a verified result."""


def main() -> None:
    """Run the command and leave with its exit code."""
    # What a command imports lives to its end: looking for garbage in it took a seventh of a command's time.
    gc.set_threshold(20_000, 20, 50)
    configure_logs()  # a plugin that cannot be imported is logged before there is an application
    try:
        code = cli(standalone_mode=False)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        code = 1
    except click.ClickException as wrong:
        wrong.show()
        code = 2
    except WrongUse as wrong:
        click.echo(str(wrong), err=True)
        code = 2
    except DomainError as refused:
        click.echo(refused.message, err=True)
        code = 1
    except OperationalError as down:
        click.echo(f"The database cannot be used: {str(down.orig).splitlines()[0]}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)
