"""Which parts of the rules carry out which clause: one walk that the rules page and the lint share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from enum import StrEnum

from core.plugin_api import Confirmation, Entry, Finding, FormField, Severity, Step, Text
from core.plugin_host.errors import PluginFailed
from core.plugin_host.probes import ScoreProbe, probe_dossiers, probe_scores
from core.plugin_host.rules import Rules


class Role(StrEnum):
    """What a part of the rules is."""

    CHECK = "check"
    QUESTION = "question"
    AUTHORS = "authors"
    ROUND = "round"
    CRITERION = "criterion"
    COMPONENT = "component"
    VOTE = "vote"
    SCHEME = "scheme"
    TIER = "tier"
    SPECIAL = "special"
    DECISION = "decision"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Citation:
    """One part of the rules that names `clause`: its key and name as people read it.

    `within` is the round of a criterion and the section of a question; `points` the maximum of a criterion or
    component; `blocks` whether a check stops the submission.
    """

    role: Role
    key: str
    clause: str
    name: Text
    within: str = ""
    points: Decimal | None = None
    blocks: bool = False


def citations(rules: Rules) -> tuple[Citation, ...]:
    """All parts of the rules that name a clause, in the order of a contest, each once.

    Checks and steps are found by asking about made-up dossiers and scores (see `probes`). PluginFailed when a
    hook raises on what every edition has; what it raises on odd answers only leaves those answers out.
    """
    found = (*_dossier(rules), *_judging(rules), *_awards(rules))
    return tuple(dict.fromkeys(found))


def findings_on_probes(rules: Rules) -> tuple[Finding, ...]:
    """What the checks find in the made-up dossiers; in the blank one alone where a check cannot bear the others."""
    try:
        return rules.check_entries(probe_dossiers(rules))
    except PluginFailed:
        return rules.check_entries((Entry("MAU-0001", None, ""),))


def walk(value: object) -> Iterator[object]:
    """The value and everything inside it."""
    yield value
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            yield from walk(getattr(value, one.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from walk(inner)


def _dossier(rules: Rules) -> Iterator[Citation]:
    labels = {one.key: one.label for section in rules.dossier_form() for one in section.fields}
    said: set[tuple[str, str]] = set()
    for one in findings_on_probes(rules):
        # A check that says the figures of a dossier in its sentence is still one check.
        if one.clause and (one.check, one.clause) not in said:
            said.add((one.check, one.clause))
            blocks = one.severity is Severity.BLOCK
            yield Citation(Role.CHECK, one.check, one.clause, one.message, one.field or "", blocks=blocks)
    policy = rules.author_policy()
    if policy.clause and (
        policy.shares or policy.max_authors is not None or policy.confirmation is not Confirmation.OFF
    ):
        yield Citation(
            Role.AUTHORS, "authors", policy.clause, Text("Danh sách tác giả", "The list of authors")
        )
    for section in rules.dossier_form():
        for asked in section.fields:
            yield from _question(asked, section.key, labels)


def _question(asked: FormField, section: str, labels: Mapping[str, Text]) -> Iterator[Citation]:
    if asked.clause:
        yield Citation(Role.QUESTION, asked.key, asked.clause, labels[asked.key], section)


def _judging(rules: Rules) -> Iterator[Citation]:
    for one in rules.rounds():
        if one.clause:
            yield Citation(Role.ROUND, one.key, one.clause, one.name)
        for criterion in one.criteria:
            if criterion.clause:
                yield Citation(
                    Role.CRITERION,
                    criterion.key,
                    criterion.clause,
                    criterion.name,
                    one.key,
                    criterion.maximum,
                )


def _awards(rules: Rules) -> Iterator[Citation]:
    scheme, policy, decision = rules.award_scheme(), rules.vote_policy(), rules.decision_rule()
    probe = probe_scores(rules)
    for part in probe.with_votes:
        if part.clause:
            yield Citation(Role.COMPONENT, part.key, part.clause, part.name, points=part.maximum)
    if policy.enabled and policy.clause:
        yield Citation(Role.VOTE, "vote", policy.clause, Text("Bình chọn", "Public vote"))
    if scheme.clause:
        yield Citation(Role.SCHEME, "scheme", scheme.clause, Text("Cách xét giải", "How prizes are filled"))
    for tier in scheme.tiers:
        if tier.clause:
            yield Citation(Role.TIER, tier.key, tier.clause, tier.name)
    for special in scheme.specials:
        if special.clause:
            yield Citation(Role.SPECIAL, special.key, special.clause, special.name)
    if decision.clause:
        yield Citation(Role.DECISION, "decision", decision.clause, decision.of)
    yield from _steps(probe)


def _steps(probe: ScoreProbe) -> Iterator[Citation]:
    """Clauses that a computation cites and nothing before it does show in the arithmetic of a result."""
    for value in walk(probe.answers):
        if isinstance(value, Step) and value.clause:
            yield Citation(Role.STEP, "step", value.clause, value.what)


def cited_keys(values: Iterable[object]) -> frozenset[str]:
    """Every clause key that stands anywhere in `values`."""
    keys = (getattr(value, "clause", None) for one in values for value in walk(one))
    return frozenset(key for key in keys if isinstance(key, str) and key)
