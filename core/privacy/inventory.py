"""Every column that points at an account, and what becomes of its rows when the account is erased.

A test walks the tables: one that points at an account and does not stand here fails it, so that nobody adds a place for
personal data without saying how it is erased.
"""

from __future__ import annotations

from collections.abc import Mapping

DELETED: frozenset[str] = frozenset({"sign_in.account_id", "one_time_code.account_id"})
"""Rows that go with the account."""

KEPT: Mapping[str, str] = {
    "consent.account_id": "proof of what was agreed to, and when",
    "data_request.account_id": "proof that the request was carried out",
    "erasure.account_id": "proof that the request was carried out",
    "personal_export.account_id": "only the times stay; the zip itself is deleted",
    "entry.owner_id": "drafts are deleted, what left the contest is emptied, the rest stays for the result",
    "vote.account_id": "a tally does not change",
    "judge.account_id": "sheets are what a result stands on",
    "dossier_opening.account_id": "the owner of a dossier is told in which role it was opened",
    "guardian.recorded_by": "proof of a guardian's consent",
    "erasure.proposed_by": "who answers for the deed",
    "erasure.confirmed_by": "who answers for the deed",
    "rules_reopening.asked_by": "who answers for the deed",
    "rules_reopening.agreed_by": "who answers for the deed",
}
"""Rows that stay and point at an emptied account, and why."""
