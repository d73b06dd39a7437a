"""Ballots of the council: opened by a leader, one vote each, counted once.

Of a secret ballot nothing that is kept tells who voted for what: see `ballot_models`. While it is open nobody is shown
a count; the log has one line for each vote, which says that somebody voted and not for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, case, func, select, update

from core.contests.values import EditionView
from core.judging.bars import conflicts_of
from core.judging.council_models import Seat
from core.judging.council_room import Attendee, require_leader
from core.judging.meeting.apart import entries_in_round, names_kept
from core.judging.meeting.ballot_facts import FEWEST_OPTIONS, BallotFacts, read_facts
from core.judging.meeting.ballot_models import Ballot, BallotOption, BallotVoter
from core.judging.meeting.errors import MeetingRefused
from core.judging.meeting.tally import Basis, Majority, Outcome, Quorum, decide
from core.judging.models import Judge
from core.judging.seating import council_of
from core.judging.seats import JUDGING, SeatState
from core.judging.services.council import held_edition
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.text import clean
from core.people.models import Account

REASON_CHARS = 1000
OPEN, CLOSED, CANCELLED = "open", "closed", "cancelled"
BLANK = 0  # the choice of a blank vote; positions of options begin at 1


@dataclass(frozen=True, slots=True)
class MayVote:
    """Somebody who may vote in a round, by the name of the account."""

    account_id: UUID
    judge_id: UUID
    name: str


def electorate(edition: EditionView, round_key: str, entries: Iterable[UUID] = ()) -> list[MayVote]:
    """Who may vote: those on a judging seat of the round who are active and have no conflict with any of `entries`;
    without a council every active judge. Four queries at most, and what those who know of conflicts ask."""
    ask = (
        select(Judge.account_id, Judge.id, Account.name)
        .join(Account, Account.id == Judge.account_id)
        .where(Judge.edition_id == edition.id, Judge.is_active.is_(True))
    )
    council = council_of(edition.id, round_key)
    if council is not None:
        seated = and_(Seat.account_id == Judge.account_id, Seat.council_id == council.id)
        ask = ask.join(Seat, seated).where(Seat.state == SeatState.ACCEPTED, Seat.role.in_(JUDGING))
    named = set(entries)
    barred = {judge for judge, entry in conflicts_of(edition.id) if entry in named} if named else set()
    rows = [
        MayVote(row.account_id, row.id, row.name) for row in session().execute(ask.order_by(Judge.number))
    ]
    return [one for one in rows if one.judge_id not in barred]


def open_ballot(
    edition: EditionView,
    attendee: Attendee,
    facts: BallotFacts,
    *,
    form_token: str,
    actor: Actor,
    now: datetime,
) -> Ballot:
    """Put a question to the vote; the same `form_token` opens it once.

    Raises Forbidden, Invalid (`question`, `options`, `quorum`, `majority`, `basis`, `voters`). A dossier that the actor
    is kept from does not exist as an option.
    """
    require_leader(attendee)
    round_key = attendee.round.key
    held_edition(edition.id)
    again = session().scalars(select(Ballot).where(Ballot.form_token == form_token)).one_or_none()
    if again is not None:
        return again
    question, options, named, errors = read_facts(edition, round_key, facts, actor)
    may = electorate(edition, round_key, named.values())
    voters = [one for one in may if facts.voters is None or one.account_id in facts.voters]
    if len(voters) < FEWEST_OPTIONS:
        errors["voters"] = [_("Cần ít nhất hai người có quyền bỏ phiếu.")]
    if errors:
        raise Invalid(errors)
    last = select(func.max(Ballot.number)).where(Ballot.edition_id == edition.id, Ballot.round == round_key)
    ballot = Ballot(
        edition_id=edition.id,
        round=round_key,
        number=(session().scalars(last).one() or 0) + 1,
        form_token=form_token,
        question=question,
        is_secret=facts.is_secret,
        quorum=facts.quorum,
        majority=facts.majority,
        basis=facts.basis,
        entries=sorted(named),
        opened_by=actor.id,
        opened_name=actor.name,
        opened_at=now,
    )
    session().add(ballot)
    session().flush()
    session().add_all(
        BallotOption(ballot_id=ballot.id, position=place, words=words, entry_id=entry_id)
        for place, (words, entry_id) in enumerate(options, start=1)
    )
    # In the order of names and not of seats or votes: a row's place says nothing.
    session().add_all(
        BallotVoter(ballot_id=ballot.id, account_id=one.account_id, name=one.name)
        for one in sorted(voters, key=lambda one: one.name)
    )
    session().flush()
    line = {
        "number": ballot.number,
        "secret": ballot.is_secret,
        "options": len(options),
        "voters": len(voters),
        "quorum": ballot.quorum,
        "majority": ballot.majority,
        "basis": ballot.basis,
    }
    audit.append("ballot.opened", subject_of(edition, ballot), line, actor=actor, now=now)
    return ballot


def cast(
    edition: EditionView, attendee: Attendee, number: int, choice: int, *, actor: Actor, now: datetime
) -> bool:
    """Vote for the option at position `choice`, or for none with `BLANK`; whether it is counted now. A second vote
    changes nothing: the first stands, and nobody is told which it was. The last vote closes the ballot.

    Raises NotFound, Invalid at `choice`, MeetingRefused for who may not vote (no more) and after the end.
    """
    ballot = access_ballot(edition, attendee, number, actor=actor, held=True)
    voter = _voter(ballot, actor)
    if voter is None:
        raise MeetingRefused(_("Bạn không có trong danh sách bỏ phiếu của lần biểu quyết này."))
    if voter.has_voted:
        return False
    if ballot.state != OPEN:
        raise MeetingRefused(_("Lần biểu quyết này đã kết thúc nên phiếu của bạn không được ghi nhận."))
    if actor.id not in _still(edition, ballot):
        raise MeetingRefused(_("Bạn không còn quyền bỏ phiếu trong hội đồng của vòng này."))
    options = list(
        session().scalars(select(BallotOption.position).where(BallotOption.ballot_id == ballot.id))
    )
    if choice != BLANK and choice not in options:
        raise Invalid.one("choice", _("Bạn hãy chọn một phương án hoặc phiếu trắng."))
    marked = session().execute(
        update(BallotVoter)
        .where(BallotVoter.id == voter.id, BallotVoter.has_voted.is_(False))
        .values(has_voted=True, choice=None if ballot.is_secret else choice),
        execution_options={"synchronize_session": False},
    )
    if not marked.rowcount:  # type: ignore[attr-defined]
        return False
    if ballot.is_secret:
        # All options and the blank votes at once: were one written alone, the age of its row would tell which.
        session().execute(
            update(BallotOption)
            .where(BallotOption.ballot_id == ballot.id)
            .values(votes=BallotOption.votes + case((BallotOption.position == choice, 1), else_=0)),
            execution_options={"synchronize_session": False},
        )
        session().execute(
            update(Ballot)
            .where(Ballot.id == ballot.id)
            .values(blank=Ballot.blank + (1 if choice == BLANK else 0)),
            execution_options={"synchronize_session": False},
        )
    session().expire_all()
    line = {"number": ballot.number}
    audit.append("ballot.cast", subject_of(edition, ballot), line, actor=actor, now=now)
    if not awaited(edition, ballot):
        _close(edition, ballot, actor=SYSTEM, now=now)
    return True


def close(edition: EditionView, attendee: Attendee, number: int, *, actor: Actor, now: datetime) -> Ballot:
    """Count the votes, once; closing again changes nothing. Raises Forbidden, NotFound, MeetingRefused."""
    require_leader(attendee)
    ballot = access_ballot(edition, attendee, number, actor=actor, held=True)
    if ballot.state == CANCELLED:
        raise MeetingRefused(_("Lần biểu quyết này đã bị hủy."))
    if ballot.state == OPEN:
        _close(edition, ballot, actor=actor, now=now)
    return ballot


def cancel(
    edition: EditionView, attendee: Attendee, number: int, reason: str, *, actor: Actor, now: datetime
) -> Ballot:
    """Stop an open ballot without a count, with the reason; it stays on the list.

    Raises Forbidden, NotFound, Invalid at `reason`, MeetingRefused when it was counted.
    """
    require_leader(attendee)
    ballot = access_ballot(edition, attendee, number, actor=actor, held=True)
    if ballot.state == CLOSED:
        raise MeetingRefused(_("Phiếu đã được kiểm nên không hủy được nữa."))
    reason = clean(reason)
    if not reason or len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Cần ghi lý do hủy, tối đa %(count)s ký tự.", count=REASON_CHARS))
    if ballot.state == OPEN:
        ballot.state, ballot.reason = CANCELLED, reason
        ballot.closed_by, ballot.closed_name, ballot.closed_at = actor.id, actor.name, now
        session().flush()
        line = {"number": ballot.number}
        audit.append("ballot.cancelled", subject_of(edition, ballot), line, actor=actor, now=now)
    return ballot


def access_ballot(
    edition: EditionView, attendee: Attendee, number: int, *, actor: Actor, held: bool = False
) -> Ballot:
    """A ballot of the attendee's round; NotFound for any other, and for one that names a dossier `actor` is kept from.

    With `held`, nobody else votes or closes until the transaction ends.
    """
    ask = select(Ballot).where(
        Ballot.edition_id == edition.id, Ballot.round == attendee.round.key, Ballot.number == number
    )
    if held:
        ask = ask.with_for_update().execution_options(populate_existing=True)
    found = session().scalars(ask).one_or_none()
    if found is None or names_kept(actor, found.entries):
        raise NotFound(_("Không có lần biểu quyết này."))
    return found


def awaited(edition: EditionView, ballot: Ballot) -> int:
    """How many have not voted and still may."""
    ask = select(BallotVoter.account_id).where(
        BallotVoter.ballot_id == ballot.id, BallotVoter.has_voted.is_(False)
    )
    return len(set(session().scalars(ask)) & _still(edition, ballot))


def outcome_of(ballot: Ballot) -> Outcome | None:
    """The frozen result of a ballot; None until it was counted."""
    kept = ballot.outcome
    if kept is None:
        return None
    # One that was counted before blank votes could be cast has none.
    return _decided(ballot, kept["counts"], kept.get("blank", 0), kept["voters"])


def subject_of(edition: EditionView, ballot: Ballot) -> str:
    """How the log names a ballot's round."""
    return f"{edition.key}/{ballot.round}"


