"""Screening in the office: queue, claims, checklist, similar dossiers, bulk actions, the list of the eligible."""
