"""Conflicts as values: kinds, evidence, and the pure comparison of people with dossiers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from uuid import UUID

from core.judging.seats import SeatRole
from core.kernel.text import fold

# Everybody's mail: an address there says nothing about who works where.
PUBLIC_DOMAINS = frozenset(
    {
        "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "rocketmail.com", "outlook.com",
        "outlook.com.vn", "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "mac.com", "proton.me",
        "protonmail.com", "zoho.com", "mail.com", "gmx.com", "gmx.net", "aol.com", "yandex.com", "mail.ru", "fpt.vn",
        "vnn.vn", "hn.vnn.vn", "hcm.vnn.vn", "fpt.com.vn", "viettel.vn",
    }
)  # fmt: skip
LOOK = "judging.look_for_conflicts"
"""The kind of the job that looks for them after a request."""
# A name of a house this short stands inside too many others.
SHORTEST_HOUSE = 6
FEWEST_WORDS = 3
_BETWEEN = re.compile(r"[,;–—|/]| - ")
_WORD = re.compile(r"\w+")
_HOUSE = re.compile(
    r"(?:truong|hoc vien|dai hoc|vien|benh vien|trung tam|so|chi cuc|cuc|cong ty|tap doan|ngan hang|xi nghiep|nha may"
    r"|hop tac xa|htx|uy ban|ubnd|hoi|lien hiep hoi|bao|dai phat thanh|cong an|bo chi huy)\b"
)


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
    """What the data say. The first four are certain."""

    OWNER = "owner"
    AUTHOR = "author"
    RIGHT = "right"
    STEWARD = "steward"
    OFFICER = "officer"
    SAME_UNIT = "same_unit"
    WORKPLACE = "workplace"
    CO_AUTHORSHIP = "coauthorship"
    PHONE = "phone"
    EMAIL_DOMAIN = "email_domain"
    GUARDIAN = "guardian"


CERTAIN = frozenset({Evidence.OWNER, Evidence.AUTHOR, Evidence.RIGHT, Evidence.STEWARD})


@dataclass(frozen=True, slots=True)
class House:
    """A place of work: a unit of the tenant, or a name in the person's own words (`unit_id` None)."""

    name: str
    unit_id: UUID | None = None

    @property
    def folded(self) -> str:
        """The name as it is compared."""
        return fold(self.name)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What is compared of somebody who judges or works in the office. Names are folded, numbers are digests.

    `houses` are where he works; `works` the dossiers of the tenant of which he is an author; `with_him` those who wrote
    them with him.
    """

    account_id: UUID
    name: str = ""
    email: str = ""
    houses: tuple[House, ...] = ()
    phones: frozenset[str] = frozenset()
    works: frozenset[UUID] = frozenset()
    with_him: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What is compared of a dossier. `owner_id` is None when the owner only keeps it for others.

    `authors` names each author by every key he is known by; `unit_ids` and `houses` (folded) are of its unit, its
    organisation and where its authors work; `guardians` are keys of who acts for its young authors.
    `right_holders` may open it as entrants; `stewards` and `officers` are those of the organisation that files it.
    """

    entry_id: UUID
    owner_id: UUID | None = None
    author_accounts: frozenset[UUID] = frozenset()
    authors: frozenset[str] = frozenset()
    right_holders: frozenset[UUID] = frozenset()
    stewards: frozenset[UUID] = frozenset()
    officers: frozenset[UUID] = frozenset()
    unit_ids: frozenset[UUID] = frozenset()
    houses: tuple[str, ...] = ()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    guardians: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that the data say: `what` is the unit, the workplace or the domain it is about."""

    evidence: Evidence
    what: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it needs nobody's judgement."""
        return self.evidence in CERTAIN

    def as_json(self) -> dict[str, str]:
        """As it is stored."""
        return {"code": self.evidence.value, "what": self.what}