def _close(edition: EditionView, ballot: Ballot, *, actor: Actor, now: datetime) -> None:
    counts, blank = _counts(ballot)
    outcome = _decided(ballot, counts, blank, _voters(ballot))
    ballot.state = CLOSED
    ballot.closed_by, ballot.closed_name, ballot.closed_at = actor.id, actor.name, now
    ballot.outcome = {
        "counts": list(outcome.counts),
        "blank": outcome.blank,
        "voters": outcome.voters,
        "verdict": outcome.verdict.value,
        "leading": list(outcome.leading),
    }
    session().flush()
    line = {"number": ballot.number, **ballot.outcome}
    audit.append("ballot.closed", subject_of(edition, ballot), line, actor=actor, now=now)


def _decided(ballot: Ballot, counts: Sequence[int], blank: int, voters: int) -> Outcome:
    quorum, majority, basis = Quorum(ballot.quorum), Majority(ballot.majority), Basis(ballot.basis)
    return decide(counts, voters, quorum, majority, blank=blank, basis=basis)


def _counts(ballot: Ballot) -> tuple[list[int], int]:
    """Votes by option, and blank ones: from the counts of a secret ballot, from the voters' rows of an open one."""
    ask = select(BallotOption).where(BallotOption.ballot_id == ballot.id).order_by(BallotOption.position)
    options = list(session().scalars(ask))
    if ballot.is_secret:
        return [one.votes for one in options], ballot.blank
    chosen = list(
        session().scalars(
            select(BallotVoter.choice).where(
                BallotVoter.ballot_id == ballot.id, BallotVoter.choice.is_not(None)
            )
        )
    )
    return [chosen.count(one.position) for one in options], chosen.count(BLANK)


