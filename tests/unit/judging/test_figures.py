"""What the statistics of a round are made from: the instants that are kept, and the line of the choice."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.borderline import Line
from core.judging.choice_line import choice_line
from core.judging.finalists import Selection
from core.judging.models import Assignment, Sheet
from core.judging.pace import paces
from core.judging.policies import round_of
from core.judging.queries.figures import Statistics, statistics_of
from core.judging.services import lock_all_ready, open_round
from core.judging.services.finalists import save_selection
from core.judging.services.sheets import lock_from_paper
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.privacy.models import DossierOpening
from tests.support.councils import with_fields
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, fill, judge_account, judge_actor, lock, make_round, place_of, points
from tests.support.voting import in_tenant

MINUTE = timedelta(minutes=1)
LOW = {"doi_moi": "10", "hieu_qua": "10", "kha_nang": "10"}
HIGH = {"doi_moi": "10", "hieu_qua": "20", "kha_nang": "10"}
PRELIMINARY, FINAL = "so_khao", "chung_khao"


def drifts(edition: EditionView) -> dict[str, object]:
    return {one.judge: one.drift for one in figures(edition).judges}


def figures(edition: EditionView, round_key: str = ROUND) -> Statistics:
    return statistics_of(edition, round_of(edition, round_key))


def lock_all(edition: EditionView, entries: list[Entry], *, at: datetime) -> None:
    place = place_of(edition, entries[0])
    seen = {
        one.code or "": sheet.revision
        for one in entries
        for sheet in session().query(Sheet).where(Sheet.entry_id == one.id, Sheet.judge_id == place.judge.id)
    }
    lock_all_ready(edition, place.judge, place.round, seen, actor=judge_actor(), now=at)


def opened(entry_id: UUID, at: datetime, *, number: int = 1) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    line = {"role": "judge", "what": "dossier", "hour": hour, "at": at}
    session().add(DossierOpening(entry_id=entry_id, account_id=judge_account(number).id, **line))
    session().flush()


def test_drift_goes_by_when_sheets_were_begun_though_all_are_locked_at_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=4, judges=2)
        # The last two by code are scored first, and higher.
        for minute, (entry, scores) in enumerate(zip(reversed(entries), (HIGH, HIGH, LOW, LOW), strict=True)):
            fill(edition, entry, scores=scores, now=NOW + minute * MINUTE)
            lock(edition, entry, number=2, scores=LOW)
        lock_all(edition, entries, at=NOW + timedelta(hours=1))

        assert drifts(edition) == {"J1": Decimal(-10), "J2": None}


def test_what_is_scored_again_later_was_begun_when_it_was_first_scored(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry, now=NOW)
        lock(edition, entry, scores=LOW, now=NOW + MINUTE)

        assert session().query(Sheet).one().begun_at == NOW


def test_a_paper_sheet_says_nothing_of_earlier_and_later(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=2, judges=2)
        for minute, entry in enumerate(entries):
            fill(edition, entry, now=NOW + minute * MINUTE)
            place = place_of(edition, entry)
            typed = {key: one for key, one in points((HIGH, LOW)[minute]).items() if one is not None}
            lock_from_paper(edition, place, typed, "", actor=SYSTEM, now=NOW + timedelta(hours=1 + minute))
            lock(edition, entry, number=2, now=NOW + minute * MINUTE)

        assert [one.begun_at for one in session().query(Sheet).where(Sheet.judge_id == place.judge.id)] == [
            None,
            None,
        ]
        assert drifts(edition)["J1"] is None


def test_reading_in_a_later_round_counts_from_the_first_opening_in_that_round(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        (entry,) = make_round(edition, round_key=PRELIMINARY)
        whole = {one.key: str(one.maximum) for one in edition.rules.rounds()[0].criteria}
        opened(entry.id, NOW)
        lock(edition, entry, scores=whole, round_key=PRELIMINARY, now=NOW + 30 * MINUTE)
        final = NOW + timedelta(days=5)
        open_round(edition, FINAL, actor=SYSTEM, now=final)
        opened(entry.id, final + timedelta(hours=2))
        lock(edition, entry, scores=whole, round_key=FINAL, now=final + timedelta(hours=2, minutes=4))

        assert [one.middle for one in figures(edition, PRELIMINARY).paces] == [30 * MINUTE]
        assert [one.middle for one in figures(edition, FINAL).paces] == [4 * MINUTE]


def test_an_opening_in_the_hour_of_the_new_round_makes_nobody_look_quick(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        hour = NOW.replace(minute=0)
        assigned = hour + 30 * MINUTE
        session().query(Assignment).one().at = assigned
        opened(entry.id, hour + 5 * MINUTE)  # the line of this hour; opening again at 9:40 leaves none
        opened(entry.id, hour + 61 * MINUTE)
        lock(edition, entry, now=hour + 63 * MINUTE)

        assert [one.middle for one in figures(edition).paces] == [33 * MINUTE]


def test_a_judge_who_read_finalists_weeks_ago_can_be_very_quick_in_the_final(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=10, judges=2)
        for entry in entries:
            for number, minutes in ((1, 4), (2, 40)):
                opened(entry.id, NOW - timedelta(days=20), number=number)
                opened(entry.id, NOW + timedelta(hours=3), number=number)
                lock(edition, entry, number=number, now=NOW + timedelta(hours=3, minutes=minutes))

        assert [(one.judge, one.quick) for one in figures(edition).paces] == [("J1", 10), ("J2", 0)]


@pytest.mark.parametrize(
    ("own", "others", "quick"),
    [
        ([timedelta(minutes=4, seconds=59)], 9 * [60 * MINUTE], 1),
        ([5 * MINUTE], 9 * [60 * MINUTE], 0),  # not under five minutes
        ([timedelta(minutes=2, seconds=59)], 9 * [12 * MINUTE], 1),
        ([3 * MINUTE], 9 * [12 * MINUTE], 0),  # not under a quarter of the middle
        ([MINUTE], 8 * [60 * MINUTE], 0),  # nine times known, not ten
    ],
)
def test_too_quick_is_under_five_minutes_and_a_quarter_with_ten_known(
    own: list[timedelta], others: list[timedelta], quick: int
) -> None:
    found = {one.judge: one.quick for one in paces({"J1": own, "J2": others})}
    assert found == {"J1": quick, "J2": 0}


def test_the_line_of_a_preliminary_round_is_that_of_who_goes_on(world: World) -> None:
    with in_tenant(world, world.first) as found:
        edition = with_fields(world.first, found)
        preliminary, final = edition.rules.rounds()
        least = preliminary.threshold
        assert choice_line(edition, preliminary, None).line == Line(None, least)
        save_selection(edition, FINAL, Selection(most=7, by_field=True), actor=SYSTEM, now=NOW)

        drawn = choice_line(edition, preliminary, None)

        assert drawn.line == Line(7, least, by_field=True)
        assert "nhận 7 hồ sơ cao nhất của mỗi lĩnh vực" in drawn.words
        assert drawn.is_illustration
        prizes = sum(tier.quota or 0 for tier in edition.rules.award_scheme().tiers)
        assert choice_line(edition, final, None).line == Line(prizes)
        assert choice_line(edition, preliminary, 3).line == Line(3)
