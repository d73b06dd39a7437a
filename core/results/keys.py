"""The tenant's signing key: Ed25519, made on first use, its private half never stored in the clear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from core.kernel.db import session
from core.kernel.prepared import insert_once
from core.kernel.security import cipher
from core.results.models import SigningKey

PURPOSE = "signing-key"


@dataclass(frozen=True, slots=True)
class Signer:
    """The tenant's key at work: the public half in hexadecimal, and the signing function."""

    public: str
    sign: Callable[[bytes], bytes]


def signer(now: datetime) -> Signer:
    """The key of the bound tenant, made when there is none yet."""
    row = _stored()
    if row is None:
        made = Ed25519PrivateKey.generate()
        values = {
            "public": made.public_key().public_bytes_raw().hex(),
            "private": cipher(PURPOSE).encrypt(made.private_bytes_raw()),
            "made_at": now,
        }
        insert_once(SigningKey, (), values)
        row = _stored()
    if row is None:
        raise RuntimeError("the signing key was not stored")
    private = Ed25519PrivateKey.from_private_bytes(cipher(PURPOSE).decrypt(row.private))
    return Signer(row.public, private.sign)


def public_key() -> str | None:
    """The public half of the tenant's key in hexadecimal; None before the first publication."""
    row = _stored()
    return None if row is None else row.public


def _stored() -> SigningKey | None:
    return session().scalars(select(SigningKey)).one_or_none()
