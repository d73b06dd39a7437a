"""RFC 8785 canonical JSON and its SHA-256: the same document has the same bytes on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import rfc8785


def canonical_bytes(document: Any) -> bytes:
    """`document` (strings, integers, booleans, lists, string-keyed mappings) in RFC 8785 form."""
    return rfc8785.dumps(document)


def sha256_of(document: Any) -> str:
    """The hexadecimal SHA-256 of `document` in canonical form."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def pretty(document: Any) -> str:
    """`document` as JSON for people: sorted keys, two blanks, Vietnamese letters as they are."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
