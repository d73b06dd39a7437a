"""Entries for programs: the same services, the same errors, problem documents."""

from __future__ import annotations

from flask import Flask

from core.kernel.db import session, tenant_scope
from core.kernel.ids import token
from tests.flow.test_entries_way import ENTRANT, client_for
from tests.support.app import client_of
from tests.support.entries import account, complete_draft, count_entries, dossier_data, make_entry
from tests.support.factories import World, view


def test_a_stranger_reads_published_entries_only(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        make_entry(
            edition,
            owner,
            code="TT-1",
            title="Máy sấy chè",
            facts={"tom_tat": "Nhanh", "doi_moi_sang_tao": "X"},
        )
        make_entry(edition, owner, code="TT-2", published=False)
        session().commit()
    stranger = client_of(app, "motmot")

    listed = stranger.get("/api/v1/entries?q=MAY+SAY").json
    one = stranger.get("/api/v1/entries/TT-1").json

    assert listed is not None
    assert one is not None
    assert ([card["code"] for card in listed["entries"]], listed["total"], listed["pages"]) == (
        ["TT-1"],
        1,
        1,
    )
    assert one == {
        "code": "TT-1",
        "title": "Máy sấy chè",
        "field": None,
        "unit": None,
        "authors": ["Nguyễn Văn Thử"],
        "url": "http://motmot.localhost/bai-du-thi/TT-1",
        "is_demonstration": False,
        "published_at": "2025-11-12T03:00:00+00:00",
        "answers": {"tom_tat": "Nhanh"},
        "pictures": [],
    }
    hidden = stranger.get("/api/v1/entries/TT-2")
    assert (hidden.status_code, hidden.mimetype) == (404, "application/problem+json")


def test_a_stranger_starts_nothing(app: Flask, world: World) -> None:
    answer = client_of(app, "motmot").post("/api/v1/entries", json={"title": "X"})

    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")


def test_a_dossier_is_started_saved_and_handed_in(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    with app.app_context(), tenant_scope(world.first.id):
        data = dossier_data(view(world.first))

    started = entrant.post("/api/v1/entries", json=data)
    assert started.status_code == 201
    assert started.json is not None
    ref = started.json["ref"]
    assert (started.json["state"], started.json["facts"]) == ("draft", data["facts"])
    saved = entrant.put(f"/api/v1/entries/{ref}", json={"title": "Tên khác"})
    assert saved.json is not None
    assert (saved.status_code, saved.json["title"], saved.json["facts"]) == (200, "Tên khác", data["facts"])

    refused = entrant.post(f"/api/v1/entries/{ref}/submit")
    assert refused.json is not None
    assert (refused.status_code, refused.json["errors"]) == (
        422,
        {"facts.tep_thuyet_minh": ["Chưa tải lên “Bản thuyết minh”."]},
    )


def test_handing_in_twice_gives_the_same_receipt(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = complete_draft(view(world.first), account()).ref
        session().commit()
    entrant = client_for(app, ENTRANT)

    first, second = (entrant.post(f"/api/v1/entries/{ref}/submit") for _press in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json
    assert first.json is not None
    assert first.json["code"] == "TT-K1-0001"


def test_wrong_parts_are_told_by_path_and_nothing_is_kept(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)

    answer = entrant.post(
        "/api/v1/entries", json={"title": "Máy", "la": 1, "facts": {"loi_ich_thanh_tien": 1.5}}
    )

    assert answer.json is not None
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"] == {
        "la": ["Mục này không có trong hồ sơ."],
        "facts.loi_ich_thanh_tien": ["Bạn hãy nhập số tiền bằng đồng, chỉ gồm chữ số, ví dụ 25.000.000."],
    }
    with app.app_context(), tenant_scope(world.first.id):
        assert count_entries() == 0


def test_the_same_key_starts_one_dossier(app: Flask, world: World) -> None:
    entrant, key = client_for(app, ENTRANT), token()

    made = [
        entrant.post("/api/v1/entries", json={"title": "X"}, headers={"Idempotency-Key": key})
        for _n in range(2)
    ]

    refs = [one.json["ref"] for one in made if one.json is not None]
    assert refs[0] == refs[1]
    assert len(refs) == 2


def test_a_body_that_is_no_object_is_refused_in_words(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)

    for body in ("[1]", "{", "null", ""):
        answer = entrant.post("/api/v1/entries", data=body, content_type="application/json")
        assert answer.json is not None
        assert (answer.status_code, answer.json["errors"]) == (
            422,
            {"": ["Nội dung gửi lên phải là một đối tượng JSON."]},
        )


def test_another_s_dossier_does_not_exist(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = complete_draft(view(world.first), account()).ref
        session().commit()
    stranger = client_for(app, "cutri@example.vn")

    answers = [
        stranger.put(f"/api/v1/entries/{ref}", json={}),
        stranger.post(f"/api/v1/entries/{ref}/submit"),
    ]

    assert [one.status_code for one in answers] == [404, 404]
