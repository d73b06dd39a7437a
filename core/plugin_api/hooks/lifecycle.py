"""Hooks for what happens as an edition goes through its phases."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Edition, Notice


@hookspec(policy=Policy.COLLECT, combine=Combine.ALL, gives=Notice, many=True, since="1.0")
def lifecycle_notices(edition: Edition) -> tuple[Notice, ...] | None:
    """The messages at the turns of the edition.

    Arguments: `edition`.

    Returns: a tuple of `Notice`; the home page shows those of a phase and moment while it lasts: a beginning or an
    end for two weeks, a near end in the last week. All plugins are heard; a later notice replaces one with the
    same key.

    Policy: collect.

    .. versionadded:: 1.0
    """
    return None
