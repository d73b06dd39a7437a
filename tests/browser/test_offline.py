"""Judging without a network, in a real browser: taking dossiers along, scoring, sending, and what the device keeps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from core.entries.models import Entry
from core.judging.assigning import Ending, end
from core.judging.services import save_scores
from core.kernel.db import db, session, tenant_scope
from tests.browser.device import CODE, SHELL, Device, stored
from tests.browser.walk import person
from tests.support.app import test_config as config_of
from tests.support.entries import make_attachment
from tests.support.factories import NOW, build_world, view
from tests.support.judging import JUDGE, ROUND, fill, judge_actor, make_round, place_of, points
from tests.support.live import cookie_of, environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(120)
FIRST, SECOND = "Máy sấy chè 1", "Máy sấy chè 2"
OTHER = "giamkhao2@example.vn"
# The caches that are left once no worker is registered any more.
RETIRED = """async () => {
    while ((await navigator.serviceWorker.getRegistrations()).length) await new Promise((go) => setTimeout(go, 100));
    return caches.keys();
}"""


@pytest.fixture
def device(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Device]:
    """The test world served: two dossiers for two judges, the first of them signed in."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app: Flask = create_app(config)
    app.config["TESTING"] = True
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        entries = make_round(view(world.first), entries=2, judges=2)
        make_attachment(entries[0], field="tep_thuyet_minh", name="ban-ve.pdf")
        session().commit()
    with running(environment_of(config)) as site:
        context = person(browser)
        made = Device(world, site, context, context.new_page())
        made.sign_in()
        yield made
        context.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_two_dossiers_are_scored_without_a_network_and_arrive_when_it_is_back(device: Device) -> None:
    device.take()
    device.context.set_offline(True)
    device.go("/cham-thi/")
    device.unlock()
    page = device.page
    expect(page.locator("[data-place=count]")).to_have_text("0 / 2")
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5", "hieu_qua": "27", "kha_nang": "25"})
    expect(page.locator("[data-place=total]")).to_have_text("70,5")
    page.fill("#f-remark", "Sấy đều, ít khói")
    page.get_by_role("button", name="Xong, khóa khi có mạng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SECOND)
    device.score({"doi_moi": "12"})
    expect(page.locator("[data-line]")).to_have_attribute("data-count", "2")
    page.close()

    device = replace(device, page=device.context.new_page())
    page = device.page
    device.open()
    expect(page.locator("[data-place=count]")).to_have_text("1 / 2")
    expect(page.get_by_text("2 phiếu chưa gửi")).to_be_visible()
    assert stored(device.world).revision == 0
    device.context.set_offline(False)

    device.sent()
    first, second = stored(device.world, 1), stored(device.world, 2)
    assert first.scores == points({"doi_moi": "18.5", "hieu_qua": "27", "kha_nang": "25"})
    assert (first.remark, second.scores) == ("Sấy đều, ít khói", {"doi_moi": Decimal(12)})
    page.get_by_role("link", name="Đọc lại và khóa 1 phiếu").click()
    expect(page).to_have_url(re.compile(f"/cham-thi/{ROUND}/khoa-tat-ca"))


def test_the_pages_of_a_device_have_no_barrier(device: Device) -> None:
    barriers: dict[str, list[str]] = {}
    device.go(f"/cham-thi/{ROUND}/mang-theo")
    expect(device.page.locator("[name=code]")).to_be_visible()
    barriers["take"] = device.barriers()
    device.take()
    barriers["taken"] = device.barriers()
    device.context.set_offline(True)
    device.go(SHELL)
    expect(device.page.locator("#f-code")).to_be_visible()
    barriers["door"] = device.barriers()
    device.unlock()
    barriers["list"] = device.barriers()
    device.page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,25", "hieu_qua": "27"})
    barriers["sheet"] = device.barriers()

    assert [(place, found) for place, found in barriers.items() if found] == []


def test_a_file_opens_without_a_network_and_a_locked_device_opens_none(device: Device) -> None:
    device.take()
    device.context.set_offline(True)
    device.open()
    device.page.get_by_role("link", name=FIRST).click()
    file = device.page.get_by_role("link", name="ban-ve.pdf")
    address = file.get_attribute("href")

    told = "(address) => fetch(address).then(async (one) => [one.status, (await one.text()).slice(0, 5)])"
    assert device.page.evaluate(told, address) == [200, "%PDF-"]
    device.page.get_by_role("button", name="Khóa màn hình").click()
    expect(device.page.get_by_role("heading", level=1)).to_have_text("Mở khóa phiếu chấm")
    assert device.page.evaluate(told, address) == [404, "Bạn mở"[:5]]


def test_a_taking_that_is_cut_goes_on_from_what_is_there(device: Device) -> None:
    page = device.page
    page.route(re.compile(r"/goi/1-"), lambda route: route.abort(), times=1)
    device.begin_to_take()
    expect(page.get_by_text("Mạng bị ngắt giữa chừng")).to_be_visible()
    expect(page.locator("[data-take-row='TT-K1-0001']")).to_have_text("Chưa tải hết")
    page.get_by_role("button", name="Tải tiếp").click()

    expect(page.get_by_text("Đã mang đủ hồ sơ theo máy này")).to_be_visible()
    expect(page.locator("[data-take-row='TT-K1-0001']")).to_have_text("Đã có trên máy")
    expect(page.locator("[data-take-count]")).to_have_text("2 / 2")


def test_an_idle_device_locks_itself_and_one_past_its_time_keeps_nothing(device: Device) -> None:
    device.take()
    page = device.page
    device.context.set_offline(True)
    page.clock.install()
    device.open()
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5"})
    page.clock.fast_forward("11:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mở khóa phiếu chấm")
    page.clock.fast_forward(14 * 24 * 3600 * 1000)

    device.unlock()
    expect(page.get_by_text("Đã hết hạn giữ hồ sơ trên máy này.")).to_be_visible()
    expect(page.locator(".offline__typed")).to_have_text("Tính đổi mới sáng tạo: 18,5")
    expect(page.get_by_text("Máy này không còn hồ sơ nào")).to_be_visible()
    expect(page.get_by_role("link", name=SECOND)).to_have_count(0)


def test_what_lies_on_the_device_says_nothing_and_is_wiped(device: Device) -> None:
    device.take()
    device.open()
    page = device.page
    device.context.set_offline(True)
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5"})
    page.fill("#f-remark", "Nhận xét kín")
    page.locator("#f-remark").blur()
    expect(page.locator("[data-line]")).to_contain_text("1 phiếu chưa gửi")

    lying = device.raw()
    assert len(lying) > 3000
    plain = ("Máy sấy", "TT-K1", "18,5", "18.5", "Nhận xét kín", "ban-ve", "%PDF", CODE, JUDGE, "hoi_dong")
    assert [told for told in plain if told in lying] == []
    page.get_by_role("link", name="Phiếu chấm trên máy này").click()
    page.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(page.get_by_text("Còn 1 phiếu chưa gửi về máy chủ")).to_be_visible()
    page.locator("dialog").get_by_role("button", name="Xóa khỏi máy này").click()

    expect(page.get_by_text("Máy này chưa mang hồ sơ nào theo")).to_be_visible()
    assert device.counts() == [0, 0]
    assert page.evaluate("localStorage.getItem('bangvang:mang-theo')") is None


def test_a_sheet_changed_on_two_devices_is_chosen_from_and_never_overwritten(device: Device) -> None:
    device.take()
    device.context.set_offline(True)
    device.open()
    page = device.page
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5", "hieu_qua": "20"})
    with device.world.app.app_context(), tenant_scope(device.world.first.id):
        edition = view(device.world.first)
        entry = session().scalars(select(Entry).where(Entry.code == "TT-K1-0001")).one()
        fill(edition, entry, scores={"doi_moi": "10", "kha_nang": "25"})
        session().commit()
    device.context.set_offline(False)

    expect(page.get_by_text("Phiếu này vừa được sửa ở nơi khác")).to_be_visible(timeout=20000)
    assert stored(device.world).scores == points({"doi_moi": "10", "kha_nang": "25"})
    expect(page.locator("[name=score_doi_moi]")).to_have_value("18,5")
    page.get_by_label("Trên máy này: 18,5").check()
    page.get_by_role("button", name="Dùng các bản đã chọn").click()

    device.sent()
    assert stored(device.world).scores == points({"doi_moi": "18.5", "hieu_qua": "20", "kha_nang": "25"})


def test_points_that_do_not_fit_wait_and_the_good_ones_arrive(device: Device) -> None:
    device.take()
    device.open()
    page = device.page
    device.sent()
    page.get_by_role("link", name=FIRST).click()
    with page.expect_response(re.compile("/tu-luu")):
        device.score({"hieu_qua": "20", "doi_moi": "18,25"})

    expect(page.locator("#e-score_doi_moi")).to_have_text("Điểm theo bước 0,5: ví dụ 18 hoặc 18,5.")
    expect(page.locator("[data-line]")).to_have_attribute("data-state", "done")
    expect(page.locator("[data-line]")).to_have_attribute("data-count", "1")
    assert stored(device.world).scores == points({"hieu_qua": "20"})
    device.score({"doi_moi": "18"})
    device.sent()
    assert stored(device.world).scores == points({"hieu_qua": "20", "doi_moi": "18"})


def test_a_sign_in_that_ended_keeps_what_was_typed_until_the_judge_is_back(device: Device) -> None:
    device.take()
    device.context.clear_cookies()
    device.open()
    page = device.page
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5"})
    expect(page.get_by_role("link", name="Đăng nhập để gửi")).to_be_visible()
    assert stored(device.world).revision == 0
    device.sign_in(OTHER)
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.get_by_text("Người đang đăng nhập không phải chủ của các phiếu này")).to_be_visible()
    assert stored(device.world).revision == 0
    device.sign_in()
    page.get_by_role("button", name="Gửi ngay").click()

    device.sent()
    assert stored(device.world).scores == points({"doi_moi": "18.5"})


