"""Hooks for the vote of the public."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Edition, VotePolicy


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=VotePolicy, since="1.0")
def vote_policy(edition: Edition) -> VotePolicy | None:
    """Whether the public votes, and how many votes an account has.

    Arguments: `edition`.

    Returns: a `VotePolicy`; the core's default is that there is no vote. The last plugin in the tenant's list
    that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None
