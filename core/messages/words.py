"""What letters and their states are called on pages."""

from __future__ import annotations

from flask_babel import gettext as _

from core.kernel.i18n import locale
from core.kernel.mail import MailState
from core.letters.catalogue import letter_kind


def state_word(state: MailState) -> tuple[str, str]:
    """The colour and the word of a state, for `ui.badge`."""
    words: dict[MailState, tuple[str, str]] = {
        MailState.QUEUED: ("waiting", _("Chờ gửi")),
        MailState.SENDING: ("waiting", _("Đang gửi")),
        MailState.SENT: ("fine", _("Đã gửi")),
        MailState.FAILED: ("refused", _("Không gửi được")),
        MailState.BOUNCED: ("refused", _("Bị trả về")),
        MailState.SUPPRESSED: ("held", _("Không gửi: địa chỉ hỏng")),
        MailState.KEPT: ("draft", _("Trong hộp thư trình diễn")),
    }
    return words[state]


def kind_word(key: str) -> str:
    """What a letter is called in the reader's language; a letter without a name is a letter."""
    kind = letter_kind(key)
    return _("Thư") if kind is None else kind.name.in_(locale())
