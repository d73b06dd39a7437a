"""The letter that tells a judge what he is to judge."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.assigning import is_running
from core.judging.models import Assignment, Judge
from core.judging.policies import round_of
from core.judging.round_ends import end_ahead
from core.kernel.db import session
from core.kernel.formats import by_when
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at


def tell_assigned(
    edition: EditionView, round_key: str, judges: Collection[UUID], *, once: str, now: datetime
) -> None:
    """One letter to each of the judges who has something to judge in the round: how many, and by when.

    A second call with the same `once` sends nothing.
    """
    judging_round, end = round_of(edition, round_key), end_ahead(edition, round_key, now).closes_at
    ask = (
        select(Judge.number, Account, func.count())
        .join(Account, Account.id == Judge.account_id)
        .join(Assignment, Assignment.judge_id == Judge.id)
        .join(Entry, Entry.id == Assignment.entry_id)
        .where(Judge.id.in_(list(judges)), Judge.is_active.is_(True), Entry.state == State.ACCEPTED)
        .where(Assignment.round == round_key, is_running())
        .group_by(Judge.id, Judge.tenant_id, Account.id, Account.tenant_id)
        .order_by(Judge.number)
    )
    for number, account, count in session().execute(ask):
        language = language_for(account.language, bound_tenant().profile)
        values = {
            "vong_cham": judging_round.name.in_(language),
            "so_ho_so": str(count),
            "truoc_han": "" if end is None else by_when(end, language),
            "dia_chi": f"{site_address()}/cham-thi/",
            "ban_to_chuc": edition.rules.terms().committee.in_(language),
            "ky_thi": edition.name.in_(language),
        }
        reader = Reader(reached_at(account), account.name, account.language)
        send_letter("judging-assigned", reader, values, once=f"assigned:{once}:{number}", now=now)
