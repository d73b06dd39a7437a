"""Every column that points at an account, and what becomes of its rows when the account is erased.

A test walks the tables: one that points at an account and does not stand here fails it, so that nobody adds a place for
personal data without saying how it is erased.
"""

from __future__ import annotations

from collections.abc import Mapping

DELETED: frozenset[str] = frozenset(
    {
        "sign_in.account_id",
        "one_time_code.account_id",
        "second_factor.account_id",
        "recovery_code.account_id",
        "passkey.account_id",
        "linked_identity.account_id",
        "account_rescue.account_id",
        "membership.account_id",
        "entry_right.account_id",
        "upload.account_id",
        "calendar_feed.account_id",
        "saved_view.account_id",
        "screening_claim.officer_id",
        "affiliation.account_id",
    }
)
"""Rows that go with the account."""

KEPT: Mapping[str, str] = {
    "consent.account_id": "proof of what was agreed to, and when",
    "data_request.account_id": "proof that the request was carried out",
    "erasure.account_id": "proof that the request was carried out",
    "personal_export.account_id": "only the times stay; the zip itself is deleted",
    "entry.owner_id": "drafts are deleted, what left the contest is emptied, the rest stays for the result",
    "vote.account_id": "a tally does not change",
    "judge.account_id": "sheets are what a result stands on",
    "council_seat.account_id": "who sat on a council, and what they signed, belongs to the papers of a result",
    "paper_keying.account_id": "who answers for the deed",
    "paper_answer.account_id": "who answers for the deed",
    "conflict.account_id": "why a sheet does not count",
    "blind_dossier.approved_by": "who answers for the deed",
    "conflict.decided_by": "who answers for the deed",
    "deliberation.opened_by": "who answers for the deed",
    "deliberation.closed_by": "who answers for the deed",
    "deliberation.leader_id": "who leads while it is open; it is emptied when it closes",
    "criteria_version.by_id": "who answers for the deed",
    "material_receipt.by_id": "who answers for the deed",
    "finalist_choice.by_id": "who answers for the deed",
    "dossier_opening.account_id": "the owner of a dossier is told in which role it was opened",
    "guardian.recorded_by": "proof of a guardian's consent",
    "entry_author.account_id": "the dossier is its owner's, and a result names its authors",
    "bulk_run.officer_id": "who answers for the deed",
    "eligible_list.drafted_by": "who answers for the deed",
    "eligible_list.decided_by": "who answers for the deed",
    "extension.asked_by": "who answers for the deed",
    "extension.decided_by": "who answers for the deed",
    "account_rescue.asked_by": "who answers for the deed",
    "account_rescue.decided_by": "who answers for the deed",
    "erasure.proposed_by": "who answers for the deed",
    "erasure.confirmed_by": "who answers for the deed",
    "rules_reopening.asked_by": "who answers for the deed",
    "rules_reopening.agreed_by": "who answers for the deed",
    "council_draw.announced_by": "who answers for the deed",
    "council_draw.drawn_by": "who answers for the deed",
    "council_ballot.opened_by": "who answers for the deed",
    "council_ballot.closed_by": "who answers for the deed",
    "council_minutes.drafted_by": "who answers for the deed",
    "council_minutes.fixed_by": "who answers for the deed",
    "site_visit.planned_by": "who answers for the deed",
    "site_visit.fixed_by": "who answers for the deed",
    "site_visit_move.moved_by": "who answers for the deed",
    "site_visit_member.waived_by": "who answers for the deed",
    "site_visit_member.account_id": "who went and signed belongs to the papers of a result",
    "council_ballot_voter.account_id": "who had a vote in a council belongs to the papers of a result",
}
"""Rows that stay and point at an emptied account, and why."""
