"""The vote through HTTP: the list, one vote with and without htmx, the receipt, the office."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.voting.queries import frozen_votes
from core.voting.services import freeze_votes
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, TenantFacts, World, actor_of, set_clock, view
from tests.support.people import sign_in
from tests.support.queries import count_queries
from tests.support.voting import cast, in_tenant, make_entries, make_voters, tally_of, vote_count

FIRST = "TT-K1-0001"
AFTER = NOW + timedelta(days=5, seconds=10)


def test_a_stranger_sees_the_list_and_a_link_that_leads_through_signing_in(world: World) -> None:
    client = stranger(world, entries=2)
    page = client.get("/binh-chon").get_data(as_text=True)
    assert codes_on(page) == {FIRST, "TT-K1-0002"}
    assert "csrf_token" not in page
    answer = client.get(f"/bai-du-thi/{FIRST}/binh-chon")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/tai-khoan/dang-nhap?next=/bai-du-thi/{FIRST}/binh-chon"


def test_a_strangers_vote_is_led_to_signing_in_and_counts_nothing(world: World) -> None:
    client = stranger(world)
    answer = client.post(f"/bai-du-thi/{FIRST}/binh-chon")
    assert answer.headers["Location"].startswith("/tai-khoan/dang-nhap?next=")
    with in_tenant(world, world.first):
        assert vote_count() == 0


def test_a_voter_votes_without_javascript_and_gets_a_receipt(world: World) -> None:
    client = voter(world)
    asked = client.get(f"/bai-du-thi/{FIRST}/binh-chon").get_data(as_text=True)
    assert "Máy sấy chè 1" in asked
    answer = client.post(f"/bai-du-thi/{FIRST}/binh-chon")
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    receipt = answer.headers["Location"].rpartition("/")[2]
    assert receipt in page
    assert "Phiếu của bạn đã được ghi nhận" in page
    with in_tenant(world, world.first):
        assert vote_count() == 1


def test_htmx_swaps_the_button_alone(world: World) -> None:
    client = voter(world)
    answer = client.post(f"/bai-du-thi/{FIRST}/binh-chon", headers={"HX-Request": "true"})
    fragment = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert fragment.lstrip().startswith('<div class="votebutton"')
    assert "Đã bình chọn" in fragment
    assert "<html" not in fragment


def test_voting_twice_by_a_double_click_is_one_vote_and_one_receipt(world: World) -> None:
    client = voter(world)
    places = {client.post(f"/bai-du-thi/{FIRST}/binh-chon").headers["Location"] for _ in range(2)}
    assert len(places) == 1
    with in_tenant(world, world.first):
        assert (vote_count(), tally_of(entry_id(FIRST))) == (1, 1)


def test_after_the_end_a_vote_is_refused_with_the_dates(world: World) -> None:
    client = voter(world)
    at(world, AFTER)
    answer = client.post(f"/bai-du-thi/{FIRST}/binh-chon")
    assert answer.status_code == 409
    assert "từ 10:00 ngày 07/11/2025 đến 10:00 ngày 17/11/2025" in answer.get_data(as_text=True)
    fragment = client.post(f"/bai-du-thi/{FIRST}/binh-chon", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (409, f"/bai-du-thi/{FIRST}/binh-chon")
    with in_tenant(world, world.first):
        assert vote_count() == 0


def test_a_voter_sees_what_he_voted_for_and_no_counts_before_the_freeze(world: World) -> None:
    client = voter(world, entries=2)
    client.post(f"/bai-du-thi/{FIRST}/binh-chon")
    page = client.get("/binh-chon").get_data(as_text=True)
    assert page.count("Xem biên nhận") == 1
    assert re.search(r"<strong>\d+</strong> phiếu", page) is None
    mine = client.get("/binh-chon?cua-toi=1").get_data(as_text=True)
    assert codes_on(mine) == {FIRST}


def test_counts_are_shown_after_the_freeze(world: World) -> None:
    client = voter(world)
    client.post(f"/bai-du-thi/{FIRST}/binh-chon")
    at(world, AFTER)
    with in_tenant(world, world.first) as edition:
        freeze_votes(edition, actor=actor_of(account("btc@example.vn")), now=AFTER)
    assert "<strong>1</strong> phiếu" in client.get("/binh-chon").get_data(as_text=True)


def test_the_order_is_the_voters_own_and_stays_for_the_day(world: World) -> None:
    client = voter(world, entries=12)
    first, again = (order_on(client.get("/binh-chon").get_data(as_text=True)) for _ in range(2))
    assert (len(first), first) == (12, again)
    assert first != sorted(first)


def test_the_list_needs_the_same_number_of_queries_for_1_and_30_entries(world: World) -> None:
    client = voter(world)
    client.get("/binh-chon")
    with count_queries(world.app) as one:
        client.get("/binh-chon")
    with in_tenant(world, world.first) as edition:
        make_entries(edition, 29)
    with count_queries(world.app) as thirty:
        client.get("/binh-chon")
    assert thirty.count == one.count, str(thirty)


def test_another_voters_receipt_is_not_shown(world: World) -> None:
    client = voter(world)
    with in_tenant(world, world.first) as edition:
        (other,) = make_voters(1)
        code = cast(edition, session().get_one(Entry, (world.first.id, entry_id(FIRST))), other).code
    assert client.get(f"/binh-chon/phieu/{code}").status_code == 404


def test_a_code_of_the_other_tenant_is_not_found(world: World) -> None:
    client = voter(world)
    with in_tenant(world, world.second) as edition:
        make_entry(edition, account(), code="HH-K1-0777")
    assert client.get("/bai-du-thi/HH-K1-0777/binh-chon").status_code == 404
    assert client.post("/bai-du-thi/HH-K1-0777/binh-chon").status_code == 404
    assert client.post("/api/v1/entries/HH-K1-0777/vote").status_code == 404


def test_a_session_of_the_other_tenant_votes_nowhere(world: World) -> None:
    client = voter(world)
    with in_tenant(world, world.second) as edition:
        make_entries(edition, 1)
    client.environ_base["HTTP_HOST"] = "haihai.localhost"
    assert "/tai-khoan/dang-nhap" in client.post(f"/bai-du-thi/{FIRST}/binh-chon").headers["Location"]
    with in_tenant(world, world.second):
        assert vote_count() == 0


def test_the_api_votes_once_and_answers_conflicts_with_the_windows_instants(world: World) -> None:
    client = voter(world)
    first = client.post(f"/api/v1/entries/{FIRST}/vote")
    again = client.post(f"/api/v1/entries/{FIRST}/vote")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json is not None
    assert again.json is not None
    assert (first.json["is_new"], again.json["is_new"]) == (True, False)
    assert first.json["code"] == again.json["code"]
    at(world, AFTER)
    late = client.post(f"/api/v1/entries/{FIRST}/vote")
    assert (late.status_code, late.mimetype) == (409, "application/problem+json")
    assert late.json is not None
    assert late.json["closes_at"] == "2025-11-17T03:00:00+00:00"


def test_the_office_watches_cancels_and_freezes(world: World) -> None:
    stranger(world, entries=2)
    with in_tenant(world, world.first) as edition:
        entry = session().get_one(Entry, (world.first.id, entry_id(FIRST)))
        receipts = [cast(edition, entry, one).code for one in make_voters(5)]
    client = committee(world)
    page = client.get("/btc/binh-chon").get_data(as_text=True)
    digest = re.search(r"/btc/binh-chon/dia-chi/([0-9a-f]{64})", page)
    assert digest is not None
    address = f"/btc/binh-chon/dia-chi/{digest[1]}"
    assert receipts[0] in client.get(address).get_data(as_text=True)
    refused = client.post(f"{address}/huy", data={"pick": receipts[:1], "reason": " "})
    assert (refused.status_code, "Cần ghi lý do hủy phiếu." in refused.get_data(as_text=True)) == (422, True)
    assert client.post(f"{address}/huy", data={"pick": receipts[:2], "reason": "Lập hộ"}).status_code == 303
    assert client.post("/btc/binh-chon/chot").status_code == 409
    at(world, AFTER)
    assert client.post("/btc/binh-chon/chot").status_code == 303
    with in_tenant(world, world.first) as edition:
        assert frozen_votes(edition.id) == {FIRST: 3, "TT-K1-0002": 0}


@pytest.mark.parametrize("path", ["", "/chot", "/phieu/ABC"])
def test_a_voter_does_not_enter_the_office(world: World, path: str) -> None:
    assert voter(world).get(f"/btc/binh-chon{path}").status_code == 403


def stranger(world: World, *, entries: int = 1) -> FlaskClient:
    """A client of the first tenant, whose edition has published entries."""
    with in_tenant(world, world.first) as edition:
        make_entries(edition, entries)
    return client_of(world.app, world.first.slug)


def voter(world: World, *, entries: int = 1) -> FlaskClient:
    """The same, signed in as a voter."""
    client = stranger(world, entries=entries)
    sign_in(client, "cutri@example.vn")
    return client


def committee(world: World) -> FlaskClient:
    """A client of the first tenant signed in as the committee."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, "btc@example.vn")
    return client


def at(world: World, instant: datetime, facts: TenantFacts | None = None) -> None:
    """Move the edition's clock."""
    facts = facts or world.first
    with world.app.app_context(), tenant_scope(facts.id) as current:
        set_clock(view(facts).id, instant)
        current.commit()


def entry_id(code: str) -> UUID:
    """The id of an entry of the bound tenant."""
    return session().scalars(select(Entry.id).where(Entry.code == code)).one()


def codes_on(page: str) -> set[str]:
    """The entries whose cards are on a page."""
    return set(order_on(page))


def order_on(page: str) -> list[str]:
    """The entries whose cards are on a page, in their order."""
    return re.findall(r'<h2 class="entrycard__title"><a href="/bai-du-thi/([^"]+)"', page)
