"""The data of the ranking line: a round of many entries with seven locked sheets each, a leader who reads its order,
and a judge with whole drafts who locks one after another meanwhile.

The rows are copies of one entry and go in by plain inserts: through the services it would take minutes. The totals are
then made by the code that is measured.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, insert, select, update

from bench.data import HOST, KEY, SLUG, Ground
from bench.load import RequestMaker, get, post, run
from bench.server import Server
from core.app import create_app
from core.contests.models import Edition
from core.contests.queries import edition_by_key
from core.contests.values import EditionView, PhaseKind
from core.entries.models import Entry
from core.judging.models import Assignment, Judge, RoundEntry, Sheet, SheetScore
from core.judging.services import appoint_judge
from core.judging.totals import rebuild
from core.kernel.actor import SYSTEM, Role
from core.kernel.clock import real_now
from core.kernel.config import read_config
from core.kernel.db import db, platform_scope, session, tenant_scope
from core.kernel.ids import uuid7
from core.tenancy.resolver import find_tenant
from core.tenancy.scope import touch_public
from tests.support.factories import make_account
from tests.support.people import sign_in

READER, LOCKER = "can-bo-xep-hang@vi-du.vn", "giam-khao-khoa@vi-du.vn"
EACH = 0.5
"""Seconds between two sheets that are locked: as sixty judges do in their last hour when each locks two a minute."""


@dataclass(frozen=True)
class RankingGround:
    """What the line is measured on: the address read, and the sheets that are still to be locked."""

    environ: dict[str, str]
    round_key: str
    reader: str
    locker: str
    csrf: str
    drafts: Iterator[str]

    def page(self) -> bytes:
        """The request for the first page of the order."""
        return get(f"/hoi-dong/{self.round_key}/xep-hang", HOST, self.reader)

    @contextmanager
    def locking(self, server: Server) -> Iterator[list[int]]:
        """Lock a sheet each half second until the block ends; the list counts those that were locked."""
        done: list[int] = []
        refused: list[str] = []
        stop = threading.Event()

        def work() -> None:
            while not stop.wait(EACH):
                code = next(self.drafts)
                body = f"csrf_token={self.csrf}&revision=1"
                request = post(f"/cham-thi/{self.round_key}/{code}/khoa", HOST, self.locker, body)
                load = run(server.port, _always(request), seconds=30, connections=1, most=1)
                if set(load.statuses) != {303}:
                    refused.append(f"a sheet was not locked: {dict(load.statuses)}")
                    return
                done.append(1)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield done
        finally:
            stop.set()
            thread.join()
        if refused:
            raise SystemExit(refused[0])


def prepare_ranking(ground: Ground, owner_url: str, *, entries: int, judges: int = 7) -> RankingGround:
    """Put `entries` entries with `judges` locked sheets each into the round of `ground`; called again, it grows."""
    app = create_app(replace(read_config(ground.environ), owner_url=owner_url))
    with app.app_context():
        with platform_scope():
            tenant = find_tenant(SLUG)
            assert tenant is not None
        with tenant_scope(tenant.id) as current:
            _to_judging(edition_by_key(SLUG, KEY))
            edition = edition_by_key(SLUG, KEY)
            round_key = edition.rules.deciding_round().key
            emails = [*(f"giam-khao-{n}@vi-du.vn" for n in range(judges)), LOCKER]
            council = [_judge(edition, email) for email in emails]
            if current.scalars(_account(READER)).one_or_none() is None:
                make_account(READER, roles=[Role.COMMITTEE])
            current.commit()
            codes = _fill(owner_url, tenant.id, edition, entries, council)
        with tenant_scope(tenant.id) as current:
            rebuild(edition, edition.rules.deciding_round(), now=edition.now())
            current.commit()
    made = RankingGround(
        environ=ground.environ,
        round_key=round_key,
        reader=_cookie(app, READER, f"/hoi-dong/{round_key}/xep-hang")[0],
        locker="",
        csrf="",
        drafts=iter(()),
    )
    cookie, csrf = _cookie(app, LOCKER, f"/cham-thi/{round_key}/{codes[0]}")
    with app.app_context():
        db.engine.dispose()
    return replace(made, locker=cookie, csrf=csrf, drafts=iter(codes))


def _always(request: bytes) -> RequestMaker:
    return lambda _number: request


def _to_judging(edition: EditionView) -> None:
    phase = edition.phase(PhaseKind.JUDGING)
    assert phase is not None
    offset = int((phase.opens_at + timedelta(hours=1) - real_now()).total_seconds())
    session().execute(update(Edition).where(Edition.id == edition.id).values(clock_offset=offset))
    touch_public()
    session().flush()


def _account(email: str) -> Any:
    from core.people.models import Account

    return select(Account).where(Account.email == email)


def _judge(edition: EditionView, email: str) -> UUID:
    held = session().scalars(_account(email)).one_or_none()
    account = held if held is not None else make_account(email)
    return appoint_judge(edition, account.id, actor=SYSTEM, now=edition.now()).id


def _fill(
    owner_url: str,
    tenant_id: UUID,
    edition: EditionView,
    wanted: int,
    council: list[UUID],
) -> list[str]:
    """Put in what is missing; gives the codes of the entries whose draft is still to be locked by the last judge."""
    locker = council[-1]
    dice = Random(5)
    criteria = edition.rules.deciding_round().criteria
    round_key = edition.rules.deciding_round().key
    at = edition.now()
    engine = create_engine(owner_url)
    rows = _Rows()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select set_config('app.tenant', '*', true)")
        entry = Entry.__table__
        known = list(
            connection.execute(
                select(entry).where(entry.c.edition_id == edition.id, entry.c.state == "accepted")
            ).mappings()
        )
        in_round = set(
            connection.execute(
                select(RoundEntry.entry_id).where(RoundEntry.__table__.c.edition_id == edition.id)
            ).scalars()
        )
        entries = [(one["id"], one["code"]) for one in known]
        for number in range(len(known), wanted):
            code = f"TN-{number:06d}"
            names = {"id": uuid7(), "code": code, "ref": f"r{number:08d}", "form_token": f"bench-{number}"}
            made = {**known[0], **names, "title": f"Công trình {code}"}
            rows.add(Entry, made)
            entries.append((made["id"], code))
        whole = {"tenant_id": tenant_id, "edition_id": edition.id, "round": round_key}
        for entry_id, _code in entries:
            if entry_id in in_round:
                continue
            rows.add(RoundEntry, {**whole, "id": uuid7(), "entry_id": entry_id})
            for judge in council:
                pair = {**whole, "judge_id": judge, "entry_id": entry_id}
                rows.add(
                    Assignment, {**pair, "id": uuid7(), "way": "whole", "at": at, "why": "", "ended_at": None}
                )
                sheet = uuid7()
                rows.add(Sheet, {**pair, "id": sheet, **_sheet(at, is_locked=judge != locker)})
                for one in criteria:
                    steps = int(one.maximum / one.step)
                    points = one.step * dice.randint(steps // 2, steps)
                    rows.add(
                        SheetScore,
                        {
                            "tenant_id": tenant_id,
                            "id": uuid7(),
                            "sheet_id": sheet,
                            "criterion": one.key,
                            "points": Decimal(points),
                        },
                    )
        rows.store(connection)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("analyze")  # as the server does by itself while rows come one by one
        sheets, judges = Sheet.__table__, Judge.__table__
        ask = (
            select(entry.c.code)
            .join(sheets, sheets.c.entry_id == entry.c.id)
            .join(judges, judges.c.id == sheets.c.judge_id)
            .where(judges.c.id == locker, sheets.c.state == "draft")
            .order_by(entry.c.code)
        )
        found = list(connection.execute(ask).scalars())
    engine.dispose()
    dice.shuffle(found)
    return found


def _sheet(at: datetime, *, is_locked: bool) -> Mapping[str, Any]:
    return {
        "state": "locked" if is_locked else "draft",
        "remark": "",
        "reason": "",
        "revision": 2 if is_locked else 1,
        "nonce": "0" * 64 if is_locked else None,
        "commitment": "0" * 64 if is_locked else None,
        "updated_at": at,
        "locked_at": at if is_locked else None,
    }


class _Rows:
    """Rows by table, stored in the order in which the tables were first named."""

    def __init__(self) -> None:
        self._held: dict[Any, list[Mapping[str, Any]]] = {}

    def add(self, kind: Any, row: Mapping[str, Any]) -> None:
        """Keep one row."""
        self._held.setdefault(kind.__table__, []).append(row)

    def store(self, connection: Any) -> None:
        """Insert everything, some thousand rows at once."""
        for table, rows in self._held.items():
            waiting: Iterable[Mapping[str, Any]] = iter(rows)
            while part := list(islice(waiting, 5000)):
                connection.execute(insert(table), part)


def _cookie(app: Flask, email: str, form: str) -> tuple[str, str]:
    """What a browser holds after it has opened `form`: the cookies, and the token of its forms."""
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    sign_in(client, email)
    client.set_cookie("ky", KEY, domain=HOST)
    page = client.get(form, base_url=f"http://{HOST}").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, page[:500]
    held = client.get_cookie("bv", domain=HOST)  # the page has put the other half of its token there
    assert held is not None
    return f"bv={held.value}; ky={KEY}", found[1]


__all__ = ["RankingGround", "prepare_ranking"]
