"""Ballots in the council's room: opened by a leader, voted on by members, counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.judging.council_forms import read_id
from core.judging.meeting.ballot_choices import choices_of
from core.judging.meeting.ballot_facts import BallotFacts, proposed
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
    access_ballot,
    ballots_of,
    cancel,
    cast,
    close,
    electorate,
    open_ballot,
    outcome_of,
    voters_of,
)
from core.judging.meeting.room import Answer, Errors, Here, enter, refused
from core.judging.meeting.tally import Basis, Majority, Quorum
from core.kernel.errors import Invalid
from core.kernel.ids import token
from core.kernel.web import Access, allows, now

blueprint = Blueprint("ballots", __name__, url_prefix="/hoi-dong")


@blueprint.get("/<round_key>/bieu-quyet")
@allows(Access.COUNCIL)
def index(round_key: str) -> Answer:
    """The ballots of a round."""
    here = enter(round_key)
    ballots = ballots_of(here.edition, round_key, actor=here.actor)
    rows = [(one, state_words(one.state, outcome_of(one))) for one in ballots]
    return render_template(
        "meeting/ballots.html", attendee=here.attendee, judging_round=here.attendee.round, ballots=rows
    )


@blueprint.get("/<round_key>/bieu-quyet/moi")
@allows(Access.COUNCIL)
def new(round_key: str) -> Answer:
    """The form to put a question to the vote."""
    here = enter(round_key)
    if not here.attendee.leads:
        return redirect(url_for("ballots.index", round_key=round_key), 303)
    return _form(here, proposed=proposed(here.edition, round_key, request.args.getlist("ho-so"), here.actor))


@blueprint.post("/<round_key>/bieu-quyet/moi")
@allows(Access.COUNCIL)
def begin(round_key: str) -> Answer:
    """Put it to the vote."""
    here, form = enter(round_key), request.form
    facts = BallotFacts(
        question=form.get("question", ""),
        options=form.get("options", ""),
        is_secret=form.get("secret", "1") == "1",
        quorum=form.get("quorum", ""),
        majority=form.get("majority", ""),
        basis=form.get("basis", Basis.VALID.value),
        voters=frozenset(one for one in map(read_id, form.getlist("voters")) if one is not None),
    )
    form_token = form.get("form_token", "") or token()
    try:
        ballot = open_ballot(
            here.edition, here.attendee, facts, form_token=form_token, actor=here.actor, now=now()
        )
    except Invalid as wrong:
        return _form(here, form, wrong.errors), wrong.status
    return _done(round_key, ballot.number, _("Đã mở biểu quyết. Các thành viên bỏ phiếu ở trang này."))


@blueprint.get("/<round_key>/bieu-quyet/<int:number>")
@allows(Access.COUNCIL)
def show(round_key: str, number: int) -> Answer:
    """One ballot: to vote, to close, or what came of it."""
    return _show(enter(round_key), number)


@blueprint.post("/<round_key>/bieu-quyet/<int:number>")
@allows(Access.COUNCIL)
def vote(round_key: str, number: int) -> Answer:
    """Vote."""
    here = enter(round_key)
    # Nothing chosen is no blank vote: that one must be chosen.
    choice = request.form.get("choice", -1, type=int)

    def put_in() -> None:
        if cast(here.edition, here.attendee, number, choice, actor=here.actor, now=now()):
            flash(_("Đã ghi nhận phiếu của bạn."), "success")
        else:
            flash(_("Bạn đã bỏ phiếu trước đó. Phiếu đầu được giữ, phiếu này không tính thêm."), "info")

    return refused(put_in, partial(_show, here, number)) or redirect(_href(round_key, number), 303)


@blueprint.post("/<round_key>/bieu-quyet/<int:number>/kiem-phieu")
@allows(Access.COUNCIL)
def count(round_key: str, number: int) -> Answer:
    """End the vote and count."""
    here = enter(round_key)
    close(here.edition, here.attendee, number, actor=here.actor, now=now())
    return _done(round_key, number, _("Đã kết thúc bỏ phiếu và kiểm phiếu."))


@blueprint.post("/<round_key>/bieu-quyet/<int:number>/huy")
@allows(Access.COUNCIL)
def stop(round_key: str, number: int) -> Answer:
    """Cancel the vote, with the reason."""
    here, reason = enter(round_key), request.form.get("reason", "")
    try:
        cancel(here.edition, here.attendee, number, reason, actor=here.actor, now=now())
    except Invalid as wrong:
        return _show(here, number, errors=wrong.errors, reason=reason), wrong.status
    return _done(round_key, number, _("Đã hủy lần biểu quyết; lý do được giữ lại."))


def _form(
    here: Here,
    typed: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    proposed: Mapping[str, str] = MappingProxyType({}),
) -> str:
    may = electorate(here.edition, here.attendee.round.key)
    chosen = [str(one.account_id) for one in may] if typed is None else request.form.getlist("voters")
    return render_template(
        "meeting/ballot_new.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        typed=typed
        or {
            "secret": "1",
            "quorum": Quorum.TWO_THIRDS.value,
            "majority": Majority.HALF.value,
            "basis": Basis.VALID.value,
            "form_token": token(),
            **proposed,
        },
        # What is typed into one that was proposed is not brought back into another.
        draft="-".join(["bieu-quyet", here.attendee.round.key, *request.args.getlist("ho-so")])[:200],
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
    here: Here, number: int, *, errors: Errors | None = None, refusal: str = "", reason: str = ""
) -> str:
    ballot = access_ballot(here.edition, here.attendee, number, actor=here.actor)
    options = choices_of(here.edition, [ballot], here.attendee)[ballot.id]
    voters, outcome = voters_of(ballot), outcome_of(ballot)
    own = next((one for one in voters if one.account_id == here.actor.id), None)
    return render_template(
        "meeting/ballot.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        ballot=ballot,
        state=state_words(ballot.state, outcome),
        talked_of=here.attendee.leads and bool(ballot.entries),
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


def _done(round_key: str, number: int, said: str) -> Response:
    flash(said, "success")
    return redirect(_href(round_key, number), 303)


def _href(round_key: str, number: int) -> str:
    return url_for("ballots.show", round_key=round_key, number=number)
