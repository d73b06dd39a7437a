"""The data of a measurement: a tenant during its public vote, with many published entries and signed-in voters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import update

from bench.rows import create_table
from core.app import create_app
from core.contests.models import Edition
from core.contests.queries import edition_by_key
from core.contests.sync import sync_packages
from core.entries.events import EntryPublished
from core.kernel.clock import real_now
from core.kernel.config import read_config
from core.kernel.db import db, platform_scope, session, tenant_scope
from core.kernel.events import emit
from core.kernel.migrate import upgrade
from core.rehearsal.content import titles
from core.tenancy.package import load_tenant_packages
from core.tenancy.resolver import find_tenant
from tests.support.entries import make_entry
from tests.support.factories import make_account
from tests.support.people import sign_in

SLUG, KEY = "thainguyen", "2025"
# So many for each that two savings of one dossier lie seconds apart, whichever connection is served first.
DRAFTS = 20
HOST = f"{SLUG}.localhost"


@dataclass(frozen=True)
class Voter:
    """A signed-in voter as a load generator needs it; `drafts` are the numbers of dossiers of theirs to write in."""

    cookie: str
    csrf: str
    drafts: list[str]


@dataclass(frozen=True)
class Ground:
    """What a measurement runs on."""

    environ: dict[str, str]
    codes: list[str]
    voters: list[Voter]


def prepare(environ: dict[str, str], owner_url: str, *, entries: int, voters: int) -> Ground:
    """Migrate and fill the database of `environ`: `entries` published entries, `voters` signed-in accounts."""
    config = replace(read_config(environ), owner_url=owner_url)
    config.var.mkdir(parents=True, exist_ok=True)
    upgrade(owner_url)
    app = create_app(config)
    with app.app_context():
        packages = load_tenant_packages(config.tenants)
        sync_packages(packages, now=real_now())
        with platform_scope():
            tenant = find_tenant(SLUG)
            assert tenant is not None
        with tenant_scope(tenant.id):
            package = next(one for one in packages if one.slug == SLUG)
            offset = package.edition(KEY).demonstration.starts_at - real_now()
            session().execute(
                update(Edition).where(Edition.key == KEY).values(clock_offset=int(offset.total_seconds()))
            )
            session().flush()
            edition = edition_by_key(SLUG, KEY)
            owner = make_account("tac-gia@vi-du.vn")
            codes = []
            for sample in titles(Random(1), entries):
                entry = make_entry(edition, owner, title=sample.title, now=edition.now())
                assert entry.code is not None
                codes.append(entry.code)
                emit(EntryPublished(edition.id, entry.id, entry.code, edition.now()))
            emails = [f"cu-tri-{n}@vi-du.vn" for n in range(voters)]
            people = [make_account(email) for email in emails]
            drafts = [
                [make_entry(edition, one, state="draft", now=edition.now()).ref for _ in range(DRAFTS)]
                for one in people
            ]
            session().commit()
    create_table(owner_url)
    signed = [_voter(app, email, codes[0], own) for email, own in zip(emails, drafts, strict=True)]
    with app.app_context():
        db.engine.dispose()
    return Ground(environ, codes, signed)


def _voter(app: Flask, email: str, code: str, drafts: list[str]) -> Voter:
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = HOST
    sign_in(client, email)
    client.set_cookie("ky", KEY, domain=HOST)
    page = client.get(f"/bai-du-thi/{code}/binh-chon", base_url=f"http://{HOST}").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, page[:500]
    held = client.get_cookie("bv", domain=HOST)
    assert held is not None
    return Voter(cookie=f"bv={held.value}; ky={KEY}", csrf=token[1], drafts=drafts)


def write_inputs(target: Path, *, entries: int, judges: int) -> None:
    """A valid inputs file of Thái Nguyên with `entries` × `judges` sheets and votes."""
    rng = Random(1)
    maxima = {"doi_moi": 20, "hieu_qua": 30, "kha_nang": 30}
    codes = [f"TN-2025-{n:05d}" for n in range(1, entries + 1)]
    document = {
        "format": "bangvang.inputs/1",
        "tenant": SLUG,
        "edition": KEY,
        "rules": {"plugins": [{"name": "thainguyen_innovation", "version": "1.0.0"}], "settings": {}},
        "entries": [
            {"code": code, "field": None, "title": f"Công trình {code}", "unit": None,
             "authors": [{"ref": "a1", "role": "chief", "birth_year": 1980}], "facts": {}}
            for code in codes
        ],
        "sheets": [
            {"round": "hoi_dong", "judge": f"J{j}", "entry": code,
             "scores": {key: str(Decimal(rng.randint(0, 2 * top)) / 2) for key, top in maxima.items()}}
            for code in codes
            for j in range(1, judges + 1)
        ],
        "abstentions": [],
        "votes": {code: rng.randint(0, 5000) for code in codes},
        "withdrawn": [],
    }  # fmt: skip
    target.write_text(json.dumps(document), encoding="utf-8")
