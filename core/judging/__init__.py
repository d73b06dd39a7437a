"""Judges, score sheets, rounds."""
