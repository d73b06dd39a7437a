"""The copy: the person's dossiers with their files, what they are in other people's dossiers, and who opened theirs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.content import authors_of, files_of
from core.entries.models import (
    Attachment,
    AuthorInvitation,
    Entry,
    EntryAuthor,
    EntryRight,
    EntryVersion,
    Extension,
    Screening,
    UnsentRevision,
    Upload,
)
from core.entries.policies import email_digest
from core.entries.words import role_name, state_badge
from core.intake.models import FiledFor, PaperArrival, PaperScan
from core.kernel.db import session
from core.kernel.formats import datetime_
from core.people.models import Account
from core.privacy.collectors.registry import HeldFile, Json, Part, collects, keeps_for_others, kept_for_others
from core.privacy.collectors.wording import (
    answers_words,
    at,
    author_words,
    bound_slug,
    is_same_person,
    safe_name,
)
from core.privacy.models import DossierOpening, Guardian
from core.privacy.words import opener_word

NOT_YOURS = "Hồ sơ bạn nhập thay người khác: nội dung là dữ liệu của người đó, không có trong bản sao này."


@keeps_for_others
def _filed_for_citizens(account: Account, entry_ids: Collection[UUID]) -> Collection[UUID]:
    """What an officer keys in for a citizen is the citizen's."""
    return session().scalars(select(FiledFor.entry_id).where(FiledFor.entry_id.in_(entry_ids))).all()


@collects(
    "ho-so",
    "Hồ sơ dự thi của bạn: nội dung, các lần nộp, kết quả xét, giấy tờ, tệp",
    "entry: owner_id code title field facts unsaved state; entry_version: snapshot sha256 receipt;"
    "unsent_revision: snapshot; attachment: name sha256; screening: outcome reason;"
    "entry_author: name role workplace; extension: reason state note; upload: account_id field name;"
    "paper_arrival: way remark; paper_scan: name sha256",
)
def _dossiers(account: Account) -> Part:
    ask = select(Entry).where(Entry.owner_id == account.id).order_by(Entry.created_at)
    entries = list(session().scalars(ask))
    shown = {one.id: one for one in editions(bound_slug())}
    others = kept_for_others(account, [entry.id for entry in entries])
    held = _Held(account, [entry.id for entry in entries if entry.id not in others])
    data: list[dict[str, Json]] = []
    for entry in entries:
        edition = shown[entry.edition_id]
        label = state_badge(entry.state, is_published=entry.published_at is not None).label
        if entry.id in others:
            head = {"mã hồ sơ": entry.code or entry.ref, "kỳ": edition.name.vi, "trạng thái": label}
            data.append({**head, "ghi chú": NOT_YOURS})
        else:
            data.append(held.dossier(entry, edition, label))
    return Part(data, tuple(held.paths))


@collects(
    "dong-tac-gia",
    "Bạn trong hồ sơ của người khác: phần ghi về bạn, lời mời xác nhận, quyền được xem",
    "entry_author: account_id name role workplace confirmed_how decline_reason; author_invitation: email_digest;"
    "entry_right: account_id level",
)
def _in_other_dossiers(account: Account) -> Part:
    invited = and_(
        AuthorInvitation.author_id == EntryAuthor.id,
        AuthorInvitation.email_digest == email_digest(account.email or ""),
    )
    authors = (
        select(EntryAuthor, AuthorInvitation.sent_at, Entry)
        .join(Entry, Entry.id == EntryAuthor.entry_id)
        .outerjoin(AuthorInvitation, invited)
        .where(Entry.owner_id != account.id)
        .where(or_(EntryAuthor.account_id == account.id, AuthorInvitation.id.is_not(None)))
        .order_by(Entry.created_at)
    )
    rights = (
        select(EntryRight, Entry.code, Entry.ref)
        .join(Entry, Entry.id == EntryRight.entry_id)
        .where(EntryRight.account_id == account.id)
        .order_by(EntryRight.given_at)
    )
    return Part(
        {
            "tác giả": [
                {
                    "hồ sơ": entry.code or entry.ref,
                    "tên hồ sơ": entry.title,
                    **_own_row(author),
                    "mời lúc": at(sent_at),
                    "xác nhận lúc": at(author.confirmed_at),
                    "xác nhận bằng": author.confirmed_how,
                    "từ chối lúc": at(author.declined_at),
                    "lý do từ chối": author.decline_reason,
                }
                for author, sent_at, entry in session().execute(authors)
            ],
            "quyền": [
                {"hồ sơ": code or ref, "quyền": one.level, "từ": datetime_(one.given_at)}
                for one, code, ref in session().execute(rights)
            ],
        }
    )


