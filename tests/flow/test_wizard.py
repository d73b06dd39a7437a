"""The form of a dossier, step by step: through a browser without scripts, and the saving of single fields."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, client_for, new_draft, text_of
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import World, make_unit, view
from tests.support.queries import count_queries

STEPS = ["chung", "tac-gia", "cong_trinh", "thuyet_minh", "hieu_qua", "tai_lieu"]


def draft_of(app: Flask, world: World, **facts: Any) -> str:
    """The ref of a draft of the entrant with these answers."""
    with app.app_context(), tenant_scope(world.first.id):
        ref = make_entry(view(world.first), account(), state="draft", facts=facts).ref
        session().commit()
    return ref


def stored(app: Flask, world: World, ref: str) -> Entry:
    """The dossier as it is stored."""
    with app.app_context(), tenant_scope(world.first.id):
        entry = session().query(Entry).filter_by(ref=ref).one()
        session().expunge(entry)
        return entry


def form_on(page: str) -> dict[str, str]:
    """What a browser would send back of a page as it was served: hidden and visible controls."""
    form = dict(re.findall(r'<input[^>]* type="hidden" name="([^"]+)" value="([^"]*)"', page))
    form |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name, value in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        form[name] = value
    for tag in re.findall(r"<input[^>]+type=\"text\"[^>]*>", page):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and "__row__" not in name[1]:
            form[name[1]] = value[1]
    return form


def save(client: FlaskClient, ref: str, path: str, value: Any, op: str = "a", **more: Any) -> Any:
    """Save one field the way the page's script does."""
    body = {"path": path, "value": value, "op": f"saving-{op}", "base": 0, **more}
    return client.post(f"/du-thi/{ref}/muc", json=body)


