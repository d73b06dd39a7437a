"""The guardians of invented authors under 16: they agree before their dossier is handed in."""

from __future__ import annotations

from datetime import datetime

from core.contests.values import EditionView
from core.entries.models import Entry
from core.kernel.actor import Actor
from core.privacy.guardians import minors_of
from core.privacy.services import record_guardian


def let_guardians_agree(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> int:
    """Record a guardian for each author who may be a child and has none; returns how many."""
    waiting = [one for one in minors_of(entry, edition) if one.guardian is None]
    for one in waiting:
        typed = {
            "name": f"Phụ huynh của {one.name}",
            "relation": "parent",
            "contact": "0900 000 000 (số minh họa)",
            "guardian_agrees": "1",
            "child_agrees": "1",
        }
        record_guardian(entry, edition, one.position, typed, actor=actor, now=now)
    return len(waiting)
