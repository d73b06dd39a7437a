"""Heads of the audit log that were written down somewhere (minutes, a bundle): does today's log still hold them?

Who rewrites a log from some line on can make it whole in itself. Only a head that left the house before shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _

from core.kernel import audit, merkle
from core.kernel.errors import Invalid

FORMAT = "bangvang.head/1"
MOST_CHARS = 2_000
MOST_SIZE = 2**31 - 1
_ROOT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_SIZE = re.compile(r"(?<![\w.])\d[\d.]*(?!\w)")


def written_head(tenant: str, edition: str, size: int, root: str) -> str:
    """A head on one line, as papers carry it in a QR code."""
    return f"{FORMAT} {tenant} {edition} {size} {root}"


def read_head(text: str) -> audit.LogHead:
    """The head in a text: the line of a QR code, the sentence of a paper, or a number of lines and a root.

    Raises Invalid at `head`.
    """
    found = _ROOT.search(text[:MOST_CHARS].lower())
    if found is None:
        raise Invalid.one("head", _("Chưa thấy gốc nhật ký: gồm đúng 64 chữ số và chữ cái từ a đến f."))
    numbers = _SIZE.findall(text[: found.start()])
    if not numbers:
        raise Invalid.one("head", _("Chưa thấy số dòng nhật ký: bạn ghi số dòng trước gốc nhật ký."))
    size = int(numbers[-1].replace(".", "")[:12])
    if size > MOST_SIZE:
        raise Invalid.one("head", _("Số dòng nhật ký quá lớn, bạn hãy xem lại."))
    return audit.LogHead(size, found.group())


class Verdict(StrEnum):
    """What today's log says of a head."""

    HELD = "held"
    LONGER = "longer"  # the log has fewer lines than the head counts
    OTHER = "other"  # its first lines give another root
    CHANGED = "changed"  # they give the root, but lines no longer say what was hashed, or the log is broken further on


@dataclass(frozen=True, slots=True)
class HeadAnswer:
    """Whether the tenant's log as it stands extends a head; `proof` are the nodes of RFC 6962 section 2.1.2 that show
    it to `now`, and `false_line` the first line that was changed."""

    asked: audit.LogHead
    now: audit.LogHead
    verdict: Verdict
    proof: tuple[str, ...] = ()
    false_line: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the log extends the head and is whole."""
        return self.verdict is Verdict.HELD

    def __str__(self) -> str:
        """One sentence."""
        size, now = self.asked.size, self.now.size
        if self.verdict is Verdict.HELD:
            told = _(
                "Khớp: %(size)s dòng đầu của nhật ký vẫn như lúc ghi gốc này; nay nhật ký có %(now)s dòng.",
                size=size,
                now=now,
            )
        elif self.verdict is Verdict.LONGER:
            told = _(
                "Không khớp: nhật ký chỉ có %(now)s dòng, ít hơn %(size)s dòng đã ghi.", size=size, now=now
            )
        elif self.verdict is Verdict.OTHER:
            told = _("Không khớp: %(size)s dòng đầu của nhật ký cho một gốc khác.", size=size)
        else:
            line = self.false_line or 0
            told = _("Không khớp: nhật ký đã bị sửa ngoài hệ thống từ dòng số %(line)s.", line=line)
        return str(told)


def check_head(asked: audit.LogHead) -> HeadAnswer:
    """Whether the bound tenant's log holds this head. Reads the whole log, unless its length or root say no before."""
    now = audit.log_head()
    if asked.size > now.size:
        return HeadAnswer(asked, now, Verdict.LONGER)
    leaves = audit.leaves()
    if len(leaves) < asked.size or merkle.root(leaves[: asked.size]).hex() != asked.root:
        return HeadAnswer(asked, now, Verdict.OTHER)
    false_line = audit.first_false_record()
    if false_line is not None:
        return HeadAnswer(asked, now, Verdict.CHANGED, false_line=false_line)
    proof = tuple(node.hex() for node in merkle.consistency_proof(leaves, asked.size))
    return HeadAnswer(asked, now, Verdict.HELD, proof)
