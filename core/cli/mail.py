"""`bangvang mail`: what comes back from the world of mail."""

from __future__ import annotations

import sys

import click

WORDS = {
    "bounced": "the letter did not arrive",
    "suppressed": "the letter did not arrive, and nothing is sent to that address any more",
    "ignored": "the other server goes on trying, or has delivered",
    "unknown": "no letter of ours is meant",
}


@click.group(name="mail")
def group() -> None:
    """What comes back from the world of mail."""


@group.command()
def bounce() -> None:
    """Take a delivery report (RFC 3464) from standard input and mark the letter it tells of."""
    raw = sys.stdin.buffer.read()
    from core.cli.application import application

    with application():
        from core.kernel.bounces import take_report
        from core.kernel.clock import real_now

        taken = take_report(raw, now=real_now())
    if not taken:
        # Not an error: the mailbox for reports gets automatic answers and advertisements too.
        click.echo("This is not a delivery report about a letter of ours; nothing was changed.")
    for one in taken:
        click.echo(f"{one}: {WORDS[one]}.")
