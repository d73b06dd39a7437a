"""What an account may consent to. A text is never edited: a new wording gets a new version and stands beside it.

Law on the Protection of Personal Data 91/2025/QH15, article 9, and Decree 356/2025/NĐ-CP, article 6: voluntary,
informed, provable, for one purpose each, never pre-ticked. The numbers of articles come from a secondary source.

To change a wording, add a `ConsentText` with a new version before the old one: the first of a purpose is the present
one, the others stay so that what somebody agreed to can always be shown again.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.plugin_api import Text

ACCOUNT, NEWS = "account", "news"
PUBLISH_DOSSIER, PUBLISH_PERSON = "publish_dossier", "publish_person"
PUBLISHING = frozenset({PUBLISH_DOSSIER, PUBLISH_PERSON})
"""Purposes whose withdrawal asks the committee to take something off the public pages."""


@dataclass(frozen=True, slots=True)
class ConsentText:
    """A purpose in the words a person agrees to. Without a `required` one there can be no account.

    `name` is the purpose in a few words; `at_sign_up` says that its box stands on the form of a new account.
    """

    purpose: str
    version: str
    text: Text
    required: bool
    name: Text
    at_sign_up: bool = True


TEXTS = (
    ConsentText(
        ACCOUNT,
        "2026-01",
        Text(
            "Tôi đồng ý để Ban Tổ chức xử lý họ tên, địa chỉ thư điện tử và những gì tôi tự nhập trên trang này "
            "nhằm lập tài khoản, tiếp nhận hồ sơ, ghi nhận bình chọn và báo kết quả cho tôi.",
            "I agree that the Organising Committee processes my name, e-mail address and what I enter on this site "
            "in order to keep my account, receive my dossiers, record my votes and tell me the result.",
        ),
        required=True,
        name=Text("Lập tài khoản, nhận hồ sơ và bình chọn", "Account, dossiers and votes"),
    ),
    ConsentText(
        NEWS,
        "2026-01",
        Text(
            "Tôi đồng ý nhận thư báo về các mốc thời gian và tin của Ban Tổ chức. Không đồng ý mục này "
            "không ảnh hưởng đến việc tham gia.",
            "I agree to receive mail about dates and news of the Organising Committee. Not agreeing to this "
            "changes nothing about taking part.",
        ),
        required=False,
        name=Text("Thư tin và nhắc mốc thời gian", "Mail about news and dates"),
    ),
    ConsentText(
        PUBLISH_DOSSIER,
        "2026-11",
        Text(
            "Tôi đồng ý để Ban Tổ chức đăng lên trang công khai tên, phần tóm tắt và các nội dung được ghi là "
            "công khai trong hồ sơ dự thi của tôi. Khi tôi rút lại, Ban Tổ chức xét gỡ các nội dung ấy.",
            "I agree that the Organising Committee publishes the title, the summary and the parts marked as public "
            "of my dossiers. When I withdraw this, the Committee decides on taking them down.",
        ),
        required=False,
        name=Text("Đăng phần công khai của hồ sơ", "Publishing the public part of a dossier"),
        at_sign_up=False,
    ),
    ConsentText(
        PUBLISH_PERSON,
        "2026-11",
        Text(
            "Tôi đồng ý để Ban Tổ chức đăng họ tên và ảnh của tôi với tư cách tác giả trên trang công khai và "
            "trong tin về cuộc thi. Khi tôi rút lại, Ban Tổ chức xét gỡ họ tên và ảnh của tôi.",
            "I agree that the Organising Committee publishes my name and picture as an author on the public pages "
            "and in news about the contest. When I withdraw this, the Committee decides on taking them down.",
        ),
        required=False,
        name=Text("Đăng họ tên và ảnh tác giả", "Publishing an author's name and picture"),
        at_sign_up=False,
    ),
)
"""Every text there ever was, the present one of each purpose first."""

PURPOSES = tuple({one.purpose: one for one in reversed(TEXTS)}.values())[::-1]
"""The present text of each purpose, in the order in which people read them."""

CONSENTS = tuple(one for one in PURPOSES if one.at_sign_up)
"""What the form of a new account asks."""


def consent_text(purpose: str, version: str | None = None) -> ConsentText | None:
    """The text of a purpose: its present one, or that of `version`; None when there is none."""
    return next(
        (one for one in TEXTS if one.purpose == purpose and version in (None, one.version)),
        None,
    )
