"""Links to files: made after a look at who asks, good for one account and five minutes, whole or in ranges."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from core.kernel.clock import real_now
from core.kernel.db import tenant_scope
from tests.support.app import client_of
from tests.support.entries import account, make_attachment, make_entry
from tests.support.factories import World, view
from tests.support.people import sign_in

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 20


@pytest.fixture
def file_id(world: World) -> str:
    """A file of a dossier that was handed in."""
    with world.app.app_context(), tenant_scope(world.first.id) as current:
        entry = make_entry(view(world.first), account(), state="submitted", published=False)
        found = str(make_attachment(entry, name="mô tả.pdf", content=CONTENT).id)
        current.commit()
    return found


def signed_in(world: World, email: str = "tacgia@example.vn") -> FlaskClient:
    """A client of the first tenant."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, email)
    return client


def link_of(client: FlaskClient, file_id: str) -> str:
    """The link to the content that the server gives."""
    answer = client.get(f"/du-thi/tep/{file_id}")
    assert answer.status_code == 302, answer.status
    return answer.headers["Location"]


@pytest.mark.parametrize("email", ["tacgia@example.vn", "btc@example.vn"])
def test_who_may_read_a_file_is_led_to_it(world: World, file_id: str, email: str) -> None:
    client = signed_in(world, email)

    answer = client.get(link_of(client, file_id), buffered=True)

    assert (answer.status_code, answer.data, answer.mimetype) == (200, CONTENT, "application/pdf")
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_who_may_not_is_told_that_there_is_none(world: World, file_id: str) -> None:
    assert signed_in(world, "cutri@example.vn").get(f"/du-thi/tep/{file_id}").status_code == 404


def test_a_link_is_good_for_the_account_it_was_made_for(world: World, file_id: str) -> None:
    link = link_of(signed_in(world), file_id)

    assert signed_in(world, "btc@example.vn").get(link).status_code == 404
    assert signed_in(world, "cutri@example.vn").get(link).status_code == 404
    assert client_of(world.app, world.first.slug).get(link).status_code == 302


def test_a_link_that_was_changed_is_good_for_nothing(world: World, file_id: str) -> None:
    client = signed_in(world)
    path, _mark, pass_ = link_of(client, file_id).partition("?ve=")
    until, _dot, seal = pass_.partition(".")

    tried = [f"{int(until) + 600}.{seal}", f"{until}.{seal[:-1]}x", f"{until}.", "abc", f"{until}.é"]

    assert [client.get(path, query_string={"ve": one}).status_code for one in tried] == [404] * len(tried)


def test_a_link_that_has_run_out_leads_to_a_new_one(world: World, file_id: str) -> None:
    client = signed_in(world)
    link = link_of(client, file_id)

    with time_machine.travel(real_now() + timedelta(minutes=5, seconds=2), tick=False):
        late = client.get(link)
        fresh = client.get(link_of(client, file_id), buffered=True)

    assert (late.status_code, late.headers["Location"]) == (302, f"/du-thi/tep/{file_id}")
    assert fresh.status_code == 200


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, len(CONTENT)),
        ("bytes=-50", len(CONTENT) - 50, len(CONTENT)),
    ],
)
def test_a_viewer_reads_the_part_that_it_shows(
    world: World, file_id: str, asked: str, start: int, stop: int
) -> None:
    client = signed_in(world)

    answer = client.get(link_of(client, file_id), headers={"Range": asked}, buffered=True)

    assert (answer.status_code, answer.data) == (206, CONTENT[start:stop])
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(CONTENT)}"


def test_a_part_beyond_the_end_is_not_there(world: World, file_id: str) -> None:
    client = signed_in(world)

    answer = client.get(link_of(client, file_id), headers={"Range": "bytes=99999-"}, buffered=True)

    assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_a_file_can_be_saved_instead_of_opened(world: World, file_id: str) -> None:
    client = signed_in(world)
    opened = client.get(link_of(client, file_id), buffered=True)
    way = client.get(f"/du-thi/tep/{file_id}?tai=1")
    saved = client.get(way.headers["Location"], buffered=True)

    dispositions = [one.headers["Content-Disposition"].partition(";")[0] for one in (opened, saved)]
    assert dispositions == ["inline", "attachment"]
