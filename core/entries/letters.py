"""Letters to entrants: subjects that say what to do, in the contest's own words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, has_request_context, request
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry
from core.entries.states import Move
from core.entries.values import Receipt
from core.kernel.db import ALL_TENANTS, session
from core.kernel.formats import datetime_
from core.kernel.mail import send_mail
from core.people.models import Account
from core.tenancy.models import Tenant


def send_receipt(entry: Entry, edition: EditionView, receipt: Receipt, *, now: datetime) -> None:
    """Tell the entrant that the dossier arrived, with code, receipt and hash."""
    again = f" (lần nộp thứ {receipt.number})" if receipt.number > 1 else ""
    _send(
        entry,
        edition,
        f"Đã nhận hồ sơ {receipt.code}{again}",
        [
            f"Ban Tổ chức đã nhận hồ sơ “{entry.title}” lúc {datetime_(receipt.at)}{again}.",
            f"Mã hồ sơ: {receipt.code}\nMã biên nhận: {receipt.receipt}\nSHA-256: {receipt.sha256}",
            f"Biên nhận để in và lưu (PDF, cần đăng nhập):\n{_receipt_address(entry, receipt)}",
            "Hồ sơ đang chờ Ban Tổ chức xét. Quý vị theo dõi tại:",
        ],
        now,
    )


def send_outcome(
    entry: Entry, edition: EditionView, move: Move, reason: str, clause: str | None, *, now: datetime
) -> None:
    """Tell the entrant what the screening decided, why, and what to do next."""
    terms = edition.rules.terms()
    cited = edition.rules.clause(clause)
    # The address of the edition's own rules: a letter is read when another edition may be the current one.
    rules = f"{site_address()}/the-le?ky={edition.key}#{cited.key}" if cited else ""
    basis = [f"Căn cứ: {cited.article.vi}, {cited.document.vi}.\n{rules}"] if cited else []
    why = [f"Lý do:\n{reason}"] if reason else []
    subjects = {
        Move.ACCEPT: f"Hồ sơ {entry.code} đã được chấp nhận",
        Move.RETURN: f"Cần bổ sung hồ sơ {entry.code}",
        Move.REFUSE: f"Hồ sơ {entry.code} không được chấp nhận",
    }
    bodies = {
        Move.ACCEPT: [f"Hồ sơ “{entry.title}” đủ điều kiện tham dự {edition.name.vi}.", *why],
        Move.RETURN: [
            f"{terms.committee.vi} trả lại hồ sơ “{entry.title}” để Quý vị bổ sung.",
            f"Nội dung cần bổ sung:\n{reason}",
            *basis,
            "Quý vị mở hồ sơ, bổ sung rồi nộp lại tại:",
        ],
        Move.REFUSE: [
            f"Rất tiếc, hồ sơ “{entry.title}” không đủ điều kiện tham dự {edition.name.vi}.",
            *why,
            *basis,
        ],
    }
    _send(entry, edition, subjects[move], bodies[move], now)


def send_withdrawn(entry: Entry, edition: EditionView, reason: str, *, now: datetime) -> None:
    """Tell the entrant that the committee took the dossier out of the contest."""
    lines = [f"Ban Tổ chức đã rút hồ sơ “{entry.title}” khỏi {edition.name.vi}.", f"Lý do:\n{reason}"]
    _send(entry, edition, f"Hồ sơ {entry.code} đã được rút", lines, now)


def site_address() -> str:
    """The tenant's address without a slash at its end: the request's own, else from the configuration."""
    if has_request_context():
        return request.host_url.rstrip("/")
    config = current_app.config["BANGVANG"]
    host = f"{_tenant()[0]}.{config.base_host}"
    return f"http://{host}:{config.port}" if config.is_demonstration else f"https://{host}"


def _receipt_address(entry: Entry, receipt: Receipt) -> str:
    return f"{site_address()}/du-thi/{entry.ref}/bien-nhan/{receipt.number}.pdf"


def _send(entry: Entry, edition: EditionView, subject: str, paragraphs: list[str], now: datetime) -> None:
    owner = session().get_one(Account, (session().tenant_id, entry.owner_id))
    sender = str(_tenant()[1]["short_name"]["vi"])
    parts = [f"Kính gửi {owner.name},", *paragraphs, f"{site_address()}/du-thi/{entry.ref}"]
    body = "\n\n".join([*parts, f"{edition.rules.terms().committee.vi}\n{edition.name.vi}"])
    send_mail(to=owner.email, name=owner.name, sender=sender, subject=subject, body=body + "\n", now=now)


def _tenant() -> tuple[str, dict[str, Any]]:
    """Slug and profile of the bound tenant."""
    ask = select(Tenant.slug, Tenant.profile).where(Tenant.id == session().tenant_id)
    row = session().execute(ask, execution_options=ALL_TENANTS).one()
    return row.slug, row.profile
