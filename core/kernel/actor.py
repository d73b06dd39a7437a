"""Who does a thing: every service takes one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What an account may be in its tenant. Everyone who has an account may enter and vote."""

    COMMITTEE = "committee"
    JUDGE = "judge"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting in one tenant: an account, or the platform itself (`id` is None).

    `is_verified` says that the account's e-mail address is known to be verified; False means not known.
    """

    id: UUID | None
    name: str
    roles: frozenset[Role] = frozenset()
    address: str | None = None
    is_verified: bool = False

    def is_(self, role: Role) -> bool:
        """Whether the actor holds `role` in the tenant."""
        return role in self.roles


SYSTEM = Actor(id=None, name="Hệ thống")
