"""The bundle of a published result: everything anyone needs to recompute it, signed.

    manifest.json   SHA-256 of every other file, the public key, and an Ed25519 signature over the rest of itself
    inputs.json     what was frozen          outputs.json    what the rules made of it, every step
    decisions.json  what the committee decided, with reasons
    log.json        head of the audit log, the lines that matter, with proofs of inclusion
    rules/          the rules as data and in words          verify.py, README.vi.md
Judges stand under pseudonyms; no judge, voter or author is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from core.kernel.canonical import canonical_bytes
from core.plugin_api import Clause, Text
from core.results.container import pack
from core.results.formats import canonical_text, sha256_text
from core.results.rulebook import clauses_markdown

MANIFEST_FORMAT: Final = "bangvang.bundle/1"
DECISIONS_FORMAT: Final = "bangvang.decisions/1"
MANIFEST: Final = "manifest.json"
STANDALONE: Final = Path(__file__).parent / "standalone"


@dataclass(frozen=True, slots=True)
class BundleParts:
    """What a bundle is made of; the texts of inputs and outputs are canonical already."""

    tenant: str
    edition: str
    name: Text
    inputs: str
    outputs: str
    decisions: Mapping[str, Any] = field(hash=False)
    log: Mapping[str, Any] = field(hash=False)
    rules: Mapping[str, Any] = field(hash=False)
    clauses: tuple[Clause, ...]
    published_at: datetime


def build_bundle(parts: BundleParts, *, public_key: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The bytes of the bundle: the same parts and key give the same bytes on every machine."""
    files = bundle_files(parts)
    manifest: dict[str, Any] = {
        "format": MANIFEST_FORMAT,
        "tenant": parts.tenant,
        "edition": parts.edition,
        "name": {"vi": parts.name.vi, "en": parts.name.en},
        "published_at": parts.published_at.isoformat(),
        "outputs_sha256": sha256_text(parts.outputs),
        "files": {name: _digest(content) for name, content in sorted(files.items())},
        "public_key": public_key,
    }
    manifest["signature"] = sign(canonical_bytes(manifest)).hex()
    return pack({**files, MANIFEST: canonical_bytes(manifest)})


def bundle_files(parts: BundleParts) -> dict[str, bytes]:
    """Every file of the bundle but the manifest."""
    texts = {
        "inputs.json": parts.inputs,
        "outputs.json": parts.outputs,
        "decisions.json": canonical_text(dict(parts.decisions)),
        "log.json": canonical_text(dict(parts.log)),
        "rules/rules.json": canonical_text(dict(parts.rules)),
        "rules/the-le.vi.md": clauses_markdown(parts.clauses, parts.name.vi, "vi"),
        "rules/rules.en.md": clauses_markdown(parts.clauses, parts.name.in_("en"), "en"),
        "README.vi.md": (STANDALONE / "README.vi.md").read_text(encoding="utf-8"),
        "verify.py": (STANDALONE / "verify.py").read_text(encoding="utf-8"),
    }
    return {name: text.encode() for name, text in texts.items()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