def _voters(ballot: Ballot) -> int:
    ask = select(func.count()).select_from(BallotVoter).where(BallotVoter.ballot_id == ballot.id)
    return session().scalars(ask).one()


def _voter(ballot: Ballot, actor: Actor) -> BallotVoter | None:
    ask = select(BallotVoter).where(BallotVoter.ballot_id == ballot.id, BallotVoter.account_id == actor.id)
    return session().scalars(ask).one_or_none()


def _still(edition: EditionView, ballot: Ballot) -> set[UUID]:
    """Accounts that may vote now, whoever they were when it was opened."""
    ids = [one.id for one in entries_in_round(edition, ballot.round) if one.code in ballot.entries]
    return {one.account_id for one in electorate(edition, ballot.round, ids)}


def voters_of(ballot: Ballot) -> Sequence[BallotVoter]:
    """Who may vote, by name; whether each has voted. One query."""
    ask = select(BallotVoter).where(BallotVoter.ballot_id == ballot.id).order_by(BallotVoter.name)
    return list(session().scalars(ask))


def ballots_of(edition: EditionView, round_key: str, *, actor: Actor) -> list[Ballot]:
    """The ballots of a round, the newest first, without those that name a dossier `actor` is kept from. One query."""
    ask = select(Ballot).where(Ballot.edition_id == edition.id, Ballot.round == round_key)
    rows = session().scalars(ask.order_by(Ballot.number.desc()))
    return [one for one in rows if not names_kept(actor, one.entries)]
