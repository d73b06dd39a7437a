"""Where the pipeline of an edition stands: what is done, what comes next, what the decision form shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.contests.values import EditionView, PhaseKind
from core.judging.queries.standings import round_standings
from core.judging.values import RoundStanding
from core.plugin_api import Clause, DecisionRule, Text
from core.results import policies
from core.results.arithmetic import Line, Sums, sums_of
from core.results.decisions import TIER, DecidedItem, proposed_of
from core.results.models import Computation, Decision, Publication
from core.results.queries import (
    decided_items,
    decision_of,
    inputs_of,
    latest_computation,
    outputs_of,
    publication_of,
)
from core.results.reading import Work, award_clauses, award_names, is_illustrative, steps_of, works_of
from core.voting.queries import freeze_of
from core.voting.values import FreezeView


@dataclass(frozen=True, slots=True)
class FormRow:
    """One ranked entry in the decision form; `choice` and `reason` are as decided so far, else as proposed."""

    place: int
    rank: int
    work: Work
    field: str | None
    total: Decimal
    proposed: str | None
    proposed_name: Text | None
    why: str
    undecided: bool
    choice: str
    reason: str
    arithmetic: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SpecialRow:
    """One special award in the form: the entry proposed for it, and the entry chosen."""

    key: str
    name: Text
    official: bool
    proposed: str | None
    choice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Everything the office's page of results needs."""

    votes_needed: bool
    votes_over: bool
    freeze: FreezeView | None
    judging_over: bool
    rounds: tuple[RoundStanding, ...]
    computation: Computation | None
    decision: Decision | None
    publication: Publication | None
    steps: tuple[tuple[int, Line], ...]
    rows: tuple[FormRow, ...]
    specials: tuple[SpecialRow, ...]
    not_ranked: tuple[tuple[str, str, str, Clause | None], ...]
    tiers: tuple[tuple[str, Text, int | None, bool], ...]
    award_clauses: tuple[Clause, ...]
    rule: DecisionRule
    rule_clause: Clause | None
    results_open: bool
    illustration: bool

    @property
    def can_freeze(self) -> bool:
        """Whether votes wait to be frozen."""
        return self.votes_needed and self.freeze is None and self.votes_over

    @property
    def can_compute(self) -> bool:
        """Whether everything a computation needs is there."""
        ready = not self.votes_needed or self.freeze is not None
        return ready and self.judging_over and self.publication is None

    @property
    def decided(self) -> bool:
        """Whether the decision stands on the newest computation."""
        return (
            self.decision is not None
            and self.computation is not None
            and self.decision.computation_id == self.computation.id
        )

    @property
    def drafts(self) -> int:
        """Sheets of open rounds that nobody locked; they do not count."""
        return sum(max(one.expected - one.locked, 0) for one in self.rounds if one.is_open)


