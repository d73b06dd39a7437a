"""Filling, locking and abstaining from score sheets. A judge fills only his own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.contests.policies import PhaseClosed, require_open
from core.contests.rules import freeze_for_judging
from core.contests.values import EditionView, PhaseKind
from core.judging.commitments import FORM, sealed
from core.judging.criteria_guard import hold_criteria
from core.judging.errors import (
    RoundNotOpen,
    SheetAbstained,
    SheetConflict,
    SheetIncomplete,
    SheetLocked,
    SheetNotAbstained,
)
from core.judging.merging import Change, merged
from core.judging.models import Sheet, SheetScore
from core.judging.points import require_fitting, unfitting
from core.judging.queries import is_later_round_open, ready_sheets, scores_of, view_of
from core.judging.schemas import REMARK_CHARS
from core.judging.states import SheetState
from core.judging.values import JudgeView, Saved, SheetPlace, SheetView
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.i18n import locale
from core.kernel.ids import token
from core.kernel.prepared import insert_once
from core.kernel.text import clean
from core.plugin_api import Round

REASON_CHARS = 1000


def save_scores(  # noqa: PLR0913 - a change, what was known, who and when
    edition: EditionView,
    place: SheetPlace,
    scores: Mapping[str, Decimal | None],
    remark: str | None,
    revision: int,
    *,
    actor: Actor,
    now: datetime,
    base: Mapping[str, Decimal | None] | None = None,
    base_remark: str | None = None,
) -> Saved:
    """Keep points and remark on the judge's draft; give the sheet as it is now.

    `scores` holds the criteria that change (None clears one, those left out stay), `remark` None stays too, so that
    one criterion can be saved alone. `revision` is the one the judge saw. With `base` (what the device knew of each
    criterion that it changes; None: it was blank) and `base_remark`, a sheet that was saved elsewhere meanwhile is no
    conflict while what changes still stands as it was known. What stands already is not written again, so a change
    may be sent twice. After the judging phase a draft is still kept, and `counts` is False: it can no longer be
    locked. Raises PhaseClosed before the phase, Invalid (`score_<key>`), SheetConflict (nothing is written) when the
    sheet changed elsewhere, SheetLocked, SheetAbstained, RoundNotOpen.
    """
    require_own(place.judge, actor)
    counts = counts_now(edition, now)
    _require_current(edition, place.round)
    require_fitting(place.round, scores)
    if remark is not None:
        remark = _fitting("remark", remark, REMARK_CHARS)
    sheet = _held(edition, place, now)
    _require_draft(sheet)
    held = view_of(sheet, place.entry_code, scores_of(sheet.id))
    known = None if base_remark is None else clean(base_remark)
    new = merged(held, Change(scores, remark, revision, base or {}, known), now=now)
    if new is not held:
        _store_scores(sheet, held.scores, new.scores)
        sheet.remark, sheet.revision, sheet.updated_at = new.remark, new.revision, now
        if sheet.begun_at is None and new.scores:
            sheet.begun_at = now
        session().flush()
    return Saved(new, counts)


def lock_sheet(
    edition: EditionView, place: SheetPlace, revision: int, *, actor: Actor, now: datetime
) -> SheetView:
    """Fix the judge's whole sheet for good; its commitment enters the audit log. Locking again changes nothing.

    `revision` is the one the judge re-read. Raises PhaseClosed outside the judging phase (the draft stays, and does
    not count), SheetIncomplete, SheetConflict, SheetAbstained, RoundNotOpen, RulesMoved when the rules were
    reopened or changed meanwhile, CriteriaDrifted.
    """
    require_own(place.judge, actor)
    _require_judging_open(edition, now)
    _require_current(edition, place.round)
    hold_criteria(edition)
    sheet = _held(edition, place, now)
    scores = scores_of(sheet.id)
    if sheet.state == SheetState.LOCKED:
        return view_of(sheet, place.entry_code, scores)
    _require_draft(sheet)
    missing = tuple(one for one in place.round.criteria if one.key not in scores)
    if missing:
        names = ", ".join(one.name.in_(locale()) for one in missing)
        raise SheetIncomplete(
            _("Phiếu còn thiếu điểm: %(names)s.", names=names), tuple(one.key for one in missing)
        )
    if sheet.revision != revision:
        raise SheetConflict(view_of(sheet, place.entry_code, scores), {}, sheet.remark)
    require_fitting(place.round, dict(scores))
    freeze_for_judging(edition, actor=actor, now=now)
    _lock(edition, sheet, place.judge.number, place.entry_code, scores, actor=actor, now=now)
    session().flush()
    return view_of(sheet, place.entry_code, scores)


def lock_all_ready(
    edition: EditionView,
    judge: JudgeView,
    judging_round: Round,
    seen: Mapping[str, int],
    *,
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Lock the judge's whole sheets of a round that stand as `seen` (entry code → revision re-read).

    Gives the codes that were locked. A sheet that changed since, or whose points no longer fit the criteria, stays a
    draft and keeps none of the others from being locked. Raises PhaseClosed, RoundNotOpen, RulesMoved.
    """
    require_own(judge, actor)
    _require_judging_open(edition, now)
    _require_current(edition, judging_round)
    hold_criteria(edition)
    freeze_for_judging(edition, actor=actor, now=now)
    locked = []
    for code, sheet, scores in ready_sheets(edition.id, judge.id, judging_round):
        if seen.get(code) != sheet.revision or unfitting(judging_round, dict(scores)):
            continue
        _lock(edition, sheet, judge.number, code, scores, actor=actor, now=now)
        locked.append(code)
    session().flush()
    return locked


