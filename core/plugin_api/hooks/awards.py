"""Hooks for awards: the scheme, the proposal that follows from the ranking, and the rule of the decision."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import (
    Allocation,
    AwardScheme,
    DecisionRule,
    Edition,
    Entry,
    Proposal,
    Ranked,
)


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=AwardScheme, since="1.0")
def award_scheme(edition: Edition) -> AwardScheme | None:
    """The prize tiers from the highest to the lowest, with minimum and quota, and the special awards.

    Arguments: `edition`.

    Returns: an `AwardScheme`; the core's default has no tier. The last plugin in the tenant's list that
    answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=Allocation, since="1.0")
def allocate(edition: Edition, scheme: AwardScheme, ranking: tuple[Ranked, ...]) -> Allocation | None:
    """Propose tiers for the ranked entries.

    Arguments: `edition`; `scheme`, from `award_scheme`; `ranking`, in any order: the ranks count.

    Returns: an `Allocation`. The core's default takes quotas as ceilings from the top, leaves ties that do
    not all fit to the committee, and holds the disputed places for them. The last plugin in the tenant's list
    that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.ALL, gives=Allocation, since="1.0")
def special_awards(
    edition: Edition, entries: tuple[Entry, ...], ranking: tuple[Ranked, ...], proposals: tuple[Proposal, ...]
) -> Allocation | None:
    """Propose the special awards of the scheme.

    Arguments: `edition`; `entries`, the ranked entries; `ranking`; `proposals`, what `allocate` proposed.

    Returns: an `Allocation` with the special awards alone. All plugins are heard; what they propose is put
    together in the tenant's order.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=DecisionRule, since="1.0")
def decision_rule(edition: Edition) -> DecisionRule | None:
    """How much of the committee must agree before the awards are decided.

    Arguments: `edition`.

    Returns: a `DecisionRule`; the core's default is more than half of the committee. The last plugin in the
    tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None
