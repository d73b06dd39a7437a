"""Hooks for the dossier: fields of the contest, the form, and the checks of entries."""

from __future__ import annotations

from core.plugin_api.markers import Combine, Policy, hookspec
from core.plugin_api.values import AuthorPolicy, Edition, Entry, EntryField, Finding, FormSection


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=EntryField, many=True, since="1.0")
def entry_fields(edition: Edition) -> tuple[EntryField, ...] | None:
    """The fields (lĩnh vực) an entry is filed under, in the order of the rules.

    Arguments: `edition`.

    Returns: a tuple of `EntryField`; an empty tuple means that the contest has no fields. The last plugin in
    the tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=FormSection, many=True, since="1.0")
def dossier_form(edition: Edition) -> tuple[FormSection, ...] | None:
    """The dossier form beside title, field, unit and authors, which the core asks itself.

    Arguments: `edition`.

    Returns: a tuple of `FormSection`, one page of the form each; the keys of sections are unique (`chung` and
    `tac-gia` are the core's), those of fields over all sections. The last plugin in the
    tenant's list that answers is heard; a plugin that wants to change another's form implements the hook as a
    wrapper (`@hookimpl(wrapper=True)`).

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.LATEST, gives=AuthorPolicy, since="1.2")
def author_policy(edition: Edition) -> AuthorPolicy | None:
    """How many authors an entry may have, whether their shares are asked, and whether each must confirm.

    Arguments: `edition`.

    Returns: an `AuthorPolicy`. The core's default follows its own settings: no number, no shares, a warning for who
    has not confirmed. The core holds the list of authors to it; a plugin needs no check of its own. The last plugin
    in the tenant's list that answers is heard.

    Policy: strict.

    .. versionadded:: 1.2
    """
    return None


@hookspec(policy=Policy.STRICT, combine=Combine.ALL, gives=Finding, many=True, since="1.0")
def check_entries(edition: Edition, entries: tuple[Entry, ...]) -> tuple[Finding, ...] | None:
    """Check entries against the rules of the edition: before submission, and again at screening.

    Arguments: `edition`; `entries`, all that are to be checked, at once.

    Returns: a tuple of `Finding`; BLOCK stops the submission, WARN tells. The findings of all plugins count,
    in the order of entries and then of the tenant's list.

    Policy: strict.

    .. versionadded:: 1.0
    """
    return None
