"""Passwords kept cheaply: what makes guessing dear makes every sign-in of a test dear too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from core.people import passwords

_KEPT_IN_EARNEST = passwords.HASHER


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """The same algorithm with its smallest settings, in this process alone: servers that tests start keep theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the product, for tests of them."""
    monkeypatch.setattr(passwords, "HASHER", _KEPT_IN_EARNEST)
