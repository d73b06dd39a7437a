"""Panels and documents of plugins through HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from core.entries.models import Entry
from core.judging.services import appoint_judge, open_round
from core.kernel.actor import SYSTEM
from core.kernel.db import tenant_scope
from core.plugin_api import Panel, Plugin, Slot, Text, hookimpl
from tests.support import handbook
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, TenantFacts, World, view
from tests.support.people import sign_in
from tests.support.plugins import enable, installed
from tests.support.queries import count_queries

OWNER, OFFICER, JUDGE, UNIT = "tacgia@example.vn", "btc@example.vn", "giamkhao@example.vn", "donvi@example.vn"
HOSTILE = "# Quyết định\n<script>alert(1)</script>\n[bấm](https://example.com) {title}"


@pytest.fixture
def handed(world: World) -> Iterator[World]:
    """The world with a judged round, its first tenant with the handbook and its second without."""
    with installed(handbook.plugin):
        with world.app.app_context():
            enable(world.first, handbook.NAME)
            for facts in (world.first, world.second):
                _judge(facts)
        yield world


def _judge(facts: TenantFacts) -> None:
    with tenant_scope(facts.id) as current:
        edition = view(facts)
        make_entry(edition, account(OWNER))
        appoint_judge(edition, account(JUDGE).id, actor=SYSTEM, now=NOW)
        open_round(edition, edition.rules.deciding_round().key, actor=SYSTEM, now=NOW)
        current.commit()


def entry_of(world: World, *, state: str = "draft", facts: TenantFacts | None = None) -> Entry:
    """A dossier of OWNER whose summary tries to be more than words."""
    with world.app.app_context(), tenant_scope((facts or world.first).id) as current:
        made = make_entry(
            view(facts or world.first), account(OWNER), title="Máy *sấy* chè", state=state, published=False
        )
        made.facts = {**made.facts, "tom_tat": HOSTILE}
        current.commit()
        current.refresh(made)
        current.expunge(made)
    return made


def page(world: World, path: str, email: str | None = None, slug: str = "motmot") -> str:
    """A page as somebody sees it."""
    client = client_of(world.app, slug)
    if email is not None:
        sign_in(client, email)
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.text


def test_each_slot_shows_its_panel_where_the_plugin_is_enabled(handed: World) -> None:
    for facts, shown in ((handed.first, True), (handed.second, False)):
        draft = entry_of(handed, facts=facts)
        places = (
            ("home", "/", None),
            ("dossier", f"/du-thi/{draft.ref}/sua", OWNER),
            ("desk", "/cham-thi/", JUDGE),
            ("office", "/btc/", OFFICER),
            ("unit", "/don-vi/", UNIT),
        )
        for slot, path, email in places:
            said = page(handed, path, email, facts.slug)
            assert (f'id="panel-{slot}-so-tay-{slot}"' in said, f"Ô {slot}</h2>" in said) == (shown, shown), (
                path
            )
            assert ("Đọc <strong>sổ tay</strong> trước khi làm." in said) is shown


def test_panels_stand_in_order_and_lead_to_their_clause(handed: World) -> None:
    home = page(handed, "/")

    assert home.index("panel-home-truoc") < home.index("panel-home-so-tay-home")
    assert 'href="/the-le#tieu_chi_doi_moi"' in home
    assert "&lt;b&gt;thô&lt;/b&gt;" in home


def test_panels_cost_no_query(handed: World) -> None:
    counts = []
    for slug in ("motmot", "haihai"):
        client = client_of(handed.app, slug)
        client.get("/the-le")
        with count_queries(handed.app) as counted:
            assert client.get("/").status_code == 200
        counts.append(counted.count)

    assert counts[0] == counts[1]


def test_page_with_panels_is_kept(handed: World) -> None:
    client = client_of(handed.app, "motmot")
    first = client.get("/").text
    with count_queries(handed.app) as counted:
        assert client.get("/").text == first

    assert counted.count == 0


@pytest.mark.parametrize("body", ["raises", "no_words"])
def test_panels_that_fail_leave_the_page(world: World, body: str) -> None:
    @hookimpl
    def panels() -> tuple[Panel, ...]:
        if body == "raises":
            raise LookupError("hỏng")
        return (Panel("hong", Slot.HOME, Text("Hỏng"), None),)  # type: ignore[arg-type]

    info = replace(handbook.plugin.info, name="broken_panels")
    part = type("Part", (), {"panels": staticmethod(panels)})
    with installed(Plugin(info, (part,)), handbook.plugin):
        with world.app.app_context():
            enable(world.first, "broken_panels", handbook.NAME)
        with capture_logs() as logs:
            home = page(world, "/")

    assert "panel-home-so-tay-home" in home
    assert "panel-home-hong" not in home
    assert {"plugin_hook_failed", "plugin_panel_failed"} & {line["event"] for line in logs}


def test_documents_for_all_are_listed_and_filled_with_the_edition(handed: World) -> None:
    listed = page(handed, "/tai-lieu")
    assert '<a href="/tai-lieu/mau/giay-moi">Giấy mời</a>' in listed
    assert "Phiếu riêng" in listed

    paper = page(handed, "/tai-lieu/mau/giay-moi")
    assert "<p>Mời dự Cuộc thi thử kỳ k1 ngày 12/11/2025.</p>" in paper
    assert 'class=" onpaper"' in paper or 'class="onpaper"' in paper


def test_documents_of_another_tenants_plugin_do_not_exist(handed: World) -> None:
    client = client_of(handed.app, "haihai")

    assert "Giấy mời" not in client.get("/tai-lieu").text
    assert client.get("/tai-lieu/mau/giay-moi").status_code == 404


def test_document_of_a_dossier_is_nobodys_without_it(handed: World) -> None:
    assert client_of(handed.app, "motmot").get("/tai-lieu/mau/phieu-rieng").status_code == 404


def test_dossiers_document_is_filled_and_an_answer_adds_no_markup(handed: World) -> None:
    draft = entry_of(handed)
    assert f'href="/du-thi/{draft.ref}/giay-to/phieu-rieng"' in page(handed, f"/du-thi/{draft.ref}", OWNER)

    paper = page(handed, f"/du-thi/{draft.ref}/giay-to/phieu-rieng", OWNER)
    body = re.findall(r'<div class="paper__body">(.*?)</div>', paper, re.DOTALL)[0]
    assert "<p>Tên: Máy *sấy* chè</p>" in body
    assert (
        "<p># Quyết định<br>\n&lt;script&gt;alert(1)&lt;/script&gt;<br>\n[bấm](https://example.com) {title}</p>"
        in body
    )
    assert "<p>Mã: ………" in body


def test_dossiers_document_is_its_owners_alone(handed: World) -> None:
    draft = entry_of(handed)
    path = f"/du-thi/{draft.ref}/giay-to/phieu-rieng"
    stranger, other, away = (client_of(handed.app, slug) for slug in ("motmot", "motmot", "haihai"))
    sign_in(other, "cutri@example.vn")
    sign_in(away, OWNER)

    assert stranger.get(path).status_code == 302
    assert other.get(path).status_code == 404
    assert away.get(path).status_code == 404


def test_committee_opens_the_document_of_what_was_handed_in_only(handed: World) -> None:
    entry, draft = entry_of(handed, state="submitted"), entry_of(handed)
    assert f'href="/btc/ho-so/{entry.code}/giay-to/phieu-rieng"' in page(
        handed, f"/btc/ho-so/{entry.code}", OFFICER
    )
    assert f"<p>Mã: {entry.code}</p>" in page(handed, f"/btc/ho-so/{entry.code}/giay-to/phieu-rieng", OFFICER)

    client = client_of(handed.app, "motmot")
    sign_in(client, OFFICER)
    assert client.get(f"/btc/ho-so/{draft.ref}/giay-to/phieu-rieng").status_code == 404
    assert client.get(f"/btc/ho-so/{entry.code}/giay-to/khong-co").status_code == 404


def test_dossiers_document_needs_the_same_queries_for_any_document(handed: World) -> None:
    draft = entry_of(handed)
    client = client_of(handed.app, "motmot")
    sign_in(client, OWNER)
    counts = []
    for key in ("phieu-rieng", "phieu-dang-ky"):
        client.get("/the-le")
        with count_queries(handed.app) as counted:
            assert client.get(f"/du-thi/{draft.ref}/giay-to/{key}").status_code == 200
        counts.append(counted.count)

    assert counts[0] == counts[1]
