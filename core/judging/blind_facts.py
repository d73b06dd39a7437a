"""The thin reader of whom a dossier must not tell in a blind round."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from core.contests.models import Unit
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.forms import questions
from core.entries.kin import kept_for_others, kin_of
from core.entries.models import AuthorInvitation, Entry
from core.entries.organisation_models import EntryOrganisation
from core.judging.blind import is_about_people
from core.judging.blind_scan import Subject
from core.kernel.db import session
from core.people.models import Account, Organisation
from core.plugin_api import FieldKind

SHORTEST = 5


def subject_of(edition: EditionView, entry: Entry, more: Iterable[str] = ()) -> Subject:
    """The people, units and workplaces of a dossier, and `more` words of the committee. A fixed number of queries.

    The answers to questions about people (`blind.is_about_people`) count as names, too. An officer who keyed the
    dossier in for a citizen is nobody of it.
    """
    authors = authors_of([entry.id])[entry.id]
    accounts = {one.account_id for one in authors if one.account_id is not None}
    if entry.id not in kept_for_others([entry.id]):
        accounts.add(entry.owner_id)
    people = list(session().scalars(select(Account).where(Account.id.in_(accounts))))
    kin = kin_of([entry.id])
    invited = session().scalars(select(AuthorInvitation.email).where(AuthorInvitation.entry_id == entry.id))
    emails = [*(one.email or "" for one in people), *invited, *(one.contact for one in kin)]
    units = [*_units(entry, people), *_organisations(entry.id), *(one.workplace for one in authors)]
    names = [one.name for one in authors] + [one.name for one in people] + [one.name for one in kin]
    return Subject(
        names=_distinct(names),
        units=_distinct(units),
        accounts=_distinct(mail.partition("@")[0] for mail in emails if "@" in mail),
        more=_distinct([*more, *_answers(edition, entry)]),
    )


def _units(entry: Entry, people: Iterable[Account]) -> Iterable[str]:
    wanted = {one for one in (entry.unit_id, *(account.unit_id for account in people)) if one is not None}
    return session().scalars(select(Unit.name).where(Unit.id.in_(wanted)))


def _organisations(entry_id: UUID) -> Iterable[str]:
    ask = select(Organisation.name).join(
        EntryOrganisation, EntryOrganisation.organisation_id == Organisation.id
    )
    return session().scalars(ask.where(EntryOrganisation.entry_id == entry_id))


def _answers(edition: EditionView, entry: Entry) -> Iterable[str]:
    """What was answered in one line to questions about people."""
    for asked in questions(edition):
        value = entry.facts.get(asked.key)
        is_asked = asked.kind is FieldKind.TEXT and is_about_people(asked)
        if is_asked and isinstance(value, str) and len(value) >= SHORTEST:
            yield value


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one.strip() for one in words if len(one.strip()) > 1}))
