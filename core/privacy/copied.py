"""What of the database is in a person's copy, and what is not, with the reason.

A test walks every table of a tenant: a column of words, or one that names an account, which no collector shows
(`shows` of `@collects`) and which does not stand here fails it. So nobody adds a place for personal data that is
forgotten in the copy without saying why. The tables of plugins are not among these: a plugin knows a person by a
reference alone, and what it keeps under one is found by it (`collectors.plugins`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String, Table, Uuid

from core.kernel.db import Base, TenantOwned
from core.kernel.types import ContentDigest, EncryptedText, JsonDoc
from core.privacy.collectors import collectors
from core.privacy.collectors.registry import columns_in

_DEED = (
    "who did it: the person's own deed is in their copy as a line of the log, the row is about somebody else"
)
_NAME = "the name of who did it, beside the account or the line of the log that the copy shows"
_SECRET = "a secret or its digest: it says nothing of the person and would open something"  # noqa: S105
_HELPER = "made by the software from what the copy shows: for searching, sorting, comparing, or drawing"
_OFFICIAL = "a result or an official document about all who take part; it is published or given out whole"
_NO_PERSON = "the contest's own: dates, words, settings, units, figures"
_MACHINE = "the software's own bookkeeping: identifiers and states, no words of or about a person"
_HIDDEN = (
    "the dossier, which is in the copy, with its people hidden from judges; and where they were found in it"
)
_CITIZEN = "about a citizen without an account: the office answers them, on paper as they came"

_LEFT_OUT: Mapping[str, str] = {
    "account: phone_digest password_hash; sign_in: digest; calendar_feed: digest; linked_identity: digest": _SECRET,
    "second_factor: secret; recovery_code: digest; passkey: digest credential_id public_key": _SECRET,
    "one_time_code: digest asked_by asked_from pending; vote: nonce commitment address_digest": _SECRET,
    "data_request: form_token; entry: form_token; author_invitation: digest; signing_key: *": _SECRET,
    "failed_try: address_digest": _SECRET,
    "account: name_key folded; entry: folded; entry_print: *; similar_pair: *; screening_digest: *": _HELPER,
    "attachment: preview scan media_type field; public_picture: *; paper_scan: media_type": _HELPER,
    "author_invitation: email": "in the copy by its digest: whoever is invited knows their own address",
    "mail: enclosed once": "the file is made anew from the dossier, which is in the copy; the other is bookkeeping",
    "mail: html": "the same words as the body, in the contest's frame",
    "mail: sender_name language": "the contest's name; the language of the words shown",
    "entry: parts; upload: sha256 place; audit_head: *; audit_record: leaf; job: *": _MACHINE,
    "audit_record: subject data": "what was done to whom: no personal data by rule, and perhaps somebody else's case",
    "entry: ref": "the address of a dossier; shown in place of a code where there is none",
    "entry_right: given_by; guardian: recorded_by; screening: by_id; checklist_mark: by_id": _DEED,
    "paper_arrival: by_id; filed_for: by_id; letter_text: by_id; extension: asked_by decided_by": _DEED,
    "bulk_run: officer_id *; eligible_list: drafted_by decided_by; erasure: proposed_by confirmed_by": _DEED,
    "rules_reopening: asked_by agreed_by; account_rescue: asked_by decided_by": _DEED,
    "screening: by_name; checklist_mark: by_name; paper_arrival: by_name undone_by; filed_for: by_name": _NAME,
    "letter_text: *; extension: asked_name decided_name; eligible_list: drafted_name decided_name": _NAME,
    "erasure: proposed_name confirmed_name; rules_reopening: *; paper_scan: by_name": _NAME,
    "account_rescue: asked_name decided_name": _NAME,
    "assignment: *": "which dossiers a judge was to judge: the council's working paper; that they judged is shown",
    "computation: *; decision: *; publication: *; vote_freeze: *; decision_item: *; eligible_list: *": _OFFICIAL,
    "edition: *; phase: *; unit: *; target: *; content: *; privacy_settings: *; round_entry: *": _NO_PERSON,
    "account_settings: *; round_setup: *; plan_proposal: *; finalist_rule: *; round_end: *": _NO_PERSON,
    "judge_reminder_rule: *": _NO_PERSON,
    "unit_report: *": "a unit's work in a month; who sent it did so for the unit, and the log has the deed",
    "filed_for: person contact consent witness consent_version": _CITIZEN,
    "council: *; council_group: *; council_group_field: *; council_stand_in: *": _NO_PERSON,
    "council_draw: *; council_ballot: *; council_ballot_option: *": _NO_PERSON,
    "council_draw: announced_by drawn_by; council_ballot: opened_by closed_by": _DEED,
    "council_draw: announced_name drawn_name; council_ballot: opened_name closed_name": _NAME,
    "council_minutes: *; council_minutes_section: *; council_minutes_scan: *": _OFFICIAL,
    "council_minutes: drafted_by fixed_by": _DEED,
    "council_minutes: drafted_name fixed_name; council_minutes_section: changed_name": _NAME,
    "council_minutes_scan: by_name": _NAME,
    "site_visit: *; site_visit_file: *; site_visit_member: role waived_why; site_visit_move: *": _OFFICIAL,
    "site_visit: planned_by fixed_by; site_visit_move: moved_by; site_visit_member: waived_by": _DEED,
    "site_visit: planned_name fixed_name; site_visit_file: by_name; site_visit_move: moved_name": _NAME,
    "site_visit_member: waived_name": _NAME,
    "site_visit_member: account_id name": "that the person went follows from the minutes, and the signature is a line "
    "of the log, which is in the copy",
    "council_ballot_voter: account_id name": "who may vote follows from the seat, and that they did is a line of the "
    "log: both are in the copy; what was chosen in secret is nowhere",
    "guardian: author": _SECRET,
    "screening: clause; checklist_mark: *": "working notes of the screening; what it came to is in the copy",
    "paper_arrival: form_token items undone_why": _MACHINE,
    "import_run: form_token sha256 problem": "the workbook holds other people's rows; the person's own row is shown",
    "import_row: key errors": "a row with faults says by no address whose it is, and makes nobody's dossier",
    "blind_round: *; conflict_settings: *": _NO_PERSON,
    "blind_scan: *; blind_choice: *; blind_copy: *; blind_dossier: round title shown": _HIDDEN,
    "blind_dossier: approved_by": _DEED,
    "conflict: reason": "the committee's words on a decision; what came of it is in the copy",
    "conflict: evidence": "what the data say of two persons: the other's unit, mail and telephone are not the person's",
    "conflict: covered": "which of that a dismissal was about",
    "conflict: decided_by": _DEED,
    "conflict: decided_name": _NAME,
    "deliberation: opened_by closed_by leader_id": _DEED,
    "deliberation: *": "the council's common work on somebody's dossier, judges under numbers; minutes tell of it",
    "score_change: before after": "a judge's view of somebody's dossier: it is opened with the result, under a number",
    "score_change: nonce commitment": _SECRET,
    "criteria_version: by_id; material_receipt: by_id": _DEED,
    "criteria_version: *": "the rules of the contest as they changed, which are public",
    "criteria_seen: *": "when a judge said that he read a change of the rules",
    "judge_reminder: *": "when a judge was reminded of his work; the letter itself is in the copy",
    "material_call: *; material_question: *": _NO_PERSON,
    "material_file: media_type": _HELPER,
    "material_receipt: *": "which texts and files had come by when; both are in the copy themselves",
    "finalist_choice: by_id": _DEED,
    "finalist_choice: by_name": _NAME,
    "finalist_choice: round verdict reason": "the committee's words on a dossier; who goes on is published",
    "sheet: *; sheet_score: *": "a judge's view of somebody's dossier: it is opened with the result, under a number",
    "round_tally: *; round_total: *": _OFFICIAL,
    "paper_keying: account_id; paper_answer: account_id": _DEED,
    "paper_sheet: *; paper_keying: *; paper_answer: *": "a judge's view of a dossier, as it was read from paper",
    "data_request: *; erasure: summary": _MACHINE,
}
"""Groups of columns ("table: column column") and why no collector shows them; `*` is every other word of the table."""


def left_out() -> dict[str, str]:
    """Each column that no collector shows with the reason; "table.*" for the rest of a table."""
    return {one: why for listed, why in _LEFT_OUT.items() for one in columns_in(listed)}


def telling_columns() -> Iterator[tuple[str, bool]]:
    """Every column of a tenant that could tell of a person: words, documents, bytes, and names of accounts.

    With each: whether it surely does, because it points at an account, holds an identifier that no key explains, or is
    encrypted. Such a column is never covered by a "table.*".
    """
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if not issubclass(mapper.class_, TenantOwned) or not isinstance(table, Table):
            continue
        keys = _pointing(table)
        for column in table.columns:
            if column.name in ("id", "tenant_id"):
                continue
            name = f"{table.name}.{column.name}"
            if isinstance(column.type, Uuid):
                if keys.get(column.name, "account") == "account":
                    yield name, True
            elif isinstance(column.type, EncryptedText):
                yield name, True
            elif isinstance(column.type, (String, ContentDigest, JsonDoc, LargeBinary)):
                yield name, False


def forgotten_columns() -> list[str]:
    """Columns that are neither in the copy nor left out for a reason; a plugin's own tables speak for themselves."""
    stated = set(left_out()) | {column for one in collectors() for column in one.shows}
    return sorted(
        name
        for name, is_sure in telling_columns()
        if name not in stated and (is_sure or f"{name.partition('.')[0]}.*" not in stated)
    )


def _pointing(table: Table) -> dict[str, str]:
    """Each column that a foreign key explains, with the table it points at."""
    return {
        column: key.referred_table.name
        for key in table.constraints
        if isinstance(key, ForeignKeyConstraint)
        for column in key.column_keys
        if column != "tenant_id"
    }
