"""Letters about a site visit, planned, moved or cancelled: to the entrant, and to those of the council who go or no
longer do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.letters import owner_of, send_entry_letter
from core.entries.models import Entry
from core.judging.meeting.apart import kept_people
from core.judging.meeting.visit_models import SiteVisit, VisitMember, VisitMove
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.kernel.ids import spoken_code
from core.letters.post import Reader, bound_tenant, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at


@dataclass(frozen=True, slots=True)
class _News:
    """What is told of a visit: the end of the letters' names, words and times for their places, and which one it is."""

    what: str
    words: Mapping[str, str]
    times: Mapping[str, datetime]
    part: str = ""


def tell_planned(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], *, now: datetime
) -> None:
    """Tell of a new visit, once."""
    news = _News("planned", {"noi_den": visit.place}, {"luc_den": visit.at})
    _tell(edition, visit, members, news, now=now)


def tell_moved(
    edition: EditionView, visit: SiteVisit, move: VisitMove, members: Sequence[VisitMember], *, now: datetime
) -> None:
    """Tell where and when the visit is now, what it was before, and why; once for each move."""
    words = {"noi_den": visit.place, "noi_cu": move.was_place, "ly_do": move.reason}
    times = {"luc_den": visit.at, "luc_cu": move.was_at}
    _tell(edition, visit, members, _News("moved", words, times, f":{move.number}"), now=now)


def tell_cancelled(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], *, now: datetime
) -> None:
    """Tell that a visit is off, and why, once."""
    _tell(edition, visit, members, _cancelled(visit), now=now)


def tell_goers_cancelled(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], *, now: datetime
) -> None:
    """Tell those who go alone that a visit is off, and why, once."""
    _tell_goers(edition, visit, members, _cancelled(visit), now=now)


def _cancelled(visit: SiteVisit) -> _News:
    return _News("cancelled", {"ly_do": visit.reason}, {"luc_den": visit.at})


def tell_goers_changed(
    edition: EditionView,
    visit: SiteVisit,
    came: Sequence[VisitMember],
    left: Sequence[VisitMember],
    reason: str,
    *,
    now: datetime,
) -> None:
    """Tell those who go from now on when and where, and those who do not any more why; once for each change. The
    entrant was never told who comes."""
    times, part = {"luc_den": visit.at}, f":{spoken_code()}"
    _tell_goers(edition, visit, came, _News("planned", {"noi_den": visit.place}, times, part), now=now)
    _tell_goers(edition, visit, left, _News("released", {"ly_do": reason}, times, part), now=now)


def _tell(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], news: _News, *, now: datetime
) -> None:
    entry = session().get_one(Entry, (session().tenant_id, visit.entry_id))
    to = owner_of(entry)
    once = f"visit-{news.what}:{visit.id}{news.part}"
    values = {**news.words, **_in_words(news.times, to)}
    send_entry_letter(f"visit-{news.what}", entry, edition, to, values, once=once, now=now)
    _tell_goers(edition, visit, members, news, now=now)


def _tell_goers(
    edition: EditionView, visit: SiteVisit, members: Sequence[VisitMember], news: _News, *, now: datetime
) -> None:
    entry = session().get_one(Entry, (session().tenant_id, visit.entry_id))
    for account in _going(entry, members):
        reader = Reader(reached_at(account), account.name, account.language)
        language = language_for(reader.language, bound_tenant().profile)
        # The code alone, without the title: who goes may be reading the dossier blind.
        said = {
            "ma_ho_so": entry.code or "",
            "ban_to_chuc": edition.rules.terms().committee.in_(language),
            "ky_thi": edition.name.in_(language),
            "dia_chi": f"{site_address()}/hoi-dong/{visit.round}/tham-dinh/{visit.number}",
            **news.words,
            **_in_words(news.times, reader),
        }
        send_letter(
            f"visit-goer-{news.what}",
            reader,
            said,
            about=entry.code or entry.ref,
            once=f"visit-goer-{news.what}:{visit.id}{news.part}:{account.id}",
            now=now,
        )


def _in_words(times: Mapping[str, datetime], to: Reader) -> dict[str, str]:
    language = language_for(to.language, bound_tenant().profile)
    return {name: datetime_(at, language) for name, at in times.items()}


def _going(entry: Entry, members: Sequence[VisitMember]) -> Sequence[Account]:
    """The accounts of who goes, without those who have a conflict with the entry since: they are told nothing of it.
    Three queries."""
    ids = {member.account_id for member in members} - kept_people(entry.id)
    return session().scalars(select(Account).where(Account.id.in_(sorted(ids))).order_by(Account.id)).all()
