"""Hooks for judging: rounds and criteria, aggregation of sheets, components of the total, tie-breaks."""

from __future__ import annotations

from collections.abc import Mapping

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Aggregate, ComponentScores, Edition, Entry, Round, Sheet, TieBreak


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=Round, many=True, since="1.0")
def rounds(edition: Edition) -> tuple[Round, ...] | None:
    """The rounds of judging in order, each with its criteria; exactly one is deciding.

    Arguments: `edition`.

    Returns: a tuple of `Round`. The last plugin in the tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=Aggregate, since="1.0")
def aggregate_sheets(edition: Edition, judging_round: Round, sheets: tuple[Sheet, ...]) -> Aggregate | None:
    """Add up the locked sheets of one round.

    Arguments: `edition`; `judging_round`; `sheets`, all locked sheets of that round, of entries still in the
    contest, in any order: the answer must not depend on it.

    Returns: an `Aggregate`. The core's default is the exact mean of the sheets' totals, rounded half up once.
    The last plugin in the tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.ALL, gives=ComponentScores, many=True, since="1.0")
def score_components(
    edition: Edition,
    deciding: Round,
    entries: tuple[Entry, ...],
    aggregate: Aggregate,
    votes: Mapping[str, int],
) -> tuple[ComponentScores, ...] | None:
    """The parts whose sum is an entry's total.

    Arguments: `edition`; `deciding`, the deciding round; `entries`, those that are ranked: neither withdrawn
    nor refused, and with a sheet in the deciding round; `aggregate` of the deciding round; `votes`, the
    frozen count by entry code, which may hold codes that are not ranked and lack codes that nobody voted for.

    Returns: a tuple of `ComponentScores`, each with a rounded score for every entry of `entries`. All plugins
    are heard in the tenant's order, the core's default (component "jury") first; a later component replaces
    one with the same key.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=TieBreak, many=True, since="1.0")
def tie_breaks(edition: Edition, deciding: Round) -> tuple[TieBreak, ...] | None:
    """The comparisons for entries with equal totals, in order; higher wins.

    Arguments: `edition`; `deciding`, the deciding round.

    Returns: a tuple of `TieBreak`; an empty tuple leaves every tie to the committee. The core's default is
    the jury part, then the criteria of the deciding round in the listed order. The last plugin in the
    tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None
