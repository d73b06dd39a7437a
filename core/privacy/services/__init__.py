"""Writes of the room: requests, copies, erasure, guardians, settings."""

from __future__ import annotations

from core.privacy.services.copies import order_copy
from core.privacy.services.erasing import (
    confirm_erasure,
    kept_words,
    plan_of,
    propose_erasure,
    withdraw_erasure,
)
from core.privacy.services.guarding import record_guardian, withdraw_guardian
from core.privacy.services.keeping import change_settings, due_now, remove_due
from core.privacy.services.requests import acknowledge, ask, extend, finish, refuse, take_back

__all__ = [
    "acknowledge",
    "ask",
    "change_settings",
    "confirm_erasure",
    "due_now",
    "extend",
    "finish",
    "kept_words",
    "order_copy",
    "plan_of",
    "propose_erasure",
    "record_guardian",
    "refuse",
    "remove_due",
    "take_back",
    "withdraw_erasure",
    "withdraw_guardian",
]