def suspicions(person: PersonFacts, entry: EntryFacts, shared: Collection[str] = ()) -> tuple[Found, ...]:
    """All that ties the person to the dossier, the certain first; nothing when nothing does.

    `shared` are domains of mail that say nothing here, beside those of everybody.
    """
    found = chain(_stakes(person, entry), _houses(person, entry), _contacts(person, entry, shared))
    return tuple(sorted(found, key=lambda one: list(Evidence).index(one.evidence)))


def _stakes(person: PersonFacts, entry: EntryFacts) -> Iterator[Found]:
    if person.account_id == entry.owner_id:
        yield Found(Evidence.OWNER)
    if _writes(person, entry):
        yield Found(Evidence.AUTHOR)
    elif person.account_id in entry.right_holders:
        yield Found(Evidence.RIGHT)
    if person.account_id in entry.stewards:
        yield Found(Evidence.STEWARD)
    elif person.account_id in entry.officers:
        yield Found(Evidence.OFFICER)


def _houses(person: PersonFacts, entry: EntryFacts) -> Iterator[Found]:
    for house in person.houses:
        if house.unit_id is not None and house.unit_id in entry.unit_ids:
            yield Found(Evidence.SAME_UNIT, house.name)
        elif any(same_house(house.folded, other) for other in entry.houses):
            yield Found(Evidence.WORKPLACE, house.name)


def _contacts(person: PersonFacts, entry: EntryFacts, shared: Collection[str]) -> Iterator[Found]:
    is_author = _writes(person, entry)
    if not is_author and person.with_him & entry.authors:
        yield Found(Evidence.CO_AUTHORSHIP)
    if person.phones & entry.phones:
        yield Found(Evidence.PHONE)
    domain = domain_of(person.email)
    if domain and not is_author and domain not in shared and domain in map(domain_of, entry.emails):
        yield Found(Evidence.EMAIL_DOMAIN, domain)
    if {f"name:{person.name}", f"email:{person.email}", *(f"phone:{one}" for one in person.phones)} & (
        entry.guardians
    ):
        yield Found(Evidence.GUARDIAN)


def _writes(person: PersonFacts, entry: EntryFacts) -> bool:
    return person.account_id in entry.author_accounts or entry.entry_id in person.works


def same_house(one: str, other: str) -> bool:
    """Whether two folded names are of one house: one stands in the other word for word, or both end in the same one
    ("phong dao tao, truong dai hoc thu" and "khoa co khi, truong dai hoc thu")."""
    first, second = _words(one), _words(other)
    if min(len(first), len(second)) < SHORTEST_HOUSE:
        return False
    if f" {first} " in f" {second} " or f" {second} " in f" {first} ":
        return True
    return bool(_parts(one) & _parts(other))


def _parts(place: str) -> set[str]:
    """The houses among the parts of an address, by their first words; a department or a province is none."""
    parts = (_words(part) for part in _BETWEEN.split(place))
    return {part for part in parts if len(part.split()) >= FEWEST_WORDS and _HOUSE.match(part)}


def _words(name: str) -> str:
    return " ".join(_WORD.findall(name))


def domain_of(email: str) -> str:
    """The domain of an address where it tells of a house; "" for everybody's mail, for examples, for no address."""
    domain = email.strip().lower().rpartition("@")[2] if "@" in email else ""
    is_invented = domain.startswith(("example.", "vi-du.")) or domain.endswith((".demo", ".example", ".test"))
    return "" if domain in PUBLIC_DOMAINS or is_invented else domain


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict as the office reads it, the two sides beside each other.

    `declared` are the kinds that the person declared, `evidence` what the data say, `new` what of it no dismissal was
    about; `seats` are the person's parts in councils of the edition.
    """

    id: UUID
    person: str
    person_note: str
    number: str | None
    seats: tuple[SeatRole, ...]
    entry_code: str
    entry_title: str
    authors: tuple[str, ...]
    unit: str
    how: How
    declared: tuple[str, ...]
    evidence: tuple[tuple[str, str], ...]
    new: frozenset[str]
    words: str
    state: ConflictState
    at: datetime
    reason: str
    decided_name: str
    decided_at: datetime | None
    uncounted: int
    revision: int
