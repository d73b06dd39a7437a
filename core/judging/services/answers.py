"""What a person on a council says: yes or no to the invitation, leaving later, and the signed pledge."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.council_models import Council, Pledge, Seat
from core.judging.errors import CouncilRefused
from core.judging.pledges import PledgeText, pledge_text
from core.judging.seating import council_of
from core.judging.seats import SeatRole, SeatState
from core.judging.services.conflict_search import suspect
from core.judging.services.council import held_edition, make_judge
from core.judging.services.seats import REASON_CHARS, fitting_reason, is_closed, leave_council
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.text import clean


def access_own_seat(edition: EditionView, actor: Actor, seat_id: UUID) -> tuple[Council, Seat]:
    """The actor's own seat on a council of the edition, held; NotFound for anybody else's."""
    ask = (
        select(Seat, Council)
        .join(Council, Council.id == Seat.council_id)
        .where(Seat.id == seat_id, Seat.account_id == actor.id, Council.edition_id == edition.id)
    )
    row = session().execute(ask.with_for_update(of=Seat)).one_or_none()
    if row is None:
        raise NotFound(_("Không có lời mời này."))
    return row[1], row[0]


def own_seat_in(edition: EditionView, actor: Actor, round_key: str) -> tuple[Council, Seat]:
    """The actor's accepted seat on the council of a round; NotFound for who has none."""
    council = council_of(edition.id, round_key)
    if council is not None:
        ask = select(Seat).where(Seat.council_id == council.id, Seat.account_id == actor.id)
        seat = session().scalars(ask.where(Seat.state == SeatState.ACCEPTED)).one_or_none()
        if seat is not None:
            return council, seat
    raise NotFound(
        _("Bạn không có tên trong hội đồng của vòng này. Nếu bạn được phân công chấm, hãy báo Ban Tổ chức.")
    )


def accept_seat(edition: EditionView, seat_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Accept the invitation: who judges is assigned what the open round has for them. Accepting again changes nothing.

    What ties the person to a dossier is looked for first, whatever the seat: every seat opens pages of the council.

    Raises NotFound, CouncilRefused after the round is closed or when the seat was declined or left.
    """
    held_edition(edition.id)
    council, seat = access_own_seat(edition, actor, seat_id)
    if seat.state == SeatState.ACCEPTED:
        return
    _require_invited(seat)
    _require_running(edition, council, now)
    seat.state, seat.answered_at = SeatState.ACCEPTED.value, now
    session().flush()
    line = {"account": str(seat.account_id), "role": seat.role}
    audit.append("council.accepted", f"{edition.key}/{council.round}", line, actor=actor, now=now)
    suspect(edition.id, account_id=seat.account_id, now=now)
    if SeatRole(seat.role).judges:
        make_judge(edition, seat.account_id, actor=actor, now=now)


def decline_seat(edition: EditionView, seat_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Decline the invitation; the reason may be left out. Declining again changes nothing.

    Raises NotFound, Invalid at `reason` when it is too long, CouncilRefused when it was accepted before.
    """
    held_edition(edition.id)
    council, seat = access_own_seat(edition, actor, seat_id)
    if seat.state == SeatState.DECLINED:
        return
    _require_invited(seat)
    reason = clean(reason)
    if len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Tối đa %(count)s ký tự.", count=REASON_CHARS))
    seat.state, seat.reason, seat.answered_at = SeatState.DECLINED.value, reason, now
    session().flush()
    line = {"account": str(seat.account_id), "role": seat.role}
    audit.append("council.declined", f"{edition.key}/{council.round}", line, actor=actor, now=now)


def leave_seat(edition: EditionView, seat_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Leave a council after accepting, with the reason; until the round is closed. What is locked stands.

    Raises NotFound, Invalid at `reason`, CouncilRefused.
    """
    held_edition(edition.id)
    council, seat = access_own_seat(edition, actor, seat_id)
    if seat.state == SeatState.LEFT:
        return
    if seat.state != SeatState.ACCEPTED:
        raise CouncilRefused(_("Bạn chưa nhận lời mời này nên không cần xin thôi."))
    reason = fitting_reason(reason, _("Bạn hãy ghi lý do xin thôi để Ban Tổ chức tìm người thay."))
    _require_running(edition, council, now)
    leave_council(edition, council, seat, reason, actor=actor, now=now)


def sign_pledge(
    edition: EditionView,
    round_key: str,
    read_sha256: str,
    *,
    agreed: bool,
    device: str,
    actor: Actor,
    now: datetime,
) -> Pledge:
    """Sign appointment and pledge of the actor's seat. Signing again gives the first signature.

    `read_sha256` is of the text that was shown. Raises NotFound, Invalid at `agreed`, CouncilRefused when the text was
    changed since.
    """
    council, seat = own_seat_in(edition, actor, round_key)
    session().refresh(seat, with_for_update=True)
    signed = pledge_of(seat)
    if signed is not None:
        return signed
    if not agreed:
        raise Invalid.one("agreed", _("Bạn cần đánh dấu rằng đã đọc và đồng ý."))
    text = pledge_of_seat(edition, council, seat, actor)
    if text.sha256 != read_sha256:
        raise CouncilRefused(_("Nội dung vừa được Ban Tổ chức sửa. Bạn hãy đọc lại bản mới ở dưới rồi ký."))
    signed = Pledge(
        seat_id=seat.id,
        version=text.version,
        text=text.whole,
        text_sha256=text.sha256,
        signed_at=now,
        device=device[:200],
    )
    session().add(signed)
    session().flush()
    line = {
        "account": str(seat.account_id),
        "role": seat.role,
        "version": text.version,
        "sha256": text.sha256,
    }
    audit.append("pledge.signed", f"{edition.key}/{council.round}", line, actor=actor, now=now)
    return signed


def pledge_of(seat: Seat) -> Pledge | None:
    """What the seat signed; None while it has not. One query."""
    return session().scalars(select(Pledge).where(Pledge.seat_id == seat.id)).one_or_none()


def pledge_of_seat(edition: EditionView, council: Council, seat: Seat, actor: Actor) -> PledgeText:
    """The text that the person of a seat is to read and sign."""
    return pledge_text(edition, council, SeatRole(seat.role), actor.name)


def _require_invited(seat: Seat) -> None:
    if seat.state == SeatState.INVITED:
        return
    words = {
        SeatState.ACCEPTED: _("Bạn đã nhận lời mời này. Nếu không tham gia được nữa, bạn hãy xin thôi."),
        SeatState.DECLINED: _("Bạn đã từ chối lời mời này. Nếu đổi ý, bạn hãy báo Ban Tổ chức mời lại."),
        SeatState.LEFT: _("Bạn đã thôi tham gia hội đồng. Nếu cần trở lại, hãy báo Ban Tổ chức mời lại."),
    }
    raise CouncilRefused(words[SeatState(seat.state)])


def _require_running(edition: EditionView, council: Council, now: datetime) -> None:
    if is_closed(edition, council.round, now):
        raise CouncilRefused(_("Vòng này đã chấm xong nên không thay đổi được nữa."))
