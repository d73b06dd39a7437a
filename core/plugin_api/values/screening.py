"""What an officer looks at when a dossier is screened, beside what the checks find by themselves."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api.values.words import Text


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing that a person must look at: `label` names it, `how` says how it is looked at, `clause` asks for it.

    `evidence`: the officer also notes which files prove it, who confirmed it and since when; shown before the others.
    """

    key: str
    label: Text
    how: Text
    clause: str | None = None
    official: bool = True
    evidence: bool = False
