"""The pledge: nothing opens before it is signed, and what was signed is kept word for word with its hash."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import delete

from core.judging.assigning import is_assigned
from core.judging.council_models import Seat
from core.judging.errors import CouncilRefused, PledgeNeeded
from core.judging.policies import access_sheet, judges_entry, require_pledge
from core.judging.seats import SeatRole
from core.judging.services import (
    CouncilFacts,
    open_round,
    own_seat_in,
    pledge_of_seat,
    save_council,
    sign_pledge,
)
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from tests.support.councils import made_council, seated, signed
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import JUDGE, ROUND, judge_actor, make_round
from tests.support.voting import in_tenant

ONE = "mot@example.vn"


def test_no_dossier_and_no_file_opens_before_the_pledge_is_signed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        made_council(edition)
        assert not judges_entry(judge_actor(), entry)
        with pytest.raises(PledgeNeeded):
            access_sheet(edition, judge_actor(), ROUND, entry.code or "")

        signed(edition, JUDGE)

        assert judges_entry(judge_actor(), entry)
        place = access_sheet(edition, judge_actor(), ROUND, entry.code or "")
        require_pledge(edition, place.judge, place.round)


def test_a_council_may_do_without_a_pledge(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        made_council(edition, CouncilFacts(pledge_required=False))

        assert is_assigned(account(JUDGE).id, entry)


def test_what_was_signed_is_kept_with_its_hash_and_the_log_has_the_hash(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition, CouncilFacts(name="Hội đồng thử", decision="12/QĐ-BTC"))
        seated(edition, ONE, SeatRole.CHAIR)

        pledge = signed(edition, ONE)

        assert pledge.text.splitlines()[:2] == [f"Họ và tên: {account(ONE).name}", "Hội đồng: Hội đồng thử"]
        assert "Quyết định: 12/QĐ-BTC" in pledge.text
        assert pledge.text_sha256 == sha256(pledge.text.encode()).hexdigest()
        assert (pledge.version, pledge.device) == ("2026-11", "Firefox, Linux")
        (line,) = [one for one in audit.records() if one.action == "pledge.signed"]
        assert line.data["sha256"] == pledge.text_sha256


def test_signing_twice_is_signing_once(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE)

        assert signed(edition, ONE).id == signed(edition, ONE).id
        assert len([one for one in audit.records() if one.action == "pledge.signed"]) == 1


def test_the_box_must_be_ticked(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE)
        actor = actor_of(account(ONE))
        text = pledge_of_seat(edition, *own_seat_in(edition, actor, ROUND), actor)

        with pytest.raises(Invalid) as refused:
            sign_pledge(edition, ROUND, text.sha256, agreed=False, device="", actor=actor, now=NOW)

        assert list(refused.value.errors) == ["agreed"]


def test_a_wording_that_changed_while_it_was_read_must_be_read_again(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        made_council(edition)
        seated(edition, ONE)
        actor = actor_of(account(ONE))
        read = pledge_of_seat(edition, *own_seat_in(edition, actor, ROUND), actor).sha256
        save_council(edition, ROUND, CouncilFacts(pledge="Lời của chúng tôi."), actor=SYSTEM, now=NOW)

        with pytest.raises(CouncilRefused):
            sign_pledge(edition, ROUND, read, agreed=True, device="", actor=actor, now=NOW)

        assert signed(edition, ONE).version.startswith("own-")


def test_who_is_assigned_without_a_seat_opens_nothing(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        made_council(edition)
        session().execute(delete(Seat))

        with pytest.raises(PledgeNeeded):
            access_sheet(edition, judge_actor(), ROUND, entry.code or "")
        with pytest.raises(NotFound):
            own_seat_in(edition, judge_actor(), ROUND)


def test_a_pledge_in_the_twin_tenant_opens_nothing_here(world: World) -> None:
    with in_tenant(world, world.second) as edition:
        make_round(edition)
        made_council(edition)
        signed(edition, JUDGE)
    with in_tenant(world, world.first) as edition:
        entry = make_entry(edition, account())
        made_council(edition)
        seated(edition, JUDGE)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)

        with pytest.raises(PledgeNeeded):
            access_sheet(edition, judge_actor(), ROUND, entry.code or "")
