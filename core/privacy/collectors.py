"""What is held about one person, gathered room by room: each collector gives one part of the person's copy.

A part is written as JSON in plain words, with the files that belong to it. It holds what is about the person alone: of
co-authors only what the public may know (name and role), of those who worked on a dossier only their part, never a
name. A room, or a plugin's host, adds what it holds with `@collects`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.contests.queries import editions
from core.contests.values import EditionView
from core.entries.content import authors_of, files_of
from core.entries.forms import answer_text
from core.entries.models import Attachment, Entry, EntryAuthor, EntryVersion, Screening
from core.entries.words import role_name, state_badge
from core.judging.models import Judge
from core.kernel.actor import Role
from core.kernel.audit import AuditRecord
from core.kernel.clock import real_now
from core.kernel.db import ALL_TENANTS, session
from core.kernel.formats import datetime_
from core.kernel.mail import Mail
from core.kernel.text import fold
from core.people.consents import consent_text
from core.people.models import Account, Consent, SignIn
from core.people.rescue_queries import rescues_of
from core.people.services import role_word
from core.plugin_host import PluginFailed
from core.privacy.models import DataRequest, DossierOpening, Guardian
from core.privacy.words import kind_name, opener_word
from core.privacy.words import state_badge as request_badge
from core.tenancy.models import Tenant
from core.voting.models import Vote

Json = Any
"""Plain JSON: mappings, lists, text, whole numbers, true and false, null."""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A stored file that goes into the copy under `path`."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one collector found: `data` for its JSON file, and files beside it."""

    data: Json
    files: tuple[HeldFile, ...] = ()


Collect = Callable[[Account], Part]


@dataclass(frozen=True, slots=True)
class Collector:
    """A registered collector: `key` names its file in the copy, `title` says in words what it gathers."""

    key: str
    title: str
    collect: Collect


_collectors: dict[str, Collector] = {}


def collects(key: str, title: str) -> Callable[[Collect], Collect]:
    """Register the function that gathers one part of a person's copy; a second one of the same key replaces it."""

    def register(function: Collect) -> Collect:
        _collectors[key] = Collector(key, title, function)
        return function

    return register


def collectors() -> tuple[Collector, ...]:
    """Every registered collector, in the order they registered."""
    return tuple(_collectors.values())


@collects("tai-khoan", "Tài khoản: họ tên, địa chỉ thư, điện thoại, vai trò")
def _account(account: Account) -> Part:
    return Part(
        {
            "họ tên": account.name,
            "địa chỉ thư": account.email,
            "số điện thoại": account.phone,
            "có mật khẩu": account.password_hash is not None,
            "vai trò": [str(role_word(Role(role))) for role in account.roles],
            "lập lúc": datetime_(account.created_at),
            "xác nhận địa chỉ thư lúc": _at(account.verified_at),
        }
    )


@collects("dang-nhap", "Các lần đăng nhập và thiết bị")
def _sign_ins(account: Account) -> Part:
    ask = select(SignIn).where(SignIn.account_id == account.id).order_by(SignIn.created_at)
    return Part(
        [
            {
                "thiết bị": one.device,
                "địa chỉ mạng": one.address,
                "đăng nhập lúc": datetime_(one.created_at),
                "hết hạn lúc": datetime_(one.expires_at),
                "kết thúc lúc": _at(one.ended_at),
            }
            for one in session().scalars(ask)
        ]
    )


@collects("khoi-phuc", "Các lần khôi phục lối vào tài khoản tại Ban Tổ chức")
def _rescues(account: Account) -> Part:
    return Part(
        [
            {
                "việc": one.kind,
                "giấy tờ đã xem": one.papers,
                "lý do": one.rescue.reason,
                "đề nghị lúc": datetime_(one.rescue.asked_at),
                "kết quả": one.outcome[1],
            }
            for one in rescues_of(account.id, real_now())
        ]
    )


@collects("dong-y", "Những gì bạn đã đồng ý, theo đúng lời văn lúc đó")
def _consents(account: Account) -> Part:
    ask = select(Consent).where(Consent.account_id == account.id).order_by(Consent.given_at)
    found = []
    for one in session().scalars(ask):
        text = consent_text(one.purpose, one.text_version)
        found.append(
            {
                "mục đích": one.purpose if text is None else text.name.vi,
                "lời văn": None if text is None else text.text.vi,
                "bản": one.text_version,
                "đồng ý lúc": datetime_(one.given_at),
                "rút lại lúc": _at(one.withdrawn_at),
            }
        )
    return Part(found)


