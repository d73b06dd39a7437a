"""Hooks for screening: what the office looks at in a dossier."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import ChecklistItem, Edition


@hookspec(policy=Policy.STRICT, combine=Combine.ALL, gives=ChecklistItem, many=True, since="1.1")
def screening_checklist(edition: Edition) -> tuple[ChecklistItem, ...] | None:
    """What an officer has to look at in every dossier, which no check can see.

    Arguments: `edition`.

    Returns: a tuple of `ChecklistItem`; the page of a dossier in the office shows them by clause. All plugins are
    heard; a later item replaces one with the same key.

    Policy: strict.

    .. versionadded:: 1.1
    """
    return None
