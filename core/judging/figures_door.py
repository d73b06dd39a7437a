"""Who may see what the sheets of a round come to while it is judged: its leaders, once nothing of their own is open."""

from __future__ import annotations

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.council_room import Attendee, access_council_room, require_leader
from core.judging.queries.ranking import own_open_sheets
from core.kernel.actor import Actor
from core.kernel.errors import DomainError


class OwnSheetsOpen(DomainError):
    """Others' points are not shown to who still has sheets of his own to lock in the round."""

    status = 403
    kind = "own-sheets-open"

    def __init__(self, round_key: str, count: int) -> None:
        super().__init__(
            _(
                "Bạn còn %(count)s phiếu chưa khóa ở vòng này. Khóa hết phiếu của mình rồi mới xem được điểm của cả "
                "hội đồng.",
                count=count,
            )
        )
        self.round_key = round_key


def access_figures(edition: EditionView, actor: Actor, round_key: str) -> Attendee:
    """The actor as one who may see the round's figures. Five queries at most.

    NotFound for who has no part in the round, Forbidden for who does not lead it, OwnSheetsOpen for a judge with open
    sheets, whatever office he holds beside it.
    """
    attendee = access_council_room(edition, actor, round_key)
    require_leader(attendee)
    if attendee.judge is not None:
        count = own_open_sheets(attendee.judge.id, round_key)
        if count:
            raise OwnSheetsOpen(round_key, count)
    return attendee