def abstain(
    edition: EditionView, place: SheetPlace, reason: str, *, actor: Actor, now: datetime
) -> SheetView:
    """Record that the judge does not score this entry, and why; nothing of the sheet counts.

    He may take it back while it is not final (`abstain_for_good`); until then others' points stay closed to him.
    Raises Invalid without a reason, SheetLocked, PhaseClosed, RoundNotOpen.
    """
    require_own(place.judge, actor)
    _require_judging_open(edition, now)
    _require_current(edition, place.round)
    reason = _fitting("reason", reason, REASON_CHARS)
    if not reason:
        raise Invalid.one("reason", _("Cần ghi lý do không chấm hồ sơ này."))
    sheet = _held(edition, place, now)
    if sheet.state == SheetState.LOCKED:
        raise _locked_error()
    sheet.state, sheet.reason = SheetState.ABSTAINED, reason
    sheet.revision += 1
    sheet.updated_at = now
    session().flush()
    audit.append("sheet.abstained", place.entry_code, {"round": place.round.key}, actor=actor, now=now)
    return view_of(sheet, place.entry_code, scores_of(sheet.id))


def abstain_for_good(edition: EditionView, place: SheetPlace, *, actor: Actor, now: datetime) -> SheetView:
    """Make an abstention final: it is never taken back, and others' points for the entry are no longer closed to him.

    At any time, since it only gives something up; again, it changes nothing. Raises SheetLocked, SheetNotAbstained.
    """
    require_own(place.judge, actor)
    sheet = _held(edition, place, now)
    if sheet.state == SheetState.LOCKED:
        raise _locked_error()
    if sheet.state != SheetState.ABSTAINED:
        raise SheetNotAbstained(_("Bạn chưa từ chối chấm hồ sơ này."))
    if sheet.final_at is None:
        sheet.final_at = now
        sheet.revision += 1
        session().flush()
        audit.append("sheet.final", place.entry_code, {"round": place.round.key}, actor=actor, now=now)
    return view_of(sheet, place.entry_code, scores_of(sheet.id))


def take_back_abstention(
    edition: EditionView, place: SheetPlace, *, actor: Actor, now: datetime
) -> SheetView:
    """Make an abstained sheet a draft again, with the points it had.

    Raises PhaseClosed, RoundNotOpen, SheetLocked, SheetAbstained once the abstention is final.
    """
    require_own(place.judge, actor)
    _require_judging_open(edition, now)
    _require_current(edition, place.round)
    sheet = _held(edition, place, now)
    if sheet.state == SheetState.LOCKED:
        raise _locked_error()
    if sheet.final_at is not None:
        raise _final_error()
    if sheet.state == SheetState.ABSTAINED:
        sheet.state, sheet.reason = SheetState.DRAFT, ""
        sheet.revision += 1
        sheet.updated_at = now
        session().flush()
        audit.append("sheet.resumed", place.entry_code, {"round": place.round.key}, actor=actor, now=now)
    return view_of(sheet, place.entry_code, scores_of(sheet.id))


def lock_from_paper(
    edition: EditionView,
    place: SheetPlace,
    scores: Mapping[str, Decimal],
    remark: str,
    *,
    actor: Actor,
    now: datetime,
) -> SheetView:
    """Fix the sheet of the place's judge with what two people read from his paper; his draft gives way.

    The caller has seen that it may be. Raises SheetLocked, SheetAbstained, PhaseClosed, RoundNotOpen, RulesMoved,
    CriteriaDrifted.
    """
    _require_judging_open(edition, now)
    _require_current(edition, place.round)
    hold_criteria(edition)
    sheet = _held(edition, place, now)
    _require_draft(sheet)
    require_fitting(place.round, dict(scores))
    freeze_for_judging(edition, actor=actor, now=now)
    _store_scores(sheet, scores_of(sheet.id), scores)
    sheet.remark, sheet.begun_at = remark, None
    number = place.judge.number
    _lock(edition, sheet, number, place.entry_code, scores, way="paper", actor=actor, now=now)
    session().flush()
    return view_of(sheet, place.entry_code, scores)


