"""The lint of one configured edition: does what its plugins, settings and dates say make sense together?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.contests.lint import awards, calendar, dossier, judging
from core.contests.lint.settings import with_settings
from core.contests.lint.values import LintFinding, Place, Spot, Weight, fault, say
from core.contests.values import PhaseView
from core.plugin_api import Text
from core.plugin_host import Host, PluginFailed, Rules, citations, probe_dossiers, probe_scores
from core.plugin_host.defaults import CONVENTIONS


def lint_edition(
    rules: Rules, phases: Sequence[PhaseView], *, host: Host | None = None
) -> tuple[LintFinding, ...]:
    """What makes no sense in an edition with these `rules` and `phases`: faults first, each with what to do.

    Pure: asks the rules and reads its arguments, nothing else. A hook that raises is a finding too, and the parts
    that need it are left out. `host` knows the plugins where it is not the installation's own.
    """
    found: list[LintFinding] = []
    for part in (_judging, _awards, _calendar, _form, _checks, _clauses):
        try:
            found.extend(part(rules, phases))
        except PluginFailed as error:
            found.append(_failed(error))
    once = dict.fromkeys(found)
    ordered = sorted(once, key=lambda one: one.weight is not Weight.FAULT)
    return with_settings(rules, ordered, host=host)


def _judging(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    rounds = rules.rounds()
    yield from judging.round_findings(rounds)
    probe = probe_scores(rules)
    yield from judging.component_findings(rounds, rules.vote_policy(), probe)
    yield from judging.tie_findings(rules.tie_breaks(), rules.deciding_round(), probe.with_votes)


def _awards(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    scheme, probe = rules.award_scheme(), probe_scores(rules)
    yield from awards.tier_findings(scheme, probe.total)
    yield from awards.budget_findings(scheme)
    yield from awards.special_findings(scheme, probe)
    yield from awards.decision_findings(rules.decision_rule())


def _calendar(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    policy = rules.vote_policy()
    yield from calendar.phase_findings(phases, policy)
    yield from calendar.vote_findings(policy)
    yield from calendar.notice_findings(rules.lifecycle_notices(), phases)


def _form(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    yield from dossier.form_findings(rules.dossier_form(), rules.entry_fields())
    yield from dossier.id_image_findings(rules.dossier_form())


def _checks(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    yield from dossier.check_findings(rules.check_entries(probe_dossiers(rules)), rules.dossier_form())


def _clauses(rules: Rules, phases: Sequence[PhaseView]) -> Iterator[LintFinding]:
    yield from dossier.clause_findings(rules.clauses(), citations(rules), CONVENTIONS)


def _failed(error: PluginFailed) -> LintFinding:
    return fault(
        "rules_fail",
        Place(Spot.RULES),
        say("Bộ quy tắc không trả lời được: {what}", "The rules cannot answer: {what}", what=error.told),
        Text(
            "Sửa cài đặt của bộ quy tắc, hoặc báo người viết plugin.",
            "Mend the plugin's settings, or tell its author.",
        ),
    )