def test_a_dossier_that_is_no_longer_assigned_goes_and_what_was_typed_stays_to_be_read(
    device: Device,
) -> None:
    device.take()
    device.context.set_offline(True)
    device.open()
    page = device.page
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5"})
    records = device.counts()[1]
    with device.world.app.app_context(), tenant_scope(device.world.first.id):
        edition = view(device.world.first)
        first, second = session().scalars(select(Entry).order_by(Entry.code)).all()
        judge_id = place_of(edition, first).judge.id
        lock_it = place_of(edition, second)
        end(Ending.CONFLICT, judge_id=judge_id, entry_id=first.id, now=NOW)
        save_scores(edition, lock_it, points({"doi_moi": "9"}), None, 0, actor=judge_actor(), now=NOW)
        session().commit()
    device.context.set_offline(False)

    expect(page.get_by_text("TT-K1-0001: điểm chưa gửi được")).to_be_visible(timeout=20000)
    expect(page.locator(".offline__typed")).to_contain_text("18,5")
    expect(page.get_by_role("link", name=FIRST)).to_have_count(0)
    expect(page.get_by_text("9/80")).to_be_visible()
    assert device.counts()[1] < records
    page.get_by_role("button", name="Tôi đã đọc, bỏ đi").click()
    expect(page.locator(".offline__typed")).to_have_count(0)


