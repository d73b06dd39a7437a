"""A round's assignment: how it is done, the proposal, changes by hand, and the issue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from core.contests.models import Edition
from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.judging.assigning import Ending, Way, assign, is_running, whole_council
from core.judging.bars import barred_pairs
from core.judging.errors import PlanMoved, PlanOutdated
from core.judging.letters import tell_assigned
from core.judging.models import Assignment, Sheet
from core.judging.plan import Effect, Fault, Fit, Move, effect_of, fault_of, solve
from core.judging.plan_models import JudgeField, PlanProposal, RoundSetup
from core.judging.plan_words import bar_sentence, doubt_sentence
from core.judging.policies import access_judge, require_manager, round_of
from core.judging.queries import open_rounds
from core.judging.queries.planning import Situation, judges_with_fields, newest_proposal, situation
from core.judging.setups import Assigned, Setup, stored_setup
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.jobs import enqueue, handler
from core.letters.post import bound_tenant

COMPUTING, READY, ISSUED = "computing", "ready", "issued"
AT_ONCE = 3000
"""Up to so many assignments a proposal is made while one waits; a larger one is a job."""
JOB = "judging.plan"


def save_setup(edition: EditionView, round_key: str, setup: Setup, *, actor: Actor, now: datetime) -> None:
    """Keep the choices for a round. A proposal that follows from others must be made again. Raises Forbidden."""
    require_manager(actor)
    round_of(edition, round_key)
    _hold(edition.id)
    values = {
        "way": setup.way.value,
        "k": setup.k,
        "least": setup.least,
        "most": setup.most,
        "seed": setup.seed,
        "near": setup.weights.near,
        "none": setup.weights.none,
        "load": setup.weights.load,
        "spread": setup.weights.spread,
        "next_by": setup.next_by.value,
    }
    stored = stored_setup(edition.id, round_key)
    if stored is None:
        stored = RoundSetup(edition_id=edition.id, round=round_key)
        session().add(stored)
    for name, value in values.items():
        setattr(stored, name, value)
    session().flush()
    audit.append("round.setup", _subject(edition, round_key), {**values}, actor=actor, now=now)


def propose(edition: EditionView, round_key: str, *, actor: Actor, now: datetime) -> PlanProposal:
    """Make the next proposal for an open round; changes by hand of the one before are gone. A large one is a job.

    Raises Forbidden, NotFound, Invalid while the round is not open or has nobody to judge it.
    """
    require_manager(actor)
    _require_open(edition, round_key)
    _hold(edition.id)
    here = situation(edition, round_key)
    if not here.problem.judges:
        raise Invalid.one("", _("Hội đồng chưa có ai để phân công. Hãy thêm giám khảo trước."))
    before = newest_proposal(edition.id, round_key)
    proposal = PlanProposal(
        edition_id=edition.id,
        round=round_key,
        number=1 if before is None else before.number + 1,
        state=COMPUTING,
        made_at=now,
        pairs=[],
        by_hand=[],
    )
    session().add(proposal)
    session().flush()
    line = {"number": proposal.number, "inputs": here.digest, "seed": here.setup.seed, "k": here.setup.k}
    audit.append("plan.proposed", _subject(edition, round_key), line, actor=actor, now=now)
    if len(here.problem.entries) * here.problem.k <= AT_ONCE:
        _solve(proposal, here)
    else:
        enqueue(JOB, {"proposal": str(proposal.id)}, dedupe=proposal.id.hex)
    return proposal


@handler(JOB)
def compute(payload: Mapping[str, Any]) -> None:
    """Make a large proposal; done twice, the second finds it made."""
    ask = select(PlanProposal).where(PlanProposal.id == UUID(payload["proposal"])).with_for_update()
    proposal = session().scalars(ask).one_or_none()
    if proposal is not None and proposal.state == COMPUTING:
        edition = next(one for one in editions(bound_tenant().slug) if one.id == proposal.edition_id)
        _solve(proposal, situation(edition, proposal.round))


def _solve(proposal: PlanProposal, here: Situation) -> None:
    proposal.pairs = [list(pair) for pair in solve(here.problem).pairs]
    proposal.inputs, proposal.state = here.digest, READY
    session().flush()


def move_by_hand(
    edition: EditionView,
    round_key: str,
    move: Move,
    revision: int,
    *,
    is_confirmed: bool,
    actor: Actor,
    now: datetime,
) -> Effect:
    """Give an entry of the proposal to another judge. Doubts (too many, a strange field) must be confirmed.

    Raises Forbidden, NotFound without a proposal or the entry, or when the actor is kept from it, PlanMoved when it was
    changed meanwhile, PlanOutdated when the round is no longer as it was, Invalid for a move that cannot be, or with
    doubts that were not confirmed ("confirm").
    """
    require_manager(actor)
    _hold(edition.id)
    here = situation(edition, round_key)
    if move.code not in here.titles or is_barred(actor, here.entry_ids[move.code]):
        raise NotFound(_("Không có hồ sơ này trong vòng chấm."))
    proposal = _proposal_in_hand(edition, round_key, revision)
    _require_same(proposal, here)
    effect = try_move(here, proposal, move)
    if effect.doubts and not is_confirmed:
        raise Invalid.one("confirm", " ".join(doubt_sentence(one, here, move) for one in effect.doubts))
    proposal.pairs = [list(pair) for pair in effect.pairs]
    new, gone = [move.code, move.comes], [move.code, move.leaves]
    proposal.by_hand = [*(one for one in proposal.by_hand if one != gone), new]
    proposal.revision += 1
    session().flush()
    line = {
        "number": proposal.number, "entry": move.code, "from": move.leaves or "", "to": move.comes,
        "points": effect.points, "doubts": [one.value for one in effect.doubts],
    }  # fmt: skip
    audit.append("plan.moved", _subject(edition, round_key), line, actor=actor, now=now)
    return effect


def try_move(here: Situation, proposal: PlanProposal, move: Move) -> Effect:
    """What a move would do; raises Invalid (field "comes", or "leaves") for one that cannot be."""
    pairs = pairs_of(proposal)
    fault = fault_of(here.problem, pairs, move)
    if fault is Fault.BARRED:
        raise Invalid.one("comes", bar_sentence(here.bars[move.code, move.comes], here.names[move.comes]))
    if fault is Fault.THERE:
        raise Invalid.one("comes", _("%(name)s đã được giao hồ sơ này.", name=here.names[move.comes]))
    if fault is Fault.SCORED:
        raise Invalid.one("leaves", _("Giám khảo này đã có phiếu cho hồ sơ, nên không chuyển đi được."))
    if fault is Fault.UNKNOWN:
        raise Invalid.one("comes", _("Hãy chọn giám khảo nhận và giám khảo thôi chấm hồ sơ này."))
    return effect_of(here.problem, pairs, move)


def issue_plan(edition: EditionView, round_key: str, revision: int, *, actor: Actor, now: datetime) -> str:
    """Issue the proposal: its assignments are written, others without a sheet end, judges are told. Gives the digest.

    The digest is the SHA-256 of the plan in canonical form and stands in the log. Issued again, it gives the same and
    does nothing. Raises Forbidden, NotFound, PlanMoved, PlanOutdated.
    """
    require_manager(actor)
    _hold(edition.id)
    newest = newest_proposal(edition.id, round_key)
    if newest is not None and newest.state == ISSUED and newest.revision == revision and newest.digest:
        return newest.digest
    proposal = _proposal_in_hand(edition, round_key, revision)
    here = situation(edition, round_key)
    _require_same(proposal, here)
    by_hand = {(code, number) for code, number in proposal.by_hand}
    wanted = {
        (here.judge_ids[number], here.entry_ids[code]): Way.HAND if (code, number) in by_hand else Way.PLAN
        for code, number in pairs_of(proposal)
    }
    digest = sha256_of(
        {
            "edition": edition.key, "round": round_key, "inputs": proposal.inputs, "seed": here.setup.seed,
            "pairs": sorted(proposal.pairs), "by_hand": sorted(proposal.by_hand),
        }
    )  # fmt: skip
    proposal.state, proposal.issued_at, proposal.digest = ISSUED, now, digest
    line = {"number": proposal.number, "digest": digest, "pairs": len(wanted), "by_hand": len(by_hand)}
    audit.append("plan.issued", _subject(edition, round_key), line, actor=actor, now=now)
    _write(edition, round_key, wanted, str(proposal.id), now)
    return digest


def issue_whole(edition: EditionView, round_key: str, *, actor: Actor, now: datetime) -> int:
    """Put the open round before the whole council, save who may not judge an entry. Gives how many assignments run
    now that did not. Raises Forbidden, NotFound, Invalid while the round is not open or is to be planned.
    """
    require_manager(actor)
    _require_open(edition, round_key)
    _hold(edition.id)
    setup = stored_setup(edition.id, round_key)
    if setup is not None and setup.way == Assigned.PLAN:
        raise Invalid.one(
            "", _("Vòng này đang đặt chia hồ sơ theo phương án. Hãy lưu lại cách phân công trước.")
        )
    barred = barred_pairs(edition.id, round_key)
    pairs = [pair for pair in whole_council(edition.id, round_key) if pair not in barred]
    line = {"pairs": len(pairs), "way": Way.WHOLE.value}
    seq = audit.append("plan.issued", _subject(edition, round_key), line, actor=actor, now=now)
    return _write(edition, round_key, dict.fromkeys(pairs, Way.WHOLE), f"whole-{seq}", now)


def set_fields(
    edition: EditionView, number: str, fits: Mapping[str, Fit], *, actor: Actor, now: datetime
) -> None:
    """Note which fields a judge knows or is near to; fields that are not named he does not know.

    Raises Forbidden, NotFound for who is not in the council, Invalid for a field that the rules do not have.
    """
    require_manager(actor)
    _set_fields(edition, number, fits, actor=actor, now=now)


def set_own_fields(edition: EditionView, fits: Mapping[str, Fit], *, actor: Actor, now: datetime) -> None:
    """A judge says himself which fields he knows; the committee may change it. Raises Forbidden, Invalid."""
    judge = access_judge(edition, actor)
    _set_fields(edition, judge.number, fits, actor=actor, now=now)


def _set_fields(
    edition: EditionView, number: str, fits: Mapping[str, Fit], *, actor: Actor, now: datetime
) -> None:
    _hold(edition.id)
    judge = next((one for one in judges_with_fields(edition) if one.number == number), None)
    if judge is None:
        raise NotFound(_("Không có giám khảo này."))
    if set(fits) - {one.key for one in edition.rules.entry_fields()}:
        raise Invalid.one("", _("Không có lĩnh vực này trong thể lệ."))
    told = {field: fit for field, fit in fits.items() if fit is not Fit.NONE}
    if told == dict(judge.fits):
        return
    session().execute(delete(JudgeField).where(JudgeField.judge_id == judge.id))
    session().add_all(
        JudgeField(judge_id=judge.id, field=field, fit=fit.value) for field, fit in sorted(told.items())
    )
    session().flush()
    audit.append("judge.fields", number, {"edition": edition.key, "fields": len(told)}, actor=actor, now=now)


def pairs_of(proposal: PlanProposal) -> list[tuple[str, str]]:
    """The pairs (code, number) of a stored proposal."""
    return [(code, number) for code, number in proposal.pairs]


def _write(
    edition: EditionView, round_key: str, wanted: Mapping[tuple[UUID, UUID], Way], once: str, now: datetime
) -> int:
    """Make what runs in the round be what is wanted: what has a sheet stays, the rest that is not wanted ends."""
    has_sheet = {
        (row.judge_id, row.entry_id)
        for row in session().execute(
            select(Sheet.judge_id, Sheet.entry_id).where(
                Sheet.edition_id == edition.id, Sheet.round == round_key
            )
        )
    }
    ask = select(Assignment).where(
        Assignment.edition_id == edition.id, Assignment.round == round_key, is_running()
    )
    running = {(one.judge_id, one.entry_id): one for one in session().scalars(ask)}
    changed: set[UUID] = set()
    for pair, one in running.items():
        if pair in wanted:
            one.way = wanted[pair].value
        elif pair not in has_sheet:
            one.ended_at, one.why = now, Ending.MOVED.value
            changed.add(pair[0])
    ways: dict[Way, list[tuple[UUID, UUID]]] = defaultdict(list)
    for pair, way in wanted.items():
        if pair not in running:
            ways[way].append(pair)
            changed.add(pair[0])
    begun = sum(assign(edition.id, round_key, pairs, way, now=now) for way, pairs in sorted(ways.items()))
    session().flush()
    if changed:
        tell_assigned(edition, round_key, changed, once=once, now=now)
    return begun


def _proposal_in_hand(edition: EditionView, round_key: str, revision: int) -> PlanProposal:
    """The proposal that waits to be issued, as it was looked at; the caller holds the edition."""
    proposal = newest_proposal(edition.id, round_key)
    if proposal is None or proposal.state == COMPUTING:
        raise NotFound(_("Chưa có phương án phân công cho vòng này."))
    if proposal.state == ISSUED or proposal.revision != revision:
        raise PlanMoved(
            _("Phương án vừa được thay đổi ở nơi khác. Hãy xem lại phương án mới nhất rồi làm tiếp.")
        )
    return proposal


def _require_same(proposal: PlanProposal, here: Situation) -> None:
    if proposal.inputs != here.digest:
        raise PlanOutdated(
            _(
                "Hội đồng, hồ sơ, phiếu chấm hoặc cách phân công đã thay đổi từ khi lập phương án này. Hãy lập lại "
                "phương án; hồ sơ đã có phiếu vẫn ở nguyên giám khảo đang chấm."
            )
        )


def _require_open(edition: EditionView, round_key: str) -> None:
    judging_round = round_of(edition, round_key)
    if judging_round.key not in {one.key for one in open_rounds(edition)}:
        raise Invalid.one("", _("Vòng này chưa mở nên chưa có hồ sơ để phân công."))


def _subject(edition: EditionView, round_key: str) -> str:
    return f"{edition.key}/{round_key}"


def _hold(edition_id: UUID) -> None:
    """Hold the edition until the transaction ends, as all do who change its council or its assignments."""
    session().execute(
        select(Edition.id).where(Edition.id == edition_id).with_for_update(key_share=True)
    ).one()
    # What was read before somebody else's change is read anew.
    session().expire_all()
