"""Publication: the bundle is built, signed, checked against itself, stored, and the public page opens."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from core.contests.models import Edition
from core.contests.values import EditionView
from core.judging.queries.proofs import CONFLICT_ACTIONS, SHEET_ACTIONS, check_with_log, codes_of
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.kernel.files import file_key, file_store
from core.results import policies
from core.results.bundle import BundleParts, build_bundle
from core.results.compute import compute, edition_of_inputs
from core.results.decisions import document_of
from core.results.errors import InputsChanged, NotReady, NotVerifiable
from core.results.formats import parse_inputs, read_json
from core.results.keys import signer
from core.results.models import Computation, Decision, Publication
from core.results.openings import changes, forms_in, not_counted, openings
from core.results.proofs import log_document
from core.results.queries import decided_items, decision_of, latest_computation, publication_of
from core.results.rulebook import rules_document
from core.results.services.computing import freeze_inputs
from core.results.verify import verify_bytes
from core.tenancy.scope import touch_public

LOGGED = ("votes.frozen", *SHEET_ACTIONS, "result.computed", "result.decided")


def publish(edition: EditionView, *, actor: Actor, now: datetime) -> Publication:
    """Publish the decided result with its bundle; publishing again gives the first publication.

    Raises NotReady without a decision on the newest computation, InputsChanged when a sheet, a vote or an entry is no
    longer what was computed, NotVerifiable when locked sheets or the log itself are not as they were written, or the
    bundle does not pass its own verification.
    """
    policies.require_manager(actor)
    lock_row(Edition, Edition.id == edition.id)
    earlier = publication_of(edition.id)
    if earlier is not None:
        return earlier
    computation, decision = _decided(edition)
    _require_unchanged(edition, computation, now)
    _require_as_logged(edition)
    key = signer(now)
    parts = bundle_parts(edition, computation, decision, now)
    bundle = build_bundle(parts, public_key=key.public, sign=key.sign)
    report = verify_bytes(bundle)
    if not report.holds:
        raise NotVerifiable(
            _("Gói kết quả chưa tự kiểm chứng được nên chưa công bố: %(report)s", report=report)
        )
    digest = hashlib.sha256(bundle).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(bundle))
    made = Publication(
        edition_id=edition.id,
        computation_id=computation.id,
        at=now,
        by_name=actor.name,
        bundle_sha256=digest,
        bundle_size=len(bundle),
    )
    session().add(made)
    session().flush()
    line = {
        "bundle_sha256": digest,
        "outputs_sha256": computation.outputs_sha256,
        "log": parts.log["head"],
    }
    audit.append("result.published", edition.key, line, actor=actor, now=now)
    touch_public()
    return made


def bundle_parts(
    edition: EditionView, computation: Computation, decision: Decision, now: datetime
) -> BundleParts:
    """All that goes into the bundle, read from the database and recomputed."""
    inputs = parse_inputs(read_json(computation.inputs))
    rules_edition = edition_of_inputs(inputs)
    outputs = compute(inputs, rules_edition)
    items = decided_items(decision.id)
    return BundleParts(
        tenant=edition.tenant,
        edition=edition.key,
        name=edition.name,
        inputs=computation.inputs,
        outputs=computation.outputs,
        decisions=document_of(
            items,
            outputs_sha256=computation.outputs_sha256,
            number=decision.number,
            held_on=decision.held_on.isoformat(),
            members=decision.members,
            agreed=decision.agreed,
        ),
        log=_log(edition),
        rules=rules_document(rules_edition, inputs, outputs),
        clauses=edition.rules.clauses(),
        published_at=now,
    )


def _decided(edition: EditionView) -> tuple[Computation, Decision]:
    computation, decision = latest_computation(edition.id), decision_of(edition.id)
    if computation is None:
        raise NotReady(_("Chưa tính kết quả nên chưa công bố được."))
    if decision is None:
        raise NotReady(_("Chưa có quyết định của Ban Tổ chức nên chưa công bố được."))
    if decision.computation_id != computation.id:
        raise NotReady(_("Kết quả đã được tính lại sau khi quyết định: cần ghi quyết định trên bản mới."))
    return computation, decision


def _require_unchanged(edition: EditionView, computation: Computation, now: datetime) -> None:
    inputs, _codes = freeze_inputs(edition, now=now)
    if inputs.sha256 != computation.inputs_sha256:
        raise InputsChanged(
            _(
                "Hồ sơ, phiếu chấm hoặc cài đặt đã thay đổi sau lần tính gần nhất: cần tính lại và ghi lại quyết định."
            )
        )


def _require_as_logged(edition: EditionView) -> None:
    """What the rest of the pipeline could not see: a locked sheet that was taken out, or a log that was rewritten."""
    if not check_with_log(edition).holds:
        raise NotVerifiable(
            _(
                "Phiếu chấm hoặc nhật ký đã bị sửa ngoài hệ thống nên chưa công bố được."
                " Bạn mở trang /btc/cham-thi/doi-chieu-nhat-ky để xem phiếu nào."
            )
        )


def _log(edition: EditionView) -> dict[str, Any]:
    """The log as of now, with the lines about this edition's sheets, votes, computation and decision: all about sheets,
    and those that say why a locked one does not count."""
    codes = codes_of(edition.id)
    records = audit.records(actions=[*LOGGED, *CONFLICT_ACTIONS])
    forms = forms_in(records)
    left_out = not_counted(edition, forms)
    conflicts = {(row["entry"], row["judge"]) for row in left_out}

    def belongs(record: audit.AuditRecord) -> bool:
        if record.action in SHEET_ACTIONS:
            return record.data.get("edition", edition.key) == edition.key and (
                "edition" in record.data or record.subject in codes
            )
        if record.action in CONFLICT_ACTIONS:
            return (record.subject, str(record.data.get("judge"))) in conflicts
        return record.subject == edition.key

    lines = [record for record in records if belongs(record)]
    return log_document(lines, audit.leaves(), openings(edition, forms), changes(edition, forms), left_out)
