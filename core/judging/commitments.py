"""What the audit log holds of a locked sheet."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from core.judging.points import points_text
from core.kernel import audit


def commitment_of(
    edition_key: str, round_key: str, entry_code: str, scores: Mapping[str, Decimal], nonce: str
) -> str:
    """SHA-256 over the nonce, edition, round, entry, then `key=points` by key, one a line.

    The judge is not in it: a bundle reveals sheets under pseudonyms.
    """
    lines = [f"{key}={points_text(scores[key])}" for key in sorted(scores)]
    return audit.commitment(nonce, [edition_key, round_key, entry_code, *lines])
