"""What is held about one person, gathered room by room: each collector gives one part of the person's copy."""

from __future__ import annotations

from core.privacy.collectors import account, deeds, dossiers, letters, material, plugins, requests
from core.privacy.collectors.registry import (
    Collector,
    HeldFile,
    Part,
    collectors,
    collects,
    keeps_for_others,
    kept_for_others,
)

__all__ = ["Collector", "HeldFile", "Part", "collectors", "collects", "keeps_for_others", "kept_for_others"]
