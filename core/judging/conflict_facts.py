"""The thin reader of what is compared to find conflicts: people of the council and the office, and dossiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import aliased

from core.contests.models import Unit
from core.entries.filers import organisations_by_entry
from core.entries.kin import Kin, kept_for_others, kin_of
from core.entries.models import AuthorInvitation, Entry, EntryAuthor, EntryRight
from core.entries.organisation_models import EntryOrganisation
from core.entries.policies import email_digest
from core.judging.conflict_models import Affiliation, ConflictSettings
from core.judging.conflict_values import EntryFacts, House, PersonFacts
from core.judging.council_models import Council, Seat
from core.judging.models import Judge
from core.judging.seats import ON_COUNCIL
from core.kernel.actor import Role
from core.kernel.db import session
from core.kernel.text import fold
from core.people.models import Account, Membership
from core.people.phones import normal_phone, phone_digest


def is_looked_at(edition_id: UUID) -> ColumnElement[bool]:
    """The criterion of accounts that are compared: whoever judges in the edition, sits on one of its councils in
    whichever part or was asked to, or works in the office."""
    judges = select(Judge.account_id).where(Judge.edition_id == edition_id, Judge.is_active.is_(True))
    seats = (
        select(Seat.account_id)
        .join(Council, Council.id == Seat.council_id)
        .where(Council.edition_id == edition_id, Seat.state.in_(ON_COUNCIL))
    )
    works_here = cast(Account.roles, String).contains(f'"{Role.COMMITTEE}"')
    return or_(Account.id.in_(judges), Account.id.in_(seats), works_here)


def people_facts(edition_id: UUID, only: UUID | None = None) -> list[PersonFacts]:
    """Everybody who is compared in the edition, or the one asked for. Four queries."""
    desk, said = aliased(Unit), aliased(Unit)
    ask = (
        select(Account, desk.name, said.id, said.name, Affiliation.workplace)
        .outerjoin(desk, desk.id == Account.unit_id)
        .outerjoin(
            Affiliation,
            and_(Affiliation.tenant_id == Account.tenant_id, Affiliation.account_id == Account.id),
        )
        .outerjoin(said, said.id == Affiliation.unit_id)
        .where(is_looked_at(edition_id))
        .order_by(Account.id)
    )
    if only is not None:
        ask = ask.where(Account.id == only)
    rows = [(row[0], _houses_of(row[0], *row[1:])) for row in session().execute(ask)]
    works = _works_of([account for account, _houses in rows])
    every = {entry_id for found in works.values() for entry_id in found}
    authors = _authors_by_entry(every)
    return [
        PersonFacts(
            account_id=account.id,
            name=fold(account.name),
            email=(account.email or "").lower(),
            houses=houses,
            phones=_phones(account),
            works=frozenset(works[account.id]),
            with_him=frozenset(key for one in works[account.id] for key in authors[one])
            - {f"account:{account.id}", f"email:{email_digest(account.email or '')}"},
        )
        for account, houses in rows
    ]


def _houses_of(
    account: Account, desk: str | None, unit_id: UUID | None, unit: str | None, workplace: str | None
) -> tuple[House, ...]:
    """Where an account works: the unit whose pages it opens, the unit it says, and its own words."""
    houses = [
        House(desk, account.unit_id) if desk else None,
        House(unit, unit_id) if unit else None,
        House(workplace) if workplace else None,
    ]
    return tuple(dict.fromkeys(one for one in houses if one is not None))


def entry_facts(edition_id: UUID, only: UUID | None = None) -> list[EntryFacts]:
    """The dossiers of the edition that were handed in, or the one asked for. A fixed number of queries."""
    ask = (
        select(Entry.id, Entry.owner_id, Entry.unit_id, Unit.name)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
        .where(Entry.edition_id == edition_id, Entry.version > 0)
    )
    if only is not None:
        ask = ask.where(Entry.id == only)
    entries = session().execute(ask.order_by(Entry.id)).all()
    ids = [row.id for row in entries]
    kept = kept_for_others(ids)
    authors = _authors_by_entry(ids)
    rows = _author_rows(ids)
    invited = _invited_by_entry(ids)
    kin: dict[UUID, list[Kin]] = defaultdict(list)
    for one in kin_of(ids):
        kin[one.entry_id].append(one)
    rights = _right_holders(ids)
    names = organisations_by_entry(ids)
    officers = _officers(ids)
    owners = {row.owner_id for row in entries if row.id not in kept}
    people = _accounts(owners | {author.account_id for author in rows if author.account_id is not None})
    by_entry: dict[UUID, list[EntryAuthor]] = defaultdict(list)
    for author in rows:
        by_entry[author.entry_id].append(author)
    made = []
    for row in entries:
        owner = None if row.id in kept else row.owner_id
        accounts = frozenset(one.account_id for one in by_entry[row.id] if one.account_id is not None)
        behind = [people[one] for one in {*accounts, *([owner] if owner else [])} if one in people]
        made.append(
            EntryFacts(
                entry_id=row.id,
                owner_id=owner,
                author_accounts=accounts,
                authors=frozenset(authors[row.id]) | ({f"account:{owner}"} if owner else set()),
                right_holders=frozenset(rights[row.id]),
                stewards=frozenset(officers[row.id, True]),
                officers=frozenset(officers[row.id, False]),
                unit_ids=frozenset(
                    one for one in (row.unit_id, *(each.unit_id for each in behind)) if one is not None
                ),
                houses=tuple(
                    fold(one)
                    for one in (
                        *(author.workplace for author in by_entry[row.id]),
                        names.get(row.id, ""),
                        row.name or "",
                    )
                    if one
                ),
                phones=frozenset(number for each in behind for number in _phones(each))
                | frozenset(number for one in kin[row.id] for number in _digests(one.contact)),
                emails=frozenset((each.email or "").lower() for each in behind) | frozenset(invited[row.id]),
                guardians=frozenset(key for one in kin[row.id] for key in _keys_of(one)),
            )
        )
    return made


def _works_of(accounts: Iterable[Account]) -> dict[UUID, set[UUID]]:
    """The dossiers of the tenant of which each is an author: by account, or by the address he was invited at."""
    known = {account.id: account for account in accounts}
    digests = {email_digest(one.email): one.id for one in known.values() if one.email}
    found: dict[UUID, set[UUID]] = defaultdict(set)
    by_account = select(EntryAuthor.account_id, EntryAuthor.entry_id).where(
        EntryAuthor.account_id.in_(known), EntryAuthor.declined_at.is_(None)
    )
    for account_id, entry_id in session().execute(by_account):
        if account_id is not None:
            found[account_id].add(entry_id)
    invited = (
        select(AuthorInvitation.email_digest, AuthorInvitation.entry_id)
        .join(EntryAuthor, EntryAuthor.id == AuthorInvitation.author_id)
        .where(AuthorInvitation.email_digest.in_(digests), EntryAuthor.declined_at.is_(None))
    )
    for digest, entry_id in session().execute(invited):
        found[digests[digest]].add(entry_id)
    return found


def _author_rows(entry_ids: Collection[UUID]) -> list[EntryAuthor]:
    ask = select(EntryAuthor).where(EntryAuthor.entry_id.in_(entry_ids))
    return list(session().scalars(ask.order_by(EntryAuthor.entry_id, EntryAuthor.position)))


def _authors_by_entry(entry_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    """Every key that the authors of each dossier are known by: account, address, name with year of birth."""
    ask = (
        select(
            EntryAuthor.entry_id,
            EntryAuthor.account_id,
            EntryAuthor.name,
            EntryAuthor.birth_year,
            AuthorInvitation.email_digest,
        )
        .outerjoin(
            AuthorInvitation,
            and_(
                AuthorInvitation.tenant_id == EntryAuthor.tenant_id,
                AuthorInvitation.author_id == EntryAuthor.id,
            ),
        )
        .where(EntryAuthor.entry_id.in_(entry_ids))
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for entry_id, account_id, name, year, digest in session().execute(ask):
        if account_id is not None:
            found[entry_id].add(f"account:{account_id}")
        if digest is not None:
            found[entry_id].add(f"email:{digest}")
        if year is not None:
            found[entry_id].add(f"born:{fold(name)}:{year}")
    return found


def _invited_by_entry(entry_ids: Collection[UUID]) -> dict[UUID, set[str]]:
    ask = select(AuthorInvitation.entry_id, AuthorInvitation.email)
    found: dict[UUID, set[str]] = defaultdict(set)
    for entry_id, email in session().execute(ask.where(AuthorInvitation.entry_id.in_(entry_ids))):
        found[entry_id].add(email.lower())
    return found


def _right_holders(entry_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    ask = select(EntryRight.entry_id, EntryRight.account_id).where(EntryRight.entry_id.in_(entry_ids))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for entry_id, account_id in session().execute(ask):
        found[entry_id].add(account_id)
    return found


def _officers(entry_ids: Collection[UUID]) -> dict[tuple[UUID, bool], set[UUID]]:
    """Who is an officer now of the organisation that files each dossier: by dossier and whether a steward."""
    ask = (
        select(EntryOrganisation.entry_id, Membership.account_id, Membership.is_steward)
        .join(Membership, Membership.organisation_id == EntryOrganisation.organisation_id)
        .where(EntryOrganisation.entry_id.in_(entry_ids), Membership.left_at.is_(None))
    )
    found: dict[tuple[UUID, bool], set[UUID]] = defaultdict(set)
    for entry_id, account_id, is_steward in session().execute(ask):
        found[entry_id, is_steward].add(account_id)
    return found


def _accounts(ids: Collection[UUID]) -> dict[UUID, Account]:
    return {one.id: one for one in session().scalars(select(Account).where(Account.id.in_(ids)))}


def _phones(account: Account) -> frozenset[str]:
    """A number that was proved has its digest; one that is only for being called is read."""
    proved = frozenset({account.phone_digest} if account.phone_digest else ())
    return proved | _digests(account.phone or "")


def _digests(contact: str) -> frozenset[str]:
    number = normal_phone(contact)
    return frozenset() if number is None else frozenset({phone_digest(number)})


def _keys_of(one: Kin) -> set[str]:
    contact = {f"email:{one.contact.strip().lower()}"} if "@" in one.contact else set()
    return {f"name:{fold(one.name)}", *contact, *(f"phone:{number}" for number in _digests(one.contact))}


def shared_domains() -> frozenset[str]:
    """Domains of mail that the tenant says many houses share. One query."""
    given = session().scalars(select(ConflictSettings.shared_domains)).one_or_none()
    return frozenset(given or ())
