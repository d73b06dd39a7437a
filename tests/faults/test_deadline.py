"""The last second before and the first after the deadline, through HTTP, on both databases.

The application of these tests is told the instant of each request, so that a slow machine changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select

from core.contests.values import EditionView, PhaseKind
from core.entries.models import Entry
from core.kernel.db import session, tenant_scope
from core.kernel.mail import mailbox
from tests.flow.test_entries_way import ENTRANT, client_for, text_of
from tests.support.entries import account, complete_draft, make_attachment
from tests.support.factories import World, build_world, view

SECOND = timedelta(seconds=1)


@dataclass
class Scene:
    """A dossier ready to be handed in, and a clock that stands still."""

    world: World
    client: FlaskClient
    ref: str
    ends: datetime
    shows: list[datetime] = field(default_factory=list)

    @contextmanager
    def at(self, late: timedelta) -> Iterator[FlaskClient]:
        """The client, its requests made so long after the deadline."""
        self.shows[:] = [self.ends + late]
        yield self.client
        self.shows.clear()


@pytest.fixture
def scene(fresh_app: Flask) -> Scene:
    shows: list[datetime] = []

    @fresh_app.before_request
    def stand_still() -> None:
        if shows and g.get("edition") is not None:
            g.now = shows[0]

    world = build_world(fresh_app)
    with fresh_app.app_context(), tenant_scope(world.first.id):
        edition: EditionView = view(world.first)
        ref = complete_draft(edition, account()).ref
        session().commit()
        phase = edition.phase(PhaseKind.SUBMISSION)
        assert phase is not None
    return Scene(world, client_for(fresh_app, ENTRANT), ref, phase.closes_at, shows)


def stored(scene: Scene) -> tuple[str, int, int]:
    """State, version and how many letters."""
    with scene.world.app.app_context(), tenant_scope(scene.world.first.id):
        entry = session().scalars(select(Entry).where(Entry.ref == scene.ref)).one()
        return entry.state, entry.version, len(mailbox())


@pytest.mark.parametrize("path", ["/du-thi/{ref}/nop", "/api/v1/entries/{ref}/submit"])
def test_the_last_second_before_the_deadline_is_in_time(scene: Scene, path: str) -> None:
    with scene.at(-SECOND) as client:
        answer = client.post(path.format(ref=scene.ref))

    assert answer.status_code in (200, 303)
    assert stored(scene) == ("submitted", 1, 1)


@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_the_first_second_after_is_refused_on_the_page_and_nothing_is_lost_or_half_stored(
    scene: Scene, late: timedelta
) -> None:
    with scene.at(late) as client:
        answer = client.post(f"/du-thi/{scene.ref}/nop")

    words = text_of(answer)
    assert answer.status_code == 409
    assert "Chưa nộp được Đã hết thời gian nộp hồ sơ: từ" in words
    assert f"Máy chủ nhận yêu cầu của bạn lúc 10:00:0{int(late.total_seconds())} 12/12/2025." in words
    assert "Nội dung đã viết và tệp đã tải lên vẫn được giữ" in words
    assert stored(scene) == ("draft", 0, 0)


@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_a_program_is_told_the_same_sentence(scene: Scene, late: timedelta) -> None:
    with scene.at(late) as client:
        answer = client.post(f"/api/v1/entries/{scene.ref}/submit")

    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert (answer.json or {})["title"].startswith("Đã hết thời gian nộp hồ sơ: từ ")
    assert stored(scene) == ("draft", 0, 0)


def test_writing_goes_on_after_the_deadline_and_is_kept(scene: Scene) -> None:
    with scene.at(SECOND) as client:
        answer = client.post(f"/du-thi/{scene.ref}/sua", data={"title": "Viết thêm sau hạn", "do": "save"})

    assert answer.status_code in (303, 422)
    with scene.world.app.app_context(), tenant_scope(scene.world.first.id):
        assert session().scalars(select(Entry.title)).one() == "Viết thêm sau hạn"


def test_a_file_under_way_at_the_deadline_is_honoured_on_the_page(scene: Scene) -> None:
    with scene.world.app.app_context(), tenant_scope(scene.world.first.id):
        entry = session().scalars(select(Entry)).one()
        held = make_attachment(entry, field="tep_thuyet_minh", name="phim.pdf", content=b"%PDF-1.7 phim")
        held.begun_at, held.added_at = scene.ends - SECOND, scene.ends + 60 * SECOND
        session().commit()

    with scene.at(90 * SECOND) as client:
        page = text_of(client.get(f"/du-thi/{scene.ref}/kiem-tra"))
        answer = client.post(f"/du-thi/{scene.ref}/nop")

    assert "Đã qua hạn nộp, nhưng hồ sơ này còn nộp được" in page
    assert "Tệp “phim.pdf” bắt đầu tải lên lúc 09:59 ngày 12/12/2025" in page
    assert answer.location == f"/du-thi/{scene.ref}/bien-nhan/1"
