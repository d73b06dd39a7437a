"""`python -m bench.storm`: the last two minutes before the deadline, and a server killed right after them.

200 entrants hand in through gunicorn with 2 workers on PostgreSQL with `fsync` on. First as they come in life, spread
over two minutes; then, with fresh dossiers, all at once (no mark of time: no deadline is like that). After the last
answer every process of the server is killed (SIGKILL), and each acknowledged receipt is looked for in the database.
Exit status 1 when a mark is missed: an answer other than a receipt, p99 over 2 s, a receipt that is not there.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, update

from bench.data import HOST, KEY, SLUG
from bench.load import get, post
from bench.postgres import postgres
from bench.server import Server, serving
from core.app import create_app
from core.contests.models import Edition
from core.contests.queries import edition_by_key
from core.contests.sync import sync_packages
from core.contests.values import EditionView, PhaseKind
from core.entries.models import Entry, EntryVersion
from core.kernel import audit
from core.kernel.clock import real_now
from core.kernel.config import read_config
from core.kernel.db import db, platform_scope, session, tenant_scope
from core.kernel.migrate import upgrade
from core.tenancy.package import load_tenant_packages
from core.tenancy.resolver import find_tenant
from core.tenancy.scope import touch_public
from tests.support.entries import complete_draft
from tests.support.factories import make_account
from tests.support.people import sign_in

ENTRANTS, WORKERS = 200, 2
LAST_MINUTES = timedelta(minutes=2)
SLOWEST = 2.0
# What is left of the two minutes when the last answer is in.
SPARE = timedelta(minutes=10)


@dataclass(frozen=True)
class Entrant:
    """A signed-in entrant with a dossier that is ready."""

    ref: str
    cookie: str
    csrf: str


@dataclass(frozen=True)
class Answer:
    """What an entrant was answered, where to, and after how many seconds."""

    ref: str
    status: int
    location: str
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Prepare, storm twice, kill, look, and print."""
    parser = argparse.ArgumentParser(description="The last two minutes before the deadline.")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the entrants take to come")
    spread = parser.parse_args(arguments).seconds
    missed = 0
    with tempfile.TemporaryDirectory() as name, postgres(Path(name)) as (owner_url, app_url):
        environ = {
            "BANGVANG_VAR": str(Path(name) / "var"),
            "DATABASE_URL": app_url,
            "SECRET_KEY": "storm " * 8,
            "BASE_HOST": "localhost",
        }
        config = replace(read_config(environ), owner_url=owner_url)
        config.var.mkdir(parents=True, exist_ok=True)
        upgrade(owner_url)
        app = create_app(config)
        for label, wave, seconds, slowest in (
            (f"spread over {spread:g} s", 0, spread, SLOWEST),
            ("all at once", 1, 0.0, inf),
        ):
            entrants = prepare(app, wave)
            with serving("wsgi:app", environ, workers=WORKERS) as server:
                answers = asyncio.run(storm(server.port, entrants, seconds))
                kill(server)
            missed += told(label, answers, look(app, answers), slowest)
    return 1 if missed else 0


def prepare(app: Flask, wave: int) -> list[Entrant]:
    """Entrants of a wave with complete drafts, the edition's clock so that the deadline lies just ahead."""
    with app.app_context():
        sync_packages(load_tenant_packages(app.config["BANGVANG"].tenants), now=real_now())
        with platform_scope():
            tenant = find_tenant(SLUG)
            assert tenant is not None
        with tenant_scope(tenant.id):
            edition = _shortly_before_the_end()
            emails = [f"nguoi-{wave}-{number}@vi-du.vn" for number in range(ENTRANTS)]
            owners = [make_account(email) for email in emails]
            refs = [complete_draft(edition, owner, now=edition.now()).ref for owner in owners]
            session().commit()
    ready = [_entrant(app, email, ref) for email, ref in zip(emails, refs, strict=True)]
    with app.app_context():
        db.engine.dispose()
    return ready


def _shortly_before_the_end() -> EditionView:
    phase = edition_by_key(SLUG, KEY).phase(PhaseKind.SUBMISSION)
    assert phase is not None
    offset = phase.closes_at - LAST_MINUTES - SPARE - real_now()
    session().execute(
        update(Edition).where(Edition.key == KEY).values(clock_offset=int(offset.total_seconds()))
    )
    touch_public()
    session().flush()
    return edition_by_key(SLUG, KEY)


