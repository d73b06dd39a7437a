"""A signed bundle made without any database, for tests of what finds a change in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.judging.commitments import opened
from core.kernel import merkle
from core.kernel.audit import AuditRecord, line_bytes
from core.kernel.canonical import canonical_bytes, sha256_of
from core.plugin_api import Text
from core.plugin_host import rules_for
from core.results.bundle import MANIFEST, BundleParts, build_bundle
from core.results.compute import compute, edition_of_inputs
from core.results.container import pack, unpack
from core.results.decisions import DecidedItem, document_of, proposed_of
from core.results.formats import canonical_text, parse_inputs, sha256_text
from core.results.proofs import log_document
from core.results.rulebook import rules_document
from tests.support.factories import NOW

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()


def bundle_parts(
    given: dict[str, Any], *items: DecidedItem, members: int = 15, agreed: int = 12
) -> BundleParts:
    """The parts of a bundle for the inputs `given`, decided as proposed but for `items`."""
    text = canonical_text(given)
    inputs = parse_inputs(given)
    edition = edition_of_inputs(inputs)
    outputs = compute(inputs, edition)
    document = outputs.document()
    specials = [award.key for award in rules_for(edition).award_scheme().specials]
    told = {
        place: DecidedItem(place[0], place[1], tier, tier)
        for place, tier in proposed_of(document, specials).items()
    }
    told |= {(item.entry, item.award): item for item in items}
    decisions = document_of(
        told.values(),
        outputs_sha256=sha256_text(canonical_text(document)),
        number="15/BB-BTC",
        held_on="2025-11-22",
        members=members,
        agreed=agreed,
    )
    return BundleParts(
        tenant=inputs.tenant,
        edition=inputs.edition,
        name=Text("Cuộc thi thử", "Test contest"),
        inputs=text,
        outputs=canonical_text(document),
        decisions=decisions,
        log=_log(given, canonical_text(document), decisions),
        rules=rules_document(edition, inputs, outputs),
        clauses=rules_for(edition).clauses(),
        published_at=NOW,
    )


def make_bundle(given: dict[str, Any], *items: DecidedItem, members: int = 15, agreed: int = 12) -> bytes:
    """A bundle signed with KEY."""
    return signed(bundle_parts(given, *items, members=members, agreed=agreed))


def signed(parts: BundleParts) -> bytes:
    """The bundle of these parts, signed with KEY."""
    return build_bundle(parts, public_key=PUBLIC, sign=KEY.sign)


def forged(bundle: bytes, changes: Mapping[str, bytes]) -> bytes:
    """`bundle` with files replaced, every hash put right, and signed again with KEY: only recomputing finds it."""
    files = {**unpack(bundle), **changes}
    manifest = json.loads(files.pop(MANIFEST))
    del manifest["signature"]
    manifest["public_key"] = PUBLIC
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}
    manifest["signature"] = KEY.sign(canonical_bytes(manifest)).hex()
    return pack({**files, MANIFEST: canonical_bytes(manifest)})


def _log(given: dict[str, Any], outputs: str, decisions: Mapping[str, Any]) -> dict[str, Any]:
    """A log with a stranger's line between the lines that matter."""
    openings: list[dict[str, str]] = []
    lines: list[tuple[str, str, dict[str, Any]]] = [("tenant.made", "x", {})]
    for number, sheet in enumerate(parse_inputs(given).sheets):
        parts = opened(sheet.scores, "", f"secret-{number}")
        commitment = parts.commitment(given["edition"], sheet.round, sheet.entry, sheet.judge)
        said = {"edition": given["edition"], "round": sheet.round, "form": 2, "commitment": commitment}
        lines.append(("sheet.locked", sheet.entry, said))
        openings.append(
            {
                "round": sheet.round,
                "judge": sheet.judge,
                "entry": sheet.entry,
                "commitment": commitment,
                "nonce": parts.nonce,
                "points_nonce": parts.points_nonce,
                "remark_sha256": parts.remark_sha256,
            }
        )
    key = given["edition"]
    digests = {"inputs_sha256": sha256_of(given), "outputs_sha256": sha256_text(outputs)}
    lines.append(("votes.frozen", key, {"sha256": sha256_of(given["votes"])}))
    lines.append(("result.computed", key, {"number": 1, **digests}))
    lines.append(("result.decided", key, {"decisions_sha256": sha256_of(decisions)}))
    records = [_record(number, *line) for number, line in enumerate(lines)]
    leaves = [bytes.fromhex(record.leaf) for record in records]
    return log_document(records[1:], leaves, openings)


def _record(number: int, action: str, subject: str, data: dict[str, Any]) -> AuditRecord:
    at = NOW + timedelta(seconds=number)
    leaf = merkle.leaf_hash(line_bytes(seq=number, at=at, action=action, subject=subject, data=data))
    return AuditRecord(seq=number, at=at, action=action, subject=subject, data=data, leaf=leaf.hex())