def pipeline_of(edition: EditionView, now: datetime) -> Pipeline:
    """The pipeline of an edition at `now`. A fixed number of queries."""
    rules = edition.rules
    scheme, rule = rules.award_scheme(), rules.decision_rule()
    clauses = {clause.key: clause for clause in rules.clauses()}
    computation = latest_computation(edition.id)
    decision = decision_of(edition.id)
    items = decided_items(decision.id) if decision is not None else []
    outputs = outputs_of(computation) if computation is not None else _NOTHING
    inputs = inputs_of(computation) if computation is not None else _NOTHING
    works = works_of(
        edition,
        [row["entry"] for row in (*outputs["ranking"], *outputs["not_ranked"])] + [x.entry for x in items],
    )
    sums = sums_of(inputs, outputs, rules.deciding_round(), clauses)
    proposed = proposed_of(outputs, (award.key for award in scheme.specials))
    decided = {(item.entry, item.award): item for item in items}
    return Pipeline(
        votes_needed=rules.vote_policy().enabled,
        votes_over=policies.is_over(edition, PhaseKind.VOTING, now),
        freeze=freeze_of(edition.id),
        judging_over=policies.is_over(edition, PhaseKind.JUDGING, now),
        rounds=round_standings(edition),
        computation=computation,
        decision=decision,
        publication=publication_of(edition.id),
        steps=steps_of(outputs, clauses),
        rows=_rows(outputs, works, sums, proposed, decided, award_names(scheme)),
        specials=tuple(
            _special(award.key, award.name, award.official, proposed, items) for award in scheme.specials
        ),
        not_ranked=tuple(
            (
                row["entry"],
                works[row["entry"]].title if row["entry"] in works else "",
                row["reason"],
                clauses.get(row["clause"] or ""),
            )
            for row in outputs["not_ranked"]
        ),
        tiers=tuple((tier.key, tier.name, tier.quota, tier.official) for tier in scheme.tiers),
        award_clauses=award_clauses(edition),
        rule=rule,
        rule_clause=clauses.get(rule.clause or ""),
        results_open=edition.is_open(PhaseKind.RESULTS, now),
        illustration=is_illustrative(edition),
    )


def without(pipeline: Pipeline, names: Collection[str]) -> Pipeline:
    """The pipeline as it is shown to who has a conflict with the dossiers `names`: nothing of them stands in it.

    A special award that is proposed or chosen for one of them is not shown at all, so that it stays as it is.
    """
    if not names:
        return pipeline
    return replace(
        pipeline,
        steps=tuple((number, step) for number, step in pipeline.steps if not _tells(step.what, names)),
        rows=tuple(row for row in pipeline.rows if row.work.code not in names),
        specials=tuple(one for one in pipeline.specials if not {one.proposed, one.choice} & set(names)),
        not_ranked=tuple(row for row in pipeline.not_ranked if row[0] not in names),
    )


def _tells(words: str, names: Collection[str]) -> bool:
    return any(name in words for name in names)


_NOTHING: Mapping[str, Any] = {
    "ranking": [],
    "not_ranked": [],
    "proposal": [],
    "steps": [],
    "sheets": [],
    "votes": {},
}


def _rows(  # noqa: PLR0917 - everything a row is made of
    outputs: Mapping[str, Any],
    works: Mapping[str, Work],
    sums: Sums,
    proposed: Mapping[tuple[str, str], str],
    decided: Mapping[tuple[str, str], DecidedItem],
    names: Mapping[str, Text],
) -> tuple[FormRow, ...]:
    why = {row["entry"]: row["why"] for row in reversed(outputs["proposal"])}
    left = {code for step in outputs["steps"] for code in step["data"].get("undecided", ())}
    rows = []
    for place, row in enumerate(outputs["ranking"], start=1):
        code = row["entry"]
        tier = proposed.get((code, TIER))
        item = decided.get((code, TIER))
        rows.append(
            FormRow(
                place=place,
                rank=row["rank"],
                work=works.get(code) or Work(code, code, (), None, is_public=False),
                field=row["field"],
                total=Decimal(row["total"]),
                proposed=tier,
                proposed_name=None if tier is None else names.get(tier, Text(tier)),
                why=why.get(code, ""),
                undecided=code in left,
                choice=(item.tier if item is not None and item.proposed == tier else tier) or "",
                reason=item.reason if item is not None and item.proposed == tier else "",
                arithmetic=sums.of(row),
            )
        )
    return tuple(rows)


def _special(
    key: str, name: Text, official: bool, proposed: Mapping[tuple[str, str], str], items: list[DecidedItem]
) -> SpecialRow:
    wanted = next((entry for entry, award in proposed if award == key), None)
    own = [item for item in items if item.award == key]
    chosen = next((item.entry for item in own if item.tier is not None), None)
    reason = next((item.reason for item in own if item.reason), "")
    return SpecialRow(key, name, official, wanted, (chosen if own else wanted) or "", reason)