@collects("ho-so", "Hồ sơ dự thi của bạn: nội dung, các lần nộp, kết quả xét, tệp")
def _dossiers(account: Account) -> Part:
    entries = list(
        session().scalars(select(Entry).where(Entry.owner_id == account.id).order_by(Entry.created_at))
    )
    ids = [entry.id for entry in entries]
    authors, files = authors_of(ids), files_of(ids)
    versions = _by_entry(EntryVersion, ids, EntryVersion.number)
    screenings = _by_entry(Screening, ids, Screening.at)
    shown = {one.id: one for one in editions(_slug())}
    data, held = [], []
    for entry in entries:
        edition, name = shown[entry.edition_id], entry.code or f"ban-nhap-{entry.ref}"
        paths = {
            one.id: f"tep/{name}/{number:02d}-{_safe(one.name)}"
            for number, one in enumerate(files[entry.id], start=1)
        }
        held += [HeldFile(paths[one.id], one.sha256) for one in files[entry.id]]
        data.append(
            {
                "mã hồ sơ": entry.code,
                "kỳ": edition.name.vi,
                "tên": entry.title,
                "trạng thái": state_badge(entry.state, is_published=entry.published_at is not None).label,
                "lập lúc": datetime_(entry.created_at),
                "nộp lúc": _at(entry.submitted_at),
                "đăng lúc": _at(entry.published_at),
                "nội dung": _answers(edition, entry.facts),
                "tác giả": [_author(account, one) for one in authors[entry.id]],
                "tệp": [_file(one, paths[one.id]) for one in files[entry.id]],
                "các lần nộp": [_version(account, edition, one) for one in versions.get(entry.id, ())],
                "kết quả xét": [_screening(one) for one in screenings.get(entry.id, ())],
            }
        )
    return Part(data, tuple(held))


@collects("nguoi-giam-ho", "Người giám hộ đã ghi trong hồ sơ của bạn")
def _guardians(account: Account) -> Part:
    ask = (
        select(Guardian, Entry.code, Entry.ref)
        .join(Entry, Entry.id == Guardian.entry_id)
        .where(Entry.owner_id == account.id)
        .order_by(Guardian.given_at)
    )
    return Part(
        [
            {
                "hồ sơ": code or ref,
                "người giám hộ": one.name,
                "liên hệ": one.contact,
                "bản lời văn": one.text_version,
                "đồng ý lúc": datetime_(one.given_at),
                "rút lại lúc": _at(one.withdrawn_at),
            }
            for one, code, ref in session().execute(ask)
        ]
    )


@collects("luot-mo-ho-so", "Ai đã mở hồ sơ của bạn, theo vai trò")
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
                "lúc": datetime_(at),
                "hồ sơ": code,
                "vai trò": opener_word(role),
                "xem": "tệp" if what == "file" else "hồ sơ",
            }
            for at, role, what, code in session().execute(ask)
        ]
    )


@collects("binh-chon", "Các lượt bình chọn của bạn")
def _votes(account: Account) -> Part:
    ask = (
        select(Vote, Entry.code, Entry.title)
        .join(Entry, Entry.id == Vote.entry_id)
        .where(Vote.account_id == account.id)
        .order_by(Vote.cast_at)
    )
    return Part(
        [
            {
                "bài": f"{code} {title}",
                "bình chọn lúc": datetime_(vote.cast_at),
                "mã biên nhận": vote.receipt,
                "hủy lúc": _at(vote.cancelled_at),
                "lý do hủy": vote.cancel_reason,
            }
            for vote, code, title in session().execute(ask)
        ]
    )


@collects("cham-thi", "Phân công chấm thi của bạn")
def _judging(account: Account) -> Part:
    names = {one.id: one.name.vi for one in editions(_slug())}
    ask = select(Judge).where(Judge.account_id == account.id).order_by(Judge.id)
    return Part(
        [
            {"kỳ": names[one.edition_id], "số hiệu": one.number, "đang tham gia": one.is_active}
            for one in session().scalars(ask)
        ]
    )


@collects("thu", "Thư hệ thống đã gửi cho bạn")
def _letters(account: Account) -> Part:
    ask = select(Mail).where(Mail.recipient == account.email).order_by(Mail.id)
    return Part(
        [
            {"lúc": datetime_(one.at), "tiêu đề": one.subject, "nội dung": one.body}
            for one in session().scalars(ask)
        ]
    )


