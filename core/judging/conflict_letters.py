"""Letters that tell officers of conflicts that wait for them; they name neither the person nor the dossier."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.barring import is_barred_for
from core.entries.models import Entry
from core.kernel.db import session
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.people.services.roles import committee_accounts


def tell_declared(edition: EditionView, entries: Collection[UUID], but: UUID, *, now: datetime) -> None:
    """One letter to each officer but the one who declared: how many wait that he may decide on."""
    _tell("conflict-declared", edition, [(but, entry_id) for entry_id in entries], now)


def tell_reopened(edition: EditionView, pairs: Collection[tuple[UUID, UUID]], *, now: datetime) -> None:
    """One letter to each officer: how many conflicts (person, dossier) that were dismissed have new evidence."""
    _tell("conflict-reopened", edition, pairs, now)


def _tell(key: str, edition: EditionView, pairs: Collection[tuple[UUID, UUID]], now: datetime) -> None:
    """Officers are told of what they may decide on: of nothing about themselves, of no dossier closed to them."""
    ask = select(Account).where(Account.id.in_(committee_accounts())).order_by(Account.id)
    for account in session().scalars(ask).all():
        others = [entry_id for person, entry_id in pairs if person != account.id]
        open_to_him = select(Entry.id).where(Entry.id.in_(others), ~is_barred_for(account.id))
        seen = set(session().scalars(open_to_him)) if others else set()
        count = sum(1 for entry_id in others if entry_id in seen)
        if not count:
            continue
        language = language_for(account.language, bound_tenant().profile)
        values = {
            "so_ho_so": str(count),
            "dia_chi": f"{site_address()}/btc/cham-thi/xung-dot",
            "ban_to_chuc": edition.rules.terms().committee.in_(language),
            "ky_thi": edition.name.in_(language),
        }
        reader = Reader(reached_at(account), account.name, account.language)
        send_letter(key, reader, values, now=now)
