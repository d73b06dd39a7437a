"""Saving a change of a sheet while the judge types: JSON in, JSON out; never a page, for no person reads the answer.

The address is the desk's (`desk.autosave`); the form of the sheet does the same without scripts.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify, request
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.errors import PledgeNeeded, SheetAbstained, SheetConflict, SheetLocked
from core.judging.merging import Change
from core.judging.points import points_text
from core.judging.policies import access_sheet, round_of
from core.judging.queries import sheet_of
from core.judging.schemas import read_change
from core.judging.services import save_scores
from core.judging.services.own_change import own_draft, save_own_change
from core.judging.values import Saved, SheetPlace, SheetView
from core.kernel import uow
from core.kernel.errors import DomainError, Invalid
from core.kernel.formats import time
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now

LOCKED = 423
WRONG = 422
WRONG_SHAPE = 400


@allows(Access.JUDGE)
def autosave(round_key: str, code: str) -> Any:
    """Save what changed on one's own sheet, criterion by criterion.

    In: `revision` that was seen, `scores` (criterion → as typed, blank clears), `base` (criterion → what the device
    knew), `remark` and `base_remark`. Out: 200 with the sheet as it stands (`sheet_answer`); 422 with that and
    `errors`: what passes is stored, what does not is told and not; 409 with `stored` and `fields` when those were
    changed elsewhere, and nothing is stored; 423 with `message` and `state` when the sheet is locked or abstained
    from; else a refusal with its `message`. Sent again, it is the same change.
    """
    edition = current_edition()
    try:
        judging_round = round_of(edition, round_key)
        own = own_draft(edition, current_actor(), judging_round, code)
        place = own.place if own else access_sheet(edition, current_actor(), round_key, code)
        change, errors = read_change(judging_round, request.get_json(silent=True))
        saved = (
            save_own_change(own, edition, change, now=now()) if own else _save_first(edition, place, change)
        )
    except SheetConflict as conflict:
        told = sheet_answer(place, conflict.stored)
        return jsonify(stored=told, fields=conflict.fields, message=conflict.message), conflict.status
    except (SheetLocked, SheetAbstained) as refusal:
        return jsonify(message=refusal.message, state=sheet_of(place).state), LOCKED
    except Invalid as wrong:
        return jsonify(message=" ".join(wrong.errors.get("", [wrong.message]))), WRONG_SHAPE
    except DomainError as refusal:
        state = "pledge" if isinstance(refusal, PledgeNeeded) else "closed"
        return jsonify(message=refusal.message, state=state), refusal.status
    answer = sheet_answer(place, saved.sheet) | {"counts": saved.counts}
    if not saved.counts:
        answer["message"] = _("Đã hết thời gian chấm. Phiếu được giữ lại ở dạng nháp và không được tính.")
    if not errors:
        return jsonify(answer)
    uow.keep_on_error()
    return jsonify(answer | {"errors": errors}), WRONG


def _save_first(edition: EditionView, place: SheetPlace, change: Change) -> Saved:
    return save_scores(
        edition,
        place,
        change.scores,
        change.remark,
        change.revision,
        base=change.base,
        base_remark=change.base_remark,
        actor=current_actor(),
        now=now(),
    )


def sheet_answer(place: SheetPlace, held: SheetView) -> dict[str, Any]:
    """A sheet as a device is told of it: points as texts with a dot, `whole` when no criterion lacks any."""
    return {
        "revision": held.revision,
        "scores": {key: points_text(points) for key, points in held.scores.items()},
        "remark": held.remark,
        "total": points_text(held.total),
        "whole": all(one.key in held.scores for one in place.round.criteria),
        "counts": True,
        "state": held.state,
        "saved_at": time(held.updated_at, locale()) if held.updated_at else "",
    }
