"""A version of a plugin brings other criteria: nothing is locked by them unannounced, and none change under it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import select

from core.contests import rules
from core.contests.events import TenantSynced
from core.contests.policies import RulesMoved
from core.contests.values import EditionView
from core.judging.criteria_guard import drifted_criteria
from core.judging.criteria_versions import keep_synced_versions, versions_of
from core.judging.errors import CriteriaDrifted, SheetsAreLocked
from core.judging.services import lock_all_ready
from core.judging.states import SheetState
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.mail import Mail
from core.letters.post import bound_tenant
from core.plugin_api import Criterion, Edition, Plugin, PluginInfo, Round, Text, hookimpl
from core.plugin_host import Host
from core.tenancy.package import load_tenant_packages
from tests.support.app import client_of
from tests.support.deliberations import OFFICER, change, opened
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.support.judging import JUDGE, ROUND, fill, judge_actor, lock, make_round, place_of, stored_sheets
from tests.support.people import sign_in
from tests.support.plugins import enable, installed, upgrade
from tests.support.voting import in_tenant

REASON = "Theo văn bản sửa đổi."
GIVEN = {"doi_moi": "10", "hieu_qua": "20"}


class Criteria:
    """Rules with two criteria, of which a version changes the most points of the first."""

    def __init__(self, most: int) -> None:
        self.most = most

    @hookimpl
    def rounds(self, edition: Edition) -> tuple[Round, ...]:
        """One round."""
        criteria = (
            Criterion("doi_moi", Text("Tính mới"), Decimal(self.most)),
            Criterion("hieu_qua", Text("Hiệu quả"), Decimal(30)),
        )
        return (Round(ROUND, Text("Vòng chấm"), criteria),)


def release(number: str, most: int) -> Plugin:
    return Plugin(PluginInfo("nang_cap", number, Text("Nâng cấp"), ("1.0", "2.0")), (Criteria(most),))


NEWER = release("1.1.0", 25)


@pytest.fixture
def host(world: World) -> Iterator[Host]:
    """The plugin in its first version, in the list of the first tenant."""
    with installed(release("1.0.0", 20)) as found:
        with world.app.app_context():
            enable(world.first, "nang_cap")
        yield found


def officers() -> tuple[Actor, Actor]:
    one, two = (actor_of(make_account(f"cb{number}@example.vn", roles=[Role.COMMITTEE])) for number in (1, 2))
    return one, two


def reopened(world: World) -> Actor:
    """The rules opened again by two officers; the second is given back."""
    one, two = officers()
    asked = rules.ask_reopening(view(world.first), REASON, actor=one, now=NOW)
    rules.agree_reopening(view(world.first), asked.id, actor=two, now=NOW)
    return two


def numbers(edition: EditionView) -> list[int]:
    return [one.number for one in versions_of(edition.id)]


def test_by_criteria_that_were_not_announced_nothing_is_locked_and_the_draft_stays(
    world: World, host: Host
) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        drafted = fill(view(world.first), entry, scores=GIVEN)
        upgrade(host, NEWER)
        moved = view(world.first)

        with pytest.raises(CriteriaDrifted):
            lock(moved, entry, scores=GIVEN)
        judge = place_of(moved, entry).judge
        with pytest.raises(CriteriaDrifted):
            lock_all_ready(
                moved,
                judge,
                moved.rules.deciding_round(),
                {entry.code or "": drafted.revision},
                actor=judge_actor(),
                now=NOW,
            )

        (sheet,) = stored_sheets()
        assert (sheet.state, numbers(moved)) == (SheetState.DRAFT, [1])
        assert [one["what"] for one in drifted_criteria(moved)] == ["maximum"]


def test_before_the_first_lock_the_committee_makes_them_a_version_which_is_announced(
    world: World, host: Host
) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        upgrade(host, NEWER)
        officer = reopened(world)
        with pytest.raises(CriteriaDrifted):
            lock(view(world.first), entry, scores=GIVEN)

        rules.freeze_again(view(world.first), actor=officer, now=NOW)

        assert numbers(edition) == [2, 1]
        assert len(session().scalars(select(Mail).where(Mail.kind == "criteria-changed")).all()) == 2
        assert lock(view(world.first), entry, scores=GIVEN).state is SheetState.LOCKED


def test_once_a_sheet_is_locked_such_rules_are_not_opened_again(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(view(world.first), entry, scores=GIVEN)
        upgrade(host, NEWER)
        one, _two = officers()

        with pytest.raises(SheetsAreLocked, match="cài lại phiên bản"):
            rules.ask_reopening(view(world.first), REASON, actor=one, now=NOW)

        assert numbers(edition) == [1]


def test_rules_that_were_opened_before_the_upgrade_are_not_frozen_on_it(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(view(world.first), entry, scores=GIVEN)
        officer = reopened(world)
        upgrade(host, NEWER)

        with pytest.raises(SheetsAreLocked):
            rules.freeze_again(view(world.first), actor=officer, now=NOW)

        assert numbers(edition) == [1]


def test_points_of_a_locked_sheet_are_not_changed_by_them_either(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        for number, points in ((1, GIVEN), (2, {"doi_moi": "1", "hieu_qua": "2"})):
            lock(view(world.first), entry, number=number, scores=points)
        talk = opened(view(world.first), entry)
        upgrade(host, NEWER)

        with pytest.raises(CriteriaDrifted):
            change(view(world.first), entry, talk, {"doi_moi": "22", "hieu_qua": "2"})


def test_who_locks_from_a_page_of_before_the_rules_were_opened_is_told_to_load_it_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        before = view(world.first)
        reopened(world)

        with pytest.raises(RulesMoved):
            lock(before, entry)


def test_the_folder_makes_no_version_of_them_and_says_so(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition)
        upgrade(host, NEWER)
        differences: list[str] = []
        package = next(one for one in load_tenant_packages() if one.slug == "thainguyen")
        tenant = bound_tenant()

        keep_synced_versions(TenantSynced(tenant, package, {edition.key: edition.id}, differences, {}, NOW))

        assert numbers(edition) == [1]
        assert [one.partition(":")[0] for one in differences] == [edition.key]


def test_the_offices_pages_say_what_differs_and_what_to_do(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        lock(view(world.first), entry, scores=GIVEN)
    client = client_of(world.app, world.first.slug)
    sign_in(client, OFFICER)
    label = "Xem tiêu chí đang cài khác tiêu chí đã công bố"
    assert label not in client.get("/btc/cham-thi").text
    upgrade(host, NEWER)

    for path in ("/btc/cham-thi", "/btc/"):
        assert label in client.get(path).text, path
    page = client.get("/btc/cham-thi/tieu-chi").text
    for words in ("“Tính mới”: điểm tối đa từ 20 thành 25.", "nang_cap 1.0.0", "Đã có 1 phiếu khóa"):
        assert words in page, words


def test_the_judge_is_told_on_the_page_where_he_locks_and_his_sheet_stays(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        drafted = fill(view(world.first), entry, scores=GIVEN)
        code = entry.code
    client = client_of(world.app, world.first.slug)
    sign_in(client, JUDGE)
    upgrade(host, NEWER)

    answer = client.post(f"/cham-thi/{ROUND}/{code}/khoa", data={"revision": str(drafted.revision)})

    assert (answer.status_code, "Những gì bạn đã chấm được giữ nguyên" in answer.text) == (409, True)


def test_the_former_version_installed_again_lets_judging_go_on(world: World, host: Host) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        upgrade(host, NEWER)
        upgrade(host, release("1.0.0", 20))

        assert lock(view(world.first), entry, scores=GIVEN).state is SheetState.LOCKED
        assert drifted_criteria(view(world.first)) == []
        assert numbers(edition) == [1]
