"""The council of an edition and the opening of its rounds. The committee's work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.policies import PhaseClosed
from core.contests.services import freeze_rules
from core.contests.values import EditionView, PhaseKind
from core.entries.barring import barred_entries
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import Ending, Way, assign, end, whole_council
from core.judging.council_models import Council, Seat
from core.judging.errors import FinalistsMoved, RoundNotOpen
from core.judging.events import AssignmentsFreed
from core.judging.going_on import (
    choices_of,
    finalists,
    require_finished,
    require_whole_view,
    round_before,
    selection_of,
)
from core.judging.models import Judge, RoundEntry
from core.judging.policies import may_manage, require_manager, round_of
from core.judging.queries import is_later_round_open, open_rounds
from core.judging.queries.deliberations import not_deliberated
from core.judging.seating import council_of, has_councils, unjudged
from core.judging.seats import ON_COUNCIL, SeatState
from core.judging.services.conflict_search import suspect
from core.judging.setups import is_planned
from core.judging.values import JudgeView
from core.kernel import audit
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.events import emit
from core.kernel.formats import deadline
from core.kernel.i18n import locale
from core.kernel.text import clean
from core.people.models import Account
from core.people.services import grant_role
from core.plugin_api import Round

REASON_CHARS = 1000
SHOWN = 5
"""How many codes a refusal names."""


def appoint_judge(edition: EditionView, account_id: UUID, *, actor: Actor, now: datetime) -> JudgeView:
    """Make an account a judge of the edition with the next number (J1, J2 …), and give it the role of a judge.

    Who was in the council before keeps his number. Raises Forbidden, NotFound for an unknown account.
    """
    require_manager(actor)
    return make_judge(edition, account_id, actor=actor, now=now)


def make_judge(edition: EditionView, account_id: UUID, *, actor: Actor, now: datetime) -> JudgeView:
    """`appoint_judge` for who may not appoint: a person who accepts the seat that the committee offered."""
    stored = held_edition(edition.id)
    account = session().scalars(select(Account).where(Account.id == account_id)).one_or_none()
    if account is None:
        raise NotFound(_("Không có tài khoản này."))
    if Role.JUDGE not in account.roles:
        grant_role(account_id, Role.JUDGE, actor=actor if may_manage(actor) else SYSTEM, now=now)
    ask = select(Judge).where(Judge.edition_id == edition.id, Judge.account_id == account_id)
    judge = session().scalars(ask).one_or_none()
    if judge is not None and judge.is_active:
        if has_councils(edition.id):  # who judges another round may have come into the open one
            join_rounds(edition, judge.id, now)
        return JudgeView(judge.id, judge.account_id, judge.number, is_active=True)
    if judge is None:
        judge = Judge(edition_id=edition.id, account_id=account_id, number=f"J{stored.next_judge}")
        stored.next_judge += 1
        session().add(judge)
    judge.is_active = True
    session().flush()
    suspect(edition.id, account_id=account_id, now=now)
    join_rounds(edition, judge.id, now)
    audit.append("judge.appointed", judge.number, {"edition": edition.key}, actor=actor, now=now)
    return JudgeView(judge.id, judge.account_id, judge.number, is_active=True)


def withdraw_judge(edition: EditionView, number: str, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a judge out of the council. Sheets locked so far stay and count; what is unfinished is no longer awaited.

    Raises Forbidden, NotFound, Invalid without a reason. A judge who left already stays as he is.
    """
    require_manager(actor)
    reason = clean(reason)
    if not reason:
        raise Invalid.one("reason", _("Cần ghi lý do thôi phân công."))
    held_edition(edition.id)
    ask = select(Judge).where(Judge.edition_id == edition.id, Judge.number == number)
    judge = session().scalars(ask).one_or_none()
    if judge is None:
        raise NotFound(_("Không có giám khảo này."))
    if not judge.is_active:
        return
    judge.is_active = False
    _leave_seats(edition, judge.account_id, reason, now)
    session().flush()
    end(Ending.LEFT, judge_id=judge.id, now=now)
    line = {"edition": edition.key, "reason": reason}
    audit.append("judge.withdrawn", number, line, actor=actor, now=now)
    emit(AssignmentsFreed(edition, judge.id, None, actor, now))


