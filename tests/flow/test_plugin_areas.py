"""What plugins add to the screening of a dossier and to the report of a unit."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from core.contests.queries import unit_by_code
from core.kernel.db import session, tenant_scope
from core.outreach.queries import report_of
from core.plugin_api import ChecklistItem, Clause, ReportFigure, Text, hookimpl
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import World, view
from tests.support.failing_plugins import failing, install
from tests.support.outreach import NOVEMBER, report_form, unit_world
from tests.support.people import sign_in
from tests.support.plugins import enable
from tests.unit.plugin_host.samples import sample

FORM = f"/don-vi/bao-cao/{NOVEMBER}"
FIELD = "typed-truong_hoc"


@hookimpl
def clauses() -> tuple[Clause, ...]:
    return (
        Clause("dieu_thu", Text("Thể lệ thử", "Test rules"), Text("Điều 7 thử", "Article 7"), Text("x", "x")),
    )


@hookimpl
def screening_checklist() -> tuple[ChecklistItem, ...]:
    return (
        ChecklistItem(
            "chu_ky", Text("Chữ ký thật", "A real signature"), Text("Mở tệp", "Open it"), "dieu_thu"
        ),
        ChecklistItem("anh", Text("Ảnh rõ", "A clear picture"), Text("Phóng to", "Zoom in"), official=False),
    )


@hookimpl
def report_figures() -> tuple[ReportFigure, ...]:
    return (
        ReportFigure(
            "truong_hoc",
            Text("Trường đã phổ biến", "Schools told"),
            Text("trường", "schools"),
            Text("Mỗi trường một lần.", "Each once."),
            "dieu_thu",
        ),
    )


@pytest.fixture
def areas(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world with a plugin of the two areas in the first tenant alone; both tenants ask for reports."""
    install(monkeypatch, sample("khu_vuc", clauses, screening_checklist, report_figures))
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id):
                unit_world(facts)
                session().commit()
        enable(world.first, "khu_vuc")
    return world


def _client(world: World, email: str, slug: str = "motmot") -> FlaskClient:
    client = client_of(world.app, slug)
    sign_in(client, email)
    return client


def _figures(world: World) -> Mapping[str, int]:
    """What the report of the first tenant's unit holds."""
    with world.app.app_context(), tenant_scope(world.first.id):
        unit = unit_by_code("xa-thu")
        assert unit is not None
        report = report_of(view(world.first), unit.id, NOVEMBER)
        assert report is not None
        return dict(report.figures)


# Screening


def test_officer_sees_what_to_look_at_by_clause(areas: World) -> None:
    codes = {}
    with areas.app.app_context():
        for facts in (areas.first, areas.second):
            with tenant_scope(facts.id):
                codes[facts.slug] = make_entry(view(facts), account(), state="submitted").code
                session().commit()

    page, other = (_client(areas, "btc@example.vn", slug).get(f"/btc/ho-so/{codes[slug]}") for slug in codes)

    assert page.status_code == 200
    assert page.text.index("Chữ ký thật") < page.text.index("Điều 7 thử") < page.text.index("Ảnh rõ")
    assert 'value="chu_ky"' in page.text
    assert "Phóng to" in page.text
    assert 'value="chu_ky"' not in other.text


# Outreach


def test_unit_is_asked_for_the_figure_and_told_where_it_is_missing(areas: World) -> None:
    unit = _client(areas, "donvi@example.vn")
    form = unit.get(FORM).text
    refused = unit.post(FORM, data=report_form(do="send"))
    wrong = unit.post(FORM, data={**report_form(do="send"), FIELD: "nhiều"})

    assert f'name="{FIELD}"' in form
    assert "Mỗi trường một lần." in form
    assert "Điều 7 thử" in form
    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert f'id="e-{FIELD}"' in refused.text
    assert "Trường đã phổ biến: Bạn hãy ghi số lượng" in refused.text
    assert 'value="nhiều"' in wrong.text
    assert f'name="{FIELD}"' not in _client(areas, "donvi@example.vn", "haihai").get(FORM).text


def test_figure_is_kept_in_the_draft_and_in_the_report_and_shown(areas: World) -> None:
    unit, officer = _client(areas, "donvi@example.vn"), _client(areas, "btc@example.vn")
    unit.post(FORM, data={**report_form(), FIELD: "1.234"})
    draft = _figures(areas)
    shown_again = unit.get(FORM).text
    sent = unit.post(FORM, data={**report_form(do="send"), FIELD: "1.235"})

    assert draft == {FIELD: 1234}
    assert 'value="1234"' in shown_again
    assert sent.status_code == 303
    assert _figures(areas)[FIELD] == 1235
    assert _figures(areas)["counted"] == 0
    for page in (
        unit.get(FORM),
        unit.get(f"{FORM}/ban-in"),
        officer.get(f"/btc/don-vi/xa-thu/bao-cao/{NOVEMBER}"),
        officer.get(f"/btc/don-vi/bao-cao?thang={NOVEMBER}"),
    ):
        assert page.status_code == 200
        assert "Trường đã phổ biến (trường)" in page.text
        assert "1.235" in page.text


def test_sending_the_same_again_changes_nothing_and_another_figure_is_refused(areas: World) -> None:
    unit = _client(areas, "donvi@example.vn")
    statuses = [
        unit.post(FORM, data={**report_form(do="send"), FIELD: number}).status_code
        for number in ("5", "5", "6")
    ]

    assert statuses == [303, 303, 409]
    assert _figures(areas)[FIELD] == 5


def test_reopened_report_keeps_what_was_typed(areas: World) -> None:
    unit = _client(areas, "donvi@example.vn")
    unit.post(FORM, data={**report_form(do="send"), FIELD: "5"})

    assert unit.post(f"{FORM}/mo-lai").status_code == 303
    assert _figures(areas) == {FIELD: 5}


def test_export_of_the_reports_of_a_month(areas: World) -> None:
    _client(areas, "donvi@example.vn").post(FORM, data={**report_form(do="send"), FIELD: "5"})
    officer = _client(areas, "btc@example.vn")
    csv = officer.get(f"/btc/don-vi/bao-cao/xuat?thang={NOVEMBER}")
    xlsx = officer.get(f"/btc/don-vi/bao-cao/xuat?thang={NOVEMBER}&dang=xlsx")

    heads, *lines = csv.data.decode("utf-8-sig").splitlines()
    assert "Trường đã phổ biến (trường)" in heads
    line = next(one for one in lines if "xa-thu" in one)
    assert [part.strip('"') for part in line.replace(";", ",").split(",")][3:7] == ["3", "12", "1250", "5"]
    assert zipfile.ZipFile(io.BytesIO(xlsx.data)).testzip() is None
    other = _client(areas, "btc@example.vn", "haihai").get(f"/btc/don-vi/bao-cao/xuat?thang={NOVEMBER}")
    assert "Trường đã phổ biến" not in other.text
    assert "1250" not in other.text


def test_figure_of_a_plugin_that_fails_keeps_what_was_typed(
    areas: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = _client(areas, "donvi@example.vn")
    unit.post(FORM, data={**report_form(), FIELD: "5"})
    install(monkeypatch, sample("khu_vuc", failing("report_figures")))
    with areas.app.app_context():
        enable(areas.first)

    with capture_logs():
        saved = unit.post(FORM, data=report_form())

    assert saved.status_code == 303
    assert _figures(areas) == {FIELD: 5}
