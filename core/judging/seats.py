"""Seats of a council: the parts people have in it, and what became of the invitation.

invited ──accept──▶ accepted ──leave──▶ left
   │                                      │
decline                          put on the council again
   ▼                                      ▼
declined ──put on the council again──▶ invited
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import gettext as _


class SeatRole(StrEnum):
    """The part of a person in a council, in the order of a decision."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    SECRETARY = "secretary"
    MEMBER = "member"
    RESERVE = "reserve"

    @property
    def judges(self) -> bool:
        """Whether who sits here is assigned entries: the secretary writes, a reserve waits."""
        return self in JUDGING


class SeatState(StrEnum):
    """What became of an invitation."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


JUDGING = (SeatRole.CHAIR, SeatRole.VICE_CHAIR, SeatRole.MEMBER)
ON_COUNCIL = (SeatState.INVITED, SeatState.ACCEPTED)


def role_words(role: SeatRole) -> str:
    """A part as people read it."""
    words: dict[SeatRole, str] = {
        SeatRole.CHAIR: _("Chủ tịch"),
        SeatRole.VICE_CHAIR: _("Phó Chủ tịch"),
        SeatRole.SECRETARY: _("Thư ký"),
        SeatRole.MEMBER: _("Ủy viên"),
        SeatRole.RESERVE: _("Dự khuyết"),
    }
    return words[role]


def state_words(state: SeatState) -> tuple[str, str]:
    """How a seat stands: the kind of its badge and the words."""
    words: dict[SeatState, tuple[str, str]] = {
        SeatState.INVITED: ("waiting", _("Chờ trả lời")),
        SeatState.ACCEPTED: ("fine", _("Đã nhận lời")),
        SeatState.DECLINED: ("refused", _("Từ chối")),
        SeatState.LEFT: ("held", _("Đã thôi")),
    }
    return words[state]