def open_round(
    edition: EditionView,
    round_key: str,
    *,
    seen: Collection[str] | None = None,
    reason: str = "",
    actor: Actor,
    now: datetime,
) -> int:
    """Put entries before the judges of a round, freeze the rules, and give the number of entries added.

    The first round takes the accepted entries; opening it again adds those accepted since. A later round takes the
    entries that go on from the one before (`core.judging.finalists`); `seen` are the codes that the actor was shown.
    Where judges of the earlier round differ too much about entries that nobody has talked about, `reason` says why it
    opens all the same: it goes into the log, and from there into the minutes.

    Raises Invalid (`reason`), Forbidden, NotFound, PhaseClosed after the judging phase, RoundUnfinished while sheets or
    deliberations of the earlier round are open or ties wait for a decision, FinalistsMoved when others would go on than
    were shown, RoundNotOpen when a later round has begun or there is nothing to judge, or nobody of the round's council
    would judge some of it.
    """
    require_manager(actor)
    judging_round = round_of(edition, round_key)
    _require_before_end(edition, now)
    # Held before anything is read: another officer may be opening the next round at this moment.
    held_edition(edition.id)
    if is_later_round_open(edition, round_key):
        raise RoundNotOpen(_("Vòng sau đã mở nên không thêm hồ sơ vào vòng này được nữa."))
    is_first = judging_round.key == edition.rules.rounds()[0].key
    if not is_first and selection_of(edition.id, round_key).most is not None:
        require_whole_view(actor, edition.id)
    wanted = _entries_for(edition, judging_round)
    ask = select(RoundEntry.entry_id).where(
        RoundEntry.edition_id == edition.id, RoundEntry.round == round_key
    )
    known = set(session().scalars(ask))
    added = {code: entry_id for code, entry_id in wanted.items() if entry_id not in known}
    if not known and not added:
        raise RoundNotOpen(_("Chưa có hồ sơ nào đủ điều kiện để chấm ở vòng này."))
    if not added:
        return 0
    if seen is not None and not is_first and set(seen) != _visible(added, actor):
        raise FinalistsMoved(_("Danh sách vào vòng này vừa thay đổi. Bạn hãy xem lại rồi mở vòng."))
    require_judged(edition, round_key, added.values())
    apart = {} if is_first or known else _left_apart(edition, judging_round, reason)
    freeze_rules(edition.id, actor=actor, now=now)
    session().add_all(
        RoundEntry(edition_id=edition.id, round=round_key, entry_id=entry_id) for entry_id in added.values()
    )
    session().flush()
    suspect(edition.id, now=now)
    _assign_whole(edition, round_key, now)
    line: dict[str, object] = {"edition": edition.key, "round": round_key, "entries": sorted(added), **apart}
    if not is_first:
        chosen = choices_of(edition.id, round_key)
        if chosen:
            line["chosen"] = {code: one.verdict.value for code, one in sorted(chosen.items())}
    audit.append("round.opened", f"{edition.key}/{round_key}", line, actor=actor, now=now)
    return len(added)


def _left_apart(edition: EditionView, judging_round: Round, reason: str) -> dict[str, object]:
    """What the log says of entries that the earlier round leaves without the talk they wait for; nothing where none."""
    earlier = round_before(edition, judging_round)
    codes = [] if earlier is None else not_deliberated(edition, earlier)
    if not codes:
        return {}
    reason = clean(reason)
    if not reason:
        raise Invalid.one(
            "reason",
            ngettext(
                "Còn %(num)s hồ sơ chênh điểm chưa thảo luận: bạn hãy ghi lý do mở vòng này mà không thảo luận.",
                "Còn %(num)s hồ sơ chênh điểm chưa thảo luận: bạn hãy ghi lý do mở vòng này mà không thảo luận.",
                len(codes),
            ),
        )
    if len(reason) > REASON_CHARS:
        raise Invalid.one("reason", _("Dài quá %(most)s ký tự, bạn hãy viết ngắn hơn.", most=REASON_CHARS))
    return {"not_deliberated": codes, "reason": reason}


