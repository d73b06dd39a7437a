"""The rules of one edition as typed calls: one method a hook. The rest of the platform knows plugins only by this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from core.plugin_api import (
    Aggregate,
    Allocation,
    AuthorPolicy,
    AwardScheme,
    ChecklistItem,
    Clause,
    ComponentScores,
    DecisionRule,
    Document,
    Edition,
    Entry,
    EntryField,
    Finding,
    FormField,
    FormSection,
    NavItem,
    Notice,
    Panel,
    PluginRef,
    Proposal,
    Ranked,
    ReportFigure,
    Round,
    Sheet,
    Terms,
    TieBreak,
    VotePolicy,
)
from core.plugin_host import core_settings
from core.plugin_host.host import Host, ask, default_host
from core.plugin_host.settings import resolve_settings


class Rules:
    """The rules of `edition`. Every answer is frozen and depends on nothing but the arguments and the edition.

    Strict hooks raise PluginFailed; hooks with the policy "collect" leave out what failed and record it. What depends
    on the edition alone is asked once and held: the edition is frozen, and another one has rules of its own. A failure
    is never held, nor is an answer that a plugin is missing from.
    """

    __slots__ = ("_held", "_host", "_manager", "edition")

    def __init__(self, edition: Edition, host: Host) -> None:
        self.edition = edition
        self._host = host
        self._manager = host.manager(tuple(ref.name for ref in edition.plugins))
        self._held: dict[str, Any] = {}

    def _call(
        self,
        hook: str,
        arguments: Mapping[str, Any] | None = None,
        gather: Callable[[Any], Any] | None = None,
    ) -> Any:
        """The answer of a hook, put together by `gather`; held when there are no `arguments` beside the edition."""
        if arguments is not None:
            return ask(self._manager, self.edition, hook, arguments).answer
        if hook in self._held:
            return self._held[hook]
        heard = ask(self._manager, self.edition, hook, {})
        answer = heard.answer if gather is None else gather(heard.answer)
        if heard.is_whole:
            self._held[hook] = answer
        return answer

    # Words and clauses

    def terms(self) -> Terms:
        """The contest's own words."""
        return cast(Terms, self._call("terms"))

    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in the order of the list, each key once; a later plugin's text replaces an earlier one's."""
        return cast(tuple[Clause, ...], self._call("clauses", gather=_last_of_each_key))

    def clause(self, key: str | None) -> Clause | None:
        """The clause `key`, or None when there is none (or no key)."""
        return next((one for one in self.clauses() if one.key == key), None)

    # The dossier

    def entry_fields(self) -> tuple[EntryField, ...]:
        """The fields (lĩnh vực), empty where the contest has none."""
        return cast(tuple[EntryField, ...], self._call("entry_fields"))

    def dossier_form(self) -> tuple[FormSection, ...]:
        """The sections of the dossier form."""
        return cast(tuple[FormSection, ...], self._call("dossier_form"))

    def form_field(self, key: str) -> FormField | None:
        """The question `key` of the dossier form, or None."""
        asked = (one for section in self.dossier_form() for one in section.fields)
        return next((one for one in asked if one.key == key), None)

    def author_policy(self) -> AuthorPolicy:
        """What is asked of the authors of an entry as a group."""
        return cast(AuthorPolicy, self._call("author_policy"))

    def check_entries(self, entries: Iterable[Entry]) -> tuple[Finding, ...]:
        """Findings of all plugins for all entries, sorted by the entries' order, then by the plugins'."""
        asked = tuple(entries)
        place = {entry.code: number for number, entry in enumerate(asked)}
        found: tuple[Finding, ...] = self._call("check_entries", {"entries": asked})
        return tuple(sorted(found, key=lambda one: place.get(one.entry, len(place))))

    # Screening and outreach

    def screening_checklist(self) -> tuple[ChecklistItem, ...]:
        """What an officer looks at in a dossier, each key once, in the order of the list."""
        return cast(tuple[ChecklistItem, ...], self._call("screening_checklist", gather=_last_of_each_key))

    def report_figures(self) -> tuple[ReportFigure, ...]:
        """The figures that units type beside those of every report, each key once; without those of a plugin that
        failed.
        """
        return cast(tuple[ReportFigure, ...], self._call("report_figures", gather=_last_of_each_key))

    # Judging

    def rounds(self) -> tuple[Round, ...]:
        """The rounds of judging in order."""
        return cast(tuple[Round, ...], self._call("rounds"))

    def deciding_round(self) -> Round:
        """The one round whose sheets make the jury part."""
        return next(one for one in self.rounds() if one.deciding)

    def aggregate_sheets(self, judging_round: Round, sheets: Iterable[Sheet]) -> Aggregate:
        """What the locked sheets of `judging_round` add up to; sheets of other rounds are left out."""
        own = tuple(sheet for sheet in sheets if sheet.round == judging_round.key)
        arguments = {"judging_round": judging_round, "sheets": own}
        return cast(Aggregate, self._call("aggregate_sheets", arguments))

    def score_components(
        self, entries: Iterable[Entry], aggregate: Aggregate, votes: Mapping[str, int]
    ) -> tuple[ComponentScores, ...]:
        """The parts of the total, each key once, the jury part first.

        `entries` are those that are ranked: neither withdrawn nor refused, and with a sheet in the deciding
        round.
        """
        arguments = {
            "deciding": self.deciding_round(),
            "entries": tuple(entries),
            "aggregate": aggregate,
            "votes": votes,
        }
        return tuple({one.key: one for one in self._call("score_components", arguments)}.values())

    def tie_breaks(self) -> tuple[TieBreak, ...]:
        """The comparisons for equal totals, in order."""
        return cast(tuple[TieBreak, ...], self._call("tie_breaks", {"deciding": self.deciding_round()}))

    # Votes and awards

    def vote_policy(self) -> VotePolicy:
        """Whether and how the public votes."""
        return cast(VotePolicy, self._call("vote_policy"))

    def award_scheme(self) -> AwardScheme:
        """Tiers and special awards."""
        return cast(AwardScheme, self._call("award_scheme"))

    def allocate(self, scheme: AwardScheme, ranking: Iterable[Ranked]) -> Allocation:
        """The proposal that follows from the ranking, and what is left to the committee."""
        return cast(Allocation, self._call("allocate", {"scheme": scheme, "ranking": tuple(ranking)}))

    def special_awards(
        self, entries: Iterable[Entry], ranking: Iterable[Ranked], proposals: Iterable[Proposal]
    ) -> Allocation:
        """The special awards of all plugins put together."""
        arguments = {"entries": tuple(entries), "ranking": tuple(ranking), "proposals": tuple(proposals)}
        parts: tuple[Allocation, ...] = self._call("special_awards", arguments)
        return Allocation(
            tuple(proposal for part in parts for proposal in part.proposals),
            tuple(entry for part in parts for entry in part.undecided),
            tuple(step for part in parts for step in part.steps),
        )

    def decision_rule(self) -> DecisionRule:
        """How much of the committee must agree."""
        return cast(DecisionRule, self._call("decision_rule"))

    # Pages and messages

    def lifecycle_notices(self) -> tuple[Notice, ...]:
        """All notices, each key once; those of a plugin that failed are missing."""
        return cast(tuple[Notice, ...], self._call("lifecycle_notices", gather=_last_of_each_key))

    def navigation(self) -> tuple[NavItem, ...]:
        """The public menu by ascending order, each path once."""
        return cast(tuple[NavItem, ...], self._call("navigation", gather=_menu))

    def panels(self, slot: str) -> tuple[Panel, ...]:
        """The panels of a slot by ascending order, each key once."""
        items = {one.key: one for one in self._call("panels") if one.slot == slot}
        return tuple(sorted(items.values(), key=lambda one: (one.order, one.key)))

    def documents(self) -> tuple[Document, ...]:
        """The papers of the contest, each key once."""
        return cast(tuple[Document, ...], self._call("documents", gather=_last_of_each_key))

    # The versions behind the rules

    def version_drift(self) -> tuple[tuple[PluginRef, str], ...]:
        """Plugins whose installed version is not the one the edition froze: (frozen, installed version)."""
        pairs = ((ref, self._host.plugin(ref.name).info.version) for ref in self.edition.plugins)
        return tuple((ref, installed) for ref, installed in pairs if ref.version != installed)


def _last_of_each_key(items: Iterable[Any]) -> tuple[Any, ...]:
    return tuple({one.key: one for one in items}.values())


def _menu(items: Iterable[NavItem]) -> tuple[NavItem, ...]:
    return tuple(sorted({one.href: one for one in items}.values(), key=lambda one: (one.order, one.href)))


def rules_for(edition: Edition, *, host: Host | None = None) -> Rules:
    """The rules of `edition`; PluginUnavailable when its list cannot run.

    `edition.settings` come from `resolve_settings`; a plugin without settings there runs on its defaults.
    """
    found = host or default_host()
    names = tuple(ref.name for ref in edition.plugins)
    found.manager(names)
    if not all(name in edition.settings for name in (core_settings.NAME, *names)):
        edition = replace(edition, settings={**_default_settings(found, names), **edition.settings})
    return Rules(edition, found)


@lru_cache(maxsize=256)
def _default_settings(host: Host, names: Sequence[str]) -> Mapping[str, Mapping[str, object]]:
    return resolve_settings(names, {}, host=host)
