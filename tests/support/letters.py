"""Letters as the outbox keeps them, of any age."""

from __future__ import annotations

from datetime import datetime

from core.kernel.ids import uuid7_from
from core.kernel.mail import Mail


def old_letter(
    at: datetime,
    state: str = "sent",
    *,
    to: str = "x@y.vn",
    about: str | None = "TT-K1-0001",
    number: int = 0,
) -> Mail:
    """A letter that was put into the outbox at `at`, the `number`th of that instant; not yet added."""
    key = uuid7_from(at)
    return Mail(
        id=type(key)(int=key.int + number), recipient=to, recipient_name="Người Nhận", sender_name="Cuộc thi",
        subject="Tiêu đề", body="Lời thư", html="<p>Lời thư</p>", kind="entry-accepted", about=about, is_open=True,
        state=state, at=at, error="550 <x@y.vn>", sent_at=at,
    )  # fmt: skip
