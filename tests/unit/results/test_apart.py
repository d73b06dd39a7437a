"""Who is kept from a dossier decides nothing about it: its prize stays as it stands, whatever he sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.conflict_values import Kind
from core.judging.services import declare
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden
from core.results.decisions import TIER, DecidedItem, closed_places, standing_items
from core.results.models import Computation, Decision
from core.results.queries import decided_items
from core.results.services import record_decision
from tests.support.app import client_of
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.people import sign_in
from tests.support.results import HELD_ON, LATER, Judged, computed, decide, judge_edition

THEIRS = "TT-K1-0003"
DECISION = {"computation": "1", "members": "15", "agreed": "10", "held_on": "2025-11-22", "number": "15/BB"}


@pytest.fixture(autouse=True)
def bound(world: World) -> Iterator[None]:
    """The first tenant is bound during each test."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield


def relative() -> Actor:
    """An officer who declared that TT-K1-0003 is of somebody of his family."""
    actor = actor_of(make_account("lienquan@example.vn", name="Cán Bộ Liên Quan", roles=[Role.COMMITTEE]))
    entry = session().scalars(select(Entry).where(Entry.code == THEIRS)).one()
    declare([entry], [Kind.FAMILY.value], "", actor=actor, now=NOW)
    return actor


def decide_as(actor: Actor, judged: Judged, computation: Computation, *items: DecidedItem) -> Decision:
    return record_decision(judged.edition, computation, items, 15, 12, HELD_ON, actor=actor, now=LATER)


def kept(decision: Decision) -> dict[str, tuple[str | None, str]]:
    return {one.entry: (one.tier, one.reason) for one in decided_items(decision.id) if one.award == TIER}


def test_a_prize_is_not_raised_by_who_has_a_conflict(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    stood = kept(decide(judged, computation))
    raised = DecidedItem(THEIRS, TIER, "nhat", None, "Xứng đáng hơn.")

    with pytest.raises(Forbidden, match="Bạn có liên quan đến một hồ sơ"):
        decide_as(relative(), judged, computation, raised)

    assert kept(session().scalars(select(Decision)).one()) == stood


def test_what_was_decided_about_it_stays_when_he_decides_on_the_others(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    decide(judged, computation, DecidedItem(THEIRS, TIER, "khuyen_khich", None, "Theo biên bản."))
    changed = DecidedItem("TT-K1-0001", TIER, "khuyen_khich", None, "Trùng một phần.")

    decision = decide_as(relative(), judged, computation, changed)

    assert kept(decision)[THEIRS] == ("khuyen_khich", "Theo biên bản.")
    assert kept(decision)["TT-K1-0001"] == ("khuyen_khich", "Trùng một phần.")


def test_an_unchanged_item_is_taken_with_the_reason_that_stands(world: World) -> None:
    judged = judge_edition(world.first)
    computation = computed(judged)
    decide(judged, computation, DecidedItem(THEIRS, TIER, "khuyen_khich", None, "Theo biên bản."))

    decision = decide_as(relative(), judged, computation, DecidedItem(THEIRS, TIER, "khuyen_khich", None))

    assert kept(decision)[THEIRS] == ("khuyen_khich", "Theo biên bản.")


def test_a_special_award_of_such_an_entry_is_closed_as_a_whole() -> None:
    proposed = {("B", TIER): "nhi", ("A", "nu"): "nu", ("A", "tre"): "tre"}
    decided = [DecidedItem("A", "nu", None, "nu", "Đổi"), DecidedItem("B", "nu", "nu", None, "Đổi")]
    stands = standing_items(decided, proposed)

    closed = closed_places(stands, {("C", "nu"), ("C", "tre"), ("B", "tre")}, {"B"})

    assert closed == {("B", TIER), ("B", "nu"), ("A", "nu"), ("C", "nu"), ("B", "tre")}


def test_what_was_decided_on_another_proposal_does_not_stand() -> None:
    item = DecidedItem("A", TIER, "nhat", "nhi", "Hay")

    assert standing_items([item], {("A", TIER): "nhi"}) == {("A", TIER): item}
    assert standing_items([replace(item, proposed="ba")], {("A", TIER): "nhi"}) == {
        ("A", TIER): DecidedItem("A", TIER, "nhi", "nhi")
    }


def test_the_form_of_who_has_a_conflict_is_refused_in_words_that_name_no_dossier(world: World) -> None:
    judged = judge_edition(world.first)
    computed(judged)
    relative()
    session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "lienquan@example.vn")

    answers = [
        client.post("/btc/ket-qua/quyet-dinh", data={**DECISION, f"tier_{THEIRS}": "nhat", **more})
        for more in ({f"reason_{THEIRS}": "Xứng đáng hơn."}, {})
    ]

    assert [one.status_code for one in answers] == [403, 403]
    assert all("Bạn có liên quan đến một hồ sơ trong quyết định này" in one.text for one in answers)
    assert not any(THEIRS in one.text or "Máy thử số 3" in one.text for one in answers)
    assert not session().scalars(select(Decision)).all()


def test_the_form_without_its_rows_is_taken(world: World) -> None:
    judged = judge_edition(world.first)
    decide(judged, computed(judged), DecidedItem(THEIRS, TIER, "khuyen_khich", None, "Theo biên bản."))
    relative()
    session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "lienquan@example.vn")

    assert client.post("/btc/ket-qua/quyet-dinh", data=DECISION).status_code == 302

    session().expire_all()
    assert kept(session().scalars(select(Decision)).one())[THEIRS] == ("khuyen_khich", "Theo biên bản.")
