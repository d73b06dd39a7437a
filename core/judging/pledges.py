"""The appointment and the pledge that a member of a council reads and signs before the first dossier opens.

The platform's words stand until the committee sets its own; no published document that we know gives them, so pages
mark them as an illustration. A wording is never edited: a new one gets a new version. What was signed is kept whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.judging.council_models import Council
from core.judging.seats import SeatRole, role_words
from core.kernel.formats import date
from core.kernel.i18n import locale
from core.plugin_api import Text

VERSION = "2026-11"
PLEDGE = Text(
    "1. Giữ bí mật nội dung hồ sơ, điểm, nhận xét và ý kiến thảo luận của hội đồng cho đến khi kết quả được công bố; "
    "không sao chép, không chuyển hồ sơ cho người khác, không dùng nội dung hồ sơ vào việc riêng.\n"
    "2. Chấm độc lập, khách quan, đúng tiêu chí; không nhờ người khác chấm thay và không cho người khác dùng tài khoản "
    "của mình.\n"
    "3. Báo ngay với Ban Tổ chức và không chấm hồ sơ của người thân, của đơn vị mình hoặc hồ sơ mà mình có lợi ích "
    "liên quan.\n"
    "4. Không nhận tiền, quà hay lợi ích nào liên quan đến việc chấm.",
    "1. Keep secret what is in the dossiers, the scores, the remarks and what the council discusses until the result "
    "is published; copy nothing, pass no dossier on, and use nothing of it for other purposes.\n"
    "2. Judge independently, impartially and by the criteria; let nobody judge in my place or use my account.\n"
    "3. Tell the committee at once of, and do not judge, dossiers of relatives, of my own unit, or in which I have an "
    "interest.\n"
    "4. Take no money, gift or benefit in connection with the judging.",
)


@dataclass(frozen=True, slots=True)
class PledgeText:
    """What is read: the lines of the appointment and the words of the pledge; `is_own` says they are the committee's.

    `whole` is what is signed and kept, `sha256` is of its UTF-8 bytes.
    """

    version: str
    appointment: tuple[tuple[str, str], ...]
    words: str
    is_own: bool

    @property
    def whole(self) -> str:
        """Appointment and pledge as one text."""
        lines = [f"{name}: {value}" for name, value in self.appointment]
        return "\n".join([*lines, "", self.words])

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the whole text."""
        return sha256(self.whole.encode()).hexdigest()


def pledge_text(edition: EditionView, council: Council, role: SeatRole, name: str) -> PledgeText:
    """Appointment and pledge for a person's seat, in the reader's language. What is not known is left out."""
    language = locale()
    round_name = next(
        (one.name.in_(language) for one in edition.rules.rounds() if one.key == council.round), council.round
    )
    decision = [council.decision, date(council.decided_on, language) if council.decided_on else ""]
    lines = (
        (_("Họ và tên"), name),
        (_("Hội đồng"), council.name or edition.rules.terms().jury.in_(language)),
        (_("Kỳ thi"), edition.name.in_(language)),
        (_("Vòng chấm"), round_name),
        (_("Nhiệm vụ"), role_words(role)),
        (_("Quyết định"), ", ".join(one for one in decision if one)),
    )
    is_own = bool(council.pledge)
    words = council.pledge or PLEDGE.in_(language)
    version = f"own-{sha256(words.encode()).hexdigest()[:12]}" if is_own else VERSION
    return PledgeText(version, tuple((key, value) for key, value in lines if value), words, is_own)
