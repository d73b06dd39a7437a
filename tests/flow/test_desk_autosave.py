"""The desk's saving while the judge types: each answer of its address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.judging.services import withdraw_judge
from core.kernel.actor import SYSTEM
from tests.flow.test_judging_pages import AFTER, FIRST, SHEET, at, desk, opened, stored
from tests.support.factories import NOW, World
from tests.support.judging import ROUND, WHOLE, lock, make_round, points
from tests.support.voting import in_tenant

ADDRESS = f"{SHEET}/tu-luu"


def send(client: FlaskClient, scores: dict[str, str], **more: Any) -> TestResponse:
    """One change from a page that was opened on a blank sheet."""
    base = dict.fromkeys(scores, "")
    return client.post(ADDRESS, json={"revision": 0, "scores": scores, "base": base, **more})


def test_a_change_is_stored_and_the_sheet_as_it_stands_is_told(world: World) -> None:
    opened(world)
    answer = send(desk(world), {"doi_moi": "18,5"}, remark="Tốt", base_remark="")
    assert answer.status_code == 200
    assert answer.json == {
        "revision": 1,
        "scores": {"doi_moi": "18.5"},
        "remark": "Tốt",
        "total": "18.5",
        "whole": False,
        "counts": True,
        "state": "draft",
        "saved_at": "10:00",
    }
    assert dict(stored(world).scores) == points({"doi_moi": "18.5"})


def test_the_last_criterion_makes_the_sheet_whole(world: World) -> None:
    opened(world)
    answer = send(desk(world), WHOLE)
    assert answer.json is not None
    assert (answer.json["total"], answer.json["whole"]) == ("70.5", True)


def test_what_passes_is_stored_and_what_does_not_is_told_at_its_criterion(world: World) -> None:
    opened(world)
    answer = send(desk(world), {"doi_moi": "20,5", "hieu_qua": "27", "kha_nang": "hai", "la": "1"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {
        "score_doi_moi": ["Điểm từ 0 đến 20."],
        "score_kha_nang": ["Điểm phải là một số, ví dụ 18 hoặc 18,5."],
        "score_la": ["Phiếu chấm không có tiêu chí này."],
    }
    assert answer.json["scores"] == {"hieu_qua": "27"}
    assert dict(stored(world).scores) == points({"hieu_qua": "27"})


def test_a_remark_that_is_too_long_is_told_and_the_points_beside_it_are_kept(world: World) -> None:
    opened(world)
    answer = send(desk(world), {"doi_moi": "18"}, remark="a" * 4001, base_remark="")
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {"remark": ["Dài quá 4000 ký tự, bạn hãy viết ngắn hơn."]}
    assert (dict(stored(world).scores), stored(world).remark) == (points({"doi_moi": "18"}), "")


def test_two_devices_with_one_criterion_are_told_both_sides(world: World) -> None:
    opened(world)
    client = desk(world)
    send(client, {"doi_moi": "18"})
    answer = send(client, {"doi_moi": "12", "hieu_qua": "20"})
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["fields"] == ["doi_moi"]
    assert (answer.json["stored"]["scores"], answer.json["stored"]["revision"]) == ({"doi_moi": "18"}, 1)
    assert dict(stored(world).scores) == points({"doi_moi": "18"})


def test_a_locked_sheet_is_not_changed(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        locked = lock(edition, entry)
    answer = send(desk(world), {"doi_moi": "1"})
    assert answer.status_code == 423
    assert answer.json == {"message": "Phiếu đã khóa nên không thay đổi được nữa.", "state": "locked"}
    assert stored(world) == locked


def test_an_abstained_sheet_is_not_changed(world: World) -> None:
    opened(world)
    client = desk(world)
    client.post(f"{SHEET}/tu-choi", data={"reason": "Ngoài chuyên môn"})
    answer = send(client, {"doi_moi": "1"})
    assert answer.status_code == 423
    assert answer.json is not None
    assert answer.json["state"] == "abstained"


def test_after_the_end_a_change_is_kept_and_said_not_to_count(world: World) -> None:
    opened(world)
    client = desk(world)
    at(world, AFTER)
    answer = send(client, {"doi_moi": "18"})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["counts"] is False
    assert answer.json["message"] == (
        "Đã hết thời gian chấm. Phiếu được giữ lại ở dạng nháp và không được tính."
    )
    assert dict(stored(world).scores) == points({"doi_moi": "18"})


def test_before_the_judging_nothing_is_stored_and_the_sentence_says_when(world: World) -> None:
    opened(world)
    client = desk(world)
    at(world, NOW - timedelta(days=365))
    answer = send(client, {"doi_moi": "18"})
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["state"] == "closed"
    assert stored(world).revision == 0


def test_a_judge_who_was_taken_out_in_the_middle_is_told_so(world: World) -> None:
    opened(world)
    client = desk(world)
    send(client, {"doi_moi": "18"})
    with in_tenant(world, world.first) as edition:
        withdraw_judge(edition, "J1", "Nghỉ công tác", actor=SYSTEM, now=NOW)
    answer = send(client, {"hieu_qua": "20"})
    assert answer.status_code == 403
    assert answer.json is not None
    assert "Bạn không có tên trong" in answer.json["message"]


def test_another_shape_is_refused_in_one_sentence(world: World) -> None:
    opened(world)
    client = desk(world)
    whole: dict[str, Any] = {"revision": 0, "scores": {"doi_moi": "1"}, "base": {}}
    bodies: list[Any] = [None, [], {}]
    bodies += [{**whole, "scores": {"doi_moi": 1.5}}, {**whole, "base": {"doi_moi": "x"}}]
    for body in bodies:
        answer = client.post(ADDRESS, json=body)
        assert (answer.status_code, answer.json) == (
            400,
            {"message": "Trang này đã cũ. Bạn hãy tải lại trang rồi gõ tiếp."},
        )
    assert stored(world).revision == 0


def test_a_dossier_that_is_not_on_ones_list_does_not_exist(world: World) -> None:
    opened(world)
    client = desk(world)
    body: dict[str, Any] = {"revision": 0, "scores": {"doi_moi": "1"}, "base": {}}
    assert client.post(f"/cham-thi/{ROUND}/{FIRST}9/tu-luu", json=body).status_code == 404
    client.environ_base["HTTP_HOST"] = "haihai.localhost"
    assert client.post(ADDRESS, json=body).status_code == 302
