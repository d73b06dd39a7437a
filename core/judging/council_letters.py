"""Letters to people on a council: the invitation, its reminder, and that a reserve takes over."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import func, select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import State
from core.judging.council_models import Council, GroupField, GroupSeat, Seat
from core.judging.seats import SeatRole, role_words
from core.kernel.clock import local
from core.kernel.db import session
from core.letters.post import Reader, bound_tenant, by_when, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.plugin_api import Round


def send_council_invitation(
    edition: EditionView,
    council: Council,
    seat: Seat,
    judging_round: Round,
    *,
    now: datetime,
    again: bool = False,
) -> None:
    """Ask the person of `seat` whether they take it; `again` reminds, once a day at most."""
    account = session().get_one(Account, (session().tenant_id, seat.account_id))
    language = language_for(account.language, bound_tenant().profile)
    values = {
        **_common(edition, council, judging_round, language),
        "viec": _role(seat, language),
        "so_ho_so": str(dossiers_about(edition, seat)),
        "truoc_han": by_when(council.answer_by, language),
        "dia_chi": f"{site_address()}/hoi-dong/loi-moi/{seat.id}",
    }
    once = f"{seat.id}:{local(now).date()}" if again else None
    key = "council-reminder" if again else "council-invitation"
    send_letter(key, Reader(reached_at(account), account.name, account.language), values, once=once, now=now)


def send_stand_in(
    edition: EditionView, council: Council, seat: Seat, judging_round: Round, count: int, *, now: datetime
) -> None:
    """Tell a reserve that `count` dossiers are now theirs to judge."""
    account = session().get_one(Account, (session().tenant_id, seat.account_id))
    language = language_for(account.language, bound_tenant().profile)
    values = {
        **_common(edition, council, judging_round, language),
        "so_ho_so": str(count),
        "dia_chi": f"{site_address()}/cham-thi/?vong={judging_round.key}",
    }
    send_letter(
        "council-stand-in", Reader(reached_at(account), account.name, account.language), values, now=now
    )


def dossiers_about(edition: EditionView, seat: Seat) -> int:
    """How many accepted dossiers there are now that the seat's groups take; all where it sits in none. Two queries."""
    ask = (
        select(func.count())
        .select_from(Entry)
        .where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    )
    fields = list(
        session().scalars(
            select(GroupField.field)
            .join(GroupSeat, GroupSeat.group_id == GroupField.group_id)
            .where(GroupSeat.seat_id == seat.id)
        )
    )
    if fields:
        ask = ask.where(Entry.field.in_(fields))
    return session().scalars(ask).one()


def _role(seat: Seat, language: str) -> str:
    with force_locale(language):
        return role_words(SeatRole(seat.role))


def _common(edition: EditionView, council: Council, judging_round: Round, language: str) -> dict[str, str]:
    terms = edition.rules.terms()
    return {
        "hoi_dong": council.name or terms.jury.in_(language),
        "vong": judging_round.name.in_(language),
        "ky_thi": edition.name.in_(language),
        "ban_to_chuc": terms.committee.in_(language),
    }
