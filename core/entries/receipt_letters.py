"""Letters with the receipt: to the owner as the dossier is handed in, to each author with an account right after.

The paper itself is made when a letter is sent (`kernel.enclosures`). A link stands in a letter only where its reader
may follow it: an author without a right to the dossier is led to the public check of the receipt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.deadlines import handing_in_ends
from core.entries.filers import filed_by
from core.entries.letters import owner_of, send_entry_letter
from core.entries.models import Entry, EntryAuthor, EntryVersion
from core.entries.paperwork import wants_paper
from core.entries.queries import rights_on
from core.entries.receipt_paper import receipt_pdf
from core.kernel.db import session
from core.kernel.enclosures import Enclosed, NotEnclosed, encloses
from core.kernel.formats import datetime_, deadline
from core.kernel.jobs import enqueue, handler
from core.kernel.pdf import PDF, PdfNotMade
from core.letters.post import Reader, bound_tenant, language_for, site_address
from core.people.models import Account
from core.people.services.mails import reached_at
from core.tenancy.profile import tenant_view

PAPER, TO_AUTHORS = "entries.receipt", "entries.receipt_letters"


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets the receipt by which letter; `may_open`: whether the pages of the dossier answer them."""

    letter: str
    reader: Reader
    account_id: UUID
    may_open: bool


def send_receipts(
    entry: Entry,
    edition: EditionView,
    version: EntryVersion,
    authors: Sequence[EntryAuthor],
    *,
    now: datetime,
) -> None:
    """Tell the owner that the dossier arrived, now, and its authors with an account once this is stored."""
    owner = Receiver("entry-received", owner_of(entry), entry.owner_id, may_open=True)
    _send(owner, entry, edition, version, now=now)
    if tied_authors(entry, authors):
        enqueue(TO_AUTHORS, {"version": str(version.id)}, dedupe=version.id.hex)


def send_receipt_to_author(entry: Entry, author: EntryAuthor) -> None:
    """Let an author who confirms after the handing in have the receipt of the newest version too."""
    ask = select(EntryVersion.id).where(
        EntryVersion.entry_id == entry.id, EntryVersion.number == entry.version
    )
    version_id = session().scalars(ask).one_or_none()
    if version_id is None:
        return
    for account_id in tied_authors(entry, [author]):
        key = f"{version_id.hex}:{account_id.hex}"
        enqueue(TO_AUTHORS, {"version": str(version_id), "account": str(account_id)}, dedupe=key)


def tied_authors(entry: Entry, authors: Sequence[EntryAuthor]) -> list[UUID]:
    """The accounts of authors who confirmed with one, without the owner's."""
    tied = [one.account_id for one in authors if one.account_id is not None and one.confirmed_at is not None]
    return [one for one in dict.fromkeys(tied) if one != entry.owner_id]


@handler(TO_AUTHORS)
def send_to_authors(payload: Mapping[str, Any]) -> None:
    """Send each author with an account, or the one of `account`, the receipt of a version; nobody gets it twice."""
    version = session().get(EntryVersion, (session().tenant_id, UUID(str(payload["version"]))))
    if version is None:
        return
    entry, edition = _of(version)
    held = rights_on(entry)
    only = payload.get("account")
    tied = tied_authors(entry, authors_of([entry.id])[entry.id])
    ids = [one for one in tied if only in (None, str(one))]
    for account in session().scalars(select(Account).where(Account.id.in_(ids)).order_by(Account.id)):
        reader = Reader(reached_at(account), account.name, account.language)
        author = Receiver("entry-received-author", reader, account.id, may_open=account.id in held)
        _send(author, entry, edition, version, now=edition.now())


@encloses(PAPER, PDF)
def receipt_of(source: Mapping[str, Any], language: str) -> bytes | None:
    """The receipt as a PDF; None once the dossier is no longer there."""
    version = session().get(EntryVersion, (session().tenant_id, UUID(str(source["version"]))))
    if version is None:
        return None
    entry, edition = _of(version)
    try:
        with force_locale(language):
            return receipt_pdf(version, edition, owner=filed_by(entry), address=str(source["address"]))
    except PdfNotMade as failed:
        raise NotEnclosed(failed.message) from failed


def checking_address(version: EntryVersion, site: str) -> str:
    """Where anybody who has the receipt's code checks it."""
    return f"{site}/xac-minh?ma={version.receipt}"


def file_name_of(code: str | None, number: int) -> str:
    """What the paper is called when it is kept."""
    return f"bien-nhan-{code}-{number}.pdf"


def _of(version: EntryVersion) -> tuple[Entry, EditionView]:
    entry = session().get_one(Entry, (session().tenant_id, version.entry_id))
    return entry, next(one for one in editions(bound_tenant().slug) if one.id == entry.edition_id)


def _send(
    receiver: Receiver, entry: Entry, edition: EditionView, version: EntryVersion, *, now: datetime
) -> None:
    language, site = language_for(receiver.reader.language, bound_tenant().profile), site_address()
    again = {"vi": f"(lần nộp thứ {version.number})", "en": f"(version {version.number})"}[language]
    checking, page = checking_address(version, site), f"{site}/du-thi/{entry.ref}"
    values = {
        "ma_bien_nhan": version.receipt,
        "sha256": version.sha256,
        "luc_nhan": datetime_(version.at, language),
        "lan_nop": again if version.number > 1 else "",
        "dia_chi": page if receiver.may_open else checking,
        "dia_chi_bien_nhan": f"{page}/bien-nhan/{version.number}.pdf",
        "ban_giay": _about_paper(entry, edition, language),
    }
    source = {"version": str(version.id), "address": checking}
    send_entry_letter(
        receiver.letter,
        entry,
        edition,
        receiver.reader,
        values,
        enclosed=Enclosed(PAPER, file_name_of(entry.code, version.number), source),
        once=f"receipt:{version.id.hex}:{receiver.account_id.hex}",
        now=now,
    )


def _about_paper(entry: Entry, edition: EditionView, language: str) -> str:
    """What the owner does about paper; "" where none is wanted."""
    if not wants_paper(edition):
        return ""
    agency = tenant_view(bound_tenant()).agency.in_(language)
    said = {
        "vi": "Kỳ này cần cả bản giấy: Quý vị in từ trang của hồ sơ, ký, xin xác nhận và đóng dấu ở chỗ yêu cầu, "
        f"rồi gửi đến {agency}.",
        "en": "The papers are wanted too: print them from the dossier's page, sign, have them confirmed and stamped "
        f"where it is asked, and send them to {agency}.",
    }[language]
    until = handing_in_ends(entry, edition)
    if until is None:
        return said
    return f"{said} {'Hạn gửi' if language == 'vi' else 'Due'}: {deadline(until, language)}."
