"""Recompute a published bundle with the installed plugins, and name the first thing that does not hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.kernel.canonical import canonical_bytes
from core.kernel.errors import DomainError
from core.plugin_host import Rules, rules_for
from core.results.bundle import DECISIONS_FORMAT, MANIFEST, MANIFEST_FORMAT
from core.results.compute import compute, edition_of_inputs
from core.results.container import MOST_BYTES, BundleError, require_untouched, unpack
from core.results.decisions import faults_of_document
from core.results.formats import Inputs, InputsError, Outputs, canonical_text, parse_inputs, read_json
from core.results.proofs import LOG_FORMATS, check_log
from core.results.rulebook import rules_document
from core.results.sheet_proofs import check_sheets


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The verdict on a bundle. When it does not hold, `name` is the file and `sentence` the first difference."""

    holds: bool
    name: str
    sentence: str
    tenant: str = ""
    edition: str = ""
    ranked: int = 0
    public_key: str = ""
    outputs_sha256: str = ""
    log_size: int = 0
    log_root: str = ""

    def __str__(self) -> str:
        """The one line a command prints."""
        if not self.holds:
            return f"{self.name}: {self.sentence}" if self.name else self.sentence
        return (
            f"Đúng: {self.tenant} {self.edition}, {self.ranked} hồ sơ được xếp hạng, tính lại khớp hoàn toàn; "
            f"outputs {self.outputs_sha256[:16]}…, khóa công khai {self.public_key[:16]}…"
        )


