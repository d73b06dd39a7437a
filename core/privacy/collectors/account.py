"""The copy: the account, its ways in, what its person agreed to, and the houses they belong to."""

from __future__ import annotations

from sqlalchemy import select

from core.contests.models import Unit
from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.security import keyed_digest
from core.people.consents import consent_text
from core.people.models import (
    Account,
    Consent,
    FailedTry,
    LinkedIdentity,
    Membership,
    OfficerInvitation,
    OneTimeCode,
    Organisation,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignIn,
)
from core.people.rescue_queries import rescues_of
from core.people.services import role_word
from core.privacy.collectors.registry import Part, collects
from core.privacy.collectors.wording import at


@collects(
    "tai-khoan",
    "Tài khoản: họ tên, địa chỉ thư, điện thoại, vai trò",
    "account: email name phone language roles; unit: name",
)
def _account(account: Account) -> Part:
    unit = session().scalars(select(Unit.name).where(Unit.id == account.unit_id)).one_or_none()
    return Part(
        {
            "họ tên": account.name,
            "địa chỉ thư": account.email,
            "số điện thoại": account.phone,
            "ngôn ngữ của thư": account.language,
            "có mật khẩu": account.password_hash is not None,
            "vai trò": [str(role_word(Role(role))) for role in account.roles],
            "đơn vị": unit,
            "lập lúc": datetime_(account.created_at),
            "xác nhận địa chỉ thư lúc": at(account.verified_at),
        }
    )


@collects("dang-nhap", "Các lần đăng nhập và thiết bị", "sign_in: account_id device address")
def _sign_ins(account: Account) -> Part:
    ask = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.created_at)
    return Part(
        [
            {
                "thiết bị": one.device,
                "địa chỉ mạng": one.address,
                "đăng nhập lúc": datetime_(one.created_at),
                "hết hạn lúc": datetime_(one.expires_at),
                "kết thúc lúc": at(one.ended_at),
            }
            for one in session().scalars(ask)
        ]
    )


@collects(
    "khoi-phuc",
    "Các lần khôi phục lối vào tài khoản tại Ban Tổ chức",
    "account_rescue: account_id kind papers reason address state note",
)
def _rescues(account: Account) -> Part:
    return Part(
        [
            {
                "việc": one.kind,
                "giấy tờ đã xem": one.papers,
                "lý do": one.rescue.reason,
                "địa chỉ mới": one.rescue.address,
                "đề nghị lúc": datetime_(one.rescue.asked_at),
                "kết quả": one.outcome[1],
                "lời của cán bộ": one.rescue.note,
            }
            for one in rescues_of(account.id, real_now())
        ]
    )


@collects(
    "cach-dang-nhap",
    "Các cách đăng nhập đã đặt, mã đã gửi và lần nhập sai; không có bí mật nào trong đó",
    "second_factor: account_id; recovery_code: account_id; passkey: account_id name;"
    "linked_identity: account_id issuer; one_time_code: account_id purpose; failed_try: account_digest",
)
def _ways_in(account: Account) -> Part:
    factors = select(SecondFactor).where(SecondFactor.account_id == account.id)
    recovery = select(RecoveryCode).where(RecoveryCode.account_id == account.id).order_by(RecoveryCode.id)
    passkeys = select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.made_at)
    linked = select(LinkedIdentity).where(LinkedIdentity.account_id == account.id)
    codes = select(OneTimeCode).where(OneTimeCode.account_id == account.id).order_by(OneTimeCode.sent_at)
    digests = [keyed_digest(one, "failed-try") for one in (account.email, account.phone) if one]
    tries = select(FailedTry.at).where(FailedTry.account_digest.in_(digests)).order_by(FailedTry.at)
    found = session()
    return Part(
        {
            "ứng dụng xác thực": [
                {"đặt lúc": datetime_(one.started_at), "xác nhận lúc": at(one.confirmed_at)}
                for one in found.scalars(factors)
            ],
            "mã dự phòng": [
                {"tạo lúc": datetime_(one.made_at), "dùng lúc": at(one.used_at)}
                for one in found.scalars(recovery)
            ],
            "khóa truy cập": [
                {"tên": one.name, "tạo lúc": datetime_(one.made_at), "dùng lúc": at(one.used_at)}
                for one in found.scalars(passkeys)
            ],
            "tài khoản nơi khác": [
                {"nơi cấp": one.issuer, "nối lúc": datetime_(one.linked_at)} for one in found.scalars(linked)
            ],
            "mã dùng một lần": [
                {"để": one.purpose, "gửi lúc": datetime_(one.sent_at), "dùng lúc": at(one.used_at)}
                for one in found.scalars(codes)
            ],
            "lần nhập sai": [datetime_(one) for one in found.scalars(tries)],
        }
    )


@collects(
    "dong-y",
    "Những gì bạn đã đồng ý, theo đúng lời văn lúc đó",
    "consent: account_id purpose text_version",
)
def _consents(account: Account) -> Part:
    ask = select(Consent).where(Consent.account_id == account.id).order_by(Consent.given_at)
    found = []
    for one in session().scalars(ask):
        text = consent_text(one.purpose, one.text_version)
        found.append(
            {
                "mục đích": one.purpose if text is None else text.name.vi,
                "lời văn": None if text is None else text.text.vi,
                "bản": one.text_version,
                "đồng ý lúc": datetime_(one.given_at),
                "rút lại lúc": at(one.withdrawn_at),
            }
        )
    return Part(found)


@collects(
    "to-chuc",
    "Tổ chức bạn là cán bộ, và lời mời gửi đến địa chỉ thư của bạn",
    "membership: account_id; organisation: name; officer_invitation: email",
)
def _organisations(account: Account) -> Part:
    memberships = (
        select(Membership, Organisation.name)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Membership.account_id == account.id)
        .order_by(Membership.joined_at)
    )
    invitations = (
        select(OfficerInvitation, Organisation.name)
        .join(Organisation, Organisation.id == OfficerInvitation.organisation_id)
        .where(OfficerInvitation.email == account.email)
        .order_by(OfficerInvitation.sent_at)
    )
    return Part(
        {
            "tham gia": [
                {
                    "tổ chức": name,
                    "phụ trách": one.is_steward,
                    "từ lúc": datetime_(one.joined_at),
                    "rời lúc": at(one.left_at),
                }
                for one, name in session().execute(memberships)
            ],
            "lời mời": [
                {"tổ chức": name, "gửi lúc": datetime_(one.sent_at), "dùng lúc": at(one.used_at)}
                for one, name in session().execute(invitations)
            ],
        }
    )
