"""A judge changes the points of his own locked sheet, inside an open deliberation of the entry and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.judging.commitments import FORM, sealed
from core.judging.criteria_guard import require_announced
from core.judging.deliberation_models import ScoreChange
from core.judging.deliberation_values import RoomPlace, as_text
from core.judging.errors import SheetConflict, SheetNotLocked
from core.judging.events import PointsMayChange
from core.judging.models import Sheet, SheetScore
from core.judging.points import require_fitting
from core.judging.queries.sheets import scores_of, view_of
from core.judging.services.deliberations import REASON_CHARS, fitting, held_open, require_current
from core.judging.states import SheetState
from core.judging.values import SheetPlace, SheetView
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.events import emit
from core.kernel.ids import token


def change_scores(  # noqa: PLR0913, PLR0917 - the parts of one change
    edition: EditionView,
    room: RoomPlace,
    place: SheetPlace,
    deliberation_id: UUID,
    scores: Mapping[str, Decimal | None],
    reason: str,
    revision: int,
    *,
    actor: Actor,
    now: datetime,
) -> SheetView:
    """Change the points of the judge's locked sheet; before, after, reason and time are kept, and the log gets the new
    commitment beside the old one. Sending the same again changes nothing.

    `revision` is the sheet's as the judge saw it. Raises DeliberationClosed, SheetNotLocked, SheetConflict when the
    sheet was changed elsewhere meanwhile, Invalid (`score_<key>`, `reason`), RoundNotOpen, AlreadyPublished,
    CriteriaDrifted.
    """
    if actor.id != place.judge.account_id or not place.judge.is_active or room.entry_id != place.entry_id:
        raise Forbidden(_("Bạn chỉ chấm được trên phiếu của chính mình."))
    lock_row(Edition, Edition.id == edition.id)  # so that a publication either sees the change or refuses it
    deliberation = held_open(deliberation_id)
    emit(PointsMayChange(edition.id))
    require_current(edition, room)
    require_announced(edition)
    sheet = _held(place)
    stored = scores_of(sheet.id)
    wanted = {**stored, **scores}
    if sheet.revision != revision:
        if wanted == stored:
            return view_of(sheet, place.entry_code, stored)
        raise SheetConflict(view_of(sheet, place.entry_code, stored), scores, "")
    merged, reason = _checked(place, stored, wanted, reason)
    number = select(func.count()).where(ScoreChange.sheet_id == sheet.id)
    session().add(
        ScoreChange(
            deliberation_id=deliberation.id,
            sheet_id=sheet.id,
            entry_id=place.entry_id,
            judge_id=place.judge.id,
            number=session().scalars(number).one() + 1,
            before=as_text(stored),
            after=as_text(merged),
            reason=reason,
            at=now,
            nonce=sheet.nonce or "",
            commitment=sheet.commitment or "",
        )
    )
    for row in session().scalars(select(SheetScore).where(SheetScore.sheet_id == sheet.id)):
        row.points = merged[row.criterion]
    line = {"edition": edition.key, "round": sheet.round, "form": FORM, "before": sheet.commitment}
    sheet.nonce = token()
    sheet.commitment = sealed(
        edition.key, sheet.round, place.entry_code, place.judge.number, merged, sheet.remark, sheet.nonce
    )
    sheet.revision += 1
    sheet.updated_at = now
    deliberation.version += 1
    session().flush()
    line["commitment"] = sheet.commitment
    audit.append("sheet.changed", place.entry_code, line, actor=actor, now=now)
    return view_of(sheet, place.entry_code, merged)


def _checked(
    place: SheetPlace, stored: Mapping[str, Decimal], wanted: Mapping[str, Decimal | None], reason: str
) -> tuple[dict[str, Decimal], str]:
    """The points and the reason as they will be stored; all that is wrong is told at once."""
    errors: dict[str, list[str]] = {}
    try:
        require_fitting(place.round, wanted)
        reason = fitting("reason", reason, REASON_CHARS)
    except Invalid as wrong:
        errors |= wrong.errors
    merged = {key: points for key, points in wanted.items() if points is not None}
    for one in place.round.criteria:
        if one.key not in merged:
            errors.setdefault(f"score_{one.key}", [_("Phiếu đã khóa cần đủ điểm cho mọi tiêu chí.")])
    if not errors and merged == stored:
        first = place.round.criteria[0].key
        errors[f"score_{first}"] = [
            _("Điểm vẫn như trước: bạn sửa ít nhất một tiêu chí, hoặc giữ nguyên phiếu.")
        ]
    if not reason:
        errors["reason"] = [_("Cần ghi lý do sửa điểm.")]
    if errors:
        raise Invalid(errors)
    return merged, reason


def _held(place: SheetPlace) -> Sheet:
    ask = select(Sheet).where(
        Sheet.judge_id == place.judge.id,
        Sheet.entry_id == place.entry_id,
        Sheet.round == place.round.key,
        Sheet.state == SheetState.LOCKED,
    )
    ask = ask.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is None:
        raise SheetNotLocked(_("Chỉ sửa được điểm của phiếu đã khóa trong phần thảo luận."))
    return found
