"""The receipt of one handing in as a PDF: what was taken in, its hash, and a code that leads to the check of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.contests.values import EditionView
from core.entries.models import EntryVersion
from core.entries.words import field_name, role_name
from core.kernel.clock import local
from core.kernel.formats import datetime_, file_size, number
from core.kernel.i18n import locale
from core.kernel.pdf import render_pdf
from core.kernel.qr import qr_svg_file


def receipt_pdf(version: EntryVersion, edition: EditionView, *, owner: str, address: str) -> bytes:
    """The receipt of `version` in the reader's language; the same version gives the same bytes.

    `owner` is who handed in, `address` where the receipt is checked. Raises PdfNotMade.
    """
    return render_pdf(
        "receipt",
        receipt_data(version, edition, owner=owner, address=address),
        at=version.at,
        files={"qr.svg": qr_svg_file(address)},
    )


def receipt_data(
    version: EntryVersion, edition: EditionView, *, owner: str, address: str
) -> Mapping[str, Any]:
    """What the template `receipt` is filled with, all in words; only the fixed version is read."""
    said = version.snapshot
    code = str(said.get("code") or "")
    unit = said.get("unit")
    lines = [
        (_("Mã hồ sơ"), code),
        (_("Lần nộp"), number(version.number, locale())),
        (_("Thời điểm nhận"), _with_seconds(version)),
        (_("Người nộp"), owner),
        (_("Tên"), str(said.get("title") or "")),
        (_("Lĩnh vực"), field_name(edition, said.get("field"))),
        (_("Đơn vị"), unit["name"] if unit else ""),
    ]
    people_heads, people = _people(said)
    return {
        "language": locale(),
        "title": _("Biên nhận hồ sơ %(code)s", code=code),
        "organiser": edition.rules.terms().committee.in_(locale()),
        "contest": edition.name.in_(locale()),
        "foot": _("Biên nhận %(receipt)s, hồ sơ %(code)s", receipt=version.receipt, code=code),
        "page": _("trang"),
        "receipt_label": _("Mã biên nhận"),
        "receipt": version.receipt,
        "rows": [[name, value] for name, value in lines if value],
        "hash_label": _("SHA-256 của bản đã nộp"),
        "sha256": version.sha256,
        "scan_alt": _("Mã QR dẫn đến trang kiểm tra biên nhận này"),
        "scan_note": _("Quét để kiểm tra biên nhận, hoặc mở:"),
        "address": address,
        "people_title": _("Tác giả"),
        "people_heads": people_heads,
        "people": people,
        "files_title": _("Các tệp đã nhận"),
        "files_heads": [_("Tên tệp"), _("Dung lượng"), "SHA-256"],
        "files": [
            [one["name"], file_size(one["size"], locale()), one["sha256"]] for one in said.get("files", ())
        ],
        "notes": [
            _(
                "Mã SHA-256 là dấu vân tay của nội dung đã nộp: nội dung đổi một chữ thì mã đổi theo. Cùng mã này "
                "được ghi trong nhật ký của Ban Tổ chức."
            )
        ],
    }


def _people(said: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the authors; shares stand there when the dossier has them."""
    authors = said.get("authors", ())
    has_shares = any(one.get("share") for one in authors)
    heads = ["", _("Họ và tên"), _("Vai trò"), *([_("Tỷ lệ đóng góp")] if has_shares else [])]
    rows = []
    for position, one in enumerate(authors, start=1):
        share = one.get("share")
        shares = [f"{number(share, locale())}%" if share else ""] if has_shares else []
        rows.append([str(position), one["name"], role_name(one["role"]), *shares])
    return heads, rows


def _with_seconds(version: EntryVersion) -> str:
    """The instant with its seconds: at a deadline they matter."""
    return f"{datetime_(version.at, locale())} ({local(version.at).strftime('%H:%M:%S')})"
