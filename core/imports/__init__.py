"""Dossiers from a spreadsheet: a template to fill in, every cell checked, a preview, an import that can be undone."""
