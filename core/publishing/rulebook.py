"""The rules page: what each clause says and does, the criteria, the vote's formula by example, awards, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
    Severity,
    Text,
    round_half_up,
)
from core.plugin_host import Rules
from core.plugin_host.defaults import QUOTA_CLAUSE
from core.publishing.queries import DocumentView, documents
from core.tenancy.profile import text_of

EXAMPLE_VOTES = (480, 312, 7)
"""The votes of the worked example: a leader, one in the middle, one with few."""


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause and what the system does with it, in words."""

    key: str
    article: Text
    text: Text
    official: bool
    uses: tuple[str, ...]


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
class RoundView:
    """A round with its criteria; `clause` is where it stands in the rules."""

    round: Round
    clause: Clause | None
    criteria: tuple[tuple[Criterion, Clause | None], ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """All that the rules page shows."""

    dates: tuple[DateView, ...]
    rounds: tuple[RoundView, ...]
    same_criteria: bool
    jury_maximum: Decimal
    vote_maximum: Decimal | None
    vote_clause: Clause | None
    vote_example: tuple[VoteExample, ...]
    tiers: tuple[dict[str, Any], ...]
    specials: tuple[dict[str, Any], ...]
    scheme: AwardScheme
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
    shown = tuple(
        RoundView(
            one,
            clauses.get(one.clause or ""),
            tuple((criterion, clauses.get(criterion.clause or "")) for criterion in one.criteria),
        )
        for one in rounds
    )
    dates = tuple(_date(phase) for phase in edition.phases)
    groups = _groups(clauses.values(), _uses(rules, rounds, scheme, decision))
    return RulesView(
        dates=dates,
        rounds=shown,
        same_criteria=len({one.criteria for one in rounds}) == 1,
        jury_maximum=rules.deciding_round().maximum,
        vote_maximum=vote_maximum,
        vote_clause=vote_clause,
        vote_example=example,
        tiers=tuple(
            {"tier": tier, "clause": clauses.get(tier.clause or ""), "official": tier.official}
            for tier in scheme.tiers
        ),
        specials=tuple({"award": one, "clause": clauses.get(one.clause or "")} for one in scheme.specials),
        scheme=scheme,
        decision=decision,
        decision_clause=clauses.get(decision.clause or ""),
        ties=tuple(one.name for one in rules.tie_breaks()),
        groups=groups,
        legal_basis=tuple(one for one in documents(profile, edition.key) if one.legal_basis),
        has_illustrations=any(date.is_illustration for date in dates)
        or any(not clause.official for clause in clauses.values()),
    )


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


def _groups(clauses: Iterable[Clause], uses: dict[str, list[str]]) -> tuple[ClauseGroup, ...]:
    """Documents that say something official first, conventions of the platform last."""
    by_document: dict[Text, dict[Text, list[ClauseView]]] = defaultdict(lambda: defaultdict(list))
    official: dict[Text, int] = defaultdict(int)
    listed = tuple(clauses)
    for clause in listed:
        shown = ClauseView(
            clause.key, clause.article, clause.text, clause.official, tuple(uses.get(clause.key, ()))
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


class _Uses:
    """Collects, for each clause, what cites it; a thing said twice stands once."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = defaultdict(list)

    def note(self, clause: str | None, what: str) -> None:
        if clause and what not in self.found[clause]:
            self.found[clause].append(what)


def _uses(
    rules: Rules, rounds: Sequence[Round], scheme: AwardScheme, decision: DecisionRule
) -> dict[str, list[str]]:
    """What cites each clause: checks, rounds, criteria, the vote, tiers, the decision, questions of the form."""
    uses = _Uses()
    _note_checks(uses, rules)
    _note_judging(uses, rounds)
    _note_awards(uses, rules, scheme, decision)
    _note_questions(uses, rules)
    return dict(uses.found)


def _note_checks(uses: _Uses, rules: Rules) -> None:
    """Checks are found by asking the rules about a blank dossier: what it lacks is what they check."""
    for finding in rules.check_entries((Entry(code="-", field=None, title=""),)):
        if finding.severity is Severity.BLOCK:
            what = finding.message.in_(locale())
            uses.note(finding.clause, _("Chưa đạt thì chưa nộp được: %(what)s", what=what))


def _note_judging(uses: _Uses, rounds: Sequence[Round]) -> None:
    language = locale()
    for one in rounds:
        uses.note(one.clause, _("Vòng chấm: %(name)s", name=one.name.in_(language)))
        for criterion in one.criteria:
            name, points = criterion.name.in_(language), formats.score(criterion.maximum, language)
            what = _("Tiêu chí chấm: %(name)s, tối đa %(points)s điểm", name=name, points=points)
            uses.note(criterion.clause, what)


def _note_awards(uses: _Uses, rules: Rules, scheme: AwardScheme, decision: DecisionRule) -> None:
    language = locale()
    policy = rules.vote_policy()
    if policy.enabled:
        uses.note(policy.clause, _("Lượt thứ hai của cùng một tài khoản cho cùng một bài không được ghi."))
    for tier in scheme.tiers:
        uses.note(tier.clause, _("Hạng giải: %(name)s", name=tier.name.in_(language)))
    for special in scheme.specials:
        uses.note(special.clause, _("Giải chuyên đề: %(name)s", name=special.name.in_(language)))
    uses.note(decision.clause, _("Quyết định giải chỉ ghi được khi đủ tỷ lệ tán thành."))


def _note_questions(uses: _Uses, rules: Rules) -> None:
    asked: dict[str, list[str]] = defaultdict(list)
    for section in rules.dossier_form():
        for field in section.fields:
            if field.clause:
                asked[field.clause].append(field.label.in_(locale()))
    for key, labels in asked.items():
        uses.note(key, _("Câu hỏi trong hồ sơ: %(labels)s", labels="; ".join(labels)))
