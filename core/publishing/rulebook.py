"""The rules page: what each clause says and does, the criteria, the vote's formula by example, awards, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel import formats
from core.kernel.i18n import locale
from core.plugin_api import (
    Aggregate,
    AwardScheme,
    Clause,
    Criterion,
    DecisionRule,
    Entry,
    Round,
    Text,
    round_half_up,
)
from core.plugin_host import Rules
from core.plugin_host.defaults import QUOTA_CLAUSE
from core.publishing.clause_uses import UseView, row_id, unused_words, uses_of
from core.publishing.queries import DocumentView, documents
from core.tenancy.profile import text_of

EXAMPLE_VOTES = (480, 312, 7)
"""The votes of the worked example: a leader, one in the middle, one with few."""


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause and what the system does with it; without uses, `unused` says why."""

    key: str
    article: Text
    text: Text
    official: bool
    uses: tuple[UseView, ...]
    unused: str


@dataclass(frozen=True, slots=True)
class ClauseGroup:
    """The clauses of one document, in the order of the rules, by the article they stand in."""

    document: Text
    articles: tuple[tuple[Text, tuple[ClauseView, ...]], ...]


@dataclass(frozen=True, slots=True)
class VoteExample:
    """One line of the worked example of the vote's points; `formula` is empty where the rule is another."""

    label: str
    votes: str
    formula: str
    points: str