def verify_bundle(path: Path) -> VerifyReport:
    """The verdict on the bundle at `path`. Raises OSError when the file cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        return VerifyReport(False, "", "Gói .zip quá lớn nên không được mở.")
    return verify_bytes(path.read_bytes())


def verify_bytes(data: bytes) -> VerifyReport:
    """The verdict on the bundle `data`: hashes, signature, recomputation, decision, log, and the .zip itself."""
    try:
        files = unpack(data)
        manifest = checked_manifest(files)
        report = _recompute(files, manifest)
        require_untouched(data, files)
    except BundleError as error:
        return VerifyReport(False, error.name, error.sentence)
    return report


def checked_manifest(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a bundle, its signature and every hash checked; BundleError at the first that does not hold."""
    if MANIFEST not in files:
        raise BundleError(MANIFEST, "thiếu trong gói.")
    manifest = _json(files, MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != MANIFEST_FORMAT:
        raise BundleError(MANIFEST, f"không phải định dạng {MANIFEST_FORMAT}.")
    signed = {key: value for key, value in manifest.items() if key != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(manifest["public_key"]))
        key.verify(bytes.fromhex(manifest["signature"]), canonical_bytes(signed))
        listed = {str(name): str(digest) for name, digest in manifest["files"].items()}
    except (InvalidSignature, KeyError, TypeError, ValueError, AttributeError):
        raise BundleError(MANIFEST, "chữ ký Ed25519 không khớp.") from None
    if canonical_bytes(manifest) != files[MANIFEST]:
        raise BundleError(MANIFEST, "không ở dạng chuẩn RFC 8785.")
    for name, digest in listed.items():
        if name not in files:
            raise BundleError(name, "thiếu trong gói.")
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise BundleError(name, "SHA-256 không khớp.")
    for name in files:
        if name != MANIFEST and name not in listed:
            raise BundleError(name, "không có tên trong manifest.json.")
    return manifest


def _recompute(files: Mapping[str, bytes], manifest: Mapping[str, Any]) -> VerifyReport:
    for name in ("inputs.json", "outputs.json", "decisions.json", "log.json", "rules/rules.json"):
        if name not in files:
            raise BundleError(name, "thiếu trong gói.")
    inputs, outputs = _computed(files)
    document = outputs.document()
    _same("outputs.json", _json(files, "outputs.json"), document)
    edition = edition_of_inputs(inputs)
    _same("rules/rules.json", _json(files, "rules/rules.json"), rules_document(edition, inputs, outputs))
    decisions = _shaped("decisions.json", files, DECISIONS_FORMAT)
    log = _shaped("log.json", files, *LOG_FORMATS)
    _guarded("decisions.json", lambda: _check_decisions(decisions, document, rules_for(edition)))
    _guarded("log.json", lambda: _check_log(log, inputs, files))
    digest = hashlib.sha256(files["outputs.json"]).hexdigest()
    if (manifest.get("tenant"), manifest.get("edition")) != (inputs.tenant, inputs.edition):
        raise BundleError(MANIFEST, "không cùng kỳ thi với inputs.json.")
    return VerifyReport(
        True,
        "",
        "",
        tenant=inputs.tenant,
        edition=inputs.edition,
        ranked=len(outputs.ranking),
        public_key=manifest["public_key"],
        outputs_sha256=digest,
        log_size=log["head"]["size"],
        log_root=log["head"]["root"],
    )


def _computed(files: Mapping[str, bytes]) -> tuple[Inputs, Outputs]:
    try:
        inputs = parse_inputs(_json(files, "inputs.json"))
        return inputs, compute(inputs, edition_of_inputs(inputs))
    except InputsError as error:
        raise BundleError("inputs.json", str(error)) from None
    except DomainError as error:
        raise BundleError("inputs.json", error.message) from None


def _check_decisions(decisions: Mapping[str, Any], outputs: Mapping[str, Any], rules: Rules) -> None:
    specials = [award.key for award in rules.award_scheme().specials]
    fault = faults_of_document(decisions, outputs, rules.decision_rule(), specials)
    if fault is not None:
        raise BundleError("decisions.json", fault)


def _check_log(log: Mapping[str, Any], inputs: Inputs, files: Mapping[str, bytes]) -> None:
    proven = check_log(log)
    check_sheets(log, inputs, proven)
    lines: dict[str, list[dict[str, Any]]] = {}
    for line in proven:
        lines.setdefault(line["action"], []).append(line)
    expected = [
        ("result.computed", "outputs_sha256", hashlib.sha256(files["outputs.json"]).hexdigest()),
        ("result.computed", "inputs_sha256", hashlib.sha256(files["inputs.json"]).hexdigest()),
        ("result.decided", "decisions_sha256", hashlib.sha256(files["decisions.json"]).hexdigest()),
    ]
    if inputs.votes:
        votes = canonical_text(dict(inputs.votes)).encode()
        expected.append(("votes.frozen", "sha256", hashlib.sha256(votes).hexdigest()))
    for action, key, digest in expected:
        if not any(line["data"].get(key) == digest for line in lines.get(action, [])):
            raise BundleError("log.json", f"không có dòng {action} nào ghi {key} là {digest}.")


def _json(files: Mapping[str, bytes], name: str) -> Any:
    try:
        return read_json(files[name])
    except InputsError as error:
        raise BundleError(name, error.sentence) from None


def _shaped(name: str, files: Mapping[str, bytes], *known: str) -> dict[str, Any]:
    document = _json(files, name)
    if not isinstance(document, dict) or document.get("format") not in known:
        raise BundleError(name, f"không phải định dạng {known[-1]}.")
    return document


def _guarded(name: str, check: Any) -> None:
    """Run `check`; a document that is not shaped as it should be is a difference, not a crash."""
    try:
        check()
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        if isinstance(error, BundleError):
            raise
        raise BundleError(name, f"không đúng định dạng ({type(error).__name__}: {error}).") from None


def _same(name: str, found: Any, again: Any, at: str = "") -> None:
    """Raise BundleError at the first place where the document in the bundle is not what was recomputed."""
    if canonical_text(found) == canonical_text(again):
        return
    if isinstance(found, dict) and isinstance(again, dict):
        for key in sorted(found.keys() | again.keys()):
            path = f"{at}.{key}" if at else key
            if key not in found or key not in again:
                _differ(name, path, found.get(key), again.get(key))
            _same(name, found[key], again[key], path)
    if isinstance(found, list) and isinstance(again, list):
        for index, (one, other) in enumerate(zip(found, again, strict=False)):
            _same(name, one, other, f"{at}[{index}]")
        raise BundleError(name, f"{at} có {len(found)} mục, tính lại được {len(again)} mục.")
    _differ(name, at, found, again)


def _differ(name: str, at: str, found: Any, again: Any) -> NoReturn:
    raise BundleError(name, f"{at} ghi {canonical_text(found)}, tính lại được {canonical_text(again)}.")
