"""Calendar files: deadlines on the clock of Viet Nam, identifiers that stay, sequences that grow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from core.contests.models import Phase
from core.kernel.db import session, tenant_scope
from core.messages.models import CalendarFeed
from core.tenancy.scope import touch_public
from tests.support.app import client_of
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, view
from tests.support.people import sign_in

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def entrant(world: World) -> FlaskClient:
    """An entrant of the first tenant with a draft and a returned dossier, signed in."""
    for facts in (world.first, world.second):
        with world.app.app_context(), tenant_scope(facts.id):
            owner = account()
            make_entry(view(facts), owner, state="draft", title=f"Bản nháp {facts.slug}")
            make_entry(view(facts), owner, state="returned", title=f"Trả lại {facts.slug}")
            make_entry(view(facts), owner, state="accepted", title=f"Đã xong {facts.slug}")
            session().commit()
    client = client_of(world.app, world.first.slug)
    sign_in(client, "tacgia@example.vn")
    return client


def calendar(body: bytes) -> Any:
    return Calendar.from_ical(body)


def events(body: bytes) -> dict[str, Any]:
    return {str(one["SUMMARY"]): one for one in calendar(body).walk("VEVENT")}


def feed_path(client: FlaskClient) -> str:
    page = client.get("/tai-khoan/thu").text
    return "/du-thi/lich/" + page.split("/du-thi/lich/")[1].split(".ics")[0] + ".ics"


def test_the_contests_calendar_tells_each_deadline_with_an_alarm(world: World) -> None:
    answer = client_of(world.app, "motmot").get("/lich.ics")
    found = calendar(answer.data)
    closes = next(one for one in found.walk("VEVENT") if str(one["SUMMARY"]) == "Hạn cuối: submission")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert len(found.walk("VEVENT")) == 10
    assert [str(one["TZID"]) for one in found.walk("VTIMEZONE")] == ["Asia/Ho_Chi_Minh"]
    assert closes["DTEND"].dt == (NOW + timedelta(days=30)).astimezone(HERE)
    assert closes["DTSTART"].dt == closes["DTEND"].dt - timedelta(hours=1)
    assert [one["TRIGGER"].dt for one in closes.walk("VALARM")] == [timedelta(days=-1)]


def test_a_moved_deadline_keeps_its_identifier_and_gets_a_higher_sequence(world: World) -> None:
    client = client_of(world.app, "motmot")
    before = next(iter(calendar(client.get("/lich.ics").data).walk("VEVENT")))
    with world.app.app_context(), tenant_scope(world.first.id):
        for phase in session().scalars(select(Phase)):
            phase.closes_at += timedelta(days=1)
            phase.opens_at += timedelta(days=1)
        touch_public()
        session().commit()
    after = next(iter(calendar(client.get("/lich.ics").data).walk("VEVENT")))

    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == before["DTSTART"].dt + timedelta(days=1)


def test_a_persons_calendar_holds_their_own_open_dossiers_alone(world: World, entrant: FlaskClient) -> None:
    entrant.post("/tai-khoan/thu/lich", data={"do": "renew"})
    stranger = client_of(world.app, "motmot")

    found = events(stranger.get(feed_path(entrant)).data)

    assert set(found) == {"Hạn nộp: Bản nháp motmot", "Hạn bổ sung: Trả lại motmot"}


def test_an_address_that_was_changed_or_ended_leads_nowhere(world: World, entrant: FlaskClient) -> None:
    stranger = client_of(world.app, "motmot")
    entrant.post("/tai-khoan/thu/lich", data={"do": "renew"})
    first = feed_path(entrant)
    entrant.post("/tai-khoan/thu/lich", data={"do": "renew"})
    second = feed_path(entrant)
    codes = [stranger.get(first).status_code, stranger.get(second).status_code]
    other = client_of(world.app, "haihai").get(second).status_code
    entrant.post("/tai-khoan/thu/lich", data={"do": "end"})

    assert codes == [404, 200]
    assert other == 404
    assert stranger.get(second).status_code == 404
    assert stranger.get("/du-thi/lich/khong-co.ics").status_code == 404
    with world.app.app_context(), tenant_scope(world.first.id):
        assert len(session().scalars(select(CalendarFeed)).all()) == 2
