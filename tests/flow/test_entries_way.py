"""A dossier's whole way through the browser's eyes: draft, files, check, receipt, screening, gallery."""

from __future__ import annotations

import html
import io
import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.entries.services import submit
from core.kernel.db import session, tenant_scope
from core.kernel.ids import token
from core.kernel.mail import mailbox
from tests.support.app import client_of
from tests.support.entries import (
    account,
    answers_for,
    complete_draft,
    count_entries,
    make_attachment,
    make_entry,
    pdf_bytes,
    picture_bytes,
)
from tests.support.factories import NOW, World, actor_of, set_clock, view
from tests.support.people import sign_in

ENTRANT, OFFICER = "tacgia@example.vn", "btc@example.vn"


def client_for(app: Flask, email: str, slug: str = "motmot") -> FlaskClient:
    """A client of the tenant with `email` signed in."""
    client = client_of(app, slug)
    sign_in(client, email)
    return client


def text_of(answer: TestResponse) -> str:
    """The words of a page, without tags, entities read, blanks made single."""
    plain = re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))
    return " ".join(html.unescape(plain).split())


def new_draft(client: FlaskClient) -> str:
    """The ref of a draft started through the page."""
    answer = client.post("/du-thi/moi", data={"form_token": token()})
    assert answer.status_code == 303
    return str(answer.location).split("/")[2]


def form_of(world: World, **changes: Any) -> dict[str, Any]:
    """The dossier form filled in the way a browser sends it."""
    with world.app.app_context(), tenant_scope(world.first.id):
        answers = answers_for(view(world.first))
    typed = {f"facts.{key}": value for key, value in answers.items() if not isinstance(value, list)}
    typed |= {f"facts.{key}": "1" for key, value in answers.items() if value is True}
    return (
        {
            "title": "Máy sấy chè dùng năng lượng mặt trời",
            "unit": "",
            "facts.loi_ich_thanh_tien": "25.000.000",
            "do": "save",
        }
        | {**typed, "facts.loi_ich_thanh_tien": "25.000.000"}
        | changes
    )


def pdf(name: str = "thuyết minh.pdf") -> tuple[io.BytesIO, str]:
    """A file part of a form."""
    return io.BytesIO(pdf_bytes()), name


def test_the_whole_way_from_a_draft_to_the_gallery(app: Flask, world: World) -> None:
    entrant, officer, stranger = client_for(app, ENTRANT), client_for(app, OFFICER), client_of(app, "motmot")
    ref = new_draft(entrant)
    authors = {"authors.0.name": "Trần Thị Hoa", "authors.0.role": "chief", "authors.0.birth_year": "1985"}
    page = entrant.get(f"/du-thi/{ref}/tac-gia").text
    authors["stamp"] = re.findall(r'name="stamp" value="([0-9a-f]+)"', page)[0]
    entrant.post(f"/du-thi/{ref}/tac-gia", data=authors | {"do": "save"})
    content = form_of(world, do="check")
    content["facts.tep_thuyet_minh"] = pdf()

    saved = entrant.post(f"/du-thi/{ref}/sua", data=content)
    assert (saved.status_code, saved.location) == (303, f"/du-thi/{ref}/kiem-tra")
    assert "Hồ sơ đã đủ các mục bắt buộc" in text_of(entrant.get(saved.location))

    handed_in = entrant.post(f"/du-thi/{ref}/nop")
    assert (handed_in.status_code, handed_in.location) == (303, f"/du-thi/{ref}/bien-nhan/1")
    receipt = text_of(entrant.get(handed_in.location))
    assert "Mã hồ sơ TT-K1-0001" in receipt

    assert "TT-K1-0001" in text_of(officer.get("/btc/ho-so"))
    returned = officer.post(
        "/btc/ho-so/TT-K1-0001/xet", data={"do": "return", "reason": "Thiếu ảnh hiện trường."}
    )
    assert returned.status_code == 303
    assert "Thiếu ảnh hiện trường." in text_of(entrant.get(f"/du-thi/{ref}/sua"))

    entrant.post(f"/du-thi/{ref}/sua", data=form_of(world, title="Máy sấy chè bằng nắng"))
    assert entrant.post(f"/du-thi/{ref}/nop").location == f"/du-thi/{ref}/bien-nhan/2"
    assert officer.post("/btc/ho-so/TT-K1-0001/xet", data={"do": "accept"}).status_code == 303
    assert stranger.get("/bai-du-thi/TT-K1-0001").status_code == 404
    published = officer.post("/btc/ho-so/TT-K1-0001/cong-bo", data={"do": "publish"})
    assert published.status_code == 303

    assert "Máy sấy chè bằng nắng" in text_of(stranger.get("/bai-du-thi"))
    page = text_of(stranger.get("/bai-du-thi/TT-K1-0001"))
    assert "Trần Thị Hoa" in page
    assert "1985" not in page