def test_a_new_dossier_begins_at_its_first_step(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    started = entrant.post("/du-thi/moi", data={"form_token": "t" * 24})

    assert re.fullmatch(r"/du-thi/[A-Z0-9]+/sua/chung", started.location)
    assert "Phần 1 trong 6" in text_of(entrant.get(started.location))


def test_each_step_is_a_page_and_leads_to_the_next(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref, way = new_draft(entrant), []
    at = f"/du-thi/{ref}/sua/chung"
    while not at.endswith("/kiem-tra"):
        way.append(at.rsplit("/", 1)[1])
        at = entrant.post(at, data=form_on(entrant.get(at).text) | {"do": "next"}).location

    assert (way, at) == (STEPS, f"/du-thi/{ref}/kiem-tra")


def test_going_back_saves_what_was_typed(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    back = entrant.post(f"/du-thi/{ref}/sua/cong_trinh", data={"facts.tom_tat": "Sấy chè", "do": "back"})

    assert back.location == f"/du-thi/{ref}/tac-gia"
    assert stored(app, world, ref).facts["tom_tat"] == "Sấy chè"


def test_a_step_leaves_the_parts_of_the_others_alone(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world, tom_tat="Đã có", kha_nang_ap_dung="Rộng")

    entrant.post(f"/du-thi/{ref}/sua/thuyet_minh", data={"facts.doi_moi_sang_tao": "Mới", "do": "save"})

    kept = stored(app, world, ref)
    assert (kept.facts["tom_tat"], kept.facts["doi_moi_sang_tao"]) == ("Đã có", "Mới")
    assert kept.title == "Máy sấy chè dùng năng lượng mặt trời"


def test_the_overview_counts_what_is_missing_and_links_each(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world, tom_tat="Đã có")

    page = entrant.get(f"/du-thi/{ref}/sua").text

    assert "Còn thiếu 9 mục" in page
    assert f'href="/du-thi/{ref}/sua/thuyet_minh#f-facts.doi_moi_sang_tao"' in page
    assert "tom_tat" not in page
    assert f'href="/du-thi/{ref}/sua/cong_trinh">' in page


def test_an_unknown_step_does_not_exist(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    for method in ("get", "post"):
        assert getattr(entrant, method)(f"/du-thi/{ref}/sua/khong-co").status_code == 404


def test_two_tabs_on_one_field_are_told_and_nothing_is_lost(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world, tom_tat="Ban đầu")
    path = f"/du-thi/{ref}/sua/cong_trinh"
    first, second = form_on(entrant.get(path).text), form_on(entrant.get(path).text)
    assert entrant.post(path, data=first | {"facts.tom_tat": "Bản của tab một"}).status_code == 303

    told = entrant.post(
        path, data=second | {"facts.tom_tat": "Bản của tab hai", "facts.noi_trien_khai": "Đại Từ"}
    )

    assert told.status_code == 409
    assert "Bản của tab một" in told.text
    assert form_on(told.text)["facts.tom_tat"] == "Bản của tab hai"
    kept = stored(app, world, ref)
    assert (kept.facts["tom_tat"], kept.facts["noi_trien_khai"]) == ("Bản của tab một", "Đại Từ")

    mine = entrant.post(path, data=form_on(told.text) | {"do": "save"})
    assert mine.status_code == 303
    assert stored(app, world, ref).facts["tom_tat"] == "Bản của tab hai"


def test_the_stored_copy_can_be_taken_instead(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world, tom_tat="Ban đầu")
    path = f"/du-thi/{ref}/sua/cong_trinh"
    form = form_on(entrant.get(path).text)
    save(entrant, ref, "facts.tom_tat", "Bản của tab một")
    told = entrant.post(path, data=form | {"facts.tom_tat": "Bản của tab hai"})

    taken = entrant.post(path, data=form_on(told.text) | {"do": "take-facts.tom_tat"})

    assert taken.location == f"{path}#f-facts.tom_tat"
    assert stored(app, world, ref).facts["tom_tat"] == "Bản của tab một"


def test_two_tabs_on_different_fields_do_not_meet(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world, tom_tat="Ban đầu", noi_trien_khai="Cũ")
    path = f"/du-thi/{ref}/sua/cong_trinh"
    first, second = form_on(entrant.get(path).text), form_on(entrant.get(path).text)

    answers = [
        entrant.post(path, data=first | {"facts.tom_tat": "Mới"}),
        entrant.post(path, data=second | {"facts.noi_trien_khai": "Xã Đại Từ"}),
    ]

    assert [one.status_code for one in answers] == [303, 303]
    kept = stored(app, world, ref).facts
    assert (kept["tom_tat"], kept["noi_trien_khai"]) == ("Mới", "Xã Đại Từ")


def test_a_field_is_saved_by_itself(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    answers = [save(entrant, ref, "facts.tom_tat", "Sấy chè") for _sent in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert [one.json["version"] for one in answers] == [1, 1]
    assert (answers[0].json["saved_at"], answers[0].json["errors"]) == ("10:00", {})
    assert stored(app, world, ref).facts == {"tom_tat": "Sấy chè"}


def test_a_title_and_a_unit_saved_by_themselves_are_found_by_search(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        make_unit("xa-dai-tu", name="Xã Đại Từ")
        session().commit()
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    answers = [save(entrant, ref, "title", "Đèn bẫy rầy"), save(entrant, ref, "unit", "xa dai tu", "b")]

    assert [one.status_code for one in answers] == [200, 200]
    kept = stored(app, world, ref)
    assert (kept.title, kept.folded) == ("Đèn bẫy rầy", "den bay ray nguyen van thu xa dai tu")
    assert kept.unit_id is not None


def test_a_field_that_does_not_pass_is_kept_and_told(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    answer = save(entrant, ref, "facts.loi_ich_thanh_tien", "hai triệu")

    assert answer.status_code == 422
    assert answer.json["errors"]["facts.loi_ich_thanh_tien"][0].startswith("Bạn hãy nhập số tiền bằng đồng")
    page = entrant.get(f"/du-thi/{ref}/sua/hieu_qua").text
    assert 'value="hai triệu"' in page
    assert "Bạn hãy nhập số tiền bằng đồng" in page
    assert "chưa được ghi nhận" in text_of(entrant.get(f"/du-thi/{ref}/kiem-tra"))


def test_a_conflict_gives_the_other_copy_and_its_version(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)
    save(entrant, ref, "facts.tom_tat", "Trang kia")

    answer = save(entrant, ref, "facts.tom_tat", "Trang này", "b")

    assert answer.status_code == 409
    told = answer.json
    assert (told["theirs"], told["text"], told["version"], told["by_same"]) == (
        "Trang kia",
        "Trang kia",
        1,
        True,
    )
    assert save(entrant, ref, "facts.tom_tat", "Trang này", "c", base=1).json["version"] == 2


def test_a_closed_dossier_says_so_to_the_script(app: Flask, world: World) -> None:
    with app.app_context(), tenant_scope(world.first.id):
        ref = make_entry(view(world.first), account(), state="submitted").ref
        session().commit()
    entrant = client_for(app, ENTRANT)

    answer = save(entrant, ref, "title", "Khác")

    assert (answer.status_code, answer.json["closed"]) == (409, True)
    assert answer.json["message"].startswith("Hồ sơ đã nộp")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"path": "title", "value": 5, "op": "saving-a", "base": 0},
        {"path": "title", "value": "x", "op": "saving-a", "base": "0"},
        {"path": "title", "value": "x", "op": "!", "base": 0},
        {"path": ["title"], "value": "x", "op": "saving-a", "base": 0},
        {"path": "title", "value": [1], "op": "saving-a", "base": 0},
        {"path": "title", "value": "x", "op": "saving-a", "base": 0, "mine": "a"},
    ],
)
def test_what_is_no_saving_is_refused_in_words(app: Flask, world: World, body: Any) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)

    answer = entrant.post(f"/du-thi/{ref}/muc", json=body)

    assert answer.status_code == 400
    assert (answer.json or {})["message"] != ""
    assert stored(app, world, ref).parts == {}


def test_a_stranger_s_saving_is_sent_to_sign_in(app: Flask, world: World) -> None:
    ref = draft_of(app, world)

    answer = save(client_of(app, "motmot"), ref, "title", "Khác")

    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/tai-khoan/dang-nhap")
    assert save(client_for(app, "cutri@example.vn"), ref, "title", "Khác").status_code == 404


def test_saving_a_field_takes_few_statements(app: Flask, world: World) -> None:
    entrant = client_for(app, ENTRANT)
    ref = draft_of(app, world)
    save(entrant, ref, "facts.tom_tat", "Ấm")

    with count_queries(app) as counted:
        assert save(entrant, ref, "facts.tom_tat", "Nóng", "b", base=1).status_code == 200

    # Who asks and where (two), the dossier with its lock, the writing.
    assert counted.count == 4, str(counted)


@pytest.mark.parametrize("step", ["", "/thuyet_minh"])
def test_the_pages_of_a_form_ask_the_same_number_of_questions_whatever_is_in_it(
    app: Flask, world: World, step: str
) -> None:
    entrant = client_for(app, ENTRANT)
    empty, full = draft_of(app, world), draft_of(app, world, **{f"k{number}": "x" for number in range(30)})
    entrant.get(f"/du-thi/{empty}/sua{step}")
    counts = []
    for ref in (empty, full):
        with count_queries(app) as counted:
            assert entrant.get(f"/du-thi/{ref}/sua{step}").status_code == 200
        counts.append(counted.count)

    assert counts == ([6, 6] if step == "" else [9, 9])
