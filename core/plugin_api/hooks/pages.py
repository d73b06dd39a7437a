"""Hooks for the pages of a tenant."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Edition, NavItem, Panel


@hookspec(policy=Policy.COLLECT, combine=Combine.ALL, gives=NavItem, many=True, since="1.0")
def navigation(edition: Edition) -> tuple[NavItem, ...] | None:
    """Items of the public menu.

    Arguments: `edition`, the one that the tenant shows now.

    Returns: a tuple of `NavItem`. All plugins are heard; a later item replaces one with the same path; the
    menu stands by ascending `order`.

    Policy: collect.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.COLLECT, combine=Combine.ALL, gives=Panel, many=True, since="1.1")
def panels(edition: Edition) -> tuple[Panel, ...] | None:
    """Boxes in the named slots of the tenant's pages.

    Arguments: `edition`, the one that the page shows.

    Returns: a tuple of `Panel`. All plugins are heard; a later panel replaces one with the same key in the same slot.

    Policy: collect.

    .. versionadded:: 1.1
    """
    return None
