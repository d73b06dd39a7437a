"""The findings of the lint as the office reads them: what is wrong, what to do, and the way there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from core.contests.lint.accepted import is_accepted
from core.contests.lint.edition import lint_edition
from core.contests.lint.values import LintFinding, SettingRef, Spot
from core.contests.values import EditionView
from core.kernel.i18n import locale
from core.plugin_api import Clause, settings_fields
from core.plugin_host import core_settings, default_host


@dataclass(frozen=True, slots=True)
class LintRow:
    """A finding in the reader's language; `links` are the pages on which it can be mended, by their names."""

    is_fault: bool
    sentence: str
    remedy: str
    links: tuple[tuple[str, str], ...]
    clause: Clause | None


def lint_rows(edition: EditionView) -> list[LintRow]:
    """What makes no sense in `edition`, faults first; empty when nothing has to be looked at.

    What the committee gave its reason for is left out. No query, and one for each doubt that can be answered so.
    """
    clauses = {one.key: one for one in edition.rules.clauses()}
    language = locale()
    return [
        LintRow(
            one.is_fault,
            one.sentence.in_(language),
            one.remedy.in_(language),
            tuple(_links(edition, one)),
            clauses.get(one.clause or ""),
        )
        for one in lint_edition(edition.rules, edition.phases)
        if not is_accepted(one)
    ]


def _links(edition: EditionView, one: LintFinding) -> list[tuple[str, str]]:
    if one.place.spot is Spot.PHASE:
        return [(_("Xem thời gian"), "#thoi-gian")]
    plugins = {core_settings.NAME, *(ref.name for ref in edition.values.plugins)}
    return [_setting(ref) for ref in one.place.settings if ref.plugin in plugins]


def _setting(ref: SettingRef) -> tuple[str, str]:
    """A setting by its label, and its place in the plugin's form."""
    declared = settings_fields(default_host().plugin(ref.plugin).settings)[ref.key]
    label = declared.metadata["label"].in_(locale())
    return label, url_for("results_settings.form", plugin=ref.plugin, _anchor=f"f-{ref.key}")