def _entrant(app: Flask, email: str, ref: str) -> Entrant:
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    sign_in(client, email)
    client.set_cookie("ky", KEY, domain=HOST)
    page = client.get(f"/du-thi/{ref}/kiem-tra", base_url=f"http://{HOST}").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    held = client.get_cookie("bv", domain=HOST)
    assert token is not None, page[:500]
    assert held is not None
    return Entrant(ref, f"bv={held.value}; ky={KEY}", token[1])


async def storm(port: int, entrants: Sequence[Entrant], seconds: float) -> list[Answer]:
    """Every entrant presses the button once, evenly over `seconds`, each over a connection of its own."""
    await _warm(port, entrants)
    step = seconds / len(entrants)
    return list(await asyncio.gather(*(_press(port, one, step * n) for n, one in enumerate(entrants))))


async def _warm(port: int, entrants: Sequence[Entrant]) -> None:
    """Let every worker answer some pages first: a server that has just been started is none that has a deadline."""

    async def look_in(one: Entrant) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(get(f"/du-thi/{one.ref}/kiem-tra", HOST, one.cookie))
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    for _round in range(2):
        await asyncio.gather(*(look_in(one) for one in entrants[:40]))


async def _press(port: int, entrant: Entrant, after: float) -> Answer:
    await asyncio.sleep(after)
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(post(f"/du-thi/{entrant.ref}/nop", HOST, entrant.cookie, f"csrf_token={entrant.csrf}"))
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    took = time.perf_counter() - began
    writer.close()
    location = re.search(r"^location: (\S+)", head, re.IGNORECASE | re.MULTILINE)
    return Answer(entrant.ref, int(head.split(" ", 2)[1]), location[1] if location else "", took)


def kill(server: Server) -> None:
    """Kill the master and its workers, without a word."""
    for pid in (server.pid, *server.workers()):
        os.kill(pid, signal.SIGKILL)


def look(app: Flask, answers: Sequence[Answer]) -> list[str]:
    """What is wrong in the database: acknowledged dossiers without their version, codes given twice, a false log."""
    wrong = []
    with app.app_context():
        with platform_scope():
            tenant = find_tenant(SLUG)
            assert tenant is not None
        with tenant_scope(tenant.id):
            versions = select(Entry.ref).join(EntryVersion, EntryVersion.entry_id == Entry.id)
            there = set(
                session().scalars(versions.where(EntryVersion.number == 1, Entry.state == "submitted"))
            )
            lost = [one.ref for one in answers if one.status == 303 and one.ref not in there]
            if lost:
                wrong.append(f"{len(lost)} acknowledged dossiers are not there")
            twice = select(Entry.code).where(Entry.code.is_not(None)).group_by(Entry.code)
            if session().scalars(twice.having(func.count() > 1)).all():
                wrong.append("a code was given twice")
            if audit.first_false_record() is not None:
                wrong.append("the audit log does not hold")
        db.engine.dispose()
    return wrong


def told(label: str, answers: Sequence[Answer], wrong: Sequence[str], slowest: float) -> int:
    """Print a storm's figures and say how many marks it missed; `slowest` is the mark of p99 in seconds."""
    ordered = sorted(one.seconds for one in answers)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99) - 1]
    receipts = sum(1 for one in answers if one.status == 303 and one.location.endswith("/bien-nhan/1"))
    others = Counter(one.status for one in answers if one.status != 303)
    asked = "no mark" if slowest == inf else f"mark: p99 ≤ {slowest:g} s"
    marks = {
        f"{receipts} receipts of {len(answers)}, others: {dict(others)}": receipts == len(answers),
        f"p50 {p50:.3f} s, p99 {p99:.3f} s, slowest {ordered[-1]:.3f} s ({asked})": p99 <= slowest,
        f"after kill -9: {'; '.join(wrong) or 'every acknowledged dossier is there'}": not wrong,
    }
    print(f"storm, {label}, {WORKERS} workers, PostgreSQL")
    for line, holds in marks.items():
        print(f"  {line}  {'ok' if holds else 'MISSED'}")
    return sum(not holds for holds in marks.values())


if __name__ == "__main__":
    sys.exit(main())