def _visible(added: dict[str, UUID], actor: Actor) -> set[str]:
    """The codes among `added` that the actor may see."""
    barred = {one.id for one in barred_entries(actor)}
    return {code for code, entry_id in added.items() if entry_id not in barred}


def join_rounds(edition: EditionView, judge_id: UUID, now: datetime) -> None:
    """Put the round that is open before a judge who came into the council, as far as it is his."""
    opened = open_rounds(edition)
    if opened:
        _assign_whole(edition, opened[-1].key, now, only=judge_id)


def _assign_whole(edition: EditionView, round_key: str, now: datetime, *, only: UUID | None = None) -> None:
    """Put a round before the whole council, or before one judge of it; unless it is assigned by a plan: then nobody
    gets it by himself.
    """
    if is_planned(edition.id, round_key):
        return
    pairs = whole_council(edition.id, round_key)
    wanted = [pair for pair in pairs if only in (None, pair[0])]
    assign(edition.id, round_key, wanted, Way.WHOLE, now=now)


def _leave_seats(edition: EditionView, account_id: UUID, reason: str, now: datetime) -> None:
    """The seats of who leaves the edition's councils altogether."""
    own = select(Council.id).where(Council.edition_id == edition.id)
    ask = select(Seat).where(
        Seat.account_id == account_id, Seat.council_id.in_(own), Seat.state.in_(ON_COUNCIL)
    )
    for seat in session().scalars(ask):
        seat.state, seat.reason, seat.answered_at = SeatState.LEFT, reason, now


def require_judged(edition: EditionView, round_key: str, entries: Collection[UUID]) -> None:
    """Raise RoundNotOpen when the round has a council and nobody of it would judge one of the entries."""
    council = council_of(edition.id, round_key)
    if council is None or not entries:
        return
    ask = select(Entry.id, Entry.field, Entry.code).where(Entry.id.in_(entries))
    rows = list(session().execute(ask))
    alone = unjudged(council, {row.id: row.field for row in rows})
    if alone:
        codes = sorted(row.code or "" for row in rows if row.id in alone)
        raise RoundNotOpen(
            _(
                "%(count)s hồ sơ chưa có ai chấm (%(codes)s). Cần có thành viên đã nhận lời ở nhóm chấm của các lĩnh "
                "vực đó rồi mới mở vòng.",
                count=len(codes),
                codes=", ".join(codes[:SHOWN]) + ("…" if len(codes) > SHOWN else ""),
            )
        )


def _entries_for(edition: EditionView, judging_round: Round) -> dict[str, UUID]:
    """Entry code → id of what the rules put before the judges of this round."""
    rounds = edition.rules.rounds()
    place = [one.key for one in rounds].index(judging_round.key)
    accepted = select(Entry.code, Entry.id).where(
        Entry.edition_id == edition.id, Entry.state == State.ACCEPTED
    )
    found = {code or "": entry_id for code, entry_id in session().execute(accepted)}
    if place == 0:
        return found
    require_finished(edition, rounds[place - 1])
    going_on = {one.judged.code for one in finalists(edition, judging_round)}
    return {code: entry_id for code, entry_id in found.items() if code in going_on}


def _require_before_end(edition: EditionView, now: datetime) -> None:
    phase = edition.phase(PhaseKind.JUDGING)
    if phase is None:
        raise PhaseClosed(_("%(edition)s không có phần chấm điểm.", edition=edition.short_name.in_(locale())))
    if now >= phase.closes_at:
        raise PhaseClosed(
            _(
                "Đã hết thời gian chấm điểm: từ %(opens)s đến %(closes)s.",
                opens=deadline(phase.opens_at, locale()),
                closes=deadline(phase.closes_at, locale()),
            )
        )


def held_edition(edition_id: UUID) -> Edition:
    """The stored edition, held until the transaction ends; its key stays readable for others (NO KEY UPDATE)."""
    ask = select(Edition).where(Edition.id == edition_id).with_for_update(key_share=True)
    return session().scalars(ask.execution_options(populate_existing=True)).one()
