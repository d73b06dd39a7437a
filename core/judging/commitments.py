"""What the audit log holds of a locked sheet.

A sheet keeps one secret. In the second form three salts come out of it, so that a bundle can open one part of a
commitment and keep another to itself: whose sheet it is without its points, the points without the remark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core.judging.points import points_text
from core.kernel import audit

FORM: Final = 2
TAG: Final = "bangvang.sheet/2"


def commitment_of(
    edition_key: str, round_key: str, entry_code: str, scores: Mapping[str, Decimal], nonce: str
) -> str:
    """The first form, of lines of the log without `form`: SHA-256 over the nonce, edition, round, entry, then
    `key=points` by key, one a line. Neither the judge nor the remark is in it."""
    return audit.commitment(nonce, [edition_key, round_key, entry_code, *_lines(scores)])


@dataclass(frozen=True, slots=True)
class Opened:
    """What opens a commitment of the second form. `nonce` and the digests say whose sheet it is; `points_nonce` opens
    the points. Nothing here opens the remark."""

    nonce: str
    points_nonce: str
    remark_sha256: str
    points_sha256: str

    def commitment(self, edition_key: str, round_key: str, entry_code: str, judge: str) -> str:
        """SHA-256 over `nonce`, the name of the form, edition, round, entry, judge's number and the two digests."""
        place = [TAG, edition_key, round_key, entry_code, judge]
        return audit.commitment(self.nonce, [*place, self.remark_sha256, self.points_sha256])


def opened(scores: Mapping[str, Decimal], remark: str, secret: str) -> Opened:
    """The parts of a sheet's commitment in the second form, from what the sheet says and its secret."""
    points_nonce = _salt(secret, "points")
    return Opened(
        nonce=_salt(secret, "sheet"),
        points_nonce=points_nonce,
        remark_sha256=audit.commitment(_salt(secret, "remark"), [remark]),
        points_sha256=points_digest(scores, points_nonce),
    )


def points_digest(scores: Mapping[str, Decimal], points_nonce: str) -> str:
    """SHA-256 over the nonce and `key=points` by key, one a line."""
    return audit.commitment(points_nonce, _lines(scores))


def sealed(  # noqa: PLR0917 - all that a sheet is
    edition_key: str,
    round_key: str,
    entry_code: str,
    judge: str,
    scores: Mapping[str, Decimal],
    remark: str,
    secret: str,
    *,
    form: int = FORM,
) -> str:
    """The commitment of a whole sheet, in the form its line of the log names."""
    if form != FORM:
        return commitment_of(edition_key, round_key, entry_code, scores, secret)
    return opened(scores, remark, secret).commitment(edition_key, round_key, entry_code, judge)


def form_of(data: Mapping[str, object]) -> int:
    """The form that a line of the log about a sheet says its commitment has."""
    return FORM if data.get("form") == FORM else 1


def _salt(secret: str, part: str) -> str:
    return audit.commitment(secret, [part])


def _lines(scores: Mapping[str, Decimal]) -> list[str]:
    return [f"{key}={points_text(scores[key])}" for key in sorted(scores)]
