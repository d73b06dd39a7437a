"""Draws of the presentation order: fixed first, drawn after, repeated by anybody, never silently done again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.council_room import access_council_room
from core.judging.draw import drawn_order
from core.judging.meeting.draw_script import draw_script, own_script
from core.judging.meeting.draws import (
    announce,
    draw_of,
    draws_of,
    inputs_of,
    list_digest,
    make_draw,
    places_of,
    scopes_of,
    show_to,
)
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.minutes import sections_of
from core.judging.meeting.minutes_drafting import bring_up_to_date, draft_minutes
from core.judging.seats import SeatRole
from core.judging.services import open_round
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.audit import records
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from tests.support.councils import made_council, seated, with_fields
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, judge_actor, make_council
from tests.support.meeting import FREE, SECRETARY, attendee, conflicted, drawn, make_meeting, secretary
from tests.support.voting import in_tenant

FIRST = "so_khao"


def test_announcing_fixes_the_list_and_the_head_of_the_log_that_commits_to_it(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        codes = sorted(one.code or "" for one in made)

        draw = announce(edition, attendee(edition), "", source="Xổ số tối 20/11", actor=secretary(), now=NOW)

        assert (draw.number, draw.entries, draw.drawn) == (1, codes, None)
        line = records(actions=["draw.announced"])[-1]
        assert line.data == {
            "number": 1,
            "scope": "",
            "entries_sha256": list_digest(codes),
            "source": "Xổ số tối 20/11",
        }
        assert (draw.log_size, draw.log_head) == (line.seq + 1, audit.log_head().root)


def test_the_order_is_that_of_the_described_arithmetic(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=5)

        draw = drawn(edition, source="Xổ số", said=" 07-15-23 ")

        assert (draw.said, draw.drawn) == (
            "07-15-23",
            list(drawn_order(inputs_of(edition, draw), draw.entries)),
        )
        line = records(actions=["draw.drawn"])[-1]
        assert line.data == {"number": 1, "said": "07-15-23", "order_sha256": list_digest(draw.drawn or [])}


def test_the_program_alone_gives_the_same_order(world: World, tmp_path: Path) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition, entries=6)
        draw = drawn(edition, source="Xổ số", said="""07 "" ' \\ {data}""")
        program = tmp_path / "tinh-lai.py"
        program.write_text(draw_script(inputs_of(edition, draw), draw.entries, "tinh-lai.py"), "utf-8")
        expected = [f"{place} {code}" for place, code in enumerate(draw.drawn or [], start=1)]
        digest = list_digest(draw.entries)

    ran = subprocess.run(
        [sys.executable, "-I", str(program)], capture_output=True, check=True, text=True, encoding="utf-8"
    )

    first, *order = ran.stdout.splitlines()
    assert (order, first.rpartition(" ")[2]) == (expected, digest)


