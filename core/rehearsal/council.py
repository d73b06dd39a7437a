"""The council at work: rounds, sheets filled in sittings, locked a day later, one abstention."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from core.contests.values import PhaseKind
from core.judging.errors import RoundNotOpen
from core.judging.policies import access_sheet, judge_of
from core.judging.queries import desk_queue
from core.judging.services import abstain, lock_all_ready, open_round, save_scores
from core.judging.states import SheetState
from core.judging.values import JudgeView
from core.kernel.actor import Actor, Role
from core.plugin_api import Criterion, Round
from core.rehearsal.agenda import Deed
from core.rehearsal.content import abstention_reason, judge_remarks
from core.rehearsal.plan import points, qualities, stream
from core.rehearsal.seats import seat_deeds
from core.rehearsal.stage import Stage

SITTINGS = 4
NO_TALK = "Hội đồng thống nhất trao đổi về các hồ sơ này ở vòng sau."


def council_deeds(stage: Stage, *, appointed_by: datetime | None = None) -> Iterator[Deed]:
    """The council is appointed before judging (not after `appointed_by`); the rounds share the phase.

    A judge fills his sheets of a round in SITTINGS sittings.
    """
    phase = stage.edition.phase(PhaseKind.JUDGING)
    if phase is None:
        return
    appointed = phase.opens_at - timedelta(days=10)
    appointed = appointed if appointed_by is None else min(appointed, appointed_by)
    yield from seat_deeds(stage, appointed)
    rounds = stage.edition.rules.rounds()
    share = (phase.closes_at - phase.opens_at - timedelta(days=1)) / len(rounds)
    for place, one in enumerate(rounds):
        opens = phase.opens_at + timedelta(hours=2) + share * place
        yield Deed(opens, 50, partial(_open, stage, one.key))
        for number in range(1, stage.size.judges + 1):
            yield from _sittings(stage, one, number, opens, share)


def _sittings(
    stage: Stage, judging_round: Round, number: int, opens: datetime, share: timedelta
) -> Iterator[Deed]:
    """A sitting fills the next part of the queue; the sheets of the sitting before are re-read and locked first."""
    step = share / (SITTINGS + 2)
    late = stream(stage.size.seed, "sittings", judging_round.key, number)
    for sitting in range(SITTINGS + 1):
        at = opens + step * sitting + timedelta(minutes=late.randrange(30, 600))
        yield Deed(
            at.replace(microsecond=0),
            60 + number,
            partial(_sit, stage, judging_round, number, sitting),
        )


def _open(stage: Stage, round_key: str, now: datetime) -> None:
    try:
        added = open_round(stage.edition, round_key, reason=NO_TALK, actor=stage.committee(now), now=now)
    except RoundNotOpen:
        added = 0  # nothing reached the threshold of the round before
    stage.counts[f"entries_in_{round_key}"] += added
    stage.reread()


@dataclass(frozen=True, slots=True)
class _Desk:
    """A judge at work in one round."""

    stage: Stage
    round: Round
    actor: Actor
    judge: JudgeView


def _sit(stage: Stage, judging_round: Round, number: int, sitting: int, now: datetime) -> None:
    actor = stage.person("judge", number, now, role=Role.JUDGE)
    desk = _Desk(stage, judging_round, actor, _judge(stage, actor))
    queue = desk_queue(stage.edition, desk.judge, judging_round)
    ready = {row.code: row.revision for row in queue.ready}
    locked = lock_all_ready(stage.edition, desk.judge, judging_round, ready, actor=actor, now=now)
    stage.counts["sheets_locked"] += len(locked)
    if sitting == SITTINGS:
        return
    quality = qualities(stage.size.seed, [row.code for row in queue.rows])
    size = -(-len(queue.rows) // SITTINGS)
    for row in queue.rows[sitting * size : (sitting + 1) * size]:
        if row.state is not SheetState.DRAFT or not row.needs_scores:
            continue
        if _steps_aside(desk, queue.position(row.code)):
            _abstain(desk, row.code, now)
        else:
            _score(desk, row.code, quality[row.code], now)


def _judge(stage: Stage, actor: Actor) -> JudgeView:
    found = None if actor.id is None else judge_of(stage.edition.id, actor.id)
    if found is None:
        raise LookupError(actor.name)
    return found


def _steps_aside(desk: _Desk, position: int) -> bool:
    """One judge does not score one entry of the first round; not where he is the only judge."""
    first = desk.stage.edition.rules.rounds()[0]
    is_second = desk.judge.number == "J2" and position == 3
    return is_second and desk.stage.size.judges > 1 and desk.round.key == first.key


def _score(desk: _Desk, code: str, quality: int, now: datetime) -> None:
    stage = desk.stage
    place = access_sheet(stage.edition, desk.actor, desk.round.key, code)
    scores: dict[str, Decimal | None] = {
        one.key: _given(desk, code, one, quality) for one in desk.round.criteria
    }
    rng = stream(stage.size.seed, "remark", desk.round.key, desk.judge.number, code)
    remark = judge_remarks(rng) if rng.randrange(3) == 0 else ""
    save_scores(stage.edition, place, scores, remark, 0, actor=desk.actor, now=now)


def _given(desk: _Desk, code: str, criterion: Criterion, quality: int) -> Decimal:
    steps = int(criterion.maximum / criterion.step)
    mark = f"{desk.round.key}/{code}/{criterion.key}"
    return points(desk.stage.size.seed, desk.judge.number, mark, quality, steps=steps) * criterion.step


def _abstain(desk: _Desk, code: str, now: datetime) -> None:
    place = access_sheet(desk.stage.edition, desk.actor, desk.round.key, code)
    reason = abstention_reason(stream(desk.stage.size.seed, "abstention", code))
    abstain(desk.stage.edition, place, reason, actor=desk.actor, now=now)
    desk.stage.counts["abstentions"] += 1
