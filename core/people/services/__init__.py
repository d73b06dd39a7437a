"""Writes of the room: sign-up, sign-in, devices, the own account, roles."""

from __future__ import annotations

from core.people.services.accounts import agree, change_password, change_profile, withdraw_consent
from core.people.services.codes import Purpose
from core.people.services.devices import (
    access_sign_in,
    device_name,
    end_all_sign_ins,
    sign_out,
    start_sign_in,
)
from core.people.services.roles import (
    LastCommitteeAccount,
    access_account,
    grant_role,
    invite,
    revoke_role,
    role_word,
)
from core.people.services.sign_in import (
    Place,
    TooManyTries,
    enter_verified,
    request_code,
    reset_password,
    sign_in,
    sign_in_by_code,
)
from core.people.services.sign_up import sign_up, verify

__all__ = [
    "LastCommitteeAccount",
    "Place",
    "Purpose",
    "TooManyTries",
    "access_account",
    "access_sign_in",
    "agree",
    "change_password",
    "change_profile",
    "device_name",
    "end_all_sign_ins",
    "enter_verified",
    "grant_role",
    "invite",
    "request_code",
    "reset_password",
    "revoke_role",
    "role_word",
    "sign_in",
    "sign_in_by_code",
    "sign_out",
    "sign_up",
    "start_sign_in",
    "verify",
    "withdraw_consent",
]