@collects(
    "nguoi-giam-ho",
    "Người giám hộ đã ghi trong hồ sơ của bạn",
    "guardian: name contact relation text_version",
)
def _guardians(account: Account) -> Part:
    ask = (
        select(Guardian, Entry.code, Entry.ref)
        .join(Entry, Entry.id == Guardian.entry_id)
        .where(Entry.owner_id == account.id)
        .order_by(Guardian.given_at)
    )
    rows = list(session().execute(ask))
    others = kept_for_others(account, [one.entry_id for one, _code, _ref in rows])
    return Part(
        [
            {
                "hồ sơ": code or ref,
                "người giám hộ": one.name,
                "quan hệ": one.relation,
                "liên hệ": one.contact,
                "bản lời văn": one.text_version,
                "đồng ý lúc": datetime_(one.given_at),
                "rút lại lúc": at(one.withdrawn_at),
            }
            for one, code, ref in rows
            if one.entry_id not in others
        ]
    )


@collects("luot-mo-ho-so", "Ai đã mở hồ sơ của bạn, theo vai trò", "dossier_opening: role what")
def _openings(account: Account) -> Part:
    ask = (
        select(DossierOpening.at, DossierOpening.role, DossierOpening.what, Entry.code)
        .join(Entry, Entry.id == DossierOpening.entry_id)
        .where(Entry.owner_id == account.id)
        .order_by(DossierOpening.at)
    )
    return Part(
        [
            {
                "lúc": datetime_(when),
                "hồ sơ": code,
                "vai trò": opener_word(role),
                "xem": "tệp" if what == "file" else "hồ sơ",
            }
            for when, role, what, code in session().execute(ask)
        ]
    )


