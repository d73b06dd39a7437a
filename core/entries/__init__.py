"""Dossiers from first draft to screening."""
