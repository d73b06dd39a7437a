"""Writes of the room: requests, copies, erasure, guardians, settings."""

from __future__ import annotations

from core.privacy.services.copies import order_copy
from core.privacy.services.requests import acknowledge, ask, extend, finish, refuse, take_back

__all__ = ["acknowledge", "ask", "extend", "finish", "order_copy", "refuse", "take_back"]
