"""Checking, handing in, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.contests.services import take_number
from core.contests.values import EditionView
from core.entries import letters
from core.entries.author_checks import AUTHOR_CHECKS, author_findings
from core.entries.content import Parts, parts_of, rules_entries_of, snapshot_of
from core.entries.deadlines import proof_of_grace
from core.entries.errors import NotEligible
from core.entries.events import EntrySubmitted, EntryWithdrawn
from core.entries.forms import key_of, labels
from core.entries.models import Entry, EntryVersion
from core.entries.policies import may_submit
from core.entries.receipt_letters import send_receipts
from core.entries.services.moves import fresh, record, require_move
from core.entries.states import By, Move, State
from core.entries.values import Receipt
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.events import emit
from core.kernel.ids import spoken_code
from core.kernel.text import clean, fold
from core.plugin_api import AuthorRole, FieldKind, Finding, FormField, Severity, Text
from core.plugin_api import Entry as RulesEntry
from core.tenancy.scope import touch_public

REQUIRED = "required"

ExtraCheck = Callable[[Sequence[Entry], Sequence[RulesEntry], EditionView], Iterable[Finding]]
_extra: list[ExtraCheck] = []


def also_checked_by(check_: ExtraCheck) -> ExtraCheck:
    """Register a check of a later room: it is given the dossiers of an edition, as rows and as the rules see them."""
    if check_ not in _extra:
        _extra.append(check_)
    return check_


def check(entry: Entry, edition: EditionView) -> tuple[Finding, ...]:
    """What stands against handing in (BLOCK) and what should be thought over (WARN): the core's, then the plugins'.

    `Finding.field` is "title", "field", "authors", or the key of a form field.
    """
    return check_all([entry], edition)[entry.code or entry.ref]


def check_all(
    entries: Sequence[Entry], edition: EditionView, parts: Parts | None = None
) -> dict[str, tuple[Finding, ...]]:
    """The findings of many dossiers of one edition, by code (or ref where there is no code yet)."""
    held = parts or parts_of(entries)
    asked = rules_entries_of(entries, held)
    found = {one.code: list(_missing(one, edition)) for one in asked}
    policy = edition.rules.author_policy()
    for entry in entries:
        code = entry.code or entry.ref
        found[code] += not_taken_in(entry, edition)
        found[code].extend(author_findings(code, held.authors[entry.id], policy))
    for finding in edition.rules.check_entries(asked) if asked else ():
        found[finding.entry].append(finding)
    for finding in (one for check_ in _extra for one in check_(entries, asked, edition)):
        found[finding.entry].append(finding)
    return {code: _each_field_once(findings) for code, findings in found.items()}


def not_taken_in(entry: Entry, edition: EditionView) -> list[Finding]:
    """A finding that blocks for each part in which what was typed last did not pass: else older words would go in."""
    called = labels(edition)
    found = []
    for path in entry.unsaved:
        label = called.get(path, path)
        vi, en = (label.vi, label.in_("en")) if isinstance(label, Text) else (label, label)
        message = Text(
            f"Mục “{vi}” đang có nội dung chưa hợp lệ nên chưa được ghi nhận.",
            f"What was typed last into “{en}” is not valid and was not taken in.",
        )
        found.append(Finding(entry.code or entry.ref, "unsaved", Severity.BLOCK, message, None, key_of(path)))
    return found


def submit(entry: Entry, edition: EditionView, *, actor: Actor, now: datetime) -> Receipt:
    """Hand the dossier in: fix a version, give it a code (once), a receipt and a letter.

    Handing in twice gives the first receipt again. Raises PhaseClosed after the deadline, NotEligible(findings) when
    something stops it.
    """
    fresh(entry)
    if entry.state == State.SUBMITTED and may_submit(actor, entry):
        return latest_receipt(entry)
    line = require_move(entry, edition, Move.SUBMIT, actor=actor, now=now)
    grace = proof_of_grace(entry, edition, now)
    parts = parts_of([entry])
    findings = check_all([entry], edition, parts)[entry.code or entry.ref]
    if any(one.severity is Severity.BLOCK for one in findings):
        # One refusal names one clause: that of the first thing that stops it; the page tells them all.
        first = next((one.clause for one in findings if one.severity is Severity.BLOCK and one.clause), None)
        raise NotEligible(findings).under(edition.rules.clause(first))
    # From the number on, everybody who hands in waits for this commit: what can be read before was read.
    if entry.code is None:
        entry.code = f"{edition.code_prefix}-{take_number(edition.id):04d}"
        entry.folded = f"{entry.folded} {fold(entry.code)}"
    entry.state = str(line.target)
    entry.version += 1
    entry.submitted_at = now
    entry.updated_at = now
    version = _fix_version(entry, edition, parts, now)
    receipt = Receipt(entry.code, version.receipt, version.sha256, version.number, now)
    data: dict[str, Any] = {
        "edition": edition.key,
        "version": receipt.number,
        "sha256": receipt.sha256,
        "ref": entry.ref,
    }
    if grace is not None:
        data["grace"] = grace
    audit.append("entry.submitted", entry.code, data, actor=actor, now=now)
    send_receipts(entry, edition, version, parts.authors[entry.id], now=now)
    emit(EntrySubmitted(edition.id, entry.id, entry.code, receipt.number, now))
    return receipt


def withdraw(entry: Entry, edition: EditionView, *, reason: str = "", actor: Actor, now: datetime) -> Entry:
    """Take the dossier out of the contest for good; its content and history stay.

    An entrant withdraws before acceptance; the committee at any time, with a reason.
    """
    fresh(entry)
    reason = clean(reason)
    line = require_move(entry, edition, Move.WITHDRAW, actor=actor, now=now, reason=reason)
    was_public = entry.published_at is not None
    entry.state = str(line.target)
    entry.published_at = None
    entry.updated_at = now
    record(entry, Move.WITHDRAW, reason, None, actor=actor, now=now)
    session().flush()
    data = {"by": str(line.by), "from": str(line.source)}
    audit.append("entry.withdrawn", entry.code or entry.ref, data, actor=actor, now=now)
    if line.by is By.COMMITTEE:
        letters.send_withdrawn(entry, edition, reason, now=now)
    if was_public:
        touch_public()
    emit(EntryWithdrawn(edition.id, entry.id, entry.code, now))
    return entry


def latest_receipt(entry: Entry) -> Receipt:
    """The receipt of the newest version of a dossier that was handed in."""
    ask = select(EntryVersion).where(EntryVersion.entry_id == entry.id, EntryVersion.number == entry.version)
    version = session().scalars(ask).one()
    return Receipt(entry.code or "", version.receipt, version.sha256, version.number, version.at)


def _fix_version(entry: Entry, edition: EditionView, parts: Parts, now: datetime) -> EntryVersion:
    snapshot = snapshot_of(entry, edition, number=entry.version, at=now.isoformat(), parts=parts)
    version = EntryVersion(
        entry_id=entry.id,
        number=entry.version,
        snapshot=snapshot,
        sha256=sha256_of(snapshot),
        receipt=spoken_code(10),
        at=now,
    )
    session().add(version)
    session().flush()
    return version


def _missing(entry: RulesEntry, edition: EditionView) -> Iterator[Finding]:
    terms = edition.rules.terms()
    roles = [author.role for author in entry.authors]
    if not entry.title:
        yield _block(entry, "title", Text(f"Chưa ghi tên {terms.entry.vi}.", "The title is missing."))
    if entry.field is None and edition.rules.entry_fields():
        yield _block(entry, "field", Text("Chưa chọn lĩnh vực.", "The field is not chosen."))
    if not roles:
        yield _block(entry, "authors", Text("Chưa ghi tác giả nào.", "No author is named."))
    elif roles.count(AuthorRole.CHIEF) != 1:
        yield _block(
            entry,
            "authors",
            Text("Cần đúng một người là tác giả chính.", "Exactly one person must be the chief author."),
        )
    for section in edition.rules.dossier_form():
        for asked in section.fields:
            if asked.required and not _answered(asked, entry):
                yield _block(entry, asked.key, _unanswered(asked), asked.clause)


def _answered(asked: FormField, entry: RulesEntry) -> bool:
    value = entry.facts.get(asked.key)
    if asked.kind is FieldKind.CHECK:
        return value is True
    return value not in (None, "", [])


def _unanswered(asked: FormField) -> Text:
    if asked.kind is FieldKind.CHECK:
        return Text(f"Chưa đánh dấu mục “{asked.label.vi}”.", f"“{asked.label.in_('en')}” is not ticked.")
    if asked.kind is FieldKind.FILES:
        return Text(f"Chưa tải lên “{asked.label.vi}”.", f"“{asked.label.in_('en')}” is not attached.")
    return Text(f"Chưa trả lời mục “{asked.label.vi}”.", f"“{asked.label.in_('en')}” is not answered.")


def _block(entry: RulesEntry, field: str, message: Text, clause: str | None = None) -> Finding:
    return Finding(entry.code, REQUIRED, Severity.BLOCK, message, clause, field)


def _each_field_once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Without the bare "not answered" where a plugin says more exactly what the same field lacks."""
    own = {REQUIRED, *AUTHOR_CHECKS}
    said = {one.field for one in findings if one.check not in own and one.severity is Severity.BLOCK}
    return tuple(one for one in findings if one.check != REQUIRED or one.field not in said)
