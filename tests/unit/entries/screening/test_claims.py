"""Two officers do not do the same dossier."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.screening.claims import LASTS, ClaimedByOther, claim, claims_of, release
from core.entries.services import accept
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden
from core.kernel.uow import unit_of_work
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, view
from tests.unit.entries.conftest import Here


def colleague() -> Actor:
    """A second officer of the bound tenant."""
    return actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))


def test_who_has_a_dossier_in_hand_is_named_to_the_other(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    claim(entry, actor=here.officer, now=NOW)

    with pytest.raises(ClaimedByOther, match="Cán bộ Thử đang xử lý hồ sơ này đến 10:30"):
        claim(entry, actor=colleague(), now=NOW + timedelta(minutes=5))

    assert claims_of([entry.id], NOW)[entry.id].is_of(here.officer)


def test_deciding_what_somebody_else_has_in_hand_asks_for_taking_over_first(here: Here) -> None:
    entry, other = make_entry(here.edition, here.owner, state="submitted"), colleague()
    claim(entry, actor=other, now=NOW)

    with pytest.raises(ClaimedByOther):
        accept(entry, here.edition, actor=here.officer, now=NOW)
    claim(entry, actor=here.officer, now=NOW, take_over=True)
    accept(entry, here.edition, actor=here.officer, now=NOW)

    assert (entry.state, claims_of([entry.id], NOW)) == ("accepted", {})
    actions = [one.action for one in audit.records(subject=entry.code)]
    assert actions == ["screening.claimed", "screening.taken_over", "entry.accepted"]


def test_a_claim_lapses_without_action_and_is_prolonged_by_one(here: Here) -> None:
    entry, other = make_entry(here.edition, here.owner, state="submitted"), colleague()
    claim(entry, actor=here.officer, now=NOW)
    claim(entry, actor=here.officer, now=NOW + timedelta(minutes=20))

    with pytest.raises(ClaimedByOther):
        claim(entry, actor=other, now=NOW + LASTS)
    claim(entry, actor=other, now=NOW + timedelta(minutes=20) + LASTS)

    assert claims_of([entry.id], NOW + timedelta(minutes=21) + LASTS)[entry.id].is_of(other)


def test_only_ones_own_claim_is_released(here: Here) -> None:
    entry, other = make_entry(here.edition, here.owner, state="submitted"), colleague()
    claim(entry, actor=here.officer, now=NOW)

    assert [release(entry, actor=who, now=NOW) for who in (other, here.officer, here.officer)] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("state", ["draft", "accepted", "refused", "withdrawn"])
def test_what_does_not_wait_is_not_claimed(here: Here, state: str) -> None:
    entry = make_entry(here.edition, here.owner, state=state)

    with pytest.raises(MoveRefused):
        claim(entry, actor=here.officer, now=NOW)


def test_an_officer_does_not_claim_an_own_dossier_and_an_entrant_none(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(MoveRefused):
        claim(entry, actor=replace(here.entrant, roles=frozenset({Role.COMMITTEE})), now=NOW)
    with pytest.raises(Forbidden):
        claim(entry, actor=actor_of(account("cutri@example.vn")), now=NOW)


def test_of_two_officers_at_once_one_gets_it(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id), unit_of_work():
        entry_id = make_entry(view(world.first), account(), state="submitted").id
        officers = [actor_of(account("btc@example.vn")), colleague()]
    together, said = threading.Barrier(2), []

    def try_it(actor: Actor, entry_id: UUID) -> None:
        with app.app_context(), tenant_scope(world.first.id):
            together.wait()
            try:
                with unit_of_work():
                    claim(session().get_one(Entry, (world.first.id, entry_id)), actor=actor, now=NOW)
                said.append("got it")
            except ClaimedByOther as refused:
                said.append(refused.message.split(" đang")[0])

    threads = [threading.Thread(target=try_it, args=(actor, entry_id)) for actor in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(said) == 2
    assert sorted(one == "got it" for one in said) == [False, True]
    assert ({"Cán bộ Thử", "Cán bộ Hai"} & set(said)) != set()
