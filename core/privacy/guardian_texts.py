"""What a guardian, and a child of seven or more, agree to. As with consents, a text is never edited: the first is the
present one, the others stay so that what was agreed can be shown again."""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api import Text


@dataclass(frozen=True, slots=True)
class GuardianText:
    """The words of one version, for the guardian and for the child."""

    version: str
    guardian: Text
    child: Text


TEXTS = (
    GuardianText(
        "2026-11",
        Text(
            "Người giám hộ đã đọc hồ sơ và đồng ý để Ban Tổ chức xử lý dữ liệu của em nhằm xét và chấm hồ sơ, và "
            "đăng họ tên của em cùng phần công khai của hồ sơ. Năm sinh và nơi học của em không được đăng.",
            "The guardian has read the dossier and agrees that the Committee processes the child's data to screen "
            "and judge it, and publishes the child's name with the public part. Year of birth and school are not "
            "published.",
        ),
        Text(
            "Em đã được giải thích và em cũng đồng ý.",
            "It was explained to the child, who agrees as well.",
        ),
    ),
)


def guardian_text(version: str | None = None) -> GuardianText | None:
    """The present text, or that of `version`; None when there is no such version."""
    return next((one for one in TEXTS if version in (None, one.version)), None)
