"""What is refused in the council's common work, each with what happened and what to do."""

from __future__ import annotations

from flask_babel import gettext as _

from core.kernel.errors import DomainError


class MeetingRefused(DomainError):
    """What was asked does not fit how the draw, ballot, visit or minutes stand."""

    kind = "meeting-refused"


class SectionMoved(DomainError):
    """A section of minutes was saved by somebody else since it was opened; `stored` and `typed` are both copies."""

    kind = "section-moved"

    def __init__(self, stored: str, typed: str, who: str) -> None:
        super().__init__(
            _(
                "%(who)s vừa lưu mục này. Chưa có gì bị ghi đè: bạn hãy xem cả hai bản rồi lưu bản muốn giữ.",
                who=who,
            )
        )
        self.stored, self.typed = stored, typed
