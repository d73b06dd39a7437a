"""The organising committee at work: votes closed, results computed, decided with one departure, published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from core.contests.values import PhaseKind
from core.kernel.clock import local
from core.plugin_api import AwardScheme
from core.rehearsal.agenda import Deed
from core.rehearsal.stage import Stage
from core.results.decisions import TIER, DecidedItem
from core.results.queries import latest_computation, outputs_of
from core.results.services import compute_results, publish, record_decision
from core.voting.services import freeze_votes

DOWN = (
    "Tại phiên họp, đa số thành viên Ban Tổ chức thống nhất chuyển xuống mức giải liền kề "
    "vì thời gian áp dụng còn ngắn."
)
NONE = "Ban Tổ chức thống nhất không trao giải vì phần minh chứng chưa đủ thuyết phục khi kiểm tra thực tế."


def award_deeds(stage: Stage) -> Iterator[Deed]:
    """The end of the edition: freeze, compute, decide, publish."""
    voting, results = stage.edition.phase(PhaseKind.VOTING), stage.edition.phase(PhaseKind.RESULTS)
    if voting is not None and stage.edition.rules.vote_policy().enabled:
        yield Deed(voting.closes_at + timedelta(hours=8), 90, partial(_freeze, stage))
    if results is None:
        return
    for hours, deed in ((9, _compute), (33, _decide), (57, _publish)):
        yield Deed(results.opens_at + timedelta(hours=hours), 91, partial(deed, stage))


def _freeze(stage: Stage, now: datetime) -> None:
    frozen = freeze_votes(stage.edition, actor=stage.committee(now), now=now)
    stage.counts["votes_frozen"] += frozen.total


def _compute(stage: Stage, now: datetime) -> None:
    made = compute_results(stage.edition, actor=stage.committee(now), now=now)
    outputs = outputs_of(made)
    stage.counts["ranked"] += len(outputs["ranking"])
    stage.counts["proposed"] += len(outputs["proposal"])


def _decide(stage: Stage, now: datetime) -> None:
    computation = latest_computation(stage.edition.id)
    if computation is None:
        raise LookupError(stage.edition.key)
    rules = stage.edition.rules
    members = max(stage.edition.committee_size, 3)
    items = departures(outputs_of(computation), rules.award_scheme())
    record_decision(
        stage.edition,
        computation,
        items,
        members=members,
        agreed=min(members, rules.decision_rule().needed(members) + 1),
        held_on=local(now).date(),
        actor=stage.committee(now),
        now=now,
    )
    stage.counts["departures"] += len(items)


def departures(outputs: dict[str, Any], scheme: AwardScheme) -> list[DecidedItem]:
    """One change of the proposal with its reason: the last of the best tier goes one tier down, or gets nothing."""
    tiers = [tier.key for tier in scheme.tiers]
    proposed = [(row["entry"], row["tier"]) for row in outputs["proposal"] if row["tier"] in tiers]
    if not proposed:
        return []
    places = {row["entry"]: place for place, row in enumerate(outputs["ranking"])}
    best = min(tiers.index(tier) for _, tier in proposed)
    entry = max((code for code, tier in proposed if tier == tiers[best]), key=lambda code: places[code])
    lower = tiers[best + 1] if best + 1 < len(tiers) else None
    return [DecidedItem(entry, TIER, lower, tiers[best], NONE if lower is None else DOWN)]


def _publish(stage: Stage, now: datetime) -> None:
    publish(stage.edition, actor=stage.committee(now), now=now)
    stage.counts["published_results"] += 1
