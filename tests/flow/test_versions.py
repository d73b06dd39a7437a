"""Versions of a dossier through the browser's eyes: each as it was, its files, and what changed."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from core.entries.models import Attachment, Entry
from core.entries.services import attach, detach, return_, save_draft, submit
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, OFFICER, client_for, text_of
from tests.support.entries import account, complete_draft, pdf_bytes
from tests.support.factories import NOW, World, actor_of, view
from tests.support.queries import count_queries


@dataclass(frozen=True)
class Twice:
    """A dossier that was handed in twice, another file and other words the second time."""

    ref: str
    first_file: str
    second_file: str


@pytest.fixture
def twice(world: World) -> Twice:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, owner, officer = view(world.first), account(), actor_of(account(OFFICER))
        entry = complete_draft(edition, owner)
        actor = actor_of(owner)
        submit(entry, edition, actor=actor, now=NOW)
        return_(entry, edition, reason="Thiếu ảnh.", actor=officer, now=NOW)
        first = session().scalars(select(Attachment).where(Attachment.entry_id == entry.id)).one()
        held = first.sha256
        detach(entry, first.id, actor=actor, now=NOW)
        content = io.BytesIO(pdf_bytes(pages=2))
        second = attach(entry, edition, "tep_thuyet_minh", "ban-mo-ta.pdf", content, actor=actor, now=NOW)
        save_draft(entry, edition, {"title": "Máy sấy chè dùng điện mặt trời"}, actor=actor, now=NOW)
        submit(entry, edition, actor=actor, now=NOW)
        session().commit()
        return Twice(entry.ref, held, second.sha256)


@pytest.mark.parametrize("address", ["/du-thi/{ref}/ban/1/2", "/btc/ho-so/TT-K1-0001/ban/2/1"])
def test_what_changed_is_marked_word_by_word_and_file_by_file(app: Flask, twice: Twice, address: str) -> None:
    client = client_for(app, ENTRANT if "{ref}" in address else OFFICER)

    page = client.get(address.format(ref=twice.ref))

    assert "Có 2 chỗ khác nhau." in text_of(page)
    assert "Máy sấy chè dùng <del>năng lượng </del>mặt trời" in page.text
    assert "Máy sấy chè dùng <ins>điện </ins>mặt trời" in page.text
    assert "Thay tệp mới ban-mo-ta.pdf" in text_of(page)


def test_the_files_of_an_earlier_version_still_open(app: Flask, twice: Twice) -> None:
    entrant, officer = client_for(app, ENTRANT), client_for(app, OFFICER)
    paths = (f"/du-thi/{twice.ref}", "/btc/ho-so/TT-K1-0001")

    answers = [
        client.get(f"{path}/ban/1/tep/{twice.first_file}", buffered=True)
        for client, path in zip((entrant, officer), paths, strict=True)
    ]

    assert [(one.status_code, one.data) for one in answers] == [(200, pdf_bytes())] * 2
    assert entrant.get(f"/du-thi/{twice.ref}/ban/1/tep/{twice.second_file}").status_code == 404


def test_a_version_is_shown_as_it_was_handed_in(app: Flask, twice: Twice) -> None:
    page = text_of(client_for(app, ENTRANT).get(f"/du-thi/{twice.ref}/ban/1"))

    assert "Máy sấy chè dùng năng lượng mặt trời" in page
    assert "Bản đã nộp lần 1" in page
    assert "Nguyễn Văn Thử, Tác giả chính, sinh năm 1961" in page


def test_the_draft_is_compared_with_the_last_version_while_it_is_open(
    app: Flask, world: World, twice: Twice
) -> None:
    entrant = client_for(app, ENTRANT)
    assert entrant.get(f"/du-thi/{twice.ref}/ban/2/nhap").location == f"/du-thi/{twice.ref}"
    with app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry)).one()
        return_(entry, view(world.first), reason="Sửa tên.", actor=actor_of(account(OFFICER)), now=NOW)
        save_draft(entry, view(world.first), {"title": "Tên mới"}, actor=actor_of(account()), now=NOW)
        session().commit()

    page = entrant.get(f"/du-thi/{twice.ref}/ban/2/nhap")

    assert "Bản đang sửa, chưa nộp" in text_of(page)
    assert "<ins>Tên mới</ins>" in page.text


def test_comparing_asks_as_often_whatever_changed(app: Flask, world: World, twice: Twice) -> None:
    officer = client_for(app, OFFICER)
    officer.get("/btc/ho-so/TT-K1-0001/ban/1/2")

    with count_queries(app) as same:
        officer.get("/btc/ho-so/TT-K1-0001/ban/1/1")
    with count_queries(app) as changed:
        officer.get("/btc/ho-so/TT-K1-0001/ban/1/2")

    assert (same.count, changed.count) == (7, 7)


def test_what_is_being_edited_stays_the_entrants_and_the_office_reads_what_was_handed_in(
    app: Flask, twice: Twice
) -> None:
    entrant, officer = client_for(app, ENTRANT), client_for(app, OFFICER)

    taken = entrant.post(f"/du-thi/{twice.ref}/sua-lai")
    entrant.post(f"/du-thi/{twice.ref}/sua", data={"title": "Tên viết dở", "do": "save"})
    seen = officer.get("/btc/ho-so/TT-K1-0001", follow_redirects=True)
    own = text_of(entrant.get(f"/du-thi/{twice.ref}"))

    assert taken.location == f"/du-thi/{twice.ref}/sua"
    assert "Bản đã nộp lần 2" in text_of(seen)
    assert "Tên viết dở" not in seen.text
    assert "Bản đã nộp lần 2 vẫn có hiệu lực" in own

    kept = entrant.post(f"/du-thi/{twice.ref}/giu-ban", follow_redirects=True)
    assert "Đã giữ bản đã nộp lần 2." in text_of(kept)
    assert "Máy sấy chè dùng điện mặt trời" in text_of(kept)
    unsent = entrant.get(f"/du-thi/{twice.ref}/ban/2/chua-nop")
    assert "<ins>Tên viết dở</ins>" in unsent.text