def test_another_judge_on_the_same_device_opens_only_what_is_his(device: Device) -> None:
    device.take()
    device.sign_in(OTHER)
    device.take("mật khẩu người khác")
    page = device.page
    device.go(SHELL)
    choice = page.locator("#f-who")
    first, second = choice.locator("option").all_inner_texts()
    assert {first[:12], second[:12]} == {"Giám khảo J1", "Giám khảo J2"}
    choice.select_option(label=first if "J1" in first else second)
    page.fill("#f-code", "mật khẩu người khác")
    page.get_by_role("button", name="Mở khóa").click()
    expect(page.get_by_text("Mã chưa đúng.")).to_be_visible()
    for _again in range(2):
        page.fill("#f-code", "đoán mò một lần")
        page.get_by_role("button", name="Mở khóa").click()
        expect(page.locator("[data-place=open]")).not_to_have_attribute("aria-busy", "true")

    expect(page.get_by_text("Bạn đợi 5 giây rồi thử lại.")).to_be_visible()
    page.fill("#f-code", CODE)
    page.get_by_role("button", name="Mở khóa").click()
    expect(page.get_by_text(re.compile("Bạn đợi . giây rồi thử lại."))).to_be_visible()
    choice.select_option(label=second if "J1" in first else first)
    device.unlock("mật khẩu người khác")


def test_the_twin_host_has_nothing_and_signing_out_offers_to_wipe(device: Device) -> None:
    device.take()
    device.go(SHELL, "haihai")
    page = device.page
    expect(page.get_by_text("Máy này chưa mang hồ sơ nào theo")).to_be_visible()
    assert device.counts() == [0, 0]
    device.go("/cham-thi/")
    page.locator(".masthead summary").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.get_by_role("button", name="Đăng xuất và xóa khỏi máy").click()

    expect(page.get_by_text("Bạn đã đăng xuất khỏi thiết bị này.")).to_be_visible()
    assert device.counts() == [0, 0]
    assert cookie_of(device.world.app, "motmot", JUDGE)


def test_a_worker_that_the_server_calls_back_goes_and_what_was_typed_is_still_sent(
    device: Device, tmp_path: Path
) -> None:
    device.take()
    device.context.set_offline(True)
    device.open()
    page = device.page
    page.get_by_role("link", name=FIRST).click()
    device.score({"doi_moi": "18,5"})
    device.site.stop()
    off = {**environment_of(device.world.app.config["BANGVANG"]), "OFFLINE_DAYS": "off"}
    with running(off, port=device.site.port):
        device.context.set_offline(False)
        device.sent()
        device.go("/cham-thi/")

        assert page.evaluate(RETIRED) == []
        expect(page.get_by_role("link", name="Mang hồ sơ theo")).to_have_count(0)
        assert stored(device.world).scores == points({"doi_moi": "18.5"})