def test_a_double_click_makes_one_dossier(app: Flask, world: World) -> None:
    entrant, form_token = client_for(app, ENTRANT), token()

    first = entrant.post("/du-thi/moi", data={"form_token": form_token})
    second = entrant.post("/du-thi/moi", data={"form_token": form_token})

    assert first.location == second.location
    with app.app_context(), tenant_scope(world.first.id):
        assert count_entries() == 1


def test_two_presses_of_hand_in_give_one_receipt(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = complete_draft(view(world.first), account()).ref
        session().commit()
    entrant = client_for(app, ENTRANT)

    answers = [entrant.post(f"/du-thi/{ref}/nop") for _press in range(2)]

    assert [one.location for one in answers] == [f"/du-thi/{ref}/bien-nhan/1"] * 2
    with app.app_context(), tenant_scope(world.first.id):
        assert [one.subject for one in mailbox()] == ["Đã nhận hồ sơ TT-K1-0001"]


def test_wrong_fields_keep_what_was_typed_and_save_the_rest(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = new_draft(entrant)
    long_title = "Máy sấy " * 1250
    typed = form_of(world, title=long_title)
    typed |= {"facts.loi_ich_thanh_tien": "hai triệu"}

    answer = entrant.post(f"/du-thi/{ref}/sua", data=typed)

    assert answer.status_code == 422
    steps = {key: entrant.get(f"/du-thi/{ref}/sua/{key}").text for key in ("chung", "cong_trinh", "hieu_qua")}
    for page in (answer.text, steps["chung"]):
        assert long_title.strip() in page
        assert "Nội dung dài 9999 ký tự, tối đa 500" in page
    assert 'value="hai triệu"' in steps["hieu_qua"]
    assert "Giảm một nửa thời gian sấy" in steps["cong_trinh"]


def test_a_refused_file_keeps_the_form_and_the_good_file(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = new_draft(entrant)
    content = form_of(world, title="Bếp trấu") | {
        "facts.tep_thuyet_minh": pdf("tốt.pdf"),
        "facts.hinh_anh": (io.BytesIO(b"MZ not a picture"), "anh.jpg"),
    }

    answer = entrant.post(f"/du-thi/{ref}/sua", data=content)

    assert answer.status_code == 422
    assert "Tệp “anh.jpg” là chương trình hoặc mã lệnh chứ không phải tài liệu" in text_of(answer)
    kept = entrant.get(f"/du-thi/{ref}/sua/tai_lieu").get_data(as_text=True)
    assert "tốt.pdf" in kept
    assert "Bếp trấu" in kept
    assert "anh.jpg" not in kept


def test_a_file_leaves_by_its_box(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(), state="draft")
        file_id = str(make_attachment(entry, field="tep_thuyet_minh", name="cu.pdf").id)
        ref = entry.ref
        session().commit()
    entrant = client_for(app, ENTRANT)

    entrant.post(f"/du-thi/{ref}/sua", data=form_of(world) | {"facts.tep_thuyet_minh__remove": file_id})

    assert "cu.pdf" not in entrant.get(f"/du-thi/{ref}/sua/tai_lieu").get_data(as_text=True)


def test_an_incomplete_dossier_is_told_by_clause_with_links(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = new_draft(entrant)

    answer = entrant.post(f"/du-thi/{ref}/nop")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="/du-thi/{ref}/sua/cong_trinh#f-facts.tom_tat"' in page
    assert f'href="/du-thi/{ref}/sua/chung#f-title"' in page
    assert 'href="/the-le#da_trien_khai"' in page


def test_refusing_without_a_clause_keeps_the_words(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        make_entry(view(world.first), account(), state="submitted", code="TT-K1-0009")
        session().commit()
    officer = client_for(app, OFFICER)

    answer = officer.post("/btc/ho-so/TT-K1-0009/xet", data={"do": "refuse", "reason": "Mới là ý tưởng."})

    assert answer.status_code == 422
    assert "Mới là ý tưởng." in answer.get_data(as_text=True)
    assert "Bạn hãy chọn điều khoản làm căn cứ từ chối." in text_of(answer)


def test_files_are_sent_safely_and_only_to_who_may_read_them(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(), state="submitted")
        file_id = make_attachment(entry, name='hồ "sơ".pdf').id
        session().commit()
    path = f"/du-thi/tep/{file_id}"

    answer = client_for(app, ENTRANT).get(path, follow_redirects=True)

    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"] == (
        "inline; filename=\"h_ _s__.pdf\"; filename*=UTF-8''h%E1%BB%93%20%22s%C6%A1%22.pdf"
    )
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    assert client_for(app, OFFICER).get(path, follow_redirects=True).status_code == 200
    assert client_for(app, "cutri@example.vn").get(path).status_code == 404
    assert client_of(app, "motmot").get(path).status_code == 302


def test_a_draft_is_nobody_else_s_business(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(), state="draft")
        file_id, ref = make_attachment(entry).id, entry.ref
        session().commit()
    officer = client_for(app, OFFICER)

    assert officer.get(f"/du-thi/tep/{file_id}").status_code == 404
    assert officer.get(f"/btc/ho-so/{ref}").status_code == 404
    assert officer.get(f"/du-thi/{ref}").status_code == 404


def test_public_pictures_are_copies_and_the_originals_stay_hidden(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        entry = make_entry(view(world.first), account(), published=False, code="TT-K1-0007")
        original = make_attachment(
            entry,
            name="a.jpg",
            content=picture_bytes("JPEG", exif=True),
            media_type="image/jpeg",
            is_public=True,
        ).sha256
        session().commit()
    client_for(app, OFFICER).post("/btc/ho-so/TT-K1-0007/cong-bo", data={"do": "publish"})
    stranger = client_of(app, "motmot")

    page = stranger.get("/bai-du-thi/TT-K1-0007").get_data(as_text=True)
    path = re.findall(r'src="(/bai-du-thi/TT-K1-0007/anh/[0-9a-f]{8})"', page)[0]
    picture = stranger.get(path)

    assert (picture.status_code, picture.mimetype) == (200, "image/webp")
    assert f'<meta property="og:image" content="http://motmot.localhost{path}">' in page
    assert stranger.get(f"/bai-du-thi/TT-K1-0007/tep/{original[:8]}").status_code == 404
    assert stranger.get("/bai-du-thi/TT-K1-0007/anh/00000000").status_code == 404


def test_the_export_holds_exactly_what_the_filter_shows(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        make_entry(edition, owner, state="submitted", title="=HYPERLINK(1)")
        make_entry(edition, owner, state="submitted", title="Đèn bẫy rầy")
        make_entry(edition, owner, state="accepted", title="Máy sấy")
        session().commit()

    answer = client_for(app, OFFICER).get("/btc/ho-so/xuat.csv?trang-thai=cho-xet")

    lines = answer.get_data(as_text=True).removeprefix("\ufeff").splitlines()
    assert [line.split(",")[1] for line in lines] == ["Tên", "'=HYPERLINK(1)", "Đèn bẫy rầy"]


def test_outside_the_window_the_page_says_the_dates(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = complete_draft(view(world.first), account()).ref
        set_clock(view(world.first).id, NOW + timedelta(days=31))
        session().commit()
    entrant = client_for(app, ENTRANT)

    answers = [entrant.post(f"/du-thi/{ref}/nop"), entrant.post("/du-thi/moi", data={"form_token": token()})]

    for answer in answers:
        assert answer.status_code == 409
        assert "Đã hết thời gian nộp hồ sơ: từ 10:00 ngày 13/10/2025 đến 10:00 ngày 12/12/2025." in text_of(
            answer
        )
    assert "Thời gian nhận hồ sơ: từ 10:00 ngày 13/10/2025" in text_of(entrant.get("/du-thi/moi"))


def test_withdrawing_asks_first_and_names_the_dossier(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        entry = complete_draft(view(world.first), account())
        submit(entry, view(world.first), actor=actor_of(account()), now=NOW)
        ref, title = entry.ref, entry.title
        session().commit()
    entrant = client_for(app, ENTRANT)

    assert title in text_of(entrant.get(f"/du-thi/{ref}/rut"))
    entrant.post(f"/du-thi/{ref}/rut", data={"reason": "Sẽ nộp năm sau."})

    page = text_of(entrant.get(f"/du-thi/{ref}"))
    assert "Đã rút" in page
    assert "Sẽ nộp năm sau." in page
