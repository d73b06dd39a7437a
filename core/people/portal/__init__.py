"""Pages of an account: signing up, coming in, and what its owner sees and changes; a module for each subject."""

from __future__ import annotations

from core.people.portal import (
    addresses,
    credentials,
    mailbox,
    oidc,
    organisations,
    own,
    passkeys,
    proof,
    rescue,
    second_factor,
    sign_in,
    sign_up,
)
from core.people.portal.shared import blueprint

__all__ = [
    "addresses",
    "blueprint",
    "credentials",
    "mailbox",
    "oidc",
    "organisations",
    "own",
    "passkeys",
    "proof",
    "rescue",
    "second_factor",
    "sign_in",
    "sign_up",
]
