"""The stage of a play: the edition, the people, and what has come of each planned dossier so far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from core.contests.queries import UnitRow, edition_by_key
from core.contests.values import EditionView
from core.entries.models import Entry
from core.kernel.actor import SYSTEM, Actor, Role
from core.kernel.db import session
from core.people.models import Account
from core.people.services.demonstration import demonstration_account
from core.rehearsal.accounts import Person
from core.rehearsal.content import THEMES, person_names, sample_pdf, sample_picture
from core.rehearsal.plan import EntryPlan, Size, stream

NAMES = 5000
MAIL_HOST = "vi-du.vn"


@dataclass(slots=True)
class Stage:
    """What the deeds of a play share. `cast` gives parts ("entrant-0", "judge-1", …) to known people.

    `taken` are titles that the tenant's other editions have already.
    """

    slug: str
    edition: EditionView
    size: Size
    entries: tuple[EntryPlan, ...]
    cast: Mapping[str, Person] = field(default_factory=dict)
    password_hash: str | None = None
    units: tuple[UnitRow, ...] = ()
    taken: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    actors: dict[str, Actor] = field(default_factory=dict)
    ids: dict[int, UUID] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        wanted = min(NAMES, 4 * self.size.entries + self.size.judges + self.size.voters + 10)
        self.names = person_names(stream(self.size.seed, "names"), wanted)

    def name(self, kind: str, number: int) -> str:
        """The invented name of the `number`-th person of a kind."""
        start = {"entrant": 0, "author": self.size.entries, "judge": 4 * self.size.entries, "committee": -1}
        base = start.get(kind, 4 * self.size.entries + self.size.judges)
        return self.names[(base + number) % len(self.names)]

    def person(
        self, kind: str, number: int, now: datetime, *, role: Role | None = None, unit_id: UUID | None = None
    ) -> Actor:
        """The `number`-th person of a kind, with an account from `now` on."""
        part = f"{kind}-{number}"
        known = self.actors.get(part)
        if known is not None:
            return known
        given = self.cast.get(part)
        email = given.email if given else f"{part}.{self.edition.key}@{MAIL_HOST}"
        roles = frozenset(() if role is None else (role,))
        name = given.name if given else self.name(kind, number)
        account_id = demonstration_account(
            email,
            name,
            roles=roles,
            unit_id=unit_id,
            password_hash=self.password_hash if given else None,
            actor=SYSTEM,
            now=now,
        )
        self.actors[part] = Actor(id=account_id, name=name, roles=roles)
        return self.actors[part]

    def committee(self, now: datetime) -> Actor:
        """The officer of the organising committee."""
        return self.person("committee", 0, now, role=Role.COMMITTEE)

    def account(self, actor: Actor) -> Account:
        """The stored account of an actor."""
        return session().get_one(Account, (session().tenant_id, actor.id))

    def entry(self, index: int) -> Entry:
        """The stored dossier of a planned one."""
        return session().get_one(Entry, (session().tenant_id, self.ids[index]))

    def reread(self) -> None:
        """Read the edition again, after its rules were frozen."""
        self.edition = edition_by_key(self.slug, self.edition.key)


def actor_of(account: Account) -> Actor:
    """The actor that an account is."""
    roles = frozenset(Role(role) for role in account.roles)
    return Actor(id=account.id, name=account.name, roles=roles)


@lru_cache(maxsize=64)
def sheet_of_theme(theme: str) -> bytes:
    """A PDF that many dossiers of a theme share: drawing one for each would take most of the time."""
    return sample_pdf(f"Tài liệu mẫu dùng chung khi trình diễn ({THEMES.index(theme) + 1})")


@lru_cache(maxsize=64)
def picture_of_theme(theme: str, variant: int) -> bytes:
    """One of a few pictures of a theme (PNG)."""
    return sample_picture(stream(variant, "picture", theme), theme)
