"""Passkeys (Web Authentication level 3): added, come in by, removed.

Only such are taken as the authenticator keeps itself (discoverable) and opens after verifying its owner by finger,
face or PIN. That is two factors in one (NIST SP 800-63B-4), so the authenticator application is not asked besides.
Needs the extra `passkeys`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.prepared import insert_once
from core.kernel.security import keyed_digest
from core.people.models import Account, Passkey
from core.people.services import mails
from core.people.services.accounts import own_account
from core.people.services.sign_in import account_by_key, begin_sign_in
from core.people.services.tries import Place

MOST = 20
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Site:
    """The site that a passkey belongs to: the tenant's host, its name, and the origin its pages come from."""

    host: str
    name: str
    origin: str


def passkeys_are_possible() -> bool:
    """Whether the extra is installed."""
    return find_spec("webauthn") is not None


def passkeys_of(account_id: UUID) -> list[Passkey]:
    """The account's passkeys, oldest first. One query."""
    ask = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    return list(session().scalars(ask))


def creation_options(account_id: UUID, name: str, site: Site) -> tuple[str, str]:
    """What the browser is told to make a passkey: JSON, and the challenge (hexadecimal) to keep for the answer."""
    from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=account_id.bytes,
        user_name=name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id))
            for one in passkeys_of(account_id)
        ],
    )
    return options_to_json(options), options.challenge.hex()


def request_options(site: Site) -> tuple[str, str]:
    """What the browser is told to come in by a passkey: JSON, and the challenge to keep for the answer."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    options = generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json(options), options.challenge.hex()


def add_passkey(
    credential: str, name: str, *, challenge: str, site: Site, actor: Actor, now: datetime
) -> None:
    """Keep the passkey that the browser made for `challenge`; the owner is told by mail. Raises Invalid at "".

    The caller has asked for a fresh proof.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    account = own_account(actor)
    if len(passkeys_of(account.id)) >= MOST:
        raise Invalid.one("", _("Tài khoản đã có %(most)s khóa. Bạn hãy xóa bớt khóa không dùng.", most=MOST))
    try:
        made = verify_registration_response(
            credential=credential[:LONGEST],
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise _refused() from error
    values = {
        "account_id": account.id,
        "digest": _digest(made.credential_id),
        "credential_id": bytes_to_base64url(made.credential_id),
        "public_key": bytes_to_base64url(made.credential_public_key),
        "sign_count": made.sign_count,
        "name": name[:100] or _("Khóa đăng nhập"),
        "made_at": now,
    }
    if not insert_once(Passkey, ("digest",), values):
        return
    _tell(account, _("Đã thêm một khóa đăng nhập vào tài khoản"), now=now)
    audit.append("account.passkey_added", str(account.id), {}, actor=actor, now=now)


def enter_by_passkey(credential: str, *, challenge: str, site: Site, place: Place, now: datetime) -> str:
    """The token of a new sign-in by the passkey that answered `challenge`. Raises Invalid at ""."""
    from webauthn import base64url_to_bytes, verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        read: Any = parse_authentication_credential_json(credential[:LONGEST])
        held = _locked(_digest(read.raw_id))
        account = None if held is None else account_by_key(held.account_id)
        if held is None or account is None:
            raise _refused()
        checked = verify_authentication_response(
            credential=read,
            expected_challenge=bytes.fromhex(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(held.public_key),
            credential_current_sign_count=held.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise _refused() from error
    held.sign_count, held.used_at = checked.new_sign_count, now
    session().flush()
    return begin_sign_in(account, "passkey", place=place, now=now)


def remove_passkey(passkey_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a passkey of the actor's own account away. Raises NotFound."""
    account = own_account(actor)
    ask = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    held = session().scalars(ask).one_or_none()
    if held is None:
        raise NotFound
    session().delete(held)
    session().flush()
    _tell(account, _("Đã xóa một khóa đăng nhập khỏi tài khoản"), now=now)
    audit.append("account.passkey_removed", str(account.id), {}, actor=actor, now=now)


def _locked(digest: str) -> Passkey | None:
    return session().scalars(select(Passkey).where(Passkey.digest == digest).with_for_update()).one_or_none()


def _tell(account: Account, subject: str, *, now: datetime) -> None:
    text = _(
        "Khóa đăng nhập (passkey) mở được tài khoản mà không cần mật khẩu.\n"
        "Nếu không phải Quý vị làm: xin mở trang Tài khoản của tôi để xóa khóa lạ và đổi mật khẩu."
    )
    mails.send_notice(account, subject=subject, text=text, now=now)


def _digest(credential_id: bytes) -> str:
    return keyed_digest(credential_id.hex(), "passkey")


def _refused() -> Invalid:
    return Invalid.one(
        "",
        _(
            "Khóa này không mở được tài khoản nào ở đây, hoặc trang đã mở quá lâu. Bạn hãy thử lại hoặc dùng cách khác."
        ),
    )
