"""The checker sees each thing it bans, and only where it is banned."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.support.source_rules import check_file


def messages(path: str, source: str) -> list[str]:
    return [finding.message for finding in check_file(PurePosixPath(path), source)]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("from sqlalchemy import select, text", "raw SQL (text) outside core/kernel"),
        ("import sqlalchemy as sa\nsa.text('select 1')", "raw SQL (text) outside core/kernel"),
        ("db.session.connection()", "connection() goes round the tenant's session"),
        ("x = db.engine", ".engine goes round the tenant's session; only core/kernel may hold it"),
        ("import random", "random outside core/rehearsal: a result must come out the same everywhere"),
        (
            "from random import choice",
            "random outside core/rehearsal: a result must come out the same everywhere",
        ),
        ("print('x')", "print(): log it, or give it to click.echo in core/cli"),
        (
            "from flask import render_template\nrender_template('x.html', account=1, nav=2, rows=3)",
            "the frame of the pages has its own account, nav: choose another name",
        ),
        ("from .x import y", "a relative import: write the whole path, so that the floors can be read"),
    ],
)
def test_what_python_may_not_hold_is_named(source: str, message: str) -> None:
    assert messages("core/entries/services.py", source) == [message]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("import datetime as dt\ndt.datetime.utcnow()", "datetime.datetime.utcnow"),
        ("from datetime import date as day\nday.today()", "datetime.date.today"),
        ("import time\ntime.time()", "time.time"),
        ("from time import time\nx = time", "time.time"),
    ],
)
def test_a_clock_of_ones_own_is_named(source: str, name: str) -> None:
    expected = f"{name}: the time comes from core/kernel/clock.py, or as the argument `now`"
    assert messages("core/voting/services.py", source) == [expected]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("core/kernel/db.py", "from sqlalchemy import text\ndb.engine.connect()"),
        ("core/kernel/clock.py", "from datetime import datetime\ndatetime.now()"),
        ("core/rehearsal/people.py", "import random"),
        ("core/cli/main.py", "print('x')"),
        ("core/publishing/verify.py", "print('x')"),
        ("core/entries/services.py", "import time\ntime.monotonic()"),
        ("core/entries/services.py", "from datetime import datetime\ndatetime.fromisoformat('x')"),
    ],
)
def test_what_is_allowed_passes(path: str, source: str) -> None:
    assert messages(path, source) == []


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        (
            '<p style="color: red">',
            "a style attribute; the content security policy refuses it, use a class",
        ),
        ("<style>p {}</style>", "a style element; put it into a style sheet"),
        ('<a href="/" onclick="go()">', "an event attribute; listen in a script of static/"),
        ('<a href="javascript:go()">', "an address that is script"),
        ("<script>go()</script>", "an inline script; put it into static/"),
    ],
)
def test_what_a_template_may_not_hold_is_named(markup: str, message: str) -> None:
    assert messages("core/templates/entries/form.html", markup) == [message]


def test_a_template_may_load_scripts_carry_data_and_speak_of_both_in_comments() -> None:
    markup = (
        '<script type="module" src="/static/a.js"></script>\n'
        '<script type="application/json">{}</script>\n'
        '{# <p style="x"> #}<p class="button-style" data-on="x">'
    )
    assert messages("core/templates/entries/form.html", markup) == []


@pytest.mark.parametrize(
    ("comment", "found"), [("  # source-rule: reads the revision", 0), ("  # source-rule:", 1), ("", 1)]
)
def test_a_line_with_a_reason_is_let_through(comment: str, found: int) -> None:
    assert len(messages("core/entries/services.py", f"x = db.engine{comment}\n")) == found


def test_a_mail_carries_its_own_style() -> None:
    assert messages("core/templates/mail/base.html", "<style>p {}</style>") == []


def test_a_finding_reads_as_path_line_and_rule() -> None:
    (finding,) = check_file(PurePosixPath("core/a.py"), "x = 1\nprint(x)\n")
    assert str(finding) == "core/a.py:2: print(): log it, or give it to click.echo in core/cli"
