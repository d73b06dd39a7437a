"""Builders for blind rounds: a dossier that tells who its authors are in every place it can, and its way to the desk.

The tenant must be bound; nothing is committed here, save what jobs commit.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import typst
from PIL import Image
from sqlalchemy import select

from core.contests.values import EditionView
from core.entries.models import Entry, EntryAuthor
from core.judging.blind_drafts import draft_of
from core.judging.blind_models import BlindDossier
from core.judging.material import Asked, call_of, questions_of
from core.judging.material_models import MaterialQuestion
from core.judging.services.blinding import approve, ask_scans, set_blind
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.kernel.actor import SYSTEM
from core.kernel.db import bind_tenant, session
from core.kernel.jobs import run_due_jobs
from tests.support.entries import account, docx_bytes, make_attachment, make_entry
from tests.support.factories import NOW, actor_of, make_account, make_unit

OFFICER = "btc@example.vn"
AUTHOR = "Vũ Wzyxqq Khuê"
UNIT = "Xã Qqvvxx Thượng"
WORKPLACE = "Trường THPT Zzkkqq"
PHONE = "0987 612 345"
MAIL = "vu.wzyxqq@zzkkqq.edu.vn"
SECRETS = ("Wzyxqq", "WZYXQQ", "wzyxqq", "Qqvvxx", "Zzkkqq", "zzkkqq", PHONE, "0987612345")
TITLE = f"Máy sấy chè của {AUTHOR}"
SHOWN = ("tom_tat", "tep_thuyet_minh", "bang_loi_ich_thanh_tien")


def telling_pdf(words: str = f"Do {AUTHOR} ở {UNIT} làm.", *, author: str = AUTHOR) -> bytes:
    """A PDF that says `words` and names its `author` in its properties, beside a picture too."""
    source = (
        f'#set document(title: "{words}", author: ("{author}",))\n'
        f"= Thuyết minh\n\nMáy sấy chạy bằng nắng.\n\n{words}\n\n"
        f'#figure(rect(width: 2cm, height: 1cm), alt: "{author}", caption: [Lò sấy])\n'
    )
    made = typst.compile(source.encode())
    assert isinstance(made, bytes)
    return made


def telling_picture(colour: str = "#1f6f43") -> bytes:
    """A photograph that names who took it and where."""
    exif = Image.Exif()
    exif[0x013B] = AUTHOR.encode()
    exif[0x8298] = UNIT.encode()
    target = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(target, "JPEG", exif=exif)
    return target.getvalue()


def telling_slides() -> bytes:
    """Slides, of which no copy is drawn, that name their author in text and properties."""
    text = f"<d xmlns:a='a'><a:p><a:t>Do Vũ </a:t><a:t>{AUTHOR.split()[1]} Khuê</a:t></a:p></d>"
    more = {
        "ppt/slides/slide1.xml": text.encode(),
        "docProps/core.xml": f"<p><creator>{AUTHOR}</creator></p>".encode(),
    }
    return docx_bytes(kind="ppt", more=more)


def send_telling_material(
    edition: EditionView, entry: Entry, round_key: str, *, pdf: bytes | None = None
) -> None:
    """More is asked of the round's entries and sent for the dossier, with the secrets in text, name and file."""
    call = call_of(edition.id, round_key)
    if call is None:
        wanted = CallFacts(NOW, NOW + timedelta(days=3), (QuestionFacts("Trình chiếu"),))
        save_call(edition, round_key, wanted, actor=SYSTEM, now=NOW - timedelta(hours=1))
        call = call_of(edition.id, round_key)
    assert call is not None
    asked = questions_of(call.id)
    if len(asked) == 1:
        asked[0].max_files = 4
        session().add(
            MaterialQuestion(call_id=call.id, position=2, title="Kết quả mới", kind=Asked.TEXT.value)
        )
        session().add(MaterialQuestion(call_id=call.id, position=3, title="Ảnh mới", kind=Asked.FILES.value))
        session().flush()
    files = {
        "q1": [(f"trinh-chieu {AUTHOR}.pdf", io.BytesIO(pdf or telling_pdf(f"Mới, của {AUTHOR}.")))],
        "q3": [("wzyxqq-moi.jpg", io.BytesIO(telling_picture("#7a1f43")))],
    }
    text = f"{WORKPLACE} đã mua 20 máy, hỏi {AUTHOR} số {PHONE}. Khách khen tốt."
    given = Delivery({"q2": text}, files)
    send_material(entry, call, edition, given, actor=actor_of(account(MAIL)), now=NOW)


def make_telling_entry(edition: EditionView, *, code: str | None = None) -> Entry:
    """An accepted, unpublished dossier with the secrets in title, answers, a table, file names, files and people."""
    owner = make_account(MAIL, name=AUTHOR)
    unit = make_unit(f"xa-qqvvxx-{edition.tenant}", name=UNIT)
    entry = make_entry(
        edition,
        owner,
        title=TITLE,
        unit=unit,
        published=False,
        code=code,
        authors=((AUTHOR, "chief", 1970),),
        facts={
            "tom_tat": f"Bà con {UNIT} dùng. {AUTHOR.upper()} thiết kế, gọi {PHONE} hoặc {MAIL}. Bớt nửa giờ sấy.",
            "noi_trien_khai": UNIT,
            "bang_loi_ich_thanh_tien": [{"khoan": f"Bán chè cho {WORKPLACE}", "so_tien": 5_000_000}],
        },
    )
    author = session().scalars(select(EntryAuthor).where(EntryAuthor.entry_id == entry.id)).one()
    author.workplace = WORKPLACE
    make_attachment(entry, field="tep_thuyet_minh", name=f"{AUTHOR}.pdf", content=telling_pdf())
    make_attachment(
        entry,
        field="tep_thuyet_minh",
        name="wzyxqq.jpg",
        content=telling_picture(),
        media_type="image/jpeg",
    )
    make_attachment(
        entry,
        field="tep_thuyet_minh",
        name="wzyxqq.pptx",
        content=telling_slides(),
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    )
    session().flush()
    return entry


def make_blind(
    edition: EditionView, round_key: str, shown: Sequence[str] = SHOWN, *, is_on: bool = True
) -> None:
    """The round made blind by the committee."""
    set_blind(edition, round_key, shown, is_on=is_on, actor=actor_of(account(OFFICER)), now=NOW)


def run_jobs(*entries: Entry) -> None:
    """Commit, do what waits, and what that asks for; the dossiers are of this session again afterwards."""
    tenant_id = session().tenant_id
    session().commit()
    while run_due_jobs():
        pass
    bind_tenant(session(), tenant_id)
    for entry in entries:
        session().add(entry)
        session().refresh(entry)


def look_through(*entries: Entry) -> None:
    """Have the dossiers looked through and copies drawn, with all that waits beside."""
    ask_scans([one.id for one in entries], actor=actor_of(account(OFFICER)))
    run_jobs(*entries)


def approve_all(edition: EditionView, entry: Entry, round_key: str) -> BlindDossier:
    """The dossier approved as it stands, with every copy that was made."""
    draft = draft_of(edition, entry, round_key)
    kept: list[UUID] = [one.id for one in draft.files if one.state == "ready"]
    return approve(edition, entry, round_key, kept, draft.digest, actor=actor_of(account(OFFICER)), now=NOW)
