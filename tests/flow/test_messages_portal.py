"""What a person sees of letters and of what there is to do."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.services import save_draft
from core.kernel.db import session, tenant_scope
from core.kernel.mail import mailbox
from core.kernel.suppression import suppress, suppression_of
from core.people.models import Account
from tests.support.app import client_of
from tests.support.entries import account, complete_draft, make_entry
from tests.support.factories import NOW, World, actor_of, view
from tests.support.people import sign_in
from tests.support.queries import count_queries

TO = "tacgia@example.vn"


@pytest.fixture
def entrant(world: World) -> FlaskClient:
    """The entrant of the first tenant, signed in."""
    client = client_of(world.app, world.first.slug)
    sign_in(client, TO)
    return client


def test_the_list_counts_what_is_left_with_a_link_to_each_missing_thing(
    world: World, entrant: FlaskClient
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, owner = view(world.first), account()
        entry = make_entry(edition, owner, state="draft", title="Máy sấy chè")
        done = complete_draft(edition, owner)
        save_draft(done, edition, {"title": "Đã đủ"}, actor=actor_of(owner), now=NOW)
        session().commit()
        ref, done_ref = entry.ref, done.ref

    page = entrant.get("/du-thi/").text

    assert "Còn 2 việc trước 10:00 ngày 12/12/2025" in page
    assert f'href="/du-thi/{done_ref}/kiem-tra"' in page
    assert len(re.findall(rf'href="/du-thi/{ref}/sua/\w+#f-facts\.', page)) >= 3


def test_the_account_page_begins_with_the_same_list(world: World, entrant: FlaskClient) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        make_entry(view(world.first), account(), state="returned", title="Máy sấy chè")
        session().commit()

    page = entrant.get("/tai-khoan/").text

    assert "Còn 1 việc trước 10:00 ngày 22/12/2025" in page
    assert "Bổ sung “Máy sấy chè” theo yêu cầu của Ban Tổ chức" in page


def test_a_stranger_and_who_has_nothing_to_do_see_no_list(world: World, entrant: FlaskClient) -> None:
    assert 'class="todo"' not in entrant.get("/tai-khoan/").text
    assert "Việc cần làm" not in client_of(world.app, "motmot").get("/").text


def test_letters_that_do_not_arrive_are_something_to_do_until_the_owner_says_otherwise(
    world: World, entrant: FlaskClient
) -> None:
    with world.app.app_context():
        for facts, words in ((world.first, "550 5.1.1 No such user"), (world.second, "550 other")):
            with tenant_scope(facts.id):
                suppress(TO, words, now=NOW)
                session().commit()

    before = entrant.get("/du-thi/").text
    page = entrant.get("/tai-khoan/thu").text
    lifted = entrant.post("/tai-khoan/thu/dia-chi", follow_redirects=True).text
    after = entrant.get("/du-thi/").text

    assert "Xem lại 1 thư không đến được bạn" in before
    assert "550 5.1.1 No such user" in page
    assert f"Từ nay thư lại được gửi đến {TO}." in lifted
    assert "không đến được bạn" not in after
    with world.app.app_context(), tenant_scope(world.second.id):
        assert suppression_of(TO) is not None


def test_the_page_of_letters_says_after_how_many_days_they_are_gone(entrant: FlaskClient) -> None:
    assert "Thư cũ hơn 365 ngày không còn ở đây" in entrant.get("/tai-khoan/thu").text


def test_the_language_chosen_is_that_of_the_next_letter(world: World, entrant: FlaskClient) -> None:
    entrant.post("/tai-khoan/thu/ngon-ngu", data={"language": "en"})
    with world.app.app_context(), tenant_scope(world.first.id):
        entry = complete_draft(view(world.first), account())
        session().commit()
        ref = entry.ref
    entrant.post(f"/du-thi/{ref}/nop")

    with world.app.app_context(), tenant_scope(world.first.id):
        chosen = session().scalars(select(Account.language).where(Account.email == TO)).one()
        (letter,) = mailbox()
    assert (chosen, letter.language, letter.about) == ("en", "en", "TT-K1-0001")
    assert letter.subject == "Dossier TT-K1-0001 has arrived"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_on_the_account_page_costs_the_same_for_one_and_thirty(
    world: World, entrant: FlaskClient, rows: int
) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        for number in range(rows):
            make_entry(view(world.first), account(), state="draft", title=f"Số {number}")
        session().commit()
    entrant.get("/tai-khoan/")
    with count_queries(world.app) as counted:
        assert entrant.get("/tai-khoan/").status_code == 200
    assert counted.count == 18, str(counted)
