"""The data of the desk's measurement: judges of an edition that is being judged, each with his own sheets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from flask import Flask
from sqlalchemy import select, update

from core.app import create_app
from core.contests.models import Edition
from core.contests.queries import edition_by_key
from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.models import Judge
from core.judging.policies import access_sheet
from core.judging.services import appoint_judge, open_round, save_scores
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.clock import real_now
from core.kernel.config import read_config
from core.kernel.db import db, platform_scope, session, tenant_scope
from core.tenancy.package import load_tenant_packages
from core.tenancy.resolver import find_tenant
from tests.support.entries import make_entry
from tests.support.factories import make_account
from tests.support.people import sign_in
from tests.support.queries import count_queries

SLUG, KEY, ROUND = "bacgiang", "11", "so_khao"
HOST = f"{SLUG}.localhost"
JUDGES, ENTRIES = 12, 20


@dataclass(frozen=True)
class SignedJudge:
    """A judge as a load generator needs him."""

    cookie: str
    csrf: str


@dataclass(frozen=True)
class Desk:
    """Whose sheets are saved: each judge has one of each entry."""

    judges: list[SignedJudge]
    codes: list[str]
    criterion: str

    def sheet(self, number: int) -> tuple[SignedJudge, str]:
        """The judge and the entry of the sheet `number`, each sheet once in a turn."""
        place = number % (len(self.judges) * len(self.codes))
        return self.judges[place % len(self.judges)], self.codes[place // len(self.judges)]


def prepare_desk(environ: dict[str, str], owner_url: str) -> Desk:
    """Open the first round of an edition over entries, in a database that `bench.data.prepare` has filled."""
    app = create_app(replace(read_config(environ), owner_url=owner_url))
    with app.app_context():
        with platform_scope():
            tenant = find_tenant(SLUG)
            assert tenant is not None
        with tenant_scope(tenant.id):
            packages = load_tenant_packages(app.config["BANGVANG"].tenants)
            package = next(one for one in packages if one.slug == SLUG)
            offset = package.edition(KEY).demonstration.starts_at - real_now()
            session().execute(
                update(Edition).where(Edition.key == KEY).values(clock_offset=int(offset.total_seconds()))
            )
            session().flush()
            edition = edition_by_key(SLUG, KEY)
            owner = make_account("tac-gia@vi-du.vn")
            entries = [make_entry(edition, owner, now=edition.now()) for _ in range(ENTRIES)]
            emails = [f"giam-khao-{n}@vi-du.vn" for n in range(JUDGES)]
            for email in emails:
                appoint_judge(edition, make_account(email).id, actor=SYSTEM, now=edition.now())
            open_round(edition, ROUND, actor=SYSTEM, now=edition.now())
            codes = [one.code or "" for one in entries]
            criterion = next(one for one in edition.rules.rounds() if one.key == ROUND).criteria[0].key
            _begin_sheets(edition, criterion)
            session().commit()
    judges = [_signed(app, email, codes[0]) for email in emails]
    with app.app_context():
        db.engine.dispose()
    return Desk(judges, codes, criterion)


def _begin_sheets(edition: EditionView, criterion: str) -> None:
    """A sheet is begun once and saved again and again: what is measured is the second kind."""
    for judge in session().scalars(select(Judge)):
        actor = Actor(judge.account_id, "", frozenset({Role.JUDGE}))
        for entry in session().scalars(select(Entry)):
            place = access_sheet(edition, actor, ROUND, entry.code or "")
            save_scores(edition, place, {criterion: Decimal(10)}, None, 0, actor=actor, now=edition.now())


def desk_statements(environ: dict[str, str], desk: Desk) -> int:
    """How many statements one page of a sheet needs."""
    app = create_app(read_config(environ))
    judge, code = desk.sheet(0)
    client = app.test_client(use_cookies=False)
    for _warm in range(2):
        with count_queries(app) as counted:
            answer = client.get(
                f"/cham-thi/{ROUND}/{code}", base_url=f"http://{HOST}", headers={"Cookie": judge.cookie}
            )
        if answer.status_code != 200:
            raise SystemExit(f"the desk answered {answer.status_code}")
    with app.app_context():
        db.engine.dispose()
    return counted.count


def _signed(app: Flask, email: str, code: str) -> SignedJudge:
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    sign_in(client, email)
    page = client.get(f"/cham-thi/{ROUND}/{code}", base_url=f"http://{HOST}").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, page[:500]
    held = client.get_cookie("bv", domain=HOST)
    assert held is not None
    return SignedJudge(cookie=f"bv={held.value}; ky={KEY}", csrf=token[1])
