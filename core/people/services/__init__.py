"""Writes of the room: sign-up, sign-in, devices, the own account, roles."""

from __future__ import annotations

from core.people.services.accounts import agree, change_password, change_profile, withdraw_consent
from core.people.services.addresses import (
    ask_for_email,
    ask_for_phone,
    change_email,
    change_phone,
    drop_phone,
)
from core.people.services.codes import Asker, Purpose
from core.people.services.devices import (
    access_sign_in,
    device_name,
    end_all_sign_ins,
    sign_out,
    sign_out_others,
    start_sign_in,
)
from core.people.services.identities import (
    LinkedElsewhere,
    account_for_identity,
    account_of_identity,
    enter_by_identity,
    link_identity,
    prove_by_identity,
    unlink_identity,
)
from core.people.services.proofs import has_fresh_proof, prove, send_proof_code
from core.people.services.roles import (
    LastCommitteeAccount,
    access_account,
    grant_role,
    invite,
    revoke_role,
    role_word,
)
from core.people.services.second_factor import (
    SecondFactorIsOn,
    begin_second_factor,
    confirm_second_factor,
    end_second_factor,
    recovery_codes_left,
    renew_recovery_codes,
    second_factor_of,
    secret_in_words,
    setup_address,
    waiting_secret,
)
from core.people.services.sign_in import (
    HalfWay,
    SecondStepNeeded,
    enter,
    enter_verified,
    finish_sign_in,
    request_code,
    reset_password,
    sign_in,
    sign_in_by_code,
)
from core.people.services.sign_up import sign_up, verify
from core.people.services.tries import Place, TooManyTries

__all__ = [
    "Asker",
    "HalfWay",
    "LastCommitteeAccount",
    "LinkedElsewhere",
    "Place",
    "Purpose",
    "SecondFactorIsOn",
    "SecondStepNeeded",
    "TooManyTries",
    "access_account",
    "access_sign_in",
    "account_for_identity",
    "account_of_identity",
    "agree",
    "ask_for_email",
    "ask_for_phone",
    "begin_second_factor",
    "change_email",
    "change_password",
    "change_phone",
    "change_profile",
    "confirm_second_factor",
    "device_name",
    "drop_phone",
    "end_all_sign_ins",
    "end_second_factor",
    "enter",
    "enter_by_identity",
    "enter_verified",
    "finish_sign_in",
    "grant_role",
    "has_fresh_proof",
    "invite",
    "link_identity",
    "prove",
    "prove_by_identity",
    "recovery_codes_left",
    "renew_recovery_codes",
    "request_code",
    "reset_password",
    "revoke_role",
    "role_word",
    "second_factor_of",
    "secret_in_words",
    "send_proof_code",
    "setup_address",
    "sign_in",
    "sign_in_by_code",
    "sign_out",
    "sign_out_others",
    "sign_up",
    "start_sign_in",
    "unlink_identity",
    "verify",
    "waiting_secret",
    "withdraw_consent",
]
