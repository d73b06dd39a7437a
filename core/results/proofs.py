"""What of the audit log goes into a bundle: the tree head, the lines that matter, and a proof for each line."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from core.kernel import merkle
from core.kernel.audit import AuditRecord
from core.kernel.canonical import canonical_bytes
from core.results.container import BundleError

FIRST_LOG_FORMAT = "bangvang.log/1"
LOG_FORMAT = "bangvang.log/2"
LOG_FORMATS = (FIRST_LOG_FORMAT, LOG_FORMAT)


def inclusion_proofs(leaves: Sequence[bytes], wanted: Collection[int]) -> dict[int, list[bytes]]:
    """The audit paths (RFC 6962 section 2.1.1) of many leaves at once, each level of the tree hashed once."""
    paths: dict[int, list[bytes]] = {index: [] for index in wanted}
    level = list(leaves)
    shift = 0
    while len(level) > 1:
        for index, path in paths.items():
            sibling = (index >> shift) ^ 1
            if sibling < len(level):
                path.append(level[sibling])
        pairs = range(0, len(level) - 1, 2)
        upper = [merkle.node_hash(level[at], level[at + 1]) for at in pairs]
        level = upper + level[len(upper) * 2 :]
        shift += 1
    return paths


def log_document(
    records: Sequence[AuditRecord],
    leaves: Sequence[bytes],
    openings: Sequence[Mapping[str, str]],
    changes: Sequence[Mapping[str, Any]] = (),
    not_counted: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """`bangvang.log/2`: the head over `leaves`, the lines of `records` with proofs, and the opened commitments.

    `openings` are locked sheets as round, judge (a pseudonym), entry, commitment and what opens it; `changes` what such
    sheets said before they were changed in a deliberation (left out where none was); `not_counted` locked sheets that
    take no part in the result, with the reason and without their points.
    """
    proofs = inclusion_proofs(leaves, [record.seq for record in records])
    document: dict[str, Any] = {
        "format": LOG_FORMAT,
        "head": {"size": len(leaves), "root": merkle.root(leaves).hex()},
        "records": [
            {"line": _line(record), "proof": [node.hex() for node in proofs[record.seq]]}
            for record in records
        ],
        "sheets": [dict(opening) for opening in openings],
        "not_counted": [dict(row) for row in not_counted],
    }
    if changes:
        document["changes"] = [dict(change) for change in changes]
    return document


def _line(record: AuditRecord) -> dict[str, Any]:
    return {
        "action": record.action,
        "at": record.at.isoformat(),
        "data": record.data,
        "seq": record.seq,
        "subject": record.subject,
    }


def check_log(log: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The lines of a log document, each shown to stand in the log of its head. Raises BundleError."""
    head, size = bytes.fromhex(log["head"]["root"]), int(log["head"]["size"])
    lines = []
    for record in log["records"]:
        line = record["line"]
        leaf = merkle.leaf_hash(canonical_bytes(line))
        path = [bytes.fromhex(node) for node in record["proof"]]
        if not merkle.verify_inclusion(leaf, line["seq"], size, path, head):
            raise BundleError(
                "log.json", f"dòng {line['seq']} không nằm trong nhật ký có gốc {log['head']['root']}."
            )
        lines.append(line)
    return lines
