"""Rehearsals: whole editions played by simulated people under a simulated clock."""
