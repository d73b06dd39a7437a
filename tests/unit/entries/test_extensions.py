"""A later end of handing in: proposed by one officer, confirmed by another, announced, and never backwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.contests.models import Phase
from core.contests.policies import PhaseClosed, RulesAreFrozen
from core.contests.services import change_phase, freeze_rules
from core.contests.values import PhaseKind
from core.entries.deadlines import may_hand_in
from core.entries.errors import ExtensionRefused
from core.entries.models import Entry, Extension
from core.entries.services import accept, submit
from core.entries.services.extensions import (
    Touched,
    confirm_extension,
    decline_extension,
    propose_extension,
    touched_by,
    withdraw_extension,
)
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.jobs import run_due_jobs
from core.kernel.mail import Mail, mailbox
from core.kernel.proposals import Standing, standing
from core.publishing.models import Content
from tests.support.entries import complete_draft, make_entry
from tests.support.factories import NOW, actor_of, make_account, view
from tests.unit.entries.conftest import Here

DAY = timedelta(days=1)
REASON = "Mất điện trên diện rộng do bão."


@dataclass(frozen=True)
class Two:
    """Two officers and the present end of handing in."""

    first: Actor
    second: Actor
    ends: datetime


@pytest.fixture
def two(here: Here) -> Two:
    second = actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))
    phase = here.edition.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    return Two(here.officer, second, phase.closes_at)


def proposed(here: Here, two: Two, entry: Entry | None = None, *, days: int = 3) -> Extension:
    """A proposal of the first officer."""
    return propose_extension(
        here.edition, entry, until=two.ends + days * DAY, reason=REASON, actor=two.first, now=NOW
    )


def closes(here: Here) -> datetime:
    """The stored end of handing in."""
    ask = select(Phase.closes_at).where(Phase.edition_id == here.edition.id, Phase.kind == "submission")
    return session().scalars(ask).one()


def test_a_proposal_changes_nothing_yet(here: Here, two: Two) -> None:
    made = proposed(here, two)

    assert (standing(made, NOW), closes(here)) == (Standing.PROPOSED, two.ends)
    assert audit.records(subject="k1")[-1].action == "extension.proposed"


def test_a_second_officer_makes_it_hold_for_all_with_news_and_the_log(here: Here, two: Two) -> None:
    made = proposed(here, two)

    assert confirm_extension(here.edition, made.id, actor=two.second, now=NOW)

    news = session().scalars(select(Content).where(Content.kind == "news")).one()
    assert closes(here) == two.ends + 3 * DAY
    assert [one.action for one in audit.records(subject="k1")][-2:] == [
        "phase.changed",
        "extension.confirmed",
    ]
    assert news.title["vi"] == "Gia hạn nhận hồ sơ đến 10:00 ngày 15/12/2025"
    assert "(trước đây: 10:00 ngày 12/12/2025)" in news.body["vi"]
    assert REASON in news.body["vi"]


def test_nobody_confirms_what_he_proposed(here: Here, two: Two) -> None:
    made = proposed(here, two)

    with pytest.raises(ExtensionRefused, match="cần một cán bộ khác"):
        confirm_extension(here.edition, made.id, actor=two.first, now=NOW)

    assert closes(here) == two.ends


def test_confirming_twice_is_once(here: Here, two: Two) -> None:
    made = proposed(here, two)

    did = [confirm_extension(here.edition, made.id, actor=two.second, now=NOW) for _time in range(2)]

    assert did == [True, False]
    assert len(session().scalars(select(Content)).all()) == 1


def test_everybody_with_an_open_dossier_gets_one_letter_however_often_the_job_runs(
    here: Here, two: Two
) -> None:
    complete_draft(here.edition, here.owner)
    make_entry(here.edition, make_account("hai@example.vn"), state="returned")
    make_entry(here.edition, make_account("ba@example.vn"), state="accepted")
    made = proposed(here, two)
    confirm_extension(here.edition, made.id, actor=two.second, now=NOW)
    session().commit()

    for _time in range(3):
        run_due_jobs()

    with tenant_scope(here.world.first.id):
        told = session().scalars(select(Mail).where(Mail.subject.startswith("Gia hạn"))).all()
        assert sorted(one.recipient for one in told) == ["hai@example.vn", "tacgia@example.vn"]
        assert {one.subject for one in told} == {"Gia hạn: nộp hồ sơ trước 10:00 ngày 15/12/2025"}


def test_one_dossier_gets_more_time_and_the_others_do_not(here: Here, two: Two) -> None:
    entry, other = complete_draft(here.edition, here.owner), complete_draft(here.edition, here.owner)
    made = proposed(here, two, entry)
    confirm_extension(here.edition, made.id, actor=two.second, now=NOW)
    late = two.ends + 2 * DAY

    assert (may_hand_in(entry, here.edition, late), may_hand_in(other, here.edition, late)) == (True, False)
    assert submit(entry, here.edition, actor=here.entrant, now=late).number == 1
    with pytest.raises(PhaseClosed):
        submit(other, here.edition, actor=here.entrant, now=late)
    assert mailbox()[-1].subject == "Gia hạn: nộp hồ sơ trước 10:00 ngày 15/12/2025"
    assert closes(here) == two.ends


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=1)])
def test_the_time_of_one_dossier_ends_to_the_second(here: Here, two: Two, late: timedelta) -> None:
    entry = complete_draft(here.edition, here.owner)
    confirm_extension(here.edition, proposed(here, two, entry).id, actor=two.second, now=NOW)
    until = two.ends + 3 * DAY

    assert may_hand_in(entry, here.edition, until - timedelta(seconds=1))
    assert not may_hand_in(entry, here.edition, until + late)


@pytest.mark.parametrize("days", [0, -1])
def test_an_end_that_is_not_later_is_refused(here: Here, two: Two, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        proposed(here, two, days=days)

    assert set(refused.value.errors) == {"until"}


def test_a_proposal_needs_a_reason(here: Here, two: Two) -> None:
    with pytest.raises(Invalid) as refused:
        propose_extension(here.edition, None, until=two.ends + DAY, reason=" ", actor=two.first, now=NOW)

    assert set(refused.value.errors) == {"reason"}


def test_once_judging_began_the_time_of_handing_in_stays(here: Here, two: Two) -> None:
    made = proposed(here, two)
    freeze_rules(here.edition.id, actor=two.first, now=NOW)

    with pytest.raises(RulesAreFrozen):
        confirm_extension(here.edition, made.id, actor=two.second, now=NOW)
    with pytest.raises(RulesAreFrozen):
        proposed(here, two, complete_draft(here.edition, here.owner))


@pytest.mark.parametrize(("days", "found"), [(6, Standing.PROPOSED), (7, Standing.LAPSED)])
def test_a_proposal_that_nobody_decides_lapses_after_seven_days(
    here: Here, two: Two, days: int, found: Standing
) -> None:
    made = proposed(here, two, days=20)
    now = NOW + days * DAY

    assert standing(made, now) is found
    if found is Standing.LAPSED:
        with pytest.raises(ExtensionRefused, match="quá bảy ngày"):
            confirm_extension(here.edition, made.id, actor=two.second, now=now)


def test_one_waiting_proposal_is_enough(here: Here, two: Two) -> None:
    made = proposed(here, two)

    assert proposed(here, two).id == made.id
    with pytest.raises(ExtensionRefused, match="đã đề nghị gia hạn lúc"):
        propose_extension(
            here.edition, None, until=two.ends + 5 * DAY, reason=REASON, actor=two.second, now=NOW
        )


def test_a_proposal_can_be_declined_by_another_and_withdrawn_by_its_own(here: Here, two: Two) -> None:
    first = proposed(here, two)
    decline_extension(here.edition, first.id, "Chưa đủ căn cứ.", actor=two.second, now=NOW)
    second = proposed(here, two)
    withdraw_extension(here.edition, second.id, actor=two.first, now=NOW)

    assert (standing(first, NOW), first.note) == (Standing.DECLINED, "Chưa đủ căn cứ.")
    assert standing(second, NOW) is Standing.WITHDRAWN
    for one in (first, second):
        with pytest.raises(ExtensionRefused):
            confirm_extension(here.edition, one.id, actor=two.second, now=NOW)
    assert closes(here) == two.ends


def test_a_closed_dossier_gets_no_more_time(here: Here, two: Two) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    accept(entry, here.edition, actor=here.officer, now=NOW)

    with pytest.raises(ExtensionRefused, match="đã có quyết định hoặc đã rút"):
        proposed(here, two, entry)


def test_an_entrant_proposes_nothing(here: Here, two: Two) -> None:
    with pytest.raises(Forbidden):
        propose_extension(
            here.edition, None, until=two.ends + DAY, reason=REASON, actor=here.entrant, now=NOW
        )


def test_another_tenants_proposal_does_not_exist(here: Here, two: Two) -> None:
    made = proposed(here, two).id
    session().commit()

    with tenant_scope(here.world.second.id):
        officer = actor_of(make_account("x@example.vn", roles=[Role.COMMITTEE]))
        edition = view(here.world.second)
        with pytest.raises(NotFound):
            confirm_extension(edition, made, actor=officer, now=NOW)


def test_whom_it_reaches_is_counted(here: Here, two: Two) -> None:
    complete_draft(here.edition, here.owner)
    for state in ("returned", "submitted", "accepted"):
        make_entry(here.edition, here.owner, state=state)

    assert touched_by(here.edition, None) == Touched(two.ends, drafts=1, returned=1, revising=0)


def test_one_officer_alone_no_longer_prolongs_the_time_that_runs(here: Here, two: Two) -> None:
    with pytest.raises(Invalid) as refused:
        change_phase(
            here.edition.id,
            PhaseKind.SUBMISSION,
            opens_at=NOW - 30 * DAY,
            closes_at=two.ends + DAY,
            reason=REASON,
            actor=two.first,
            now=NOW,
        )

    assert refused.value.errors == {
        "closes": ["Kéo dài thời gian nhận hồ sơ đã mở cần hai cán bộ: bạn hãy dùng mục “Gia hạn nộp hồ sơ”."]
    }
