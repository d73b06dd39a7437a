"""Conflicts as values: kinds, evidence, and the pure comparison of people with dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

# Everybody's mail: an address there says nothing about who works where.
PUBLIC_DOMAINS = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "rocketmail.com", "outlook.com",
        "outlook.com.vn", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "proton.me",
        "protonmail.com", "zoho.com", "mail.com", "gmx.com", "gmx.net", "aol.com", "yandex.com", "mail.ru", "fpt.vn",
        "vnn.vn", "hn.vnn.vn", "hcm.vnn.vn", "fpt.com.vn", "viettel.vn",
    }
)  # fmt: skip
# A name of a house this short stands inside too many others.
SHORTEST_HOUSE = 6


class How(StrEnum):
    """How a conflict came to be known."""

    DECLARED = "declared"
    SUSPECTED = "suspected"


class ConflictState(StrEnum):
    """Where a conflict stands. One that was declared closes the dossier while it is open; one suspected does not."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class Kind(StrEnum):
    """What a person declares to have to do with a dossier."""

    FAMILY = "family"
    UNIT = "unit"
    TEACHER = "teacher"
    CO_AUTHOR = "coauthor"
    BUSINESS = "business"
    OTHER = "other"


class Evidence(StrEnum):
    """What the data say. The first two are certain."""

    OWNER = "owner"
    AUTHOR = "author"
    SAME_UNIT = "same_unit"
    WORKPLACE = "workplace"
    CO_AUTHORSHIP = "coauthorship"
    PHONE = "phone"
    EMAIL_DOMAIN = "email_domain"
    GUARDIAN = "guardian"


CERTAIN = frozenset({Evidence.OWNER, Evidence.AUTHOR})


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is compared of somebody who judges or works in the office. Names are folded, numbers are digests.

    `works` are the dossiers of the tenant of which he is an author; `with_him` those who wrote them with him.
    """

    account_id: UUID
    name: str = ""
    email: str = ""
    unit_id: UUID | None = None
    unit: str = ""
    unit_name: str = ""
    phones: frozenset[str] = frozenset()
    works: frozenset[UUID] = frozenset()
    with_him: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What is compared of a dossier. `owner_id` is None when the owner only keeps it for others.

    `authors` names each author by every key he is known by; `guardians` are keys of who acts for its young authors.
    """

    entry_id: UUID
    owner_id: UUID | None = None
    author_accounts: frozenset[UUID] = frozenset()
    authors: frozenset[str] = frozenset()
    unit_ids: frozenset[UUID] = frozenset()
    workplaces: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    guardians: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the data say: `what` is the unit, the workplace or the domain it is about."""

    evidence: Evidence
    what: str = ""

    def as_json(self) -> dict[str, str]:
        """As it is stored."""
        return {"code": self.evidence.value, "what": self.what}


def suspicions(person: PersonFacts, entry: EntryFacts) -> tuple[Found, ...]:
    """All that ties the person to the dossier, the certain first; nothing when nothing does."""
    return tuple(sorted(_found(person, entry), key=lambda one: list(Evidence).index(one.evidence)))


def _found(person: PersonFacts, entry: EntryFacts) -> Iterator[Found]:
    if person.account_id == entry.owner_id:
        yield Found(Evidence.OWNER)
    is_author = person.account_id in entry.author_accounts or entry.entry_id in person.works
    if is_author:
        yield Found(Evidence.AUTHOR)
    if person.unit_id is not None and person.unit_id in entry.unit_ids:
        yield Found(Evidence.SAME_UNIT, person.unit_name)
    elif same_house(person.unit, entry.workplaces):
        yield Found(Evidence.WORKPLACE, person.unit_name)
    if not is_author and person.with_him & entry.authors:
        yield Found(Evidence.CO_AUTHORSHIP)
    if person.phones & entry.phones:
        yield Found(Evidence.PHONE)
    domain = domain_of(person.email)
    if domain and not is_author and domain in {domain_of(one) for one in entry.emails}:
        yield Found(Evidence.EMAIL_DOMAIN, domain)
    if {f"name:{person.name}", f"email:{person.email}", *(f"phone:{one}" for one in person.phones)} & (
        entry.guardians
    ):
        yield Found(Evidence.GUARDIAN)


def same_house(unit: str, workplaces: tuple[str, ...]) -> bool:
    """Whether the folded name of a unit is that of a workplace, or stands in it word for word."""
    if len(unit) < SHORTEST_HOUSE:
        return False
    return any(f" {unit} " in f" {workplace} " for workplace in workplaces)


def domain_of(email: str) -> str:
    """The domain of an address where it tells of a house; "" for everybody's mail, for examples, for no address."""
    domain = email.strip().lower().rpartition("@")[2] if "@" in email else ""
    is_invented = domain.startswith(("example.", "vi-du.")) or domain.endswith((".demo", ".example", ".test"))
    return "" if domain in PUBLIC_DOMAINS or is_invented else domain


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict as the office reads it, the two sides beside each other."""

    id: UUID
    person: str
    person_note: str
    number: str | None
    entry_code: str
    entry_title: str
    authors: tuple[str, ...]
    unit: str
    how: How
    evidence: tuple[tuple[str, str], ...]
    words: str
    state: ConflictState
    at: datetime
    reason: str
    decided_name: str
    decided_at: datetime | None
    uncounted: int
    revision: int