def _lock(
    edition: EditionView,
    sheet: Sheet,
    judge: str,
    code: str,
    scores: Mapping[str, Decimal],
    *,
    way: str = "",
    actor: Actor,
    now: datetime,
) -> None:
    sheet.nonce = token()
    sheet.commitment = sealed(edition.key, sheet.round, code, judge, scores, sheet.remark, sheet.nonce)
    sheet.state = SheetState.LOCKED
    sheet.locked_at = sheet.updated_at = now
    sheet.revision += 1
    line = {
        "edition": edition.key,
        "round": sheet.round,
        "form": FORM,
        "commitment": sheet.commitment,
        **({"way": way} if way else {}),
    }
    audit.append("sheet.locked", code, line, actor=actor, now=now)


def _store_scores(sheet: Sheet, stored: Mapping[str, Decimal], merged: Mapping[str, Decimal]) -> None:
    gone = sorted(set(stored) - set(merged))
    if gone:
        statement = delete(SheetScore).where(SheetScore.sheet_id == sheet.id, SheetScore.criterion.in_(gone))
        session().execute(statement)
    changed = {key: points for key, points in merged.items() if stored.get(key) != points}
    known = set(changed) & set(stored)
    if known:
        ask = select(SheetScore).where(
            SheetScore.sheet_id == sheet.id, SheetScore.criterion.in_(sorted(known))
        )
        for row in session().scalars(ask):
            row.points = changed[row.criterion]
    for key in sorted(set(changed) - known):
        session().add(SheetScore(sheet_id=sheet.id, criterion=key, points=changed[key]))


def _held(edition: EditionView, place: SheetPlace, now: datetime) -> Sheet:
    """The judge's sheet, begun if need be, held until the transaction ends."""
    ask = select(Sheet).where(
        Sheet.judge_id == place.judge.id,
        Sheet.entry_id == place.entry_id,
        Sheet.round == place.round.key,
    )
    ask = ask.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is not None:
        return found
    values = {
        "edition_id": edition.id,
        "judge_id": place.judge.id,
        "entry_id": place.entry_id,
        "round": place.round.key,
        "state": SheetState.DRAFT.value,
        "remark": "",
        "reason": "",
        "revision": 0,
        "begun_at": None,
        "updated_at": now,
    }
    insert_once(Sheet, ("judge_id", "entry_id", "round"), values)
    return session().scalars(ask).one()


def require_own(judge: JudgeView, actor: Actor) -> None:
    """Raise Forbidden unless `actor` is that judge and still judges."""
    if actor.id != judge.account_id or not judge.is_active:
        raise Forbidden(_("Bạn chỉ chấm được trên phiếu của chính mình."))


def _require_draft(sheet: Sheet) -> None:
    if sheet.state == SheetState.LOCKED:
        raise _locked_error()
    if sheet.final_at is not None:
        raise _final_error()
    if sheet.state == SheetState.ABSTAINED:
        raise SheetAbstained(_("Bạn đã từ chối chấm hồ sơ này. Hãy nhận lại hồ sơ trước khi chấm."))


def _final_error() -> SheetAbstained:
    return SheetAbstained(_("Bạn đã xác nhận thôi hẳn, không chấm hồ sơ này nữa."))


def _locked_error() -> SheetLocked:
    return SheetLocked(_("Phiếu đã khóa nên không thay đổi được nữa."))


def counts_now(edition: EditionView, now: datetime) -> bool:
    """Whether what is saved now can still be locked; raises PhaseClosed before the phase."""
    phase = edition.phase(PhaseKind.JUDGING)
    if phase is not None and now >= phase.closes_at:
        return False
    require_open(edition, PhaseKind.JUDGING, now)
    return True


def _require_judging_open(edition: EditionView, now: datetime) -> None:
    try:
        require_open(edition, PhaseKind.JUDGING, now)
    except PhaseClosed as closed:
        kept = _("Phiếu chưa khóa được giữ nguyên và không được tính.")
        raise PhaseClosed(f"{closed.message} {kept}") from closed


def _require_current(edition: EditionView, judging_round: Round) -> None:
    if is_later_round_open(edition, judging_round.key):
        raise RoundNotOpen(
            _("%(round)s đã kết thúc vì vòng sau đã mở.", round=judging_round.name.in_(locale()))
        )


def _fitting(field: str, text: str, most: int) -> str:
    cleaned = clean(text)
    if len(cleaned) > most:
        raise Invalid.one(field, _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=most))
    return cleaned
