"""Others' scores: what lies in the data shows on no page, in no order and in no answer until one has locked."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.values import EditionView
from core.judging.council_models import Seat
from core.judging.material import Asked, call_of
from core.judging.queries import desk_queue, locked_sheets
from core.judging.seats import SeatRole
from core.judging.services import CouncilFacts, abstain, change_role, open_round, planning
from core.judging.services.material import Delivery, send_material
from core.judging.services.material_asking import CallFacts, QuestionFacts, save_call
from core.judging.setups import NextBy, Setup
from core.kernel import audit
from core.kernel.actor import SYSTEM
from core.kernel.db import session
from tests.flow.test_judging_pages import FIRST as CODE
from tests.flow.test_judging_pages import SHEET, desk
from tests.support.councils import made_council
from tests.support.deliberations import opened
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of
from tests.support.judging import ROUND, fill, judge_account, judge_actor, lock, make_round, place_of
from tests.support.queries import count_queries
from tests.support.voting import in_tenant

HIGH = {"doi_moi": "19.5", "hieu_qua": "29.5", "kha_nang": "28.5"}
LOW = {"doi_moi": "1.5", "hieu_qua": "2.5", "kha_nang": "3.5"}
ROOM = f"/hoi-dong/{ROUND}"
TOGETHER = (
    f"{ROOM}/thao-luan/{CODE}",
    f"{ROOM}/xep-hang",
    f"{ROOM}/chenh-lech?tat-ca=1",
    f"{ROOM}/thao-luan/{CODE}/dang-xem",
    f"{ROOM}/xep-hang.csv",
    f"{ROOM}/thong-ke",
    f"/cham-thi/{ROUND}/cua-toi",
)
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


@pytest.mark.parametrize("own", ["nothing", "draft", "abstained", "locked"])
def test_no_answer_of_the_desk_shows_what_another_judge_gave(world: World, own: str) -> None:
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=2)
        lock(edition, entry, number=2, scores=HIGH)
        if own == "abstained":
            abstain(edition, place_of(edition, entry), "Bận", actor=judge_actor(), now=NOW)
        elif own != "nothing":
            (lock if own == "locked" else fill)(edition, entry, scores=LOW)
    for answer in answers(desk(world)):
        assert [one for one in SECRETS if one in answer] == []


@pytest.mark.parametrize("own", ["nothing", "draft", "abstained"])
def test_a_chair_who_may_still_score_an_entry_is_shown_no_points_of_others(world: World, own: str) -> None:
    talked_about(world, own)
    for answer in together(desk(world)):
        assert [one for one in SECRETS if one in answer] == []


def test_an_abstention_is_taken_back_before_points_are_shown_and_never_after(world: World) -> None:
    talked_about(world, "abstained")
    client = desk(world)
    client.post(f"{SHEET}/nhan-lai")
    assert "Bạn đã từ chối chấm hồ sơ này" not in client.get(SHEET).text
    client.post(f"{SHEET}/tu-choi", data={"reason": "Bận"})
    assert client.get(f"{SHEET}/thoi-han").status_code == 200

    client.post(f"{SHEET}/thoi-han")

    pages = [client.get(page).text for page in TOGETHER[:3]]
    assert ["77,5" in page or "28,5" in page for page in pages] == [True, True, True]
    assert "Bạn đã xác nhận thôi hẳn" in client.post(f"{SHEET}/nhan-lai", follow_redirects=True).text
    body = {"revision": 9, "scores": {"doi_moi": "4"}, "base": {}}
    assert client.post(f"{SHEET}/tu-luu", json=body).status_code == 423
    with in_tenant(world, world.first) as edition:
        assert [sheet.judge for sheet in locked_sheets(edition)] == ["J2", "J3"]
        (line,) = audit.records(actions=["sheet.final"])
        assert line.subject == CODE


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


def talked_about(world: World, own: str) -> None:
    """Two judges differ on an entry and it is talked about; J1 is the chair and his own sheet is as `own` says."""
    with in_tenant(world, world.first) as edition:
        (entry,) = make_round(edition, judges=3)
        made_council(edition, CouncilFacts(pledge_required=False))
        seat = session().scalars(select(Seat).where(Seat.account_id == judge_account().id)).one()
        change_role(edition, ROUND, seat.id, SeatRole.CHAIR, actor=SYSTEM, now=NOW)
        lock(edition, entry, number=2, scores=HIGH)
        lock(edition, entry, number=3, scores=LOW)
        opened(edition, entry, reason="Sớm", leader=actor_of(account("btc@example.vn")))
        if own == "draft":
            fill(edition, entry, scores=LOW)
        elif own == "abstained":
            abstain(edition, place_of(edition, entry), "Bận", actor=judge_actor(), now=NOW)


def together(client: FlaskClient) -> list[str]:
    """Every answer of the common work that tells points to who may see them."""
    return [client.get(page, follow_redirects=True).get_data(as_text=True) for page in TOGETHER]


def _more(edition: EditionView, entries: int) -> None:
    owner = account()
    for _number in range(entries):
        make_entry(edition, owner)
    open_round(edition, ROUND, actor=SYSTEM, now=NOW)
