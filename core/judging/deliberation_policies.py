"""Who may come to the deliberation of an entry, and who sees others' points there."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import is_barred_for
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running, of_sheet
from core.judging.council_room import Attendee, attendee_title
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_values import RoomPlace
from core.judging.errors import OwnSheetUnfinished
from core.judging.models import Assignment, RoundEntry, Sheet
from core.judging.own_sheets import own_state
from core.judging.states import SheetState
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound


def access_room_entry(edition: EditionView, actor: Actor, attendee: Attendee, code: str) -> RoomPlace:
    """An entry of the round in the common work, where the attendee leads or judges it himself.

    NotFound for anybody else, for who has a conflict with it, and for what is not in the round; OwnSheetUnfinished
    while he may still score it himself (`own_sheets`): nobody sees others' points before. Two queries.
    """
    place = _place(edition, actor, attendee, code)
    if place is None or not (attendee.leads or place.own is not None):
        raise _nothing()
    _require_finished(place)
    return place


def access_deliberation(
    edition: EditionView, actor: Actor, attendee: Attendee, code: str
) -> tuple[RoomPlace, Deliberation]:
    """The newest deliberation of an entry, for who leads, judges the entry or was asked to take part.

    Raises as `access_room_entry`; NotFound where there is none. Three queries.
    """
    place = _place(edition, actor, attendee, code)
    found = None if place is None else newest(attendee.round.key, place.entry_id)
    if place is None or found is None or not takes_part(attendee, place, found):
        raise _nothing()
    _require_finished(place)
    return place, found


def takes_part(attendee: Attendee, place: RoomPlace, deliberation: Deliberation) -> bool:
    """Whether the attendee leads, judges the entry, or is among those who were asked."""
    is_asked = attendee.judge is not None and attendee.judge.number in deliberation.participants
    return attendee.leads or place.own is not None or is_asked


def newest(round_key: str, entry_id: UUID) -> Deliberation | None:
    """The last deliberation of an entry in a round. One query."""
    ask = (
        select(Deliberation)
        .where(Deliberation.round == round_key, Deliberation.entry_id == entry_id)
        .order_by(Deliberation.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return session().scalars(ask).first()


def _place(edition: EditionView, actor: Actor, attendee: Attendee, code: str) -> RoomPlace | None:
    ask = (
        select(Entry.id, Entry.code, attendee_title(edition, attendee).label("title"), Entry.field)
        .join(RoundEntry, RoundEntry.entry_id == Entry.id)
        .where(RoundEntry.edition_id == edition.id, RoundEntry.round == attendee.round.key)
        .where(Entry.code == code, Entry.state == State.ACCEPTED, ~is_barred_for(actor.id))
    )
    row = session().execute(ask).one_or_none()
    if row is None:
        return None
    own = _own_state(attendee, row.id)
    return RoomPlace(attendee, row.id, row.code or "", row.title, row.field, own)


def _own_state(attendee: Attendee, entry_id: UUID) -> SheetState | None:
    if attendee.judge is None:
        return None
    ask = (
        select(own_state())
        .select_from(Assignment)
        .outerjoin(Sheet, of_sheet())
        .where(Assignment.judge_id == attendee.judge.id, Assignment.entry_id == entry_id)
        .where(Assignment.round == attendee.round.key, is_running())
    )
    state = session().scalars(ask).one_or_none()
    return None if state is None else SheetState(state)


def _require_finished(place: RoomPlace) -> None:
    if place.own is SheetState.DRAFT:
        raise OwnSheetUnfinished(place.entry_code)


def _nothing() -> NotFound:
    return NotFound(_("Không có hồ sơ này trong phần thảo luận của bạn."))
