"""Letters to entrants: subjects that say what to do, in the contest's own words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import Move
from core.kernel.db import session
from core.kernel.enclosures import Enclosed
from core.kernel.formats import left
from core.letters.post import Reader, bound_tenant, by_when, language_for, send_letter, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.tenancy.profile import tenant_view

__all__ = [
    "owner_of",
    "send_blocked_file",
    "send_entry_letter",
    "send_outcome",
    "send_withdrawn",
    "site_address",
]

_OUTCOMES = {
    Move.ACCEPT: "entry-accepted",
    Move.RETURN: "entry-returned",
    Move.REFUSE: "entry-refused",
    Move.REOPEN: "entry-reopened",
}


def send_outcome(
    entry: Entry,
    edition: EditionView,
    move: Move,
    reason: str,
    clause: str | None,
    *,
    now: datetime,
    due_at: datetime | None = None,
) -> None:
    """Tell the entrant what the screening decided, why, and what to do next until when."""
    from core.entries.deadlines import handing_in_ends

    to = owner_of(entry)
    language = language_for(to.language, bound_tenant().profile)
    values = {"ly_do": reason}
    cited = edition.rules.clause(clause)
    if cited is not None:
        values["can_cu"] = f"{cited.article.in_(language)}, {cited.document.in_(language)}"
        # The edition's own rules: a letter is read when another edition may be the current one.
        values["dia_chi_can_cu"] = f"{site_address()}/the-le?ky={edition.key}#{cited.key}"
    if move is Move.REFUSE:
        values["noi_nhan"] = tenant_view(bound_tenant()).agency.in_(language)
    if move is Move.RETURN:
        values["truoc_han"] = by_when(due_at or handing_in_ends(entry, edition), language)
    send_entry_letter(_OUTCOMES[move], entry, edition, to, values, now=now)


def send_completion_reminder(
    entry: Entry, edition: EditionView, reason: str, due_at: datetime, *, now: datetime
) -> None:
    """Remind the entrant that the returned dossier is to be completed soon."""
    to = owner_of(entry)
    language = language_for(to.language, bound_tenant().profile)
    values = {"ly_do": reason, "truoc_han": by_when(due_at, language), "con_lai": left(due_at, now, language)}
    send_entry_letter("entry-reminder", entry, edition, to, values, now=now)


def send_withdrawn(entry: Entry, edition: EditionView, reason: str, *, now: datetime) -> None:
    """Tell the entrant that the committee took the dossier out of the contest."""
    send_entry_letter("entry-withdrawn", entry, edition, owner_of(entry), {"ly_do": reason}, now=now)


def send_blocked_file(entry: Entry, edition: EditionView, name: str, *, now: datetime) -> None:
    """Tell the entrant that a file which had waited for the virus scanner cannot be used."""
    send_entry_letter("file-blocked", entry, edition, owner_of(entry), {"ten_tep": name}, now=now)


def send_revision_lapsed(entry: Entry, edition: EditionView, *, has_changed: bool, now: datetime) -> None:
    """Tell the entrant that the time of revising is over and which version counts."""
    to = owner_of(entry)
    language = language_for(to.language, bound_tenant().profile)
    kept = {
        "vi": "Phần đang sửa chưa nộp vẫn được giữ để Quý vị xem lại, nhưng không được xét.",
        "en": "What was changed and not handed in is kept for you to read, but is not looked at.",
    }
    values = {"lan_nop": str(entry.version), "phan_dang_sua": kept[language] if has_changed else ""}
    send_entry_letter("revision-lapsed", entry, edition, to, values, now=now)


def send_extended(
    entry: Entry, edition: EditionView, until: datetime, reason: str, *, for_all: bool, now: datetime
) -> None:
    """Tell an entrant that there is more time, until when and why, and that the dossier still has to be handed in."""
    to = owner_of(entry)
    language = language_for(to.language, bound_tenant().profile)
    what = {
        "vi": "thời gian nhận hồ sơ" if for_all else f"thời gian nộp cho hồ sơ “{entry.title or entry.ref}”",
        "en": "the time of handing in" if for_all else f"the time for “{entry.title or entry.ref}”",
    }
    values = {"ly_do": reason, "duoc_gia_han": what[language], "truoc_han": by_when(until, language)}
    send_entry_letter("entry-extended", entry, edition, to, values, now=now)


def send_entry_letter(
    key: str,
    entry: Entry,
    edition: EditionView,
    to: Reader,
    values: Mapping[str, str],
    *,
    enclosed: Enclosed | None = None,
    once: str | None = None,
    now: datetime,
) -> None:
    """Send the letter `key` about a dossier; its title, code, page, committee and edition are filled in here."""
    language = language_for(to.language, bound_tenant().profile)
    own = {
        "ten_ho_so": entry.title,
        "ma_ho_so": entry.code or "",
        "ban_to_chuc": edition.rules.terms().committee.in_(language),
        "ky_thi": edition.name.in_(language),
        "dia_chi": f"{site_address()}/du-thi/{entry.ref}",
    }
    about = entry.code or entry.ref
    send_letter(key, to, {**own, **values}, about=about, enclosed=enclosed, once=once, now=now)


def owner_of(entry: Entry) -> Reader:
    """The account a dossier belongs to, as the reader of a letter."""
    owner = session().get_one(Account, (session().tenant_id, entry.owner_id))
    return Reader(reached_at(owner), owner.name, owner.language)
