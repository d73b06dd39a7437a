"""What a judge's device is given to work without a network, through HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.judging.assigning import Ending, end
from core.judging.offline_package import LARGEST_FILE
from core.judging.services import open_round
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.config import read_config
from core.kernel.db import session
from core.kernel.errors import WrongUse
from core.privacy.models import DossierOpening
from tests.flow.test_judging_pages import AFTER, FIRST, SECOND, at, desk, opened
from tests.support.app import client_of
from tests.support.councils import made_council
from tests.support.entries import account, make_attachment, make_entry, pdf_bytes
from tests.support.factories import NOW, World
from tests.support.judging import JUDGE, ROUND, fill, lock, make_round, place_of
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

BATCH = f"/cham-thi/{ROUND}/mang-theo"
PACKAGE = f"/cham-thi/{ROUND}/{FIRST}/goi"
SHOWN = "tep_thuyet_minh"
DAY = 86400 * 1000


def test_the_batch_tells_what_is_to_be_judged_and_how_the_own_sheets_stand(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=3, judges=2)
        lock(edition, entries[0])
        fill(edition, entries[1], scores={"doi_moi": "18.5"})
        fill(edition, entries[2], number=2, scores={"doi_moi": "3"})
        make_attachment(entries[1], field=SHOWN, content=pdf_bytes())
        size = len(pdf_bytes())
    told = json_of(desk(world), f"{BATCH}/danh-sach")
    assert [(row["code"], row["state"], row["sheet"]["scores"]) for row in told["rows"]] == [
        (FIRST, "locked", {"doi_moi": "18.5", "hieu_qua": "27", "kha_nang": "25"}),
        (SECOND, "draft", {"doi_moi": "18.5"}),
        ("TT-K1-0003", "draft", {}),
    ]
    assert [row["bytes"] for row in told["rows"]] == [0, size, 0]
    assert (told["number"], told["maximum"]) == ("J1", "80")
    assert round(told["left_ms"] / DAY) == 13
    assert "Máy sấy" not in json.dumps(told, ensure_ascii=False)


def test_the_batch_takes_as_many_statements_whatever_its_length(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=1)
    client = desk(world)
    json_of(client, f"{BATCH}/danh-sach")  # what is held between requests is held now
    with count_queries(world.app) as few:
        json_of(client, f"{BATCH}/danh-sach")
    with in_tenant(world, world.first) as edition:
        more = [make_entry(edition, account(), title=f"Thêm {number}") for number in range(6)]
        open_round(edition, ROUND, actor=SYSTEM, now=NOW)
        for entry in more:
            fill(edition, entry, scores={"doi_moi": "1"})
    with count_queries(world.app) as many:
        assert len(json_of(client, f"{BATCH}/danh-sach")["rows"]) == 7
    assert many.count == few.count, f"{few}\n\n{many}"


def test_a_package_holds_what_the_judge_reads_and_counts_as_opening_the_dossier(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=1)
        fill(edition, entries[0], scores={"doi_moi": "18.5"})
        make_attachment(entries[0], field=SHOWN, name="ban-ve.pdf", content=pdf_bytes())
        large = make_attachment(
            entries[0], field=SHOWN, name="phim.mp4", content=b"x", media_type="video/mp4"
        )
        large.size = LARGEST_FILE + 1
    client = desk(world)
    told = json_of(client, PACKAGE)
    assert (told["code"], told["title"]) == (FIRST, "Máy sấy chè 1")
    [file] = told["files"]
    assert (file["name"], file["size"], file["has_picture"]) == ("ban-ve.pdf", len(pdf_bytes()), False)
    assert f'href="/cham-thi/ngoai-tuyen/tep/{file["id"]}"' in told["dossier"]
    assert "phim.mp4" in told["dossier"]
    assert "Tệp này không mang theo máy" in told["dossier"]
    assert told["sheet"] == {"state": "draft", "revision": 1, "scores": {"doi_moi": "18.5"}, "remark": ""}

    part = client.get(f"{PACKAGE}/{file['id']}", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"%PDF-")
    with in_tenant(world, world.first):
        assert sorted(session().scalars(select(DossierOpening.what))) == ["dossier", "file"]


@pytest.mark.parametrize("key", ["2-000000000000", "0-000000000000", "x"])
def test_a_file_that_is_not_shown_has_no_address(world: World, key: str) -> None:
    opened(world)
    assert desk(world).get(f"{PACKAGE}/{key}").status_code == 404


def test_what_ended_is_in_no_batch_and_has_no_package(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        entries = make_round(edition, entries=2)
        judge_id = place_of(edition, entries[0]).judge.id
        end(Ending.MOVED, judge_id=judge_id, entry_id=entries[0].id, now=edition.now())
    client = desk(world)
    assert [row["code"] for row in json_of(client, f"{BATCH}/danh-sach")["rows"]] == [SECOND]
    assert client.get(PACKAGE).status_code == 404


def test_before_the_pledge_nothing_is_given(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        make_round(edition, entries=1)
        made_council(edition)
    client = desk(world)
    for answer in (client.get(f"{BATCH}/danh-sach"), client.get(PACKAGE), client.post(BATCH)):
        assert (answer.status_code, answer.json["state"]) == (403, "pledge")  # type: ignore[index]
    page = client.get(BATCH)
    assert (page.status_code, page.headers["Location"]) == (303, f"/hoi-dong/cam-ket/{ROUND}")


def test_taking_a_batch_stands_in_the_log_without_a_dossier(world: World) -> None:
    opened(world, entries=2)
    assert desk(world).post(BATCH).status_code == 200
    with in_tenant(world, world.first):
        [line] = audit.records(actions=["offline.taken"])
        assert (line.subject, line.data) == (f"k1/{ROUND}", {"round": ROUND, "count": 2})


def test_after_judging_nothing_can_be_taken_and_what_was_taken_can_still_be_asked_about(world: World) -> None:
    opened(world)
    at(world, AFTER)
    client = desk(world)
    assert client.get(BATCH).status_code == 409
    assert (client.post(BATCH).status_code, client.get(PACKAGE).status_code) == (409, 409)
    assert 2.9 < json_of(client, f"{BATCH}/danh-sach")["left_ms"] / DAY < 3
    assert "Mang hồ sơ theo" not in client.get("/cham-thi/").get_data(as_text=True)


def test_the_empty_page_and_the_worker_are_the_same_for_everybody(world: World) -> None:
    opened(world)
    client, stranger = desk(world), client_of(world.app, world.first.slug)
    for path in ("/cham-thi/ngoai-tuyen", "/cham-thi/sw.js", "/cham-thi/ung-dung.webmanifest"):
        mine, theirs = client.get(path), stranger.get(path)
        assert (mine.status_code, mine.data) == (200, theirs.data)
        assert b"csrf_token" not in mine.data
    worker = stranger.get("/cham-thi/sw.js")
    assert (worker.mimetype, worker.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert worker.headers["Service-Worker-Allowed"] == "/cham-thi/"


def test_everything_that_the_worker_keeps_is_there(world: World) -> None:
    client = client_of(world.app, world.first.slug)
    text = client.get("/cham-thi/sw.js").get_data(as_text=True)
    kept = json.loads(text.partition("const BATCH = ")[2].partition(";\n")[0])
    for path in (kept["shell"], *kept["assets"]):
        with client.get(path) as answer:
            assert (path, answer.status_code) == (path, 200)
    assert any("/js/offline/main." in path for path in kept["assets"])


def test_the_manifest_has_the_tenants_name_and_its_icons_are_there(world: World) -> None:
    client = client_of(world.app, world.first.slug)
    told = json.loads(client.get("/cham-thi/ung-dung.webmanifest").data)
    other = json.loads(client_of(world.app, world.second.slug).get("/cham-thi/ung-dung.webmanifest").data)
    assert (told["scope"], told["start_url"]) == ("/cham-thi/", "/cham-thi/ngoai-tuyen")
    assert told["name"] != other["name"]
    for icon in told["icons"]:
        with client.get(icon["src"]) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_a_device_knows_its_owner_by_a_name_that_is_another_at_each_tenant(world: World) -> None:
    opened(world)
    stranger = client_of(world.app, world.first.slug)
    assert json_of(stranger, "/cham-thi/ngoai-tuyen/toi.json") == {"owner": None, "csrf_token": None}
    mine = json_of(desk(world), "/cham-thi/ngoai-tuyen/toi.json")["owner"]
    twin = client_of(world.app, world.second.slug)
    sign_in(twin, JUDGE)
    assert len({mine, json_of(twin, "/cham-thi/ngoai-tuyen/toi.json")["owner"]}) == 2


def test_an_installation_that_does_not_offer_it_calls_its_workers_back(world: World) -> None:
    opened(world)
    config = world.app.config
    config["BANGVANG"] = replace(config["BANGVANG"], offline_days=None)
    client = desk(world)
    text = client.get("/cham-thi/sw.js").get_data(as_text=True)
    assert "/js/offline/retire." in text
    assert "worker" not in text
    assert (client.get(BATCH).status_code, client.get(PACKAGE).status_code) == (404, 404)
    assert client.get("/cham-thi/ngoai-tuyen").status_code == 200
    assert "Mang hồ sơ theo" not in client.get("/cham-thi/").get_data(as_text=True)


@pytest.mark.parametrize(("text", "days"), [("off", None), ("0", 0), ("60", 60)])
def test_the_setting_is_a_number_of_days_or_off(text: str, days: int | None) -> None:
    assert read_config({"OFFLINE_DAYS": text}).offline_days == days


@pytest.mark.parametrize("text", ["61", "-1", "ba", ""])
def test_another_setting_is_refused_in_words(text: str) -> None:
    with pytest.raises(WrongUse, match="OFFLINE_DAYS must be a number of days from 0 to 60, or off"):
        read_config({"OFFLINE_DAYS": text})


def json_of(client: FlaskClient, path: str) -> Any:
    """The JSON of a page that answers."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json
