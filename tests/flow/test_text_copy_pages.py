"""What the office's pages say of text copies: what they carry, what was left out, and what to do where none is made."""

from __future__ import annotations

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Attachment, Entry
from core.judging.services import open_round
from core.judging.text_copies import WORD
from core.kernel.actor import SYSTEM
from core.kernel.db import session, tenant_scope
from tests.support.app import client_of
from tests.support.blind import OFFICER, look_through, make_blind, make_telling_entry
from tests.support.entries import make_attachment
from tests.support.factories import NOW, World, view
from tests.support.judging import ROUND
from tests.support.office_files import chart, laughs, word_of
from tests.support.people import sign_in

CODE = "MO-K1-7745"
PAGE = f"/btc/cham-thi/vong/{ROUND}/an-danh/{CODE}"
CARRIES = "Bản này mang theo chữ, bảng và ảnh của tệp, không giữ cách trình bày"


@pytest.fixture
def office(world: World) -> FlaskClient:
    """An officer, and a dossier with slides, a document with two charts and one that cannot be read."""
    document = Document()
    document.add_paragraph("Sản lượng qua các năm")
    for _count in range(2):
        chart(document.add_paragraph())
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entry = make_telling_entry(edition, code=CODE)
        for name, content in (("bao-cao.docx", word_of(document)), ("hong.docx", laughs())):
            make_attachment(entry, field="tep_thuyet_minh", name=name, content=content, media_type=WORD)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        make_blind(edition, ROUND)
        look_through(entry)
        session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, OFFICER)
    return client


def page_of(world: World, office: FlaskClient, name: str) -> str:
    """The page of the file `name`, in one line."""
    with world.app.app_context(), tenant_scope(world.first.id):
        ask = select(Attachment.id).join(Entry, Entry.id == Attachment.entry_id)
        file_id = session().scalars(ask.where(Entry.code == CODE, Attachment.name == name)).one()
    return " ".join(office.get(f"{PAGE}/tep/{file_id}").text.split())


def test_the_pages_say_what_a_text_copy_carries_and_what_was_left_out(
    world: World, office: FlaskClient
) -> None:
    dossier, file = office.get(PAGE).text, page_of(world, office, "bao-cao.docx")

    for page in (dossier, file):
        assert CARRIES in page
        assert "Không được mang sang: 2 biểu đồ." in page
        assert "bạn gửi PDF đã làm sạch thay" in page
    assert "Hình dưới đây là bản chữ của tệp, chỉ Ban Tổ chức thấy." in file


def test_where_no_copy_is_made_the_page_says_what_to_do(world: World, office: FlaskClient) -> None:
    slides, broken = page_of(world, office, "wzyxqq.pptx"), page_of(world, office, "hong.docx")

    assert CARRIES not in slides + broken
    assert "Hệ thống không tạo bản che cho tệp trình chiếu" in slides
    assert "lưu sang PDF (Tệp › Lưu dưới dạng › PDF)" in slides
    assert "Hệ thống không đọc được tệp này" in broken
    assert all('name="own"' in page for page in (slides, broken))
