"""Editions, phases, units: what is held, when, and under which rules."""
