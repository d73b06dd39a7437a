"""The public pages through HTTP: both languages, both databases, what is kept and when it is forgotten."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from core.entries.services import return_
from core.kernel.db import tenant_scope
from core.publishing.content import NewsDraft, save_news
from core.results.services import publish
from core.tenancy.scope import touch_public
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, actor_of, set_clock, view
from tests.support.people import sign_in
from tests.support.publishing import EMBLEM, dress, make_news, synced
from tests.support.queries import count_queries
from tests.support.results import LATER, OFFICER, computed, decide, judge_edition

__all__ = ["synced"]

PUBLIC = (
    "/",
    "/the-le",
    "/tin-tuc",
    "/tai-lieu",
    "/trang/gioi-thieu",
    "/trang/huong-dan-du-thi",
    "/trang/lien-he",
    "/trang/du-lieu-ca-nhan",
    "/trang/ho-tro-tiep-can",
    "/robots.txt",
    "/sitemap.xml",
    "/bieu-trung.svg",
    "/giao-dien.css",
)


def test_public_pages_of_every_tenant_answer_in_both_languages(synced: Flask) -> None:
    for slug in ("thainguyen", "backan", "bacgiang"):
        for language in ("vi", "en"):
            client = client_of(synced, slug)
            client.set_cookie("lang", language, domain=f"{slug}.localhost")
            answers = {path: client.get(path).status_code for path in PUBLIC}
            assert answers == dict.fromkeys(PUBLIC, 200), (slug, language)


def test_the_home_page_tells_the_contest_its_phase_and_its_documents(synced: Flask) -> None:
    page = client_of(synced, "backan").get("/").text

    assert "Hội thi Sáng tạo Kỹ thuật tỉnh Bắc Kạn" in page
    assert "Lập hồ sơ dự thi" in page
    assert "165/2006/QĐ-TTg" in page


def test_an_edition_is_chosen_in_the_address(synced: Flask) -> None:
    client = client_of(synced, "thainguyen")

    assert "Bình chọn</h2>" in client.get("/?ky=2025").text
    assert client.get("/?ky=1999").status_code == 404


def test_illustrations_are_explained_where_they_stand(synced: Flask) -> None:
    page = client_of(synced, "thainguyen").get("/the-le?ky=2025").text

    assert "không phải quy định chính thức" in page
    assert 'id="tieu_chi_doi_moi"' in page
    assert "20 × 312 ÷ 480" in page


def test_news_of_later_days_are_not_told_early(synced: Flask) -> None:
    client = client_of(synced, "thainguyen")

    assert client.get("/tin-tuc/mo-binh-chon-2025?ky=2025").status_code == 200
    assert client.get("/tin-tuc/khong-co?ky=2025").status_code == 404


def test_after_publication_the_home_page_is_the_honours_board(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        judged = judge_edition(world.first)
        decide(judged, computed(judged))
        current.commit()
    assert "Bảng vàng" not in client_of(app, "motmot").get("/").text
    with app.app_context(), tenant_scope(world.first.id) as current:
        publish(judged.edition, actor=OFFICER, now=LATER)
        current.commit()
    page = client_of(app, "motmot").get("/").text

    assert '<h1 class="honours__title">Bảng vàng</h1>' in page
    assert '<p class="honours__name">Trần Thị Sáng Kiến 1</p>' in page
    assert page.count("<h1") == 1
    assert "honours" not in client_of(app, "haihai").get("/").text


def test_a_stranger_gets_no_cookie_and_an_etag(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert "Set-Cookie" not in first.headers
    assert (first.status_code, again.status_code) == (200, 304)


def test_a_kept_page_is_forgotten_when_something_public_changes(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    assert "Tin vừa đăng" not in client.get("/tin-tuc").text
    with app.app_context(), tenant_scope(world.first.id) as current:
        make_news("moi", title="Tin vừa đăng")
        current.commit()
    assert "Tin vừa đăng" not in client.get("/tin-tuc").text
    with app.app_context(), tenant_scope(world.first.id) as current:
        touch_public()
        current.commit()

    assert "Tin vừa đăng" in client.get("/tin-tuc").text


def test_the_other_tenant_sees_none_of_it(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        make_news("rieng", title="Chuyện riêng")
        make_entry(view(world.first), account(), title="Bài riêng của tỉnh một")
        current.commit()

    assert client_of(app, "motmot").get("/tin-tuc/rieng").status_code == 200
    other = client_of(app, "haihai")
    assert other.get("/tin-tuc/rieng").status_code == 404
    for path in ("/", "/tin-tuc", "/sitemap.xml"):
        page = other.get(path).text
        assert "riêng" not in page
        assert "rieng" not in page


def test_a_script_in_a_news_item_reaches_nobody(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        make_news("xau", title="<script>a</script>", body='<script>alert(1)</script><img src=x onerror="b">')
        current.commit()
    page = client_of(app, "motmot").get("/tin-tuc/xau").text

    assert "<script>a" not in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_pages_allow_no_unsafe_script_or_style(app: Flask, world: World) -> None:
    for path in ("/", "/the-le", "/tai-lieu"):
        answer = client_of(app, "motmot").get(path)
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert " style=" not in answer.text
        assert "<style" not in answer.text


def test_the_theme_is_the_tenants_four_colours_in_both_schemes(app: Flask, world: World) -> None:
    with app.app_context():
        dress(world.first)
    client = client_of(app, "motmot")
    colours = "--accent:#123456;--accent-strong:#0a2a4a;--accent-soft:#eef3f8;--accent-ink:#ffffff;"
    answer = client.get("/giao-dien.css")

    assert answer.text == f":root{{{colours}}}@media (prefers-color-scheme: dark){{:root{{{colours}}}}}\n"
    assert client.get("/bieu-trung.svg").text == EMBLEM
    assert client_of(app, "haihai").get("/bieu-trung.svg").status_code == 404


def test_an_unknown_host_is_a_plain_404_that_names_no_tenant(synced: Flask) -> None:
    client = client_of(synced, "")
    for host in ("khongco.localhost", "thainguyen.localhost.evil.com", "127.0.0.1"):
        answer = client.get("/", base_url=f"http://{host}")
        assert answer.status_code == 404
        for name in ("Thái Nguyên", "Bắc Kạn", "Bắc Giang", "thainguyen"):
            assert name not in answer.text.replace("thainguyen.localhost.evil.com", "")


def test_an_error_before_the_edition_is_known_is_a_page_too(synced: Flask) -> None:
    assert client_of(synced, "thainguyen").get("/quan-tri/").status_code == 404
    assert client_of(synced, "thainguyen").get("/?ky=khong").status_code == 404
    assert client_of(synced, "").get("/the-le").status_code == 404


def test_search_engines_are_led_to_public_pages_alone(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        shown = make_entry(view(world.first), account())
        hidden = make_entry(view(world.first), account(), published=False)
        codes = shown.code, hidden.code
        current.commit()
    client = client_of(app, "motmot")
    addresses = client.get("/sitemap.xml").text

    assert f"http://motmot.localhost/bai-du-thi/{codes[0]}" in addresses
    assert f"/bai-du-thi/{codes[1]}<" not in addresses
    assert "Disallow: /btc/" in client.get("/robots.txt").text


@pytest.mark.parametrize(
    ("path", "wanted"), [("/", 10), ("/tin-tuc", 4), ("/btc/", 21), ("/btc/noi-dung", 5)]
)
def test_lists_need_as_many_queries_for_thirty_rows_as_for_one(
    app: Flask, world: World, path: str, wanted: int
) -> None:
    counts = []
    for total in (1, 30):
        with app.app_context(), tenant_scope(world.first.id) as current:
            edition, owner = view(world.first), account()
            for number in range(1 if total == 1 else 29):
                make_entry(edition, owner, title=f"Bài {total}-{number}")
                make_news(f"tin-{total}-{number}")
            current.commit()
        client = client_of(app, "motmot")
        sign_in(client, "btc@example.vn")
        client.get(path)
        with count_queries(app) as counted:
            assert client.get(path).status_code == 200
        counts.append(counted.count)

    assert counts == [wanted, wanted]


def test_the_office_is_led_to_exactly_the_dossiers_that_were_not_completed_in_time(
    app: Flask, world: World
) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        edition, officer = view(world.first), actor_of(account("btc@example.vn"))
        due = NOW + timedelta(days=1)
        late = [make_entry(edition, account(), state="submitted") for _one in range(2)]
        for entry, days in zip(late, (1, 30), strict=True):
            return_(
                entry, edition, reason="Thiếu.", due_at=NOW + timedelta(days=days), actor=officer, now=NOW
            )
        set_clock(edition.id, due + timedelta(hours=1))
        codes = [entry.code for entry in late]
        current.commit()
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    page = client.get("/btc/").text
    found = re.search(
        r'href="(/btc/ho-so\?trang-thai=tra-lai&amp;han=qua)">Xử lý hồ sơ quá hạn bổ sung</a>', page
    )
    assert found is not None
    queue = client.get(found[1].replace("&amp;", "&")).text

    assert "Theo dõi hồ sơ đã trả lại" in page
    assert (str(codes[0]) in queue, str(codes[1]) in queue) == (True, False)


def test_the_office_edits_news_with_a_preview(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    form = {"title_vi": "Gia hạn", "body_vi": "**Đến** hết tháng.", "on": "2025-11-10"}

    preview = client.post("/btc/noi-dung/tin-moi", data={**form, "then": "preview"})
    assert "<strong>Đến</strong>" in preview.text
    assert client.get("/tin-tuc/gia-han").status_code == 404
    saved = client.post("/btc/noi-dung/tin-moi", data=form)
    assert saved.headers["Location"].endswith("/btc/noi-dung/tin/gia-han")
    assert "<strong>Đến</strong>" in client_of(app, "motmot").get("/tin-tuc/gia-han").text
    client.post("/btc/noi-dung/tin/gia-han", data={**form, "is_hidden": "1"})
    assert client_of(app, "motmot").get("/tin-tuc/gia-han").status_code == 404


def test_a_wrong_news_form_keeps_what_was_typed(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    answer = client.post("/btc/noi-dung/tin-moi", data={"title_vi": "Gia hạn", "body_vi": "", "on": "mai"})

    assert answer.status_code == 422
    assert "Nhập nội dung, nhiều nhất 20.000 ký tự." in answer.text
    assert "Chọn ngày đăng theo dạng ngày/tháng/năm." in answer.text
    assert 'value="Gia hạn"' in answer.text


def test_only_the_committee_reaches_the_office(app: Flask, world: World) -> None:
    client = client_of(app, "motmot")
    assert client.get("/btc/").status_code == 302
    sign_in(client, "giamkhao@example.vn")
    for path in ("/btc/", "/btc/noi-dung", "/btc/noi-dung/tin-moi"):
        assert client.get(path).status_code == 403


def test_news_of_the_other_tenant_cannot_be_edited(app: Flask, world: World) -> None:
    draft = NewsDraft({"vi": "Riêng", "en": ""}, {"vi": "Chữ", "en": ""}, NOW.date(), is_hidden=False)
    with app.app_context(), tenant_scope(world.second.id) as current:
        save_news(None, draft, edition="k1", actor=actor_of(account()), now=NOW)
        current.commit()
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")

    assert client.get("/btc/noi-dung/tin/rieng").status_code == 404
    assert client.post("/btc/noi-dung/tin/rieng", data={}).status_code == 404


def test_the_cockpit_tells_what_waits(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id) as current:
        edition = view(world.first)
        make_entry(edition, account(), state="submitted")
        make_entry(edition, account(), published=False)
        current.commit()
    client = client_of(app, "motmot")
    sign_in(client, "btc@example.vn")
    page = client.get("/btc/").text

    assert "/btc/ho-so?trang-thai=cho-xet" in page
    assert "Đăng tải bài dự thi" in page
    assert "Cử thành viên Hội đồng chuyên môn" in page
