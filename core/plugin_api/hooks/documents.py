"""Hooks for documents: papers to read, fill in and print."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import Document, Edition


@hookspec(policy=Policy.COLLECT, combine=Combine.ALL, gives=Document, many=True, since="1.1")
def documents(edition: Edition) -> tuple[Document, ...] | None:
    """The papers of the contest: forms to print, guidance, and what each dossier has filled in.

    Arguments: `edition`.

    Returns: a tuple of `Document`. All plugins are heard; a later document replaces one with the same key.

    Policy: collect.

    .. versionadded:: 1.1
    """
    return None
