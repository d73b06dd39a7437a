"""Importing through the browser's requests: upload, errors, preview, import, undo."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.imports.reading import read_sheets, text_of
from core.kernel.jobs import run_due_jobs
from tests.support.app import client_of
from tests.support.factories import World
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.workbooks import workbook

HOME = "/btc/ho-so/nhap"
GOOD: list[Any] = ["01", "Máy sấy chè", "", "Xã Thử", "Nguyễn Thị Hoa", 1985, "hoa@example.vn", "0912345678"]


@pytest.fixture
def office(world: World) -> FlaskClient:
    """The committee of the first tenant, signed in."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def upload(
    client: FlaskClient, content: bytes, *, owners: str = "invite", token: str = "t" * 43
) -> TestResponse:
    sent = {"file": (io.BytesIO(content), "danh-sach.xlsx"), "owners": owners, "form_token": token}
    return client.post(HOME, data=sent, content_type="multipart/form-data")


def run_jobs(world: World) -> None:
    with world.app.app_context():
        while run_due_jobs():
            pass


def test_the_way_from_the_upload_to_the_undo(world: World, office: FlaskClient) -> None:
    sent = upload(office, workbook([GOOD]))
    twice = upload(office, workbook([GOOD]))
    where = sent.headers["Location"]
    reading = office.get(where).text
    run_jobs(world)
    checked = office.get(where).text
    office.post(f"{where}/nhap", data={"do": "all"})
    run_jobs(world)
    done = office.get(where).text
    listed = office.get(HOME).text
    office.post(f"{where}/hoan-tac")
    run_jobs(world)
    undone = office.get(where).text

    assert twice.headers["Location"] == where
    assert 'hx-trigger="every 2s"' in reading
    assert "Nhập 1 hồ sơ" in checked
    assert "Máy sấy chè" in checked
    assert "Hoàn tác 1 hồ sơ" in done
    assert "danh-sach.xlsx" in listed
    assert "Đã hoàn tác" in undone


def test_errors_are_told_at_their_cell_and_in_a_marked_workbook(world: World, office: FlaskClient) -> None:
    where = upload(office, workbook([GOOD, ["02", "", *GOOD[2:]]])).headers["Location"]
    run_jobs(world)

    page = office.get(where).text
    refused = office.post(f"{where}/nhap", data={"do": "all"})
    marked = office.get(f"{where}/loi.xlsx")

    sentence = "Dòng 3, cột “Tên công trình”: Ô này không được để trống."
    assert sentence in page
    assert "Chỉ nhập 1 dòng đúng" in page
    assert (refused.status_code, "Bảng tính còn lỗi" in refused.text) == (409, True)
    assert [text_of(line[1]) for line in read_sheets(marked.data)[-1].rows] == [sentence]


def test_what_is_missing_in_the_form_is_told_at_its_place(office: FlaskClient) -> None:
    nothing = office.post(HOME, data={"owners": "invite"})
    nobody = upload(office, workbook([GOOD]), owners="")

    assert (nothing.status_code, "Bạn hãy chọn một tệp bảng tính." in nothing.text) == (422, True)
    assert (nobody.status_code, "Bạn hãy chọn hồ sơ thuộc về ai." in nobody.text) == (422, True)


def test_the_template_comes_as_a_workbook_for_each_kind(office: FlaskClient) -> None:
    for kind in ("invite", "paper"):
        answer = office.get(f"{HOME}/mau.xlsx?kieu={kind}")
        assert [sheet.name for sheet in read_sheets(answer.data)] == [
            "Hồ sơ",
            "Tác giả",
            "Danh mục",
            "Hướng dẫn",
        ]


def test_another_tenants_import_does_not_exist(world: World, office: FlaskClient) -> None:
    where = upload(office, workbook([GOOD])).headers["Location"]
    other = client_of(world.app, world.second.slug)
    sign_in(other, "btc@example.vn")
    for path in (where, f"{where}/loi.xlsx"):
        assert other.get(path).status_code == 404
    assert other.post(f"{where}/nhap").status_code == 404
    assert other.post(f"{where}/hoan-tac").status_code == 404


def test_the_preview_asks_as_much_for_one_row_as_for_thirty(world: World, office: FlaskClient) -> None:
    counts = []
    for size, token in ((1, "a" * 43), (30, "b" * 43)):
        rows = [[f"{size}-{n}", f"Số {size} {n}", *GOOD[2:]] for n in range(size)]
        where = upload(office, workbook(rows), token=token).headers["Location"]
        run_jobs(world)
        office.get(where)
        with count_queries(world.app) as counted:
            assert office.get(where).status_code == 200
        counts.append(counted.count)
    assert counts == [7, 7]
