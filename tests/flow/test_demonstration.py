"""The demonstration: what it shows of each contest, and that a second start changes nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.app import create_app
from core.contests.models import Edition
from core.contests.queries import edition_by_key
from core.contests.services import move_clock
from core.contests.values import PhaseKind
from core.entries.models import Entry
from core.entries.queries import counts_by_state
from core.entries.states import State
from core.judging.models import Judge, Sheet
from core.judging.states import SheetState
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.clock import real_now
from core.kernel.db import TenantSession, platform_scope, session, tenant_scope
from core.kernel.migrate import upgrade
from core.people.models import Account
from core.people.passwords import faults, matches
from core.rehearsal.accounts import PASSWORD, OfferedAccounts, demo_accounts
from core.rehearsal.demonstration import fill_demonstration
from core.tenancy.package import TenantPackage, load_tenant_package, load_tenant_packages
from core.tenancy.resolver import find_tenant
from core.voting.models import Vote
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls
from tests.support.rehearsal import TENANTS

BAC_GIANG = {
    "abstentions": 1,
    "accepted": 6,
    "council_ballots": 1,
    "councils": 2,
    "deliberations": 1,
    "drafts": 8,
    "draws": 1,
    "entries_in_so_khao": 5,
    "files": 15,
    "groups": 4,
    "judges": 2,
    "minutes": 1,
    "pledges": 8,
    "published": 6,
    "refused": 2,
    "returned": 1,
    "sheets_locked": 4,
    "site_visits": 1,
    "submitted": 9,
    "withdrawn": 1,
}


def bound(slug: str) -> AbstractContextManager[TenantSession]:
    """The tenant's session."""
    with platform_scope():
        tenant = find_tenant(slug)
    assert tenant is not None
    return tenant_scope(tenant.id)


def small(slug: str) -> TenantPackage:
    """A tenant's package whose demonstration is small."""
    package = load_tenant_package(TENANTS / slug)
    editions = tuple(
        replace(one, demonstration=replace(one.demonstration, entries=8, judges=2, voters=10))
        for one in package.editions
    )
    return replace(package, editions=editions)


def count(model: type[object]) -> int:
    return session().scalars(select(func.count()).select_from(model)).one()


def test_a_second_start_fills_nothing_and_keeps_what_visitors_did(app: Flask) -> None:
    package = small("backan")
    with app.app_context():
        assert fill_demonstration([package], now=real_now()) == 1
        with bound("backan"):
            edition = edition_by_key("backan", "8")
            moved = edition.now() + timedelta(days=40)
            move_clock(edition.id, moved, actor=SYSTEM, now=moved)
            before = (count(Entry), count(Account), audit.log_head())
            session().commit()

        assert fill_demonstration([package], now=real_now()) == 0
        with bound("backan"):
            assert (count(Entry), count(Account), audit.log_head()) == before
            assert abs(edition_by_key("backan", "8").now() - moved) < timedelta(minutes=5)


def test_the_log_says_what_was_filled_and_it_is_the_same_on_both_databases(app: Flask) -> None:
    with app.app_context():
        fill_demonstration([small("bacgiang")], now=real_now())
        with bound("bacgiang"):
            (filled,) = audit.records(actions=("demonstration.filled",))
            assert (filled.subject, filled.data) == ("11", BAC_GIANG)
            assert audit.first_false_record() is None


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole demonstration in one SQLite database, for the tests that only read it."""
    folder = tmp_path_factory.mktemp("demonstration")
    url = f"sqlite:///{folder / 'demo.db'}"
    urls = DatabaseUrls(owner_url=url, app_url=url)
    upgrade(url)
    app = create_app(test_config(urls, folder / "var"))
    with app.app_context():
        fill_demonstration(load_tenant_packages(TENANTS), now=real_now())
    return app


def test_thai_nguyen_2025_is_seen_during_the_vote(whole: Flask) -> None:
    with whole.app_context(), bound("thainguyen"):
        edition = edition_by_key("thainguyen", "2025")
        assert edition.is_open(PhaseKind.VOTING, edition.now())
        assert session().scalars(select(func.count()).select_from(Vote)).one() > 100
        assert counts_by_state(edition)[State.ACCEPTED] > 30


def test_thai_nguyen_2026_is_open_for_entries(whole: Flask) -> None:
    with whole.app_context(), bound("thainguyen"):
        edition = edition_by_key("thainguyen", "2026")
        states = counts_by_state(edition)
        assert edition.is_open(PhaseKind.SUBMISSION, edition.now())
        assert states[State.DRAFT] > 0
        assert states[State.SUBMITTED] > 0
        assert states[State.RETURNED] > 0


def test_bac_kan_is_seen_a_few_days_before_its_deadline(whole: Flask) -> None:
    with whole.app_context(), bound("backan"):
        edition = edition_by_key("backan", "8")
        closes = edition.phase(PhaseKind.SUBMISSION)
        assert closes is not None
        assert timedelta(days=2) < closes.closes_at - edition.now() < timedelta(days=7)
        states = counts_by_state(edition)
        assert states[State.DRAFT] > 0
        assert states[State.ACCEPTED] > 0


def test_bac_giang_is_seen_while_its_judges_score(whole: Flask) -> None:
    with whole.app_context(), bound("bacgiang"):
        edition = edition_by_key("bacgiang", "11")
        ask = select(Sheet.state, func.count()).where(Sheet.edition_id == edition.id).group_by(Sheet.state)
        states = dict(session().execute(ask).all())
        assert edition.is_open(PhaseKind.JUDGING, edition.now())
        assert states[SheetState.LOCKED] > 0
        assert states[SheetState.DRAFT] > 0


def test_every_invented_person_and_dossier_is_marked(whole: Flask) -> None:
    for slug in ("thainguyen", "backan", "bacgiang"):
        with whole.app_context(), bound(slug):
            for model in (Account, Entry):
                ask = select(func.count()).select_from(model).where(model.is_demonstration.is_(False))
                assert session().scalars(ask).one() == 0


def test_every_printed_account_exists_with_the_printed_password(whole: Flask) -> None:
    packages = load_tenant_packages(TENANTS)
    for package in packages:
        with whole.app_context(), bound(package.slug):
            rows = {row.email: row.password_hash for row in session().scalars(select(Account))}
            for account in demo_accounts([package]):
                assert matches(rows[account.email], account.password)
    assert len(demo_accounts(packages)) == 19
    assert list(OfferedAccounts(TENANTS)) == demo_accounts(packages)


def test_the_printed_password_is_one_that_people_may_choose(app: Flask) -> None:
    with app.test_request_context():
        for account in demo_accounts(load_tenant_packages(TENANTS)):
            assert faults(PASSWORD, email=account.email) == []


def test_the_judge_with_an_account_sits_in_every_council(whole: Flask) -> None:
    for slug in ("thainguyen", "backan", "bacgiang"):
        with whole.app_context(), bound(slug):
            ask = (
                select(Edition.key, Judge.number)
                .join(Edition, Edition.id == Judge.edition_id)
                .join(Account, Account.id == Judge.account_id)
                .where(Account.email == f"giamkhao@{slug}.demo")
            )
            seats = session().execute(ask).all()
            assert {number for _, number in seats} == {"J1"}
            assert len(seats) == len(session().scalars(select(Edition.id)).all())