@collects("yeu-cau", "Yêu cầu của bạn về dữ liệu cá nhân")
def _requests(account: Account) -> Part:
    ask = select(DataRequest).where(DataRequest.account_id == account.id).order_by(DataRequest.received_at)
    return Part(
        [
            {
                "mã": one.code,
                "yêu cầu": kind_name(one.kind),
                "bạn viết": one.text,
                "trạng thái": request_badge(one.state).label,
                "gửi lúc": datetime_(one.received_at),
                "gia hạn vì": one.extended_why,
                "khép lại lúc": _at(one.closed_at),
                "trả lời": one.answer,
            }
            for one in session().scalars(ask)
        ]
    )


@collects("nhat-ky", "Dòng nhật ký về việc bạn đã làm (tên thao tác như trong nhật ký)")
def _log(account: Account) -> Part:
    ask = select(AuditRecord.at, AuditRecord.action, AuditRecord.address)
    ask = ask.where(AuditRecord.actor_id == account.id).order_by(AuditRecord.seq)
    return Part(
        [
            {"lúc": datetime_(at), "thao tác": action, "địa chỉ mạng": address}
            for at, action, address in session().execute(ask)
        ]
    )


def _answers(edition: EditionView, facts: Mapping[str, Any]) -> dict[str, str]:
    """Questions in words with the answers in words; a plugin that fails must not keep a person from their data."""
    try:
        asked = [one for section in edition.rules.dossier_form() for one in section.fields]
    except PluginFailed:
        asked = []
    told = {one.label.vi: answer_text(one, facts[one.key], "vi") for one in asked if one.key in facts}
    known = {one.key for one in asked}
    return told | {key: str(value) for key, value in facts.items() if key not in known}


def _author(account: Account, one: EntryAuthor) -> dict[str, Json]:
    shown: dict[str, Json] = {"họ tên": one.name, "vai trò": str(role_name(one.role))}
    if not _is_same_person(account, one.name):
        return shown
    share = None if one.share is None else str(one.share)
    return shown | {"năm sinh": one.birth_year, "nơi công tác": one.workplace, "phần đóng góp (%)": share}


def _file(one: Attachment, path: str) -> dict[str, Json]:
    return {
        "tên": one.name,
        "trong bản sao": path,
        "SHA-256": one.sha256,
        "cỡ (byte)": one.size,
        "công khai": one.is_public,
    }


def _version(account: Account, edition: EditionView, one: EntryVersion) -> dict[str, Json]:
    content = one.snapshot
    authors = [
        {
            "họ tên": row.get("name"),
            "vai trò": str(role_name(row.get("role", ""))),
            **(
                {"năm sinh": row.get("birth_year"), "nơi công tác": row.get("workplace")}
                if _is_same_person(account, row.get("name", ""))
                else {}
            ),
        }
        for row in content.get("authors", ())
    ]
    return {
        "lần": one.number,
        "lúc": datetime_(one.at),
        "mã biên nhận": one.receipt,
        "SHA-256": one.sha256,
        "tên": content.get("title"),
        "nội dung": _answers(edition, content.get("facts", {})),
        "tác giả": authors,
        "tệp": [row.get("name") for row in content.get("files", ())],
    }


def _screening(one: Screening) -> dict[str, Json]:
    words = {"accept": "chấp nhận", "return": "trả lại để bổ sung", "refuse": "từ chối", "withdraw": "rút"}
    return {"kết quả": words.get(one.outcome, one.outcome), "lý do": one.reason, "lúc": datetime_(one.at)}


def _by_entry(model: Any, ids: list[UUID], order: Any) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in session().scalars(select(model).where(model.entry_id.in_(ids)).order_by(order)):
        found.setdefault(row.entry_id, []).append(row)
    return found


def _is_same_person(account: Account, name: str) -> bool:
    """Whether an author is the person whose copy this is: dossiers name authors, they do not point at accounts."""
    return fold(name) == fold(account.name)


def _safe(name: str) -> str:
    return name.replace("/", "_").replace("\\", "_")


def _slug() -> str:
    ask = select(Tenant.slug).where(Tenant.id == session().tenant_id)
    return session().scalars(ask, execution_options=ALL_TENANTS).one()


def _at(instant: datetime | None) -> str | None:
    return None if instant is None else datetime_(instant)
