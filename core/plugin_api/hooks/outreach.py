"""Hooks for outreach: what units report."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Edition, ReportFigure


@hookspec(policy=Policy.COLLECT, combine=Combine.ALL, gives=ReportFigure, many=True, since="1.1")
def report_figures(edition: Edition) -> tuple[ReportFigure, ...] | None:
    """The figures a unit types into its monthly report beside those that every report has.

    Arguments: `edition`.

    Returns: a tuple of `ReportFigure`; what is typed is kept in the report and shown in it, in print and in the
    office's table. All plugins are heard; a later figure replaces one with the same key.

    Policy: collect.

    .. versionadded:: 1.1
    """
    return None
