"""What an account may consent to. A text is never edited: a new wording gets a new version and stands beside it.

Law on the Protection of Personal Data 91/2025/QH15, article 9, and Decree 356/2025/NĐ-CP, article 6: voluntary,
informed, provable, for one purpose each, never pre-ticked.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api import Text


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A purpose in the words a person agrees to. Without a `required` one there can be no account."""

    purpose: str
    version: str
    text: Text
    required: bool


CONSENTS = (
    ConsentText(
        "account",
        "2026-01",
        Text(
            "Tôi đồng ý để Ban Tổ chức xử lý họ tên, địa chỉ thư điện tử và những gì tôi tự nhập trên trang này "
            "nhằm lập tài khoản, tiếp nhận hồ sơ, ghi nhận bình chọn và báo kết quả cho tôi.",
            "I agree that the Organising Committee processes my name, e-mail address and what I enter on this site "
            "in order to keep my account, receive my dossiers, record my votes and tell me the result.",
        ),
        required=True,
    ),
    ConsentText(
        "news",
        "2026-01",
        Text(
            "Tôi đồng ý nhận thư báo về các mốc thời gian và tin của Ban Tổ chức. Không đồng ý mục này "
            "không ảnh hưởng đến việc tham gia.",
            "I agree to receive mail about dates and news of the Organising Committee. Not agreeing to this "
            "changes nothing about taking part.",
        ),
        required=False,
    ),
)


def consent_text(purpose: str) -> ConsentText | None:
    """The present text of a purpose, or None when there is no such purpose."""
    return next((one for one in CONSENTS if one.purpose == purpose), None)
