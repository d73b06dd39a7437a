"""Builders of dossiers and of the files they carry: rows straight through the ORM, no services.

The tenant must be bound; nothing is committed here.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from sqlalchemy import func, select

from core.contests.models import Edition, Unit
from core.contests.values import EditionView
from core.entries.content import authors_of
from core.entries.models import Attachment, Entry, EntryAuthor, EntryVersion
from core.entries.services import attach, save_draft, start_draft
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.files import file_key, file_store
from core.kernel.ids import spoken_code, token
from core.kernel.text import fold
from core.people.models import Account
from core.plugin_api import FieldKind
from tests.support.factories import NOW, actor_of

CHIEF = ("Nguyễn Văn Thử", "chief", 1961)


def make_entry(
    edition: Edition | EditionView,
    owner: Account,
    *,
    state: str = "accepted",
    published: bool = True,
    title: str = "Máy sấy chè dùng năng lượng mặt trời",
    field: str | None = None,
    facts: Mapping[str, Any] | None = None,
    unit: Unit | None = None,
    authors: Sequence[tuple[str, str, int | None]] = (CHIEF,),
    code: str | None = None,
    now: datetime = NOW,
) -> Entry:
    """A dossier in `state` with its authors (name, role, birth year).

    Past the draft it has a code (the edition's next number), one version with a receipt, and, when accepted and
    `published`, a place in the gallery.
    """
    submitted = state != "draft"
    entry = Entry(
        edition_id=edition.id,
        owner_id=owner.id,
        unit_id=None if unit is None else unit.id,
        ref=spoken_code(10),
        form_token=token(),
        code=(code or _next_code(edition)) if submitted else None,
        title=title,
        field=field,
        facts=dict(facts or {}),
        state=state,
        version=1 if submitted else 0,
        created_at=now,
        updated_at=now,
        submitted_at=now if submitted else None,
        published_at=now if published and state == "accepted" else None,
        is_demonstration=False,
    )
    names = " ".join(name for name, _, _ in authors)
    entry.folded = fold(" ".join(x for x in (title, names, entry.code, unit.name if unit else None) if x))
    session().add(entry)
    for position, (name, role, birth_year) in enumerate(authors, start=1):
        session().add(
            EntryAuthor(entry_id=entry.id, position=position, name=name, role=role, birth_year=birth_year)
        )
    if submitted:
        snapshot = {"code": entry.code, "title": title, "facts": dict(facts or {})}
        session().add(
            EntryVersion(
                entry_id=entry.id,
                number=1,
                snapshot=snapshot,
                sha256=sha256_of(snapshot),
                receipt=spoken_code(10),
                at=now,
            )
        )
    session().flush()
    return entry


def make_attachment(
    entry: Entry,
    *,
    field: str = "tai_lieu",
    name: str = "mo-ta.pdf",
    content: bytes | None = None,
    media_type: str = "application/pdf",
    is_public: bool = False,
) -> Attachment:
    """A file of `entry`, its content in the file store (a small PDF when none is given)."""
    content = pdf_bytes() if content is None else content
    digest = hashlib.sha256(content).hexdigest()
    file_store().put(file_key(session().tenant_id, digest), io.BytesIO(content))
    attachment = Attachment(
        entry_id=entry.id,
        field=field,
        sha256=digest,
        name=name,
        media_type=media_type,
        size=len(content),
        is_public=is_public,
        added_at=NOW,
    )
    session().add(attachment)
    session().flush()
    return attachment


def _next_code(edition: Edition | EditionView) -> str:
    row = session().get_one(Edition, (session().tenant_id, edition.id))
    number = row.next_number
    row.next_number = number + 1
    return f"{row.code_prefix}-{number:04d}"


def count_entries() -> int:
    """How many dossiers the bound tenant has."""
    return session().scalars(select(func.count()).select_from(Entry)).one()


def pdf_bytes(*, password: str | None = None, pages: int = 1) -> bytes:
    """A PDF of empty A4 pages; encrypted when `password` is given."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=595, height=842)
    if password is not None:
        writer.encrypt(password, algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def picture_bytes(
    kind: str = "JPEG", *, size: tuple[int, int] = (1200, 800), colour: str = "#1f6f43", exif: bool = False
) -> bytes:
    """A picture of one colour (`kind`: JPEG, PNG, WEBP); with `exif`, carrying a place of photography."""
    image = Image.new("RGB", size, colour)
    target = io.BytesIO()
    if exif:
        data = Image.Exif()
        data[0x010F] = "Máy ảnh thử"
        data[0x9286] = "21.594,105.848"
        image.save(target, kind, exif=data)
    else:
        image.save(target, kind)
    return target.getvalue()


def docx_bytes(*, kind: str = "word", more: Mapping[str, bytes] | None = None) -> bytes:
    """The least OOXML package of `kind`: word, xl or ppt; with `more` parts in it."""
    types = {
        "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "xl": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    }
    part = {"word": "word/document.xml", "xl": "xl/workbook.xml", "ppt": "ppt/presentation.xml"}[kind]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/{part}" ContentType="{types[kind]}"/></Types>',
        )
        package.writestr("_rels/.rels", "<Relationships/>")
        package.writestr(part, "<document/>")
        for name, content in (more or {}).items():
            package.writestr(name, content)
    return target.getvalue()


def answers_for(edition: EditionView) -> dict[str, Any]:
    """A valid answer to every question of the edition's form that takes no files."""
    asked = [one for section in edition.rules.dossier_form() for one in section.fields]
    given: dict[FieldKind, Any] = {
        FieldKind.TEXT: "Xã Đại Từ",
        FieldKind.LONG_TEXT: "Giảm một nửa thời gian sấy, chè giữ được màu và hương.",
        FieldKind.NUMBER: "12.5",
        FieldKind.MONEY: 25_000_000,
        FieldKind.DATE: "2025-04-30",
        FieldKind.MONTH: "2025-04",
        FieldKind.CHECK: True,
    }
    cells: dict[FieldKind, Any] = {FieldKind.MONEY: 25_000_000, FieldKind.NUMBER: "2"}
    tables = {
        one.key: [{column.key: cells.get(column.kind, "Một khoản") for column in one.columns}]
        for one in asked
        if one.kind is FieldKind.TABLE
    }
    answers = {one.key: given[one.kind] for one in asked if one.kind in given}
    return answers | tables | {one.key: one.choices[0].key for one in asked if one.kind is FieldKind.CHOICE}


def dossier_data(
    edition: EditionView, *, title: str = "Máy sấy chè dùng năng lượng mặt trời"
) -> dict[str, Any]:
    """All that `save_draft` needs for a dossier without findings, save the files."""
    known = edition.rules.entry_fields()
    return {
        "title": title,
        "field": known[0].key if known else None,
        "authors": [{"name": CHIEF[0], "role": CHIEF[1], "birth_year": CHIEF[2], "workplace": "HTX Thử"}],
        "facts": answers_for(edition),
    }


def complete_draft(edition: EditionView, owner: Account, *, now: datetime = NOW) -> Entry:
    """A draft of `owner` through the services that can be handed in: saved, with the required files attached."""
    entry = start_draft(edition, owner=owner, form_token=token(), actor=actor_of(owner), now=now)
    return fill_in(entry, edition, owner, now=now)


def fill_in(entry: Entry, edition: EditionView, owner: Account, *, now: datetime = NOW) -> Entry:
    """Fill a draft in so that it can be handed in; its authors stay when it has a chief other than `owner`."""
    actor = actor_of(owner)
    data = dossier_data(edition)
    if entry.title == "" and [one.name for one in authors_of([entry.id])[entry.id]] != [owner.name]:
        del data["authors"]
    save_draft(entry, edition, data, actor=actor, now=now)
    for section in edition.rules.dossier_form():
        for one in section.fields:
            if one.kind is FieldKind.FILES and one.required:
                attach(
                    entry, edition, one.key, "ban-mo-ta.pdf", io.BytesIO(pdf_bytes()), actor=actor, now=now
                )
    return entry


def account(email: str = "tacgia@example.vn") -> Account:
    """The account with this address in the bound tenant."""
    return session().scalars(select(Account).where(Account.email == email)).one()
