"""The letter that tells officers of a conflict somebody declared; it names neither the person nor the dossier."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

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
    ask = select(Account).where(Account.id.in_(committee_accounts()), Account.id != but).order_by(Account.id)
    for account in session().scalars(ask).all():
        seen = (
            select(func.count())
            .select_from(Entry)
            .where(Entry.id.in_(list(entries)), ~is_barred_for(account.id))
        )
        count = session().scalars(seen).one()
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
        send_letter("conflict-declared", reader, values, now=now)
