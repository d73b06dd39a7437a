"""Writes of the room: requests, copies, erasure, guardians, settings."""

from __future__ import annotations

from core.privacy.services.requests import acknowledge, ask, extend, finish, refuse, take_back

__all__ = ["acknowledge", "ask", "extend", "finish", "refuse", "take_back"]