@dataclass(frozen=True, slots=True)
class DateView:
    """When a phase runs; a mark other than "exact" comes with the sentence about where the date is from."""

    name: Text
    opens: str
    closes: str
    marks: tuple[tuple[str, str], ...]
    is_illustration: bool


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with its clause, and the id of its row ("" where an earlier round has the same one)."""

    criterion: Criterion
    clause: Clause | None
    row: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its criteria; `clause` is where it stands in the rules."""

    round: Round
    clause: Clause | None
    criteria: tuple[CriterionView, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """All that the rules page shows; `sharing` are the rounds, where several use the criteria of the deciding one."""

    dates: tuple[DateView, ...]
    rounds: tuple[RoundView, ...]
    sharing: tuple[Round, ...]
    jury_maximum: Decimal
    vote_maximum: Decimal | None
    vote_clause: Clause | None
    vote_example: tuple[VoteExample, ...]
    tiers: tuple[dict[str, Any], ...]
    specials: tuple[dict[str, Any], ...]
    scheme: AwardScheme
    scheme_clause: Clause | None
    decision: DecisionRule
    decision_clause: Clause | None
    ties: tuple[Text, ...]
    groups: tuple[ClauseGroup, ...]
    legal_basis: tuple[DocumentView, ...]
    has_illustrations: bool


def rules_view(edition: EditionView, profile: dict[str, Any]) -> RulesView:
    """The rules of `edition` as the public reads them. No query: all of it comes from the plugins."""
    rules = edition.rules
    clauses = {clause.key: clause for clause in rules.clauses()}
    rounds, scheme, decision = rules.rounds(), rules.award_scheme(), rules.decision_rule()
    vote_clause, vote_maximum, example = _vote(rules, clauses)
    same_criteria = len({one.criteria for one in rounds}) == 1
    dates = tuple(_date(phase) for phase in edition.phases)
    groups = _groups(clauses.values(), uses_of(rules))
    return RulesView(
        dates=dates,
        rounds=_rounds([one for one in rounds if one.deciding or not same_criteria], clauses),
        sharing=tuple(rounds) if same_criteria and len(rounds) > 1 else (),
        jury_maximum=rules.deciding_round().maximum,
        vote_maximum=vote_maximum,
        vote_clause=vote_clause,
        vote_example=example,
        tiers=tuple(
            {"tier": tier, "clause": clauses.get(tier.clause or ""), "row": row_id("giai", tier.key)}
            for tier in scheme.tiers
        ),
        specials=tuple(
            {"award": one, "clause": clauses.get(one.clause or ""), "row": row_id("giai", one.key)}
            for one in scheme.specials
        ),
        scheme=scheme,
        scheme_clause=clauses.get(scheme.clause or ""),
        decision=decision,
        decision_clause=clauses.get(decision.clause or ""),
        ties=tuple(one.name for one in rules.tie_breaks()),
        groups=groups,
        legal_basis=tuple(one for one in documents(profile, edition.key) if one.legal_basis),
        has_illustrations=any(date.is_illustration for date in dates)
        or any(not clause.official for clause in clauses.values()),
    )


def _rounds(rounds: Sequence[Round], clauses: Mapping[str, Clause]) -> tuple[RoundView, ...]:
    shown: set[str] = set()
    views = []
    for one in rounds:
        criteria = tuple(
            CriterionView(
                criterion,
                clauses.get(criterion.clause or ""),
                "" if criterion.key in shown else row_id("tieu-chi", criterion.key),
            )
            for criterion in one.criteria
        )
        shown.update(criterion.key for criterion in one.criteria)
        views.append(RoundView(one, clauses.get(one.clause or ""), criteria))
    return tuple(views)


def _vote(
    rules: Rules, clauses: dict[str, Clause]
) -> tuple[Clause | None, Decimal | None, tuple[VoteExample, ...]]:
    """The vote's most points, its clause, and an example that the rules themselves have worked out."""
    if not rules.vote_policy().enabled:
        return None, None, ()
    codes = tuple(f"{number}" for number in range(1, len(EXAMPLE_VOTES) + 1))
    entries = tuple(Entry(code=code, field=None, title="") for code in codes)
    nothing = {code: Decimal(0) for code in codes}
    deciding = rules.deciding_round()
    exact = {code: Fraction(0) for code in codes}
    aggregate = Aggregate(deciding.key, nothing, exact, {}, dict.fromkeys(codes, 1))
    votes = dict(zip(codes, EXAMPLE_VOTES, strict=True))
    vote = next((one for one in rules.score_components(entries, aggregate, votes) if one.key == "vote"), None)
    if vote is None:
        return None, None, ()
    language, most = locale(), max(EXAMPLE_VOTES)
    # The working is shown only where it is the plugin's own: a share of the leader's votes, to tenths.
    is_share = all(
        vote.scores[code] == round_half_up(Fraction(vote.maximum) * count / most, 1)
        for code, count in votes.items()
    )
    points = formats.score(vote.maximum, language)
    rows = tuple(
        VoteExample(
            _("Bài thứ %(number)s", number=code),
            formats.number(count, language),
            f"{points} × {formats.number(count, language)} ÷ {most}" if is_share else "",
            formats.score(vote.scores[code], language, places=1),
        )
        for code, count in votes.items()
    )
    return clauses.get(vote.clause or ""), vote.maximum, rows


def _date(phase: Any) -> DateView:
    language = locale()
    marks = []
    for end, word in (("opens", _("Ngày mở")), ("closes", _("Ngày kết thúc"))):
        fact = phase.facts.get(end) or {}
        if fact.get("mark") in ("inferred", "illustration"):
            marks.append((word, text_of(fact.get("source")).in_(language)))
    return DateView(
        name=phase.name,
        opens=formats.date(phase.opens_at, language),
        closes=formats.deadline(phase.closes_at, language),
        marks=tuple(marks),
        is_illustration=any(
            (phase.facts.get(end) or {}).get("mark") == "illustration" for end in ("opens", "closes")
        ),
    )


def _groups(clauses: Iterable[Clause], uses: Mapping[str, Sequence[UseView]]) -> tuple[ClauseGroup, ...]:
    """Documents that say something official first, conventions of the platform last."""
    by_document: dict[Text, dict[Text, list[ClauseView]]] = defaultdict(lambda: defaultdict(list))
    official: dict[Text, int] = defaultdict(int)
    listed = tuple(clauses)
    for clause in listed:
        used = tuple(uses.get(clause.key, ()))
        shown = ClauseView(
            clause.key,
            clause.article,
            clause.text,
            clause.official,
            used,
            "" if used else unused_words(clause),
        )
        by_document[clause.document][clause.article].append(shown)
        official[clause.document] += clause.official
    groups = [
        ClauseGroup(document, tuple((article, tuple(found)) for article, found in articles.items()))
        for document, articles in by_document.items()
    ]
    convention = next((one.document for one in listed if one.key == QUOTA_CLAUSE), None)
    return tuple(
        sorted(groups, key=lambda group: (group.document == convention, not official[group.document]))
    )
