"""What this room tells the later ones through `core.kernel.events`, in the unit of work of the deed."""

from __future__ import annotations

from dataclasses import dataclass

from core.people.models import Account


@dataclass(frozen=True, slots=True)
class AccountErasing:
    """An account is about to be erased: its name, address and dossiers are still there to find what else holds them."""

    account: Account
