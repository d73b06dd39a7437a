"""Who may say for which dossiers of a round that he has to do with them: the whole council, assigned or not.

Whoever was asked onto the council, judges in the round or works in the office may, for any dossier of the round. Titles
are listed to who may read them anyway; in a blind round, and before the pledge is signed, a dossier is named by its
code, which whoever is close to its authors knows from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.blind import is_blind, title_shown
from core.judging.conflict_policies import require_person
from core.judging.council_models import Council, Seat
from core.judging.models import Assignment, RoundEntry
from core.judging.policies import judge_of, round_of
from core.judging.seating import council_of, owes_pledge
from core.judging.seats import ON_COUNCIL, SeatState
from core.judging.values import JudgeView
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.text import fold
from core.plugin_api import Round

SHOWN = 100
"""How many dossiers are listed at once; more are found by typing."""


@dataclass(frozen=True, slots=True)
class Declarer:
    """The actor as one who may declare in the round; `lists`: whether its dossiers are listed to him with titles."""

    round: Round
    judge: JudgeView | None
    lists: bool


def access_declaring(edition: EditionView, actor: Actor, round_key: str) -> Declarer:
    """The actor as one of the round's council or of the office; NotFound for everybody else. Six queries at most."""
    judging_round = round_of(edition, round_key)
    person = require_person(actor)
    judge = judge_of(edition.id, person)
    seat = (
        session()
        .scalars(
            select(Seat.state)
            .join(Council, Council.id == Seat.council_id)
            .where(Council.edition_id == edition.id, Council.round == round_key)
            .where(Seat.account_id == person, Seat.state.in_(ON_COUNCIL))
        )
        .one_or_none()
    )
    is_officer = actor.is_(Role.COMMITTEE)
    if (
        seat is None
        and not is_officer
        and (judge is None or _judged_by_its_council(edition, judge, round_key))
    ):
        raise NotFound(_("Không có vòng chấm này."))
    is_in = is_officer or seat in (None, SeatState.ACCEPTED)
    knows = is_officer and judge is None and seat is None
    lists = is_in and (
        knows or not (is_blind(edition, round_key) or owes_pledge(edition.id, round_key, person))
    )
    return Declarer(judging_round, judge, lists)


def rounds_to_declare(edition: EditionView, judge: JudgeView) -> list[Round]:
    """The rounds of which a judge may declare before any is open: those of councils that he is on, and those without
    one. One query."""
    ask = (
        select(Council.round)
        .outerjoin(
            Seat,
            and_(
                Seat.tenant_id == Council.tenant_id,
                Seat.council_id == Council.id,
                Seat.account_id == judge.account_id,
                Seat.state.in_(ON_COUNCIL),
            ),
        )
        .where(Council.edition_id == edition.id, Seat.id.is_(None))
    )
    closed = set(session().scalars(ask))
    return [one for one in edition.rules.rounds() if one.key not in closed]


def declarable(
    edition: EditionView, declarer: Declarer, search: str = "", picked: Sequence[str] = ()
) -> tuple[list[tuple[str, str]], int]:
    """Code and title of the round's dossiers that fit `search`, those picked first, and how many more there are.

    Nothing where the declarer names them by code. Three queries.
    """
    if not declarer.lists:
        return [], 0
    judge_id = None if declarer.judge is None else declarer.judge.id
    ask = (
        select(Entry.code, title_shown(edition, declarer.round.key, judge_id))
        .where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
        .order_by(Entry.code)
    )
    opened = _opened(edition, declarer.round.key)
    if opened is not None:
        ask = ask.where(Entry.id.in_(opened))
    rows = [(code or "", title or code or "") for code, title in session().execute(ask)]
    word = fold(search).strip()
    first = [row for row in rows if row[0] in picked]
    fitting = [row for row in rows if row[0] not in picked and word in fold(f"{row[0]} {row[1]}")]
    return first + fitting[:SHOWN], max(0, len(fitting) - SHOWN)


def access_declared(edition: EditionView, declarer: Declarer, codes: Sequence[str]) -> list[Entry]:
    """The round's dossiers with these codes, however they are typed. Raises Invalid at `codes` where there is none
    with one of them. Two queries."""
    wanted = {code.strip().upper() for code in codes if code.strip()}
    ask = select(Entry).where(
        Entry.edition_id == edition.id, Entry.state == State.ACCEPTED, Entry.code.in_(wanted)
    )
    opened = _opened(edition, declarer.round.key)
    if opened is not None:
        ask = ask.where(Entry.id.in_(opened))
    found = list(session().scalars(ask.order_by(Entry.code)))
    missing = sorted(wanted - {one.code for one in found})
    if missing:
        raise Invalid.one(
            "codes", _("Vòng này không có hồ sơ mang mã %(codes)s.", codes=", ".join(missing[:5]))
        )
    return found


def _judged_by_its_council(edition: EditionView, judge: JudgeView, round_key: str) -> bool:
    """Whether the round is another council's than the judge's: nobody asked him onto it, and nothing of it is his."""
    if council_of(edition.id, round_key) is None:
        return False
    ask = select(Assignment.id).where(Assignment.judge_id == judge.id, Assignment.round == round_key)
    return session().scalars(ask.limit(1)).first() is None


def _opened(edition: EditionView, round_key: str) -> Select[UUID] | None:
    """The dossiers that the round was opened with; None before, when every accepted one may come into it."""
    ask = select(RoundEntry.entry_id).where(
        RoundEntry.edition_id == edition.id, RoundEntry.round == round_key
    )
    return ask if session().scalars(ask.limit(1)).first() is not None else None
