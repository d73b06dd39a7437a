"""A blind round without a network: what the judge's device holds tells nobody's name, and his sheets arrive."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM
from core.kernel.db import db, session, tenant_scope
from tests.browser.device import Device, stored
from tests.browser.walk import person
from tests.support.app import test_config as config_of
from tests.support.blind import (
    SECRETS,
    approve_all,
    look_through,
    make_blind,
    make_telling_entry,
    send_telling_material,
)
from tests.support.entries import account
from tests.support.factories import NOW, build_world, view
from tests.support.judging import JUDGE, ROUND
from tests.support.live import environment_of, running
from tests.support.postgres import DatabaseUrls

pytestmark = pytest.mark.timeout(180)
CODE = "TT-K1-0001"
_TEXT = "(address) => fetch(address).then((one) => one.text())"
_READ = """async (address) => {
    const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
    let text = "";
    bytes.forEach((one) => { text += String.fromCharCode(one); });
    return btoa(text);
}"""


@pytest.fixture
def device(browser: Browser, sqlite_database: DatabaseUrls, tmp_path: Path) -> Iterator[Device]:
    """A judge of a blind round, before whom one telling dossier with new material was approved."""
    from core.app import create_app

    config = config_of(sqlite_database, tmp_path / "var")
    app: Flask = create_app(config)
    world = build_world(app)
    with app.app_context(), tenant_scope(world.first.id):
        edition = view(world.first)
        entry = make_telling_entry(edition, code=CODE)
        appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        make_blind(edition, ROUND)
        send_telling_material(edition, entry, ROUND)
        look_through(entry)
        approve_all(edition, entry, ROUND)
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


def told(words: str) -> list[str]:
    return [one for one in SECRETS if one in words]


def content(page: Page, address: str | None) -> bytes:
    """What the device gives for a file."""
    return base64.b64decode(str(page.evaluate(_READ, address)))


def test_a_blind_batch_is_carried_without_a_name_and_its_sheet_arrives(device: Device) -> None:
    page = device.page
    device.take()
    given = page.evaluate(_TEXT, f"/cham-thi/{ROUND}/{CODE}/goi")
    device.context.set_offline(True)
    device.open()
    page.get_by_role("link", name="Máy sấy chè của [đã ẩn]").click()
    expect(page.get_by_text("Khách khen tốt.", exact=False)).to_be_visible()
    read = page.locator("main").inner_text()
    links = page.locator(".kept a")
    names = [(one or "").split("\n")[0] for one in links.all_inner_texts()]
    files = [content(page, one.get_attribute("href")) for one in links.all()]
    device.score({"doi_moi": "18,5", "hieu_qua": "27", "kha_nang": "25"})
    lying = device.raw()
    device.context.set_offline(False)

    device.sent()
    assert stored(device.world).scores["doi_moi"] == Decimal("18.5")
    assert "Máy sấy chè của [đã ẩn]" in json.loads(given)["title"]
    assert [told(one) for one in (given, json.dumps(json.loads(given), ensure_ascii=False), read, lying)] == [
        []
    ] * 4
    assert [name.removeprefix(CODE)[:8] for name in names] == ["-tep-1.p", "-tep-2.j", "-bo-sung", "-bo-sung"]
    assert [one[:5] for one in files] == [b"%PDF-", b"\xff\xd8\xff\xe0\x00"] * 2
    assert [told(one.decode("latin-1")) for one in files] == [[]] * 4
    pages = [PdfReader(io.BytesIO(one)).pages[0] for one in files if one.startswith(b"%PDF-")]
    assert [one.extract_text().strip() for one in pages] == ["", ""]