def test_a_value_that_was_announced_must_be_given(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        who = attendee(edition)
        announce(edition, who, "", source="Xổ số", actor=secretary(), now=NOW)

        with pytest.raises(Invalid) as refused:
            make_draw(edition, who, 1, " ", actor=secretary(), now=NOW)

        assert list(refused.value.errors) == ["said"]


def test_without_an_announced_value_none_is_taken(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)

        assert drawn(edition, said="nghĩ ra sau").said == ""


def test_a_second_draw_needs_a_reason_and_keeps_the_first(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        first = drawn(edition)
        order = first.drawn
        with pytest.raises(Invalid) as refused:
            announce(edition, attendee(edition), "", actor=secretary(), now=NOW)
        assert list(refused.value.errors) == ["reason"]

        drawn(edition, reason="Một hồ sơ ghi nhầm mã")

        found = draws_of(edition, ROUND, actor=secretary())
        assert [(one.number, one.in_force, one.reason) for one in found] == [
            (2, True, "Một hồ sơ ghi nhầm mã"),
            (1, False, ""),
        ]
        assert [one.code for one in found[1].places] == order


def in_fields(world: World, first_view: EditionView) -> tuple[EditionView, list[Entry], list[str]]:
    """An open round of two fields, two dossiers of the first and one of the second; and the fields' keys."""
    edition = with_fields(world.first, first_view)
    keys = [one.key for one in edition.rules.entry_fields()][:2]
    made = [make_entry(edition, account(), field=keys[place // 2]) for place in range(3)]
    make_council(edition)
    open_round(edition, FIRST, actor=SYSTEM, now=NOW)
    made_council(edition, FREE, round_key=FIRST)
    seated(edition, SECRETARY, SeatRole.SECRETARY, round_key=FIRST)
    return edition, made, keys


def test_a_draw_of_a_part_after_one_of_the_whole_needs_a_reason_and_takes_its_place_for_those_alone(
    world: World,
) -> None:
    with in_tenant(world, world.first) as first_view:
        edition, made, keys = in_fields(world, first_view)
        who = access_council_room(edition, secretary(), FIRST)
        announce(edition, who, "", actor=secretary(), now=NOW)
        whole = make_draw(edition, who, 1, "", actor=secretary(), now=NOW).drawn or []
        with pytest.raises(Invalid) as refused:
            announce(edition, who, f"field:{keys[0]}", actor=secretary(), now=NOW)

        announce(edition, who, f"field:{keys[0]}", reason="Tách buổi", actor=secretary(), now=NOW)
        part = make_draw(edition, who, 2, "", actor=secretary(), now=NOW).drawn or []

        assert list(refused.value.errors) == ["reason"]
        uses = [(one.number, one.use.value) for one in draws_of(edition, FIRST, actor=secretary())]
        assert uses == [(2, "whole"), (1, "part")]
        places = draw_of(edition, FIRST, 1, actor=secretary()).places
        assert {one.code: one.later for one in places} == {
            made[0].code: 2,
            made[1].code: 2,
            made[2].code: None,
        }
        told = [[(words, one.number) for words, one in places_of(entry)] for entry in made]
        assert told == [
            *([(f"{part.index(one.code or '') + 1}/2", 2)] for one in made[:2]),
            [(f"{whole.index(made[2].code or '') + 1}/3", 1)],
        ]


def test_a_draw_of_the_same_dossiers_under_another_name_is_a_redraw(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition, made, keys = in_fields(world, first_view)
        made[2].state = "withdrawn"
        session().flush()
        who = access_council_room(edition, secretary(), FIRST)
        announce(edition, who, "", actor=secretary(), now=NOW)
        make_draw(edition, who, 1, "", actor=secretary(), now=NOW)
        announce(edition, who, f"field:{keys[0]}", reason="Ghi nhầm", actor=secretary(), now=NOW)
        make_draw(edition, who, 2, "", actor=secretary(), now=NOW)

        uses = [(one.number, one.use.value) for one in draws_of(edition, FIRST, actor=secretary())]

        assert uses == [(2, "whole"), (1, "none")]


def test_one_that_was_announced_and_passed_over_is_not_drawn_later_and_stands_in_the_minutes(
    world: World,
) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        who = attendee(edition)
        announce(edition, who, "", actor=secretary(), now=NOW)
        waiting = draft_minutes(edition, who, actor=secretary(), now=NOW)
        told = {one.key: one.body for one in sections_of(waiting)}
        drawn(edition, reason="Dùng giá trị công khai", source="Xổ số", said="07")

        with pytest.raises(MeetingRefused):
            make_draw(edition, who, 1, "", actor=secretary(), now=NOW)

        assert "Chưa bốc thăm." in told["draw-001"]
        assert draw_of(edition, ROUND, 1, actor=secretary()).use.value == "passed"
        bring_up_to_date(edition, who, 1, actor=secretary(), now=NOW)
        told = {one.key: one.body for one in sections_of(waiting)}
        assert "Không bốc thăm lần này: hồ sơ đã được bốc ở lần sau." in told["draw-001"]
        assert "Lý do bốc lại: Dùng giá trị công khai" in told["draw-002"]


def test_a_button_pressed_twice_draws_once_and_another_value_is_refused(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        draw = drawn(edition, source="Xổ số", said="1")
        order = draw.drawn

        again = make_draw(edition, attendee(edition), 1, "1", actor=secretary(), now=NOW)
        with pytest.raises(MeetingRefused):
            make_draw(edition, attendee(edition), 1, "2", actor=secretary(), now=NOW)

        assert (again.drawn, len(records(actions=["draw.drawn"]))) == (order, 1)


def test_an_entry_withdrawn_later_keeps_its_place_and_is_marked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        draw = drawn(edition)
        made[0].state = "withdrawn"
        session().flush()

        places = draw_of(edition, ROUND, draw.number, actor=secretary()).places

        assert [one.code for one in places] == draw.drawn
        assert [one.code for one in places if one.is_gone] == [made[0].code]


def test_what_is_drawn_for_a_field_holds_that_field_alone(world: World) -> None:
    with in_tenant(world, world.first) as first_view:
        edition = with_fields(world.first, first_view)
        made_council(edition, FREE, round_key="so_khao")
        assert scopes_of(edition, "so_khao") == []


def test_a_member_may_not_draw(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        who = attendee(edition, judge_actor())
        with pytest.raises(Forbidden):
            announce(edition, who, "", actor=judge_actor(), now=NOW)


def test_who_has_a_conflict_reads_the_order_without_that_entry(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        draw = drawn(edition)
        conflicted(made[1], judge_actor())

        found = draw_of(edition, ROUND, draw.number, actor=judge_actor())

        assert made[1].code not in {*found.entries, *(one.code for one in found.places)}
        assert (len(found.places), found.is_whole) == (3, False)


def test_an_entrant_reads_the_own_place_of_the_draw_in_force(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition)
        drawn(edition)
        draw = drawn(edition, reason="Bốc lại")
        assert draw.drawn is not None
        place = draw.drawn.index(made[0].code or "") + 1

        told = [(words, one.number) for words, one in places_of(made[0])]

        assert told == [(f"{place}/3", 2)]
        assert places_of(make_entry(edition, account())) == []


def test_who_may_read_the_order_is_a_choice_that_the_log_keeps(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)
        draw = drawn(edition)
        who = attendee(edition)

        show_to(edition, who, draw.number, "all", actor=secretary(), now=NOW)
        show_to(edition, who, draw.number, "all", actor=secretary(), now=NOW)
        with pytest.raises(Invalid):
            show_to(edition, who, draw.number, "king", actor=secretary(), now=NOW)

        assert (draw.shown, len(records(actions=["draw.shown"]))) == ("all", 1)


def test_the_twins_draw_does_not_exist_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_meeting(edition)
        drawn(edition)
    with in_tenant(world, world.first) as edition:
        make_meeting(edition)

        assert draws_of(edition, ROUND, actor=secretary()) == []
        with pytest.raises(NotFound):
            draw_of(edition, ROUND, 1, actor=secretary())


def test_the_fixed_list_is_that_of_entries_in_the_contest(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made: list[Entry] = make_meeting(edition)
        made[2].state = "withdrawn"
        session().flush()

        draw = announce(edition, attendee(edition), "", actor=secretary(), now=NOW)

        assert draw.entries == sorted(one.code or "" for one in made[:2])


def test_the_entrants_program_gives_the_own_place_and_names_no_other_dossier(
    world: World, tmp_path: Path
) -> None:
    with in_tenant(world, world.first) as edition:
        made = make_meeting(edition, entries=6)
        draw = drawn(edition, source="Xổ số", said="07")
        code = made[3].code or ""
        text = own_script(
            inputs_of(edition, draw), len(draw.entries), draw.entries.index(code) + 1, code, "cua-toi.py"
        )
        ((place, _view),) = places_of(made[3])
        others = [one.code or "" for one in made if one is not made[3]]
    program = tmp_path / "cua-toi.py"
    program.write_text(text, "utf-8")

    ran = subprocess.run(
        [sys.executable, "-I", str(program)], capture_output=True, check=True, text=True, encoding="utf-8"
    )

    assert ran.stdout.split() == [code, place]
    assert [one for one in others if one in text] == []