class _Held:
    """What hangs on the person's own dossiers, each table read once; `paths` gathers the files of the copy."""

    def __init__(self, account: Account, ids: list[UUID]) -> None:
        self._account = account
        self._authors, self._files = authors_of(ids), files_of(ids)
        self._versions = _by_entry(EntryVersion, ids, EntryVersion.number)
        self._unsent = _by_entry(UnsentRevision, ids, UnsentRevision.at)
        self._screenings = _by_entry(Screening, ids, Screening.at)
        self._extensions = _by_entry(Extension, ids, Extension.asked_at)
        self._arrivals = _by_entry(PaperArrival, ids, PaperArrival.at)
        self._scans = _by_entry(PaperScan, ids, PaperScan.added_at)
        self._uploads = _by_entry(Upload, ids, Upload.begun_at)
        self.paths: list[HeldFile] = []

    def dossier(self, entry: Entry, edition: EditionView, label: str) -> dict[str, Json]:
        """One dossier in words."""
        place = f"tep/{entry.code or f'ban-nhap-{entry.ref}'}"
        known: dict[str, str] = {}
        files = []
        for one in self._files[entry.id]:
            path = self._path(known, place, one.sha256, one.name)
            files.append(_file(one, path))
        return {
            "mã hồ sơ": entry.code,
            "kỳ": edition.name.vi,
            "tên": entry.title,
            "lĩnh vực": entry.field,
            "trạng thái": label,
            "lập lúc": datetime_(entry.created_at),
            "nộp lúc": at(entry.submitted_at),
            "đăng lúc": at(entry.published_at),
            "nội dung": answers_words(edition, entry.facts),
            "đã gõ mà chưa đạt": dict(entry.unsaved),
            "tác giả": [self._author(one) for one in self._authors[entry.id]],
            "tệp": files,
            "tệp đang tải dở": [
                {"tên": one.name, "mục": one.field, "từ": datetime_(one.begun_at)}
                for one in self._uploads.get(entry.id, ())
                if not one.done and one.account_id == self._account.id
            ],
            "các lần nộp": [
                {
                    "lần": one.number,
                    "lúc": datetime_(one.at),
                    "mã biên nhận": one.receipt,
                    "SHA-256": one.sha256,
                    **self._snapshot(one.snapshot, edition, known, f"{place}/lan-{one.number}"),
                }
                for one in self._versions.get(entry.id, ())
            ],
            "bản sửa chưa nộp": [
                {
                    "lúc": datetime_(one.at),
                    **self._snapshot(one.snapshot, edition, known, f"{place}/chua-nop-{number}"),
                }
                for number, one in enumerate(self._unsent.get(entry.id, ()), start=1)
            ],
            "kết quả xét": [_screening(one) for one in self._screenings.get(entry.id, ())],
            "gia hạn": [
                {"đến": datetime_(one.until), "lý do": one.reason, "kết quả": one.state, "ghi chú": one.note}
                for one in self._extensions.get(entry.id, ())
            ],
            "hồ sơ giấy": [
                {
                    "đến ngày": one.arrived_on.isoformat(),
                    "cách gửi": one.way,
                    "ghi chú": one.remark,
                    "bỏ lúc": at(one.undone_at),
                }
                for one in self._arrivals.get(entry.id, ())
            ],
            "bản quét": [
                {
                    "tên": one.name,
                    "trong bản sao": self._path(known, f"{place}/ban-quet", one.sha256, one.name),
                }
                for one in self._scans.get(entry.id, ())
            ],
        }

    def _path(self, known: dict[str, str], place: str, sha256: str, name: str) -> str:
        """Where a content of this dossier stands in the zip: once, however many versions name it."""
        if sha256 not in known:
            known[sha256] = f"{place}/{len(known) + 1:02d}-{safe_name(name)}"
            self.paths.append(HeldFile(known[sha256], sha256))
        return known[sha256]

    def _snapshot(
        self, content: Mapping[str, Any], edition: EditionView, known: dict[str, str], place: str
    ) -> dict[str, Json]:
        return {
            "tên": content.get("title"),
            "nội dung": answers_words(edition, content.get("facts", {})),
            "tác giả": [author_words(self._account, row) for row in content.get("authors", ())],
            "tệp": [
                {"tên": row["name"], "trong bản sao": self._path(known, place, row["sha256"], row["name"])}
                for row in content.get("files", ())
            ],
        }

    def _author(self, one: EntryAuthor) -> dict[str, Json]:
        """Dossiers name authors, and few point at an account: where none does, the name tells."""
        is_own = one.account_id == self._account.id
        if one.account_id is None:
            is_own = is_same_person(self._account, one.name)
        return _own_row(one) if is_own else {"họ tên": one.name, "vai trò": str(role_name(one.role))}


def _own_row(one: EntryAuthor) -> dict[str, Json]:
    return {
        "họ tên": one.name,
        "vai trò": str(role_name(one.role)),
        "năm sinh": one.birth_year,
        "nơi công tác": one.workplace,
        "phần đóng góp (%)": None if one.share is None else str(one.share),
    }


def _file(one: Attachment, path: str) -> dict[str, Json]:
    return {
        "tên": one.name,
        "trong bản sao": path,
        "SHA-256": one.sha256,
        "cỡ (byte)": one.size,
        "công khai": one.is_public,
    }


def _screening(one: Screening) -> dict[str, Json]:
    words = {"accept": "chấp nhận", "return": "trả lại để bổ sung", "refuse": "từ chối", "withdraw": "rút"}
    return {"kết quả": words.get(one.outcome, one.outcome), "lý do": one.reason, "lúc": datetime_(one.at)}


def _by_entry(model: Any, ids: list[UUID], order: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in session().scalars(select(model).where(model.entry_id.in_(ids)).order_by(order)):
        found.setdefault(row.entry_id, []).append(row)
    return found
