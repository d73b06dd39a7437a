"""Builders for deliberations: an entry its judges differ on, opened, changed and closed through the services.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.contests.values import EditionView
from core.entries.models import Entry
from core.judging.council_room import access_council_room
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_policies import access_deliberation, access_room_entry
from core.judging.deliberation_values import RoomPlace, Scope
from core.judging.policies import access_sheet
from core.judging.queries import sheet_of
from core.judging.services import change_scores, close_deliberation, open_deliberation
from core.judging.values import SheetView
from core.kernel.actor import Actor
from core.plugin_api import Round
from tests.support.councils import with_fields
from tests.support.entries import account
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, WHOLE, judge_actor, lock, make_round, points

HIGH: Mapping[str, str] = WHOLE  # 70.5
LOW: Mapping[str, str] = {"doi_moi": "10", "hieu_qua": "15", "kha_nang": "24"}  # 49
NEAR: Mapping[str, str] = {"doi_moi": "18", "hieu_qua": "26", "kha_nang": "25"}  # 69
OFFICER = "btc@example.vn"
FIRST_ROUND = "so_khao"
WHY = "Nghe thảo luận, tôi thấy cách tính hiệu quả của tác giả là đúng"


def officer() -> Actor:
    """The test world's officer: leads where there is no council."""
    return actor_of(account(OFFICER))


def differing(edition: EditionView, *, judges: int = 2, low: Mapping[str, str] = LOW) -> Entry:
    """One entry in an open round; J1 gave the high points, everybody else the low ones; all are locked."""
    (entry,) = make_round(edition, judges=judges)
    for number in range(1, judges + 1):
        lock(edition, entry, number=number, scores=HIGH if number == 1 else low)
    return entry


def room_of(edition: EditionView, entry: Entry, actor: Actor) -> RoomPlace:
    """The entry in the common work, for `actor`."""
    attendee = access_council_room(edition, actor, ROUND)
    return access_room_entry(edition, actor, attendee, entry.code or "")


def opened(
    edition: EditionView,
    entry: Entry,
    *,
    scope: Scope = Scope.ENTRY,
    reason: str = "",
    now: datetime = NOW,
    leader: Actor | None = None,
) -> Deliberation:
    """The deliberation of the entry, opened by the officer or `leader`."""
    actor = leader or officer()
    place = room_of(edition, entry, actor)
    return open_deliberation(edition, place, scope.value, reason, actor=actor, now=now)


def change(
    edition: EditionView,
    entry: Entry,
    talk: Deliberation,
    scores: Mapping[str, str] = NEAR,
    *,
    number: int = 2,
    reason: str = WHY,
    revision: int | None = None,
    now: datetime = NOW,
) -> SheetView:
    """J<number> changes his points in the deliberation."""
    actor = judge_actor(number)
    attendee = access_council_room(edition, actor, ROUND)
    room, _talk = access_deliberation(edition, actor, attendee, entry.code or "")
    place = access_sheet(edition, actor, ROUND, entry.code or "")
    seen = sheet_of(place).revision if revision is None else revision
    return change_scores(edition, room, place, talk.id, points(scores), reason, seen, actor=actor, now=now)


def closed(
    edition: EditionView,
    entry: Entry,
    talk: Deliberation,
    outcome: str = "Giữ nguyên điểm",
    *,
    now: datetime = NOW,
) -> Deliberation:
    """The deliberation closed by the officer."""
    place = room_of(edition, entry, officer())
    return close_deliberation(edition, place, talk.id, outcome, actor=officer(), now=now)


def share_of(judging_round: Round, share: int) -> dict[str, str]:
    """So many percent of the points of each criterion."""
    return {
        one.key: str((one.maximum * share / 100 / one.step).to_integral_value() * one.step)
        for one in judging_round.criteria
    }


def two_judged(
    world: World, found: EditionView, *shares: Sequence[int]
) -> tuple[EditionView, Round, list[Entry]]:
    """The first round, judged by two: for each entry what each gave, in percent."""
    edition = with_fields(world.first, found)
    first = edition.rules.rounds()[0]
    entries = make_round(edition, entries=len(shares), judges=2, round_key=FIRST_ROUND)
    for entry, given in zip(entries, shares, strict=True):
        for number, share in enumerate(given, start=1):
            lock(edition, entry, number=number, scores=share_of(first, share), round_key=FIRST_ROUND)
    return edition, first, entries
