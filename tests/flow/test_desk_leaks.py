"""Others' scores: what lies in the data shows on no page, in no order and in no answer until one has locked."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from core.contests.values import EditionView
from core.judging.material import Asked, call_of
from core.judging.queries import desk_queue
from core.judging.services import open_round, planning
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.judging.setups import NextBy, Setup
from core.kernel.actor import SYSTEM
from tests.flow.test_judging_pages import SHEET, desk
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, fill, lock, make_round, place_of
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

HIGH = {"doi_moi": "19.5", "hieu_qua": "29.5", "kha_nang": "28.5"}
LOW = {"doi_moi": "1.5", "hieu_qua": "2.5", "kha_nang": "3.5"}
SECRETS = ("19,5", "29,5", "28,5", "77,5", "19.5", "29.5", "28.5", "77.5", "Giám khảo 2")


def answers(client: FlaskClient) -> list[str]:
    """Every answer of the desk about one's own sheets."""
    pages = ("/cham-thi/", SHEET, f"{SHEET}/tu-choi", f"/cham-thi/{ROUND}/khoa-tat-ca", f"{SHEET}/khoa")
    found = [client.get(page, follow_redirects=True).get_data(as_text=True) for page in pages]
    body = {"revision": 7, "scores": {"doi_moi": "4"}, "base": {"doi_moi": "3"}}
    found += [client.post(f"{SHEET}/tu-luu", json=body).get_data(as_text=True) for _twice in range(2)]
    found.append(client.post(f"{SHEET}/tu-luu", json={**body, "scores": {"doi_moi": "99"}}).get_data(True))
    found.append(client.post(SHEET, data={"score_doi_moi": "5", "revision": "7"}).get_data(as_text=True))
    return found


@pytest.mark.parametrize("own", ["nothing", "draft", "locked"])
def test_no_answer_of_the_desk_shows_what_another_judge_gave(world: World, own: str) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=2, scores=HIGH)
        if own != "nothing":
            (lock if own == "locked" else fill)(edition, entry, scores=LOW)
    for answer in answers(desk(world)):
        assert [one for one in SECRETS if one in answer] == []


@pytest.mark.parametrize("next_by", [NextBy.CODE, NextBy.LEAST])
def test_the_order_is_the_same_whatever_others_gave(world: World, next_by: NextBy) -> None:
    orders = []
    for tenant, scores in ((world.first, (HIGH, LOW)), (world.second, (LOW, HIGH))):
        with in_tenant(world, tenant) as edition:
            entries = make_round(edition, entries=3, judges=2)
            planning.save_setup(edition, ROUND, Setup(next_by=next_by), actor=SYSTEM, now=NOW)
            for entry, given in zip(entries, scores, strict=False):
                lock(edition, entry, number=2, scores=given)
            place = place_of(edition, entries[0])
            queue = desk_queue(edition, place.judge, place.round)
            codes = [row.code for row in queue.rows]
            orders.append([codes.index(code) for code in queue.order])
            assert codes == sorted(codes)
    if next_by is NextBy.CODE:
        assert orders[0] == orders[1] == [0, 1, 2]
    else:
        # What nobody has finished comes first; the points decide nothing. Among equals each code has its own draw.
        assert [order[0] for order in orders] == [2, 2]


def test_a_sheet_needs_at_most_12_queries_for_1_and_60_entries(world: World) -> None:
    counts = []
    for entries in (1, 59):
        with in_tenant(world, world.first) as edition:
            if entries == 1:
                (first,) = make_round(edition)
                fill(edition, first)  # a sheet that was begun asks for its points too
            else:
                _more(edition, entries)
        client = desk(world)
        client.get(SHEET)
        with count_queries(world.app) as counted:
            page = client.get(SHEET).get_data(as_text=True)
        counts.append((f"/{1 if entries == 1 else 60}</span>" in page, counted.count))
    assert counts[0] == counts[1], str(counted)
    assert counts[0][0]
    assert counts[0][1] <= 12, str(counted)


def test_a_sheet_with_new_material_keeps_within_12_queries(world: World) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition)
        fill(edition, entry)
        questions = (
            QuestionFacts("Kết quả mới", kind=Asked.TEXT),
            QuestionFacts("Trình chiếu", is_required=False),
        )
        facts = CallFacts(NOW, NOW + timedelta(days=3), questions)
        save_call(edition, ROUND, facts, actor=SYSTEM, now=NOW - timedelta(hours=1))
        call = call_of(edition.id, ROUND)
        assert call is not None
        given = Delivery({"q1": "Đã bán 20 máy."}, {"q2": [("trinh-chieu.pdf", BytesIO(pdf_bytes()))]})
        send_material(entry, call, edition, given, actor=actor_of(account()), now=NOW)
    client = desk(world)
    client.get(SHEET)
    with count_queries(world.app) as counted:
        page = client.get(SHEET).get_data(as_text=True)
    assert [one for one in ("Đã bán 20 máy.", "trinh-chieu.pdf") if one not in page] == []
    assert counted.count <= 12, str(counted)


def _more(edition: EditionView, entries: int) -> None:
    owner = account()
    for _number in range(entries):
        make_entry(edition, owner)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
