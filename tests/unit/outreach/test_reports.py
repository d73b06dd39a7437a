"""Writing, sending and reopening monthly reports; naming the unit of a dossier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.contests.models import Unit
from core.contests.queries import UnitRow
from core.kernel import audit
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.outreach.errors import NotReopenable, ReportFixed
from core.outreach.queries import attainment, months_of, report_of
from core.outreach.services import assign_unit, reopen_report, save_report, send_report
from tests.support.entries import make_entry
from tests.support.factories import NOW, World, make_unit
from tests.support.outreach import NOVEMBER, NOVEMBER_DUE, UnitWorld, report_form, unit_world

SECOND = timedelta(seconds=1)


def the_unit(here: UnitWorld) -> Unit:
    return session().scalars(select(Unit).where(Unit.id == here.unit.id)).one()


def send(here: UnitWorld, month: str = NOVEMBER, **changes: str) -> None:
    send_report(here.edition, here.unit, month, report_form(**changes), actor=here.speaker, now=NOW)


def test_sending_fixes_what_was_typed_and_the_counts_of_the_database(here: UnitWorld) -> None:
    make_entry(here.edition, here.owner, state="accepted", unit=the_unit(here))

    send(here, figures="99")
    make_entry(here.edition, here.owner, state="submitted", unit=the_unit(here))

    report = report_of(here.edition, here.unit.id, NOVEMBER)
    assert report is not None
    assert (report.events, report.news, report.people) == (3, 12, 1250)
    assert (report.figures["counted"], report.figures["new"]) == (1, 1)
    assert (report.version, report.sent_at, report.sent_by) == (1, NOW, "Đơn vị Thử")


def test_a_draft_may_leave_things_out_and_is_not_sent(here: UnitWorld) -> None:
    save_report(here.edition, here.unit, NOVEMBER, {"activities": "Nháp"}, actor=here.speaker, now=NOW)

    report = report_of(here.edition, here.unit.id, NOVEMBER)
    assert report is not None
    assert (report.activities, report.events, report.sent_at) == ("Nháp", None, None)
    assert [str(one.state) for one in months_of(here.edition, here.unit.id, NOW)] == ["overdue", "draft"]


def test_sending_twice_gives_one_report(here: UnitWorld) -> None:
    send(here)
    send(here)

    report = report_of(here.edition, here.unit.id, NOVEMBER)
    assert report is not None
    assert (report.version, len(audit.records(actions=["report.sent"]))) == (1, 1)


def test_a_sent_report_is_not_changed(here: UnitWorld) -> None:
    send(here)

    with pytest.raises(ReportFixed, match="Báo cáo đã gửi lúc 10:00 ngày 12/11/2025"):
        send(here, events="4")


@pytest.mark.parametrize("typed", ["-1", "1,5", "ba", "1e3", "٣", "12.34", "10.000.001"])
def test_a_count_is_a_whole_number_from_zero(here: UnitWorld, typed: str) -> None:
    with pytest.raises(Invalid) as raised:
        send(here, events=typed)

    assert list(raised.value.errors) == ["events"]


def test_everything_that_is_missing_is_told_at_its_field(here: UnitWorld) -> None:
    with pytest.raises(Invalid) as raised:
        send(here, events="", news="0", people="", activities=" \n ")

    assert set(raised.value.errors) == {"events", "people", "activities"}


@pytest.mark.parametrize("month", ["2025-12", "2025-09", "2025-13", "abc"])
def test_a_month_that_has_not_begun_or_is_none_of_the_edition_has_no_report(
    here: UnitWorld, month: str
) -> None:
    with pytest.raises(NotFound):
        send(here, month)


def test_a_report_after_its_day_is_taken_and_marked_late(here: UnitWorld) -> None:
    send(here, "2025-10")

    assert [str(one.state) for one in months_of(here.edition, here.unit.id, NOW)] == ["late", "missing"]


def test_a_unit_reopens_its_report_until_the_last_second(here: UnitWorld) -> None:
    send(here)

    now = NOVEMBER_DUE - SECOND
    reopen_report(here.edition, here.unit, NOVEMBER, actor=here.speaker, now=now)
    send_report(here.edition, here.unit, NOVEMBER, report_form(events="4"), actor=here.speaker, now=now)

    report = report_of(here.edition, here.unit.id, NOVEMBER)
    assert report is not None
    assert (report.version, report.events) == (2, 4)
    assert [one.action for one in audit.records(subject="xa-thu/2025-11")] == [
        "report.sent",
        "report.reopened",
        "report.sent",
    ]


def test_from_the_due_instant_only_the_committee_reopens_and_says_why(here: UnitWorld) -> None:
    send(here)

    with pytest.raises(NotReopenable):
        reopen_report(here.edition, here.unit, NOVEMBER, actor=here.speaker, now=NOVEMBER_DUE)
    with pytest.raises(Invalid):
        reopen_report(here.edition, here.unit, NOVEMBER, reason=" ", actor=here.officer, now=NOVEMBER_DUE)
    reopen_report(here.edition, here.unit, NOVEMBER, reason="Sai số", actor=here.officer, now=NOVEMBER_DUE)

    report = report_of(here.edition, here.unit.id, NOVEMBER)
    assert report is not None
    assert (report.sent_at, report.figures) == (None, {})


def test_nobody_reports_for_another_unit(here: UnitWorld) -> None:
    other = make_unit("xa-khac", name="Xã Khác")
    row = UnitRow(other.id, other.code, other.name, other.kind)

    with pytest.raises(NotFound):
        send_report(here.edition, row, NOVEMBER, report_form(), actor=here.speaker, now=NOW)


def test_the_committee_names_the_unit_of_a_dossier_with_a_reason(here: UnitWorld) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    assign_unit(entry, here.unit, reason="Tác giả xác nhận", actor=here.officer, now=NOW)

    found = attainment(here.edition, NOW).unit(here.unit.id)
    assert found is not None
    assert (found.counts.counted, found.reached) == (1, True)
    assert "xa thu" in entry.folded
    (record,) = audit.records(actions=["attribution.changed"])
    assert record.data == {"from": None, "to": "xa-thu", "reason": "Tác giả xác nhận"}


def test_a_dossier_gets_its_unit_from_the_committee_alone_and_never_without_a_reason(here: UnitWorld) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(Forbidden):
        assign_unit(entry, here.unit, reason="Vì", actor=here.speaker, now=NOW)
    with pytest.raises(Invalid):
        assign_unit(entry, here.unit, reason="", actor=here.officer, now=NOW)

    assert entry.unit_id is None


def test_the_twin_tenant_s_report_is_not_here(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.second.id):
            twin = unit_world(world.second)
            send(twin)
            session().commit()
        with tenant_scope(world.first.id):
            here = unit_world(world.first)
            assert report_of(here.edition, here.unit.id, NOVEMBER) is None
            with pytest.raises(Forbidden):
                send_report(here.edition, twin.unit, NOVEMBER, report_form(), actor=twin.speaker, now=NOW)
