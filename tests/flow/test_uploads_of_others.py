"""What an author with the right to edit sees of a file that a colleague is sending into the same dossier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.entries.content import authors_of
from core.entries.models import Entry, Upload
from core.entries.rights import Right
from core.entries.services import set_right
from core.entries.services.uploads import KEPT_FOR
from core.entries.under_way import UnderWay, uploads_of_others
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from tests.flow.test_entries_way import ENTRANT, client_for, text_of
from tests.support.app import client_of
from tests.support.authors import INVITED, co_author
from tests.support.entries import account, make_entry, pdf_bytes
from tests.support.factories import NOW, World, actor_of, view
from tests.support.queries import count_queries
from tests.support.uploads import TUS, begun, send

FIELD = "tep_thuyet_minh"
CONTENT = bytes(4000)


@pytest.fixture
def ref(app: Flask, world: World) -> str:
    """A draft of the entrant which the invited may edit."""
    with app.app_context(), tenant_scope(world.first.id):
        entry, reader = make_entry(view(world.first), account(), state="draft"), co_author()
        authors_of([entry.id])[entry.id][0].account_id = reader.id
        session().flush()
        set_right(entry, reader.id, Right.EDIT, actor=actor_of(account()), now=NOW)
        session().commit()
        return entry.ref


def step_of(app: Flask, world: World) -> str:
    """The step of the form that asks for the file."""
    with app.app_context(), tenant_scope(world.first.id):
        sections = view(world.first).rules.dossier_form()
        return next(part.key for part in sections for one in part.fields if one.key == FIELD)


def sending(client: FlaskClient, ref: str, part: int) -> str:
    """An upload of the client's with `part` bytes received; its path."""
    path = begun(client, ref, "thuyet-minh.pdf", len(CONTENT), FIELD)
    if part:
        assert send(client, path, 0, CONTENT[:part]).status_code == 204
    return path


def told(client: FlaskClient, app: Flask, world: World, ref: str) -> str:
    """The words of the step's page."""
    answer = client.get(f"/du-thi/{ref}/sua/{step_of(app, world)}")
    assert answer.status_code == 200
    return text_of(answer)


def test_a_colleagues_upload_is_told_with_name_and_percent_and_cannot_be_touched(
    app: Flask, world: World, ref: str
) -> None:
    path = sending(client_for(app, ENTRANT), ref, 2000)
    colleague = client_for(app, INVITED)

    page = told(colleague, app, world, ref)

    assert "Tác giả Thử đang tải “thuyet-minh.pdf” lên: 50 %." in page
    assert path not in colleague.get(f"/du-thi/{ref}/sua/{step_of(app, world)}").text
    assert colleague.head(path, headers=TUS).status_code == 404
    assert colleague.delete(path, headers=TUS).status_code == 404


def test_before_the_first_piece_no_percent_is_told(app: Flask, world: World, ref: str) -> None:
    sending(client_for(app, ENTRANT), ref, 0)
    page = told(client_for(app, INVITED), app, world, ref)
    assert "Tác giả Thử đang tải “thuyet-minh.pdf” lên." in page


def test_ones_own_upload_and_one_that_has_arrived_are_not_told(app: Flask, world: World, ref: str) -> None:
    entrant, content = client_for(app, ENTRANT), pdf_bytes()
    sending(entrant, ref, 100)
    done = begun(entrant, ref, "xong.pdf", len(content), FIELD)
    assert send(entrant, done, 0, content).status_code == 204

    own, theirs = told(entrant, app, world, ref), told(client_for(app, INVITED), app, world, ref)

    assert "đang tải “" not in own
    assert "đang tải “xong.pdf”" not in theirs


@pytest.mark.parametrize(("ago", "found"), [(9, True), (11, False)])
def test_one_that_has_stopped_says_so(app: Flask, world: World, ref: str, ago: int, found: bool) -> None:
    sending(client_for(app, ENTRANT), ref, 100)
    with app.app_context(), tenant_scope(world.first.id):
        upload = session().scalars(select(Upload)).one()
        entry = session().scalars(select(Entry).where(Entry.ref == ref)).one()
        now = upload.expires_at - KEPT_FOR + timedelta(minutes=ago)
        told_ = uploads_of_others(entry, actor=actor_of(account(INVITED)), now=now)
    assert told_[FIELD] == [UnderWay("Tác giả Thử", "thuyet-minh.pdf", 2, found)]


def test_one_that_was_given_up_is_not_told(app: Flask, world: World, ref: str) -> None:
    sending(client_for(app, ENTRANT), ref, 100)
    with app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry).where(Entry.ref == ref)).one()
        later = real_now() + KEPT_FOR + timedelta(minutes=1)
        assert uploads_of_others(entry, actor=actor_of(account(INVITED)), now=later) == {}


def test_who_may_only_view_is_told_nothing(app: Flask, world: World, ref: str) -> None:
    sending(client_for(app, ENTRANT), ref, 100)
    with app.app_context(), tenant_scope(world.first.id):
        entry = session().scalars(select(Entry).where(Entry.ref == ref)).one()
        set_right(entry, account(INVITED).id, Right.VIEW, actor=actor_of(account()), now=NOW)
        session().commit()
    answer = client_for(app, INVITED).get(f"/du-thi/{ref}/sua/{step_of(app, world)}")
    assert (answer.status_code, answer.location) == (303, f"/du-thi/{ref}")
    assert client_of(app, "haihai").get(f"/du-thi/{ref}").status_code in (302, 303)


def test_it_takes_one_query_whatever_the_number(app: Flask, world: World, ref: str) -> None:
    entrant, counts = client_for(app, ENTRANT), []
    for more in (1, 4):
        for _one in range(more):
            sending(entrant, ref, 100)
        with app.app_context(), tenant_scope(world.first.id):
            entry = session().scalars(select(Entry).where(Entry.ref == ref)).one()
            actor = actor_of(account(INVITED))
            with count_queries(app) as counted:
                found = uploads_of_others(entry, actor=actor, now=real_now())
            counts.append((len(found[FIELD]), counted.count))
    assert counts == [(1, 1), (5, 1)]
