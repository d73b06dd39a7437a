"""What imports hold of a person: the row that is about them, for their copy and when they are erased.

The workbook itself is neither shown nor changed: it names others, and what was imported is checked against it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.models import Entry
from core.imports.models import ImportRow, ImportRun
from core.imports.states import Outcome, Owners
from core.imports.words import outcome_word
from core.kernel.db import session
from core.kernel.events import listens_to
from core.kernel.formats import datetime_
from core.letters.post import bound_tenant
from core.people.models import Account
from core.privacy.collectors import Part, collects, keeps_for_others
from core.privacy.collectors.wording import answers_words, author_words
from core.privacy.events import AccountErasing


@keeps_for_others
def _imported_from_paper(account: Account, entry_ids: Collection[UUID]) -> Collection[UUID]:
    """Dossiers that came on paper stand under the officer who imported them and are their authors'."""
    ask = (
        select(Entry.id)
        .join(ImportRow, ImportRow.entry_ref == Entry.ref)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .where(Entry.id.in_(entry_ids), ImportRun.owners == Owners.PAPER)
    )
    return session().scalars(ask).all()


@collects(
    "nhap-danh-sach",
    "Dòng về bạn trong các bảng tính Ban Tổ chức đã nhập, và các lần bạn nhập",
    "import_row: data outcome note entry_ref; import_run: by_id by_name file_name owners state",
)
def _imports(account: Account) -> Part:
    own = select(ImportRun).where(ImportRun.by_id == account.id).order_by(ImportRun.at)
    shown = {one.id: one for one in editions(bound_tenant().slug)}
    return Part(
        {
            "dòng về bạn": [
                _row(account, row, run, shown[run.edition_id]) for row, run in _rows_about(account)
            ],
            "lần bạn nhập": [
                {
                    "lúc": datetime_(one.at),
                    "tên ghi": one.by_name,
                    "bảng tính": one.file_name,
                    "nhập cho": one.owners,
                    "trạng thái": one.state,
                }
                for one in session().scalars(own)
            ],
        }
    )


@listens_to(AccountErasing)
def forget_rows(event: AccountErasing) -> None:
    """A row that waits is not imported any more; of one that made a dossier no name stays."""
    for row, _run in _rows_about(event.account):
        if row.outcome == Outcome.NEW:
            session().delete(row)
        else:
            row.data, row.note = {}, ""
    session().flush()


def _rows_about(account: Account) -> list[tuple[ImportRow, ImportRun]]:
    """Rows that made a dossier of the person, and rows that wait with the person's address."""
    made = and_(Entry.owner_id == account.id, ImportRun.owners == Owners.INVITE)
    waits = and_(
        ImportRow.outcome == Outcome.NEW,
        func.lower(ImportRow.data["email"].as_string()) == (account.email or "").lower(),
    )
    ask = (
        select(ImportRow, ImportRun)
        .join(ImportRun, ImportRun.id == ImportRow.run_id)
        .outerjoin(Entry, Entry.ref == ImportRow.entry_ref)
        .where(or_(made, waits) if account.email else made)
        .order_by(ImportRun.at, ImportRow.number)
    )
    return [(row, run) for row, run in session().execute(ask)]


def _row(account: Account, row: ImportRow, run: ImportRun, edition: EditionView) -> dict[str, Any]:
    data = row.data
    return {
        "bảng tính": run.file_name,
        "nhập lúc": datetime_(run.at),
        "kỳ": edition.name.vi,
        "dòng": row.number,
        "kết quả": outcome_word(row.outcome, row.note)[1],
        "hồ sơ": row.entry_ref,
        "tên hồ sơ": data.get("title"),
        "địa chỉ thư": data.get("email"),
        "số điện thoại": data.get("phone"),
        "đơn vị": data.get("unit"),
        "nội dung": answers_words(edition, data.get("facts") or {}),
        "tác giả": [author_words(account, one) for one in data.get("authors", ())],
    }
