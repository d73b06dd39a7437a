"""Builders for councils: one on the round of the test world, seats offered and accepted through the services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.judging.council_models import Council, Pledge, Seat
from core.judging.seats import SeatRole
from core.judging.services import (
    CouncilFacts,
    accept_seat,
    invite_to_council,
    own_seat_in,
    pledge_of_seat,
    save_council,
    sign_pledge,
)
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from core.people.models import Account
from tests.support.entries import account
from tests.support.factories import NOW, TenantFacts, actor_of, make_account, view
from tests.support.judging import ROUND

BARE = CouncilFacts()


def made_council(edition: EditionView, facts: CouncilFacts = BARE, *, round_key: str = ROUND) -> Council:
    """The council of a round."""
    return save_council(edition, round_key, facts, actor=SYSTEM, now=NOW)


def invited(
    edition: EditionView, email: str, role: SeatRole = SeatRole.MEMBER, *, round_key: str = ROUND
) -> Seat:
    """A seat offered to a new account, or to the one that has the address."""
    found = session().scalars(select(Account).where(Account.email == email)).one_or_none()
    person = found if found is not None else make_account(email)
    return invite_to_council(edition, round_key, person.id, role, actor=SYSTEM, now=NOW)


def seated(
    edition: EditionView, email: str, role: SeatRole = SeatRole.MEMBER, *, round_key: str = ROUND
) -> Seat:
    """A seat offered and accepted."""
    seat = invited(edition, email, role, round_key=round_key)
    accept_seat(edition, seat.id, actor=actor_of(account(email)), now=NOW)
    return seat


def signed(edition: EditionView, email: str, *, round_key: str = ROUND, now: datetime = NOW) -> Pledge:
    """The pledge of the account's seat, signed."""
    actor = actor_of(account(email))
    council, seat = own_seat_in(edition, actor, round_key)
    text = pledge_of_seat(edition, council, seat, actor)
    return sign_pledge(
        edition, round_key, text.sha256, agreed=True, device="Firefox, Linux", actor=actor, now=now
    )


def with_fields(facts: TenantFacts, edition: EditionView) -> EditionView:
    """The edition under the rules of Bắc Giang: fields, and two rounds (`so_khao`, `chung_khao`)."""
    stored = session().get_one(Edition, (session().tenant_id, edition.id))
    stored.plugins = ["stkt_base", "bacgiang_stkt"]
    session().flush()
    return view(facts)
