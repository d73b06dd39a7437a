"""What units were asked for and brought."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask import Flask

from core.contests.queries import UnitRow
from core.kernel.db import session, tenant_scope
from core.outreach.periods import month_named
from core.outreach.queries import (
    attainment,
    chosen,
    figures_now,
    matrix,
    months_of,
    referred_entries,
    reporting_units,
    todo,
)
from tests.support.entries import make_entry
from tests.support.factories import NOW, World, make_unit
from tests.support.outreach import NOVEMBER, UnitWorld, make_target, unit_world
from tests.support.queries import count_queries


@pytest.mark.parametrize(
    ("state", "counted"),
    [
        ("draft", 0),
        ("submitted", 1),
        ("returned", 1),
        ("accepted", 1),
        ("refused", 0),
        ("withdrawn", 0),
    ],
)
def test_what_was_handed_in_and_still_takes_part_counts(here: UnitWorld, state: str, counted: int) -> None:
    unit = make_unit("so-thu", name="Sở Thử", kind="department")
    make_entry(here.edition, here.owner, state=state, unit=unit, published=False)

    found = attainment(here.edition, NOW).unit(unit.id)

    assert found is not None
    assert found.counts.counted == counted


def test_a_joint_target_counts_once_and_is_reached_together(here: UnitWorld) -> None:
    units = [make_unit(f"hoi-{n}", name=f"Hội {n}", kind="association") for n in range(4)]
    for unit in units:
        make_target(here.edition, unit, joint=2, group="hiep-hoi", order=3)
    for unit in units[:2]:
        make_entry(here.edition, here.owner, state="submitted", unit=unit)

    found = attainment(here.edition, NOW)

    group = next(one for one in found.groups if one.key == "hiep-hoi")
    assert (found.target, group.target, group.share, group.reached) == (3, 2, Fraction(1), True)
    assert [unit.reached for unit in found.units if unit.group == "hiep-hoi"] == [True] * 4


def test_one_too_few_leaves_the_whole_group_short(here: UnitWorld) -> None:
    unit = make_unit("hoi-1", name="Hội 1", kind="association")
    make_target(here.edition, unit, joint=2, group="hiep-hoi", order=3)
    make_entry(here.edition, here.owner, state="submitted", unit=unit)

    found = attainment(here.edition, NOW).unit(unit.id)

    assert found is not None
    assert found.reached is False


def test_units_and_loose_dossiers_add_up_to_the_edition(here: UnitWorld) -> None:
    make_entry(here.edition, here.owner, state="accepted", unit=make_unit("so-thu", name="Sở Thử"))
    make_entry(here.edition, here.owner, state="submitted")

    found = attainment(here.edition, NOW)

    assert (found.counts.counted, found.loose.counted, found.total.counted, found.balances) == (1, 1, 2, True)


def test_a_unit_that_is_no_more_is_listed_only_with_what_it_brought(here: UnitWorld) -> None:
    gone, idle = make_unit("huyen-cu", name="Huyện Cũ"), make_unit("huyen-xua", name="Huyện Xưa")
    gone.is_active = idle.is_active = False
    make_entry(here.edition, here.owner, state="accepted", unit=gone)

    codes = {unit.code for unit in attainment(here.edition, NOW).units}

    assert codes == {"xa-thu", "huyen-cu"}


def test_filters_narrow_by_group_result_and_words_without_marks(here: UnitWorld) -> None:
    unit = make_unit("phuong-dai-tu", name="Phường Đại Từ", kind="ward")
    make_target(here.edition, unit)
    make_entry(here.edition, here.owner, state="accepted", unit=unit)
    found = attainment(here.edition, NOW)

    assert [one.code for one in chosen(found, reached=True)] == ["phuong-dai-tu"]
    assert [one.code for one in chosen(found, group="xa-phuong", reached=False)] == ["xa-thu"]
    assert [one.code for one in chosen(found, words="TU dai")] == ["phuong-dai-tu"]


def test_a_unit_sees_no_draft_and_nobody_elses_dossier(here: UnitWorld) -> None:
    mine = session().get_one(type(make_unit("khac", name="Khác")), (session().tenant_id, here.unit.id))
    make_entry(here.edition, here.owner, state="draft", title="Nháp", unit=mine)
    make_entry(here.edition, here.owner, state="submitted", title="Đã nộp", unit=mine)
    make_entry(here.edition, here.owner, state="submitted", title="Của ai")

    assert [one.title for one in referred_entries(here.edition, here.unit.id)] == ["Đã nộp"]


def test_figures_count_what_was_first_handed_in_within_the_month(here: UnitWorld) -> None:
    month = month_named(here.edition, NOVEMBER, NOW)
    unit = make_unit("so-thu", name="Sở Thử")
    for at in (month.opens_at, NOW):
        make_entry(here.edition, here.owner, state="submitted", unit=unit, now=at)
    make_entry(
        here.edition, here.owner, state="accepted", unit=unit, now=month.opens_at - (NOW - month.opens_at)
    )
    make_entry(here.edition, here.owner, state="draft", unit=unit)

    assert figures_now(here.edition, unit.id, month) == {
        "new": 2,
        "drafted": 1,
        "submitted": 2,
        "returned": 0,
        "accepted": 1,
        "refused": 0,
        "withdrawn": 0,
        "counted": 3,
    }


def test_the_months_run_from_the_opening_to_now(here: UnitWorld) -> None:
    months = months_of(here.edition, here.unit.id, NOW)

    assert [(one.month.key, str(one.state)) for one in months] == [
        ("2025-10", "overdue"),
        ("2025-11", "missing"),
    ]


def test_the_committee_is_told_of_reports_and_loose_dossiers(here: UnitWorld) -> None:
    make_entry(here.edition, here.owner, state="submitted")

    found = [(one.endpoint, one.count, dict(one.args)) for one in todo(here.edition, NOW)]

    assert found == [
        ("outreach_office.loose", 1, {}),
        ("outreach_office.reports", 1, {"thang": "2025-10"}),
        ("outreach_office.reports", 1, {"thang": "2025-11"}),
    ]


@pytest.mark.parametrize("units", [1, 30])
def test_the_table_needs_four_queries_whatever_its_length(here: UnitWorld, app: Flask, units: int) -> None:
    for number in range(units):
        unit = make_unit(f"xa-{number}", name=f"Xã {number}")
        make_target(here.edition, unit)
        make_entry(here.edition, here.owner, state="submitted", unit=unit)

    with count_queries(app) as counted:
        found = attainment(here.edition, NOW)
        rows = matrix(here.edition, reporting_units(found), NOW)

    assert len(rows) == units + 1
    assert counted.count == 5, str(counted)


def test_another_tenant_s_dossiers_count_nowhere_here(world: World) -> None:
    with world.app.app_context():
        with tenant_scope(world.second.id):
            twin = unit_world(world.second, minimum=7)
            make_entry(twin.edition, twin.owner, state="submitted")
            session().commit()
        with tenant_scope(world.first.id):
            here = unit_world(world.first)
            found = attainment(here.edition, NOW)

    assert (found.target, found.total.counted, [unit.id for unit in found.units]) == (1, 0, [here.unit.id])
    assert isinstance(here.unit, UnitRow)
