"""The receiving office through HTTP: papers fetched by the entrant, taken in by the office, filed for a citizen."""

from __future__ import annotations

import io
import re

import docx
import pypdf
import pytest
from flask import Flask

from core.entries.models import EntryVersion
from core.entries.services import submit
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_lists import fill
from tests.flow.test_entries_way import ENTRANT, OFFICER, client_for, text_of
from tests.support.entries import account, complete_draft, pdf_bytes
from tests.support.factories import NOW, World, actor_of, view
from tests.support.queries import count_queries

INDEX_QUERIES = 8


def handed_in(world: World) -> tuple[str, str, str]:
    """Ref, code and receipt of a dossier of the first tenant that was handed in."""
    with world.app.app_context(), tenant_scope(world.first.id):
        owner = account()
        entry = complete_draft(view(world.first), owner)
        receipt = submit(entry, view(world.first), actor=actor_of(owner), now=NOW)
        session().commit()
        return entry.ref, receipt.code, receipt.receipt


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_needs_the_same_queries_for_one_and_thirty(app: Flask, world: World, rows: int) -> None:
    fill(world, rows, state="submitted")
    officer = client_for(app, OFFICER)
    with count_queries(app) as counted:
        answer = officer.get("/btc/ban-giay")
    assert (answer.status_code, counted.count) == (200, INDEX_QUERIES), str(counted)


def test_the_description_as_pdf_and_as_word_says_what_the_dossier_says(app: Flask, world: World) -> None:
    ref, code, _receipt = handed_in(world)
    entrant = client_for(app, ENTRANT)

    printed = entrant.get(f"/du-thi/{ref}/giay-to/mo-ta.pdf")
    written = entrant.get(f"/du-thi/{ref}/giay-to/mo-ta.docx")

    said = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(printed.data)).pages).split()
    )
    answer = "Giảm một nửa thời gian sấy, chè giữ được màu và hương."
    assert (printed.mimetype, code in said, answer in said) == ("application/pdf", True, True)
    assert answer in [one.text for one in docx.Document(io.BytesIO(written.data)).paragraphs]


def test_the_cover_sheet_leads_to_the_papers_of_its_version(app: Flask, world: World) -> None:
    ref, code, receipt = handed_in(world)
    cover = client_for(app, ENTRANT).get(f"/du-thi/{ref}/bien-nhan/1/phieu-gui.docx")
    document = docx.Document(io.BytesIO(cover.data))
    said = "\n".join(one.text for one in document.paragraphs)
    [address] = re.findall(r"http://motmot\.localhost\S*/btc/ban-giay/ma/\w+", said)
    assert address.endswith(receipt)

    opened = client_for(app, OFFICER).get(address)

    assert (opened.status_code, opened.location) == (303, f"/btc/ban-giay/{code}?ban=1")


def test_an_officer_ticks_what_arrived_and_the_entrant_sees_it(app: Flask, world: World) -> None:
    ref, code, _receipt = handed_in(world)
    officer = client_for(app, OFFICER)
    sent = officer.post(
        f"/btc/ban-giay/{code}",
        data={
            "form_token": "t" * 30,
            "version": "1",
            "items": ["mo-ta"],
            "way": "post",
            "arrived_on": "2025-11-12",
            "scan": (io.BytesIO(pdf_bytes()), "quét.pdf"),
        },
    )
    assert (sent.status_code, sent.location) == (303, f"/btc/ban-giay/{code}")
    page = text_of(officer.get(f"/btc/ban-giay/{code}"))
    assert "Bản giấy còn thiếu" in page
    assert "quét.pdf" in page
    assert "Nơi nhận đã nhận giấy tờ" in text_of(client_for(app, ENTRANT).get(f"/du-thi/{ref}"))


def test_what_was_typed_wrongly_stays_and_nothing_is_stored(app: Flask, world: World) -> None:
    _ref, code, _receipt = handed_in(world)
    officer = client_for(app, OFFICER)
    typed = {"items": ["mo-ta"], "way": "post", "arrived_on": "2025-12-31", "remark": "Phong bì rách"}
    answer = officer.post(f"/btc/ban-giay/{code}", data=typed)
    page = text_of(answer)
    assert (answer.status_code, "Ngày đến không thể sau hôm nay." in page, "Phong bì rách" in page) == (
        422,
        True,
        True,
    )
    assert "Chưa có bản giấy" in text_of(officer.get(f"/btc/ban-giay/{code}"))


def test_a_label_nobody_has_is_told_on_the_list(app: Flask, world: World) -> None:
    officer = client_for(app, OFFICER)
    answer = officer.get("/btc/ban-giay/tim?ma=KHONG-CO", follow_redirects=True)
    assert "Không có hồ sơ nào mang mã này." in text_of(answer)


def test_papers_of_the_version_before_are_told(app: Flask, world: World) -> None:
    _ref, code, receipt = handed_in(world)
    with world.app.app_context(), tenant_scope(world.first.id):
        version = session().query(EntryVersion).filter_by(receipt=receipt).one()
        entry = version.entry_id
        session().add(
            EntryVersion(entry_id=entry, number=2, snapshot={}, sha256="0" * 64, receipt="LANHAI2345", at=NOW)
        )
        from core.entries.models import Entry

        session().get_one(Entry, (world.first.id, entry)).version = 2
        session().commit()
    page = text_of(client_for(app, OFFICER).get(f"/btc/ban-giay/{code}?ban=1"))
    assert "Phiếu gửi này thuộc lần nộp 1" in page


def test_an_officer_files_for_a_citizen_with_the_consent_on_record(app: Flask, world: World) -> None:
    officer = client_for(app, OFFICER)
    typed = {
        "form_token": "u" * 30,
        "person": "Trần Thị Mẫu",
        "contact": "0987 654 321",
        "arrived_on": "2025-11-12",
        "consent": "signed",
    }
    begun = officer.post("/btc/ban-giay/nhap-moi", data=typed)
    again = officer.post("/btc/ban-giay/nhap-moi", data=typed)
    assert (begun.status_code, begun.location) == (303, again.location)
    assert "Trần Thị Mẫu" in officer.get(str(begun.location)).get_data(as_text=True)


def test_without_a_consent_no_dossier_is_begun(app: Flask, world: World) -> None:
    officer = client_for(app, OFFICER)
    answer = officer.post("/btc/ban-giay/nhap-moi", data={"person": "Trần Thị Mẫu", "form_token": "v" * 30})
    assert answer.status_code == 422
    assert "Trần Thị Mẫu" in answer.get_data(as_text=True)
    assert "Bạn chưa có hồ sơ nào" in text_of(officer.get("/du-thi/"))
