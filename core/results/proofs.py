"""What of the audit log goes into a bundle: the tree head, the lines that matter, and a proof for each line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel import merkle
from core.kernel.audit import AuditRecord
from core.kernel.canonical import canonical_bytes
from core.results.container import BundleError

LOG_FORMAT = "bangvang.log/1"


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
) -> dict[str, Any]:
    """`bangvang.log/1`: the head over `leaves`, the lines of `records` with proofs, and the opened commitments.

    `openings` are locked sheets as round, judge (a pseudonym), entry, nonce, commitment; `changes` what such sheets
    said before they were changed in a deliberation (left out where none was).
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


Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SheetLines:
    """What a log says of locked sheets: (entry, round, commitment) that were locked, those that replaced another with
    their line, those that were replaced; and the opened changes by round, judge and entry, the last first."""

    locked: frozenset[Place]
    changed: Mapping[Place, Mapping[str, Any]]
    replaced: frozenset[Place]
    history: Mapping[Place, Sequence[Mapping[str, Any]]]


def sheet_lines(lines: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]) -> SheetLines:
    """The lines of a log about sheets, and the changes that a log document opens."""
    locked, changed, replaced = set(), {}, set()
    for line in lines:
        data = line["data"]
        if line["action"] == "sheet.locked":
            locked.add((line["subject"], data["round"], data["commitment"]))
        elif line["action"] == "sheet.changed":
            changed[line["subject"], data["round"], data["commitment"]] = line
            replaced.add((line["subject"], data["round"], data["before"]))
    history: dict[Place, list[Mapping[str, Any]]] = defaultdict(list)
    for one in sorted(changes, key=lambda change: -int(change["number"])):
        history[one["round"], one["judge"], one["entry"]].append(one)
    return SheetLines(frozenset(locked), changed, frozenset(replaced), history)


def fault_of_history(
    told: SheetLines, opened: Mapping[str, str], commitment_then: Callable[[Mapping[str, Any]], str]
) -> str | None:
    """What is wrong with how an opened sheet (round, judge, entry, commitment) came to its points; None when all holds.

    Nothing in the log has replaced its commitment; each change before it is opened with the time of its line, and its
    points of then give the commitment that was replaced (`commitment_then`); the first was locked.
    """
    entry, judging_round = opened["entry"], opened["round"]
    now = (entry, judging_round, opened["commitment"])
    if now in told.replaced:
        return "đã được sửa sau đó trong phần thảo luận."
    for one in told.history.get((judging_round, opened["judge"], entry), ()):
        line = told.changed.get(now)
        if line is None or (line["data"]["before"], line["at"]) != (one["commitment"], one["at"]):
            return f"có lần sửa {one['number']} không khớp với nhật ký."
        if commitment_then(one) != one["commitment"]:
            return f"có điểm trước lần sửa {one['number']} không khớp với cam kết."
        now = (entry, judging_round, one["commitment"])
    return None if now in told.locked else "không khớp với điểm."
