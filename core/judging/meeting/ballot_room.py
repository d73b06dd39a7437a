"""Ballots in the council's room: opened by a leader, voted on by members, counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.barring import hide_barred
from core.judging.council_forms import read_id
from core.judging.council_room import Attendee, access_council_room
from core.judging.meeting.ballot_models import BallotVoter
from core.judging.meeting.ballot_words import (
    basis_words,
    majority_words,
    needed_words,
    outcome_sentence,
    quorum_words,
    state_words,
    turnout,
)
from core.judging.meeting.ballots import (
    BLANK,
    BallotFacts,
    access_ballot,
    ballots_of,
    cancel,
    cast,
    choices_of,
    close,
    electorate,
    open_ballot,
    outcome_of,
    voters_of,
)
from core.judging.meeting.tally import Basis, Majority, Quorum
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.ids import token
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("ballots", __name__, url_prefix="/hoi-dong")

Answer = Response | str | tuple[str, int]


@blueprint.get("/<round_key>/bieu-quyet")
@allows(Access.COUNCIL)
def index(round_key: str) -> Answer:
    """The ballots of a round."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    rows = [
        (one, state_words(one.state, outcome_of(one))) for one in ballots_of(edition, round_key, actor=actor)
    ]
    return render_template(
        "meeting/ballots.html", attendee=attendee, judging_round=attendee.round, ballots=rows
    )


@blueprint.get("/<round_key>/bieu-quyet/moi")
@allows(Access.COUNCIL)
def new(round_key: str) -> Answer:
    """The form to put a question to the vote."""
    edition = current_edition()
    attendee = access_council_room(edition, current_actor(), round_key)
    if not attendee.leads:
        return redirect(url_for("ballots.index", round_key=round_key), 303)
    return _form(edition, attendee)


@blueprint.post("/<round_key>/bieu-quyet/moi")
@allows(Access.COUNCIL)
def begin(round_key: str) -> Answer:
    """Put it to the vote."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    form = request.form
    facts = BallotFacts(
        question=form.get("question", ""),
        options=form.get("options", ""),
        is_secret=form.get("secret", "1") == "1",
        quorum=form.get("quorum", ""),
        majority=form.get("majority", ""),
        basis=form.get("basis", Basis.VALID.value),
        voters=frozenset(one for one in map(read_id, form.getlist("voters")) if one is not None),
    )
    try:
        ballot = open_ballot(
            edition, attendee, facts, form_token=form.get("form_token", "") or token(), actor=actor, now=now()
        )
    except Invalid as wrong:
        return _form(edition, attendee, form, wrong.errors), 422
    flash(_("Đã mở biểu quyết. Các thành viên bỏ phiếu ở trang này."), "success")
    return redirect(_href(round_key, ballot.number), 303)


@blueprint.get("/<round_key>/bieu-quyet/<int:number>")
@allows(Access.COUNCIL)
def show(round_key: str, number: int) -> Answer:
    """One ballot: to vote, to close, or what came of it."""
    edition = current_edition()
    return _show(edition, access_council_room(edition, current_actor(), round_key), number)


@blueprint.post("/<round_key>/bieu-quyet/<int:number>")
@allows(Access.COUNCIL)
def vote(round_key: str, number: int) -> Answer:
    """Vote."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    # Nothing chosen is no blank vote: that one must be chosen.
    choice = request.form.get("choice", -1, type=int)
    try:
        is_new = cast(edition, attendee, number, choice, actor=actor, now=now())
    except Invalid as wrong:
        return _show(edition, attendee, number, errors=wrong.errors), 422
    except NotFound:
        raise
    except DomainError as refused:
        return _show(edition, attendee, number, refusal=refused.message), refused.status
    if is_new:
        flash(_("Đã ghi nhận phiếu của bạn."), "success")
    else:
        flash(_("Bạn đã bỏ phiếu trước đó. Phiếu đầu được giữ, phiếu này không tính thêm."), "info")
    return redirect(_href(round_key, number), 303)


@blueprint.post("/<round_key>/bieu-quyet/<int:number>/kiem-phieu")
@allows(Access.COUNCIL)
def count(round_key: str, number: int) -> Answer:
    """End the vote and count."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    close(edition, attendee, number, actor=actor, now=now())
    flash(_("Đã kết thúc bỏ phiếu và kiểm phiếu."), "success")
    return redirect(_href(round_key, number), 303)


@blueprint.post("/<round_key>/bieu-quyet/<int:number>/huy")
@allows(Access.COUNCIL)
def stop(round_key: str, number: int) -> Answer:
    """Cancel the vote, with the reason."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    reason = request.form.get("reason", "")
    try:
        cancel(edition, attendee, number, reason, actor=actor, now=now())
    except Invalid as wrong:
        return _show(edition, attendee, number, errors=wrong.errors, reason=reason), 422
    flash(_("Đã hủy lần biểu quyết; lý do được giữ lại."), "success")
    return redirect(_href(round_key, number), 303)


def _form(
    edition: EditionView,
    attendee: Attendee,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    hide_barred()
    may = electorate(edition, attendee.round.key)
    chosen = [str(one.account_id) for one in may] if typed is None else request.form.getlist("voters")
    return render_template(
        "meeting/ballot_new.html",
        attendee=attendee,
        judging_round=attendee.round,
        typed=typed
        or {
            "secret": "1",
            "quorum": Quorum.TWO_THIRDS.value,
            "majority": Majority.HALF.value,
            "basis": Basis.VALID.value,
            "form_token": token(),
        },
        errors=errors or {},
        quorums=[(one.value, quorum_words(one)) for one in Quorum],
        majorities=[(one.value, majority_words(one)) for one in Majority],
        bases=[
            (
                Basis.VALID.value,
                basis_words(Basis.VALID).capitalize(),
                _("tỷ lệ trên số phiếu có chọn phương án"),
            ),
            (Basis.CAST.value, basis_words(Basis.CAST).capitalize(), _("tỷ lệ trên mọi phiếu đã bỏ")),
        ],
        voters=[(str(one.account_id), one.name) for one in may],
        chosen=chosen,
    )


def _show(
    edition: EditionView,
    attendee: Attendee,
    number: int,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
    reason: str = "",
) -> str:
    hide_barred()
    actor = current_actor()
    ballot = access_ballot(edition, attendee, number, actor=actor)
    options, voters, outcome = choices_of(ballot), voters_of(ballot), outcome_of(ballot)
    own = next((one for one in voters if one.account_id == actor.id), None)
    return render_template(
        "meeting/ballot.html",
        attendee=attendee,
        judging_round=attendee.round,
        ballot=ballot,
        state=state_words(ballot.state, outcome),
        options=[(one.position, one.words) for one in options],
        counts=list(zip(options, outcome.counts, strict=False)) if outcome else [],
        outcome=outcome,
        sentence=outcome_sentence(outcome, [one.words for one in options]) if outcome else "",
        quorum=quorum_words(ballot.quorum),
        majority=needed_words(ballot.majority, ballot.basis),
        blank=BLANK,
        voters=voters,
        choices={} if ballot.is_secret or not outcome else _chosen(voters),
        turnout=turnout(sum(one.has_voted for one in voters), len(voters)),
        own=own,
        refusal=refusal,
        reason=reason,
        errors=errors or {},
    )


def _chosen(voters: Sequence[BallotVoter]) -> dict[UUID, int]:
    """Of a counted open ballot: who voted for what."""
    return {one.account_id: one.choice for one in voters if one.choice is not None}


def _href(round_key: str, number: int) -> str:
    return url_for("ballots.show", round_key=round_key, number=number)
