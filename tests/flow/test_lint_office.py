"""The committee's page of the edition tells what in its rules makes no sense, and leads to where it is mended."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core.contests.lint.panel import lint_rows
from core.contests.queries import edition_by_key
from core.kernel.actor import Role
from core.kernel.db import tenant_scope
from tests.support.app import client_of
from tests.support.factories import make_account, make_edition, make_tenant
from tests.support.people import sign_in
from tests.support.queries import count_queries

IN_ORDER = {
    "submission": (-20.0, 5.0),
    "screening": (5.0, 8.0),
    "judging": (8.0, 20.0),
    "results": (20.0, 30.0),
}


def office_page(app: Flask, settings: dict[str, Any], **phases: tuple[float, float]) -> str:
    """The page of a Bắc Kạn edition with these settings and phases, as an officer sees it."""
    with app.app_context():
        facts = make_tenant("baba")
        with tenant_scope(facts.id) as current:
            make_edition(
                plugins=("stkt_base", "backan_stkt"),
                settings={"backan_stkt": settings},
                phases={**IN_ORDER, **phases},
            )
            make_account("btc@example.vn", roles=[Role.COMMITTEE])
            current.commit()
    client = client_of(app, "baba")
    sign_in(client, "btc@example.vn")
    return client.get("/btc/ky-thi/").text


def panel(page: str) -> str:
    return page.split('id="soat-the-le"')[1].split("</section>", maxsplit=1)[0]


def test_sound_rules_have_nothing_to_look_at(app: Flask) -> None:
    assert "Không có gì phải xem lại" in panel(office_page(app, {}))


def test_a_fault_leads_to_the_setting_and_to_the_clause(app: Flask) -> None:
    shown = panel(office_page(app, {"minimum_ba": "80"}))

    assert "<strong>Cần sửa:</strong> Giải Ba cần 80 điểm, cao hơn Giải Nhì đứng trên nó (75 điểm)." in shown
    assert '#f-minimum_ba">Điểm tối thiểu: Giải Ba</a>' in shown
    assert 'href="/the-le#muc_diem_xet_giai"' in shown


def test_a_doubt_is_told_as_one(app: Flask) -> None:
    shown = panel(office_page(app, {"quota_nhat": 0}))

    assert "<strong>Cần xem:</strong> Giải Nhất có số giải bằng 0" in shown
    assert "Cần sửa:" not in shown


def test_phases_that_cannot_be_lead_to_the_dates(app: Flask) -> None:
    shown = panel(office_page(app, {}, judging=(2.0, 20.0)))

    assert "chưa kết thúc." in shown
    assert 'href="#thoi-gian"' in shown


@pytest.mark.parametrize("settings", [{}, {"minimum_ba": "80", "quota_nhat": 0}])
def test_the_panel_asks_the_database_nothing(app: Flask, settings: dict[str, Any]) -> None:
    with app.app_context():
        facts = make_tenant("baba")
        with tenant_scope(facts.id) as current:
            make_edition(
                plugins=("stkt_base", "backan_stkt"), settings={"backan_stkt": settings}, phases=IN_ORDER
            )
            current.commit()
    with app.test_request_context("http://baba.localhost/"), tenant_scope(facts.id):
        edition = edition_by_key("baba", "k1")
        with count_queries(app) as asked:
            rows = lint_rows(edition)

    assert (asked.count, bool(rows)) == (0, bool(settings))
