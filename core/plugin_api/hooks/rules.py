"""Hooks for the words and the clauses of the contest."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Clause, Edition, Terms


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=Terms, since="1.0")
def terms(edition: Edition) -> Terms | None:
    """The contest's own words: what it calls itself, an entry, the jury.

    Arguments: `edition`, whose words are asked for.

    Returns: `Terms`. The last plugin in the tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.ALL, gives=Clause, many=True, since="1.0")
def clauses(edition: Edition) -> tuple[Clause, ...] | None:
    """The provisions that the plugin's checks, criteria, tiers and votes carry out.

    Arguments: `edition`, whose documents are cited.

    Returns: a tuple of `Clause`. All plugins are heard; a clause of a later plugin replaces one with the same
    key. Every `clause` key that any other hook cites must be among them.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None
