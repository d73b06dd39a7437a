"""Voting for programs: the same service, a session cookie and the CSRF header."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_smorest import Blueprint

from core.contests.current import edition_of
from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.kernel.i18n import N_
from core.kernel.problems import problem
from core.kernel.web import Access, allows, current_actor, now
from core.voting.queries import access_votable
from core.voting.schemas import ReceiptSchema
from core.voting.services import cast_vote

blueprint = Blueprint("voting_api", __name__, url_prefix="/api/v1", description=N_("Bình chọn"))


@blueprint.route("/entries/<code>/vote", methods=["POST"])  # type: ignore[untyped-decorator]
@allows(Access.ACCOUNT)
@blueprint.alt_response(409, description=N_("Ngoài thời gian bình chọn"))  # type: ignore[untyped-decorator]
@blueprint.response(201, ReceiptSchema)  # type: ignore[untyped-decorator]
def vote(code: str) -> Any:
    """Vote for an entry.

    201 with the receipt of a new vote, 200 with the first receipt when the account has voted already, 409 with the
    window's dates outside it.
    """
    entry = access_votable(code)
    edition = edition_of(entry.edition_id)
    try:
        receipt = cast_vote(edition, entry, voter=current_actor(), now=now(), address=request.remote_addr)
    except PhaseClosed as closed:
        return _closed(closed, code)
    return receipt, 201 if receipt.is_new else 200


def _closed(closed: PhaseClosed, code: str) -> Response:
    """The problem document of a vote outside its window, with the window's two instants."""
    edition = edition_of(access_votable(code).edition_id)
    phase = edition.phase(PhaseKind.VOTING)
    answer = problem(closed.status, closed.kind, closed.message, clause=closed.clause)
    if phase is None:
        return answer
    body = answer.get_json()
    told = jsonify({**body, "opens_at": phase.opens_at.isoformat(), "closes_at": phase.closes_at.isoformat()})
    told.status_code, told.mimetype = closed.status, "application/problem+json"
    return told
