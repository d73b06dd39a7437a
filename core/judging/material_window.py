"""Until when new material is taken in: the window of the call, then the minutes in which a file begun in time may come.

The minutes of grace are those of dossiers. Once such a file has come, what belongs with it may still be sent until they
are over.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.policies import honoured, upload_grace
from core.contests.values import EditionView
from core.entries.deadlines import exact
from core.entries.models import Upload
from core.judging.errors import MaterialClosed
from core.judging.material_models import MaterialCall, MaterialFile, MaterialQuestion
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.formats import deadline
from core.kernel.i18n import locale


def place_key(round_key: str) -> str:
    """How an upload names the new material of a round as the place where it lands."""
    return f"material:{round_key}"


def is_open(call: MaterialCall, now: datetime) -> bool:
    """Whether `now` lies in the window, without any grace."""
    return call.opens_at <= now < call.closes_at


def grace_ends(call: MaterialCall, edition: EditionView) -> datetime:
    """Until when a file that was begun in time may still come (exclusive)."""
    return call.closes_at + upload_grace(edition)


def late_file(call: MaterialCall, edition: EditionView, entry_id: UUID, now: datetime) -> MaterialFile | None:
    """The file that came within the grace, as long as that lasts: it lets the rest in. One query in those minutes."""
    if not call.closes_at <= now < grace_ends(call, edition):
        return None
    ask = (
        select(MaterialFile)
        .join(MaterialQuestion, MaterialQuestion.id == MaterialFile.question_id)
        .where(MaterialQuestion.call_id == call.id, MaterialFile.entry_id == entry_id)
        .where(MaterialFile.added_at >= call.closes_at, MaterialFile.removed_at.is_(None))
        .order_by(MaterialFile.added_at, MaterialFile.id)
    )
    return session().scalars(ask).first()


def late_name(
    call: MaterialCall, edition: EditionView, entry_id: UUID, *, actor: Actor, now: datetime
) -> str | None:
    """The file for which the actor may go on after the end: one that came, or his own still under way; else None.

    Two queries at most, and those in the minutes of the grace alone.
    """
    if not call.closes_at <= now < grace_ends(call, edition):
        return None
    came = late_file(call, edition, entry_id, now)
    if came is not None:
        return came.name
    ask = (
        select(Upload.name)
        .where(Upload.entry_id == entry_id, Upload.account_id == actor.id)
        .where(Upload.place == place_key(call.round), Upload.done.is_(False))
        .where(Upload.begun_at < call.closes_at, Upload.expires_at > real_now())
        .order_by(Upload.begun_at, Upload.id)
    )
    return session().scalars(ask).first()


def require_window(
    call: MaterialCall,
    edition: EditionView,
    entry_id: UUID,
    now: datetime,
    *,
    begun_at: datetime | None = None,
) -> dict[str, str] | None:
    """Return when something may come in at `now`, a file whose sending began at `begun_at` also within the grace.

    Gives the proof for the log when it comes after the end. Raises MaterialClosed with the dates, the server's time and
    what is kept.
    """
    if is_open(call, now):
        return None
    if now < call.opens_at:
        raise MaterialClosed(
            _(
                "Chưa đến thời gian nộp tài liệu bổ sung: từ %(opens)s.",
                opens=deadline(call.opens_at, locale()),
            )
        )
    if begun_at is not None and honoured(begun_at, call.closes_at, now, upload_grace(edition)):
        return {"begun_at": begun_at.isoformat(), "ended_at": call.closes_at.isoformat()}
    came = late_file(call, edition, entry_id, now)
    if came is not None:
        return {"file": came.sha256, "ended_at": call.closes_at.isoformat()}
    if begun_at is not None and begun_at < call.closes_at:
        raise MaterialClosed(
            _(
                "Tệp này bắt đầu tải trước hạn (%(closes)s) và được chờ thêm đến %(until)s, nhưng máy chủ nhận phần "
                "tiếp theo lúc %(now)s nên không nhận được nữa. Những gì bạn gửi xong trước đó vẫn được giữ và giám "
                "khảo xem được.",
                closes=deadline(call.closes_at, locale()),
                until=exact(grace_ends(call, edition)),
                now=exact(now),
            )
        )
    raise MaterialClosed(
        _(
            "Đã hết hạn nộp tài liệu bổ sung (%(closes)s) nên không nhận thêm được nữa: máy chủ nhận yêu cầu của bạn "
            "lúc %(now)s. Những gì bạn gửi trước hạn vẫn được giữ và giám khảo xem được.",
            closes=deadline(call.closes_at, locale()),
            now=exact(now),
        )
    )
