"""The plan of a rehearsal: the same seed the same plan, and every deed inside its phase."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.app import create_app
from core.contests.queries import edition_by_key
from core.contests.sync import sync_packages
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.kernel.clock import real_now
from core.kernel.db import db, platform_scope, tenant_scope
from core.kernel.migrate import upgrade
from core.rehearsal.plan import (
    EntryPlan,
    Outcome,
    Size,
    plan_entries,
    plan_votes,
    points,
    qualities,
    stream,
)
from core.tenancy.package import load_tenant_package
from core.tenancy.resolver import find_tenant
from tests.support.app import test_config
from tests.support.postgres import DatabaseUrls

TENANTS = Path(__file__).parents[3] / "tenants"
SIZE = Size(entries=60, judges=5, voters=200, seed=4)


Editions = dict[str, EditionView]


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """The first edition of two contests, with a vote and without one."""
    folder = tmp_path_factory.mktemp("plan")
    url = f"sqlite:///{folder / 'plan.db'}"
    upgrade(url)
    app = create_app(test_config(DatabaseUrls(owner_url=url, app_url=url), folder))
    packages = [load_tenant_package(TENANTS / slug) for slug in ("thainguyen", "backan")]
    found: Editions = {}
    with app.app_context():
        sync_packages(packages, now=real_now())
        for package in packages:
            with platform_scope():
                tenant = find_tenant(package.slug)
            assert tenant is not None
            with tenant_scope(tenant.id):
                found[package.slug] = edition_by_key(package.slug, package.editions[0].key)
        db.engine.dispose()
    return found


@pytest.fixture
def thainguyen(editions: Editions) -> EditionView:
    return editions["thainguyen"]


@pytest.fixture
def backan(editions: Editions) -> EditionView:
    return editions["backan"]


def phase(found: EditionView, kind: PhaseKind) -> PhaseView:
    one = found.phase(kind)
    assert one is not None
    return one


def test_the_same_seed_gives_the_same_plan(thainguyen: EditionView) -> None:
    assert plan_entries(thainguyen, SIZE) == plan_entries(thainguyen, SIZE)
    other = Size(SIZE.entries, SIZE.judges, SIZE.voters, seed=5)
    assert plan_entries(thainguyen, SIZE) != plan_entries(thainguyen, other)


def test_all_but_the_late_one_are_handed_in_while_entries_are_received(thainguyen: EditionView) -> None:
    plans = plan_entries(thainguyen, SIZE)
    submission = phase(thainguyen, PhaseKind.SUBMISSION)

    assert [one.index for one in plans if one.submitted_at is None] == [60]
    assert all(one.outcome is Outcome.DRAFT for one in plans if one.submitted_at is None)
    for one in plans:
        assert submission.is_open(one.started_at)
        assert one.submitted_at is None or submission.is_open(one.submitted_at)


def test_deeds_of_a_dossier_follow_each_other(thainguyen: EditionView) -> None:
    for one in plan_entries(thainguyen, SIZE):
        deeds = [
            one.started_at,
            one.submitted_at,
            one.screened_at,
            one.completed_at,
            one.rechecked_at,
            one.published_at,
            one.withdrawn_at,
        ]
        done = [at for at in deeds if at is not None]
        assert done == sorted(done), one


def test_exactly_one_published_entry_leaves(thainguyen: EditionView) -> None:
    leaving = [one for one in plan_entries(thainguyen, SIZE) if one.withdrawn_at is not None]
    assert [one.published_at is not None for one in leaving] == [True]


def test_votes_lie_in_the_window_and_no_account_votes_twice(thainguyen: EditionView) -> None:
    votes = plan_votes(thainguyen, SIZE, plan_entries(thainguyen, SIZE))
    window = phase(thainguyen, PhaseKind.VOTING)

    assert len(votes) > SIZE.voters
    assert all(window.is_open(vote.at) for vote in votes)
    assert len({(vote.voter, vote.entry) for vote in votes}) == len(votes)


def test_nobody_votes_for_an_entry_that_left(thainguyen: EditionView) -> None:
    plans = plan_entries(thainguyen, SIZE)
    gone = {one.index: one.withdrawn_at for one in plans if one.withdrawn_at is not None}
    late = [v for v in plan_votes(thainguyen, SIZE, plans) if v.entry in gone and v.at >= gone[v.entry]]
    assert late == []


def test_a_contest_without_a_vote_has_no_votes(backan: EditionView) -> None:
    assert plan_votes(backan, SIZE, plan_entries(backan, SIZE)) == ()


def test_a_demonstration_that_stops_in_the_submission_has_begun_everything(backan: EditionView) -> None:
    until = phase(backan, PhaseKind.SUBMISSION).closes_at - timedelta(days=4)
    plans = plan_entries(backan, SIZE, until=until, shared_owner=3)

    assert all(one.started_at < until for one in plans)
    assert [states(one) for one in plans[:3]] == ["accepted", "returned", "draft"]
    assert {one.owner for one in plans[:3]} == {0}


def states(plan: EntryPlan) -> str:
    if plan.submitted_at is None:
        return "draft"
    return (
        "returned" if plan.outcome is Outcome.COMPLETED and plan.completed_at is None else str(plan.outcome)
    )


def test_points_are_whole_steps_within_the_maximum() -> None:
    given = [
        points(9, "J1", f"r/c{number}", quality, steps=40)
        for number, quality in enumerate(range(0, 1001, 50))
    ]
    assert all(0 <= one <= 40 for one in given)
    assert given[0] < given[-1]


def test_qualities_depend_on_the_code_alone() -> None:
    assert qualities(1, ["A", "B"])["B"] == qualities(1, ["B"])["B"]


def test_streams_of_different_names_differ() -> None:
    assert stream(1, "a").random() == stream(1, "a").random()
    assert stream(1, "a").random() != stream(1, "b").random()
