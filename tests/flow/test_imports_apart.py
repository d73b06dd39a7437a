"""An import of which an officer has a conflict with one dossier: he reads nothing of it, and does not undo it."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.imports.reading import read_sheets, text_of
from core.judging.conflict_values import Kind
from core.judging.services import declare
from core.kernel.actor import Role
from core.kernel.db import session, tenant_scope
from tests.flow.test_imports_office import GOOD, office, run_jobs, upload
from tests.support.app import client_of
from tests.support.factories import NOW, World, actor_of, make_account
from tests.support.people import sign_in
from tests.support.workbooks import workbook

__all__ = ["office"]
OTHER: list[Any] = [
    "02", "Máy cày tay", "", "Xã Thử", "Trần Văn Cày", 1970, "cay@example.vn", "0987654321",
]  # fmt: skip
PEOPLE = [
    ["01", "Lê Thị Đồng", "Đồng tác giả", 1990, "HTX"],
    ["02", "Phạm Văn Bạn", "Đồng tác giả", 1991, "HTX"],
]
SECRETS = ("Máy sấy chè", "Nguyễn Thị Hoa", "0912345678", "hoa@example.vn", "Lê Thị Đồng")


@pytest.fixture
def where(world: World, office: FlaskClient) -> str:
    """The address of an import of two dossiers on paper, made; a second officer is related to the first of them."""
    content = workbook([GOOD, OTHER], people=PEOPLE)
    found = str(upload(office, content, owners="paper").headers["Location"])
    run_jobs(world)
    office.post(f"{found}/nhap", data={"do": "good"})
    run_jobs(world)
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        entry = session().scalars(select(Entry).where(Entry.title == GOOD[1])).one()
        person = make_account("lienquan@example.vn", name="Cán Bộ", roles=[Role.COMMITTEE])
        declare([entry], [Kind.FAMILY.value], "", actor=actor_of(person), now=NOW)
        current.commit()
    return found


@pytest.fixture
def relative(world: World, where: str) -> FlaskClient:
    """That second officer, signed in."""
    assert where
    client = client_of(world.app, world.first.slug)
    sign_in(client, "lienquan@example.vn")
    return client


def words(content: bytes) -> str:
    return "\n".join(text_of(cell) for one in read_sheets(content) for row in one.rows for cell in row)


def test_the_marked_workbook_is_without_his_relatives_row_and_people(
    where: str, office: FlaskClient, relative: FlaskClient
) -> None:
    whole = words(office.get(f"{where}/loi.xlsx").data)
    part = words(relative.get(f"{where}/loi.xlsx").data)

    assert [one for one in SECRETS if one not in whole] == []
    assert [one for one in SECRETS if one in part] == []
    assert "Máy cày tay" in part
    assert "Phạm Văn Bạn" in part


def test_a_row_that_is_known_already_is_not_told_to_him_either(
    world: World, where: str, office: FlaskClient, relative: FlaskClient
) -> None:
    assert where
    again = upload(office, workbook([GOOD, OTHER]), owners="paper", token="u" * 43).headers["Location"]
    run_jobs(world)

    page = relative.get(again).text
    part = words(relative.get(f"{again}/loi.xlsx").data)

    assert "Máy sấy chè" in office.get(again).text
    assert "Máy sấy chè" not in page + part
    assert "Máy cày tay" in page
    assert "Máy cày tay" in part


def test_he_does_not_take_the_import_back(
    world: World, where: str, office: FlaskClient, relative: FlaskClient
) -> None:
    refused = relative.post(f"{where}/hoan-tac")
    run_jobs(world)

    assert (refused.status_code, "Lần nhập này có hồ sơ mà bạn có liên quan" in refused.text) == (409, True)
    assert "Máy sấy chè" not in refused.text
    assert "Máy sấy chè" in office.get(where).text
