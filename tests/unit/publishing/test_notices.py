"""The messages at the turns of an edition."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.values import EditionView
from core.kernel.db import tenant_scope
from core.publishing.notices import notices_now
from tests.support.app import client_of
from tests.support.factories import NOW, World, view

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def edition(world: World) -> EditionView:
    """Submission from day -30 to 30, vote from -5 to 5, judging from -2, results from 10 to 40."""
    with world.app.app_context(), tenant_scope(world.first.id):
        return view(world.first)


@pytest.mark.parametrize(
    ("after", "keys"),
    [
        (-31 * DAY, set()),
        (-30 * DAY, {"submission_opened"}),
        (-16 * DAY, set()),
        (-5 * DAY - SECOND, set()),
        (-5 * DAY, {"voting_opened"}),
        (-2 * DAY, {"voting_opened", "voting_closing", "judging_opened"}),
        (5 * DAY - SECOND, {"voting_opened", "voting_closing", "judging_opened"}),
        (5 * DAY, {"judging_opened"}),
    ],
)
def test_a_notice_is_shown_while_it_matters(edition: EditionView, after: timedelta, keys: set[str]) -> None:
    shown = notices_now(edition, NOW + after, address="motmot.localhost", language="vi")
    assert {one.key for one in shown} == keys


def test_the_near_end_stands_first_and_names_the_last_day(edition: EditionView) -> None:
    first = notices_now(edition, NOW, address="motmot.localhost", language="vi")[0]
    assert first.subject == "Kỳ k1: sắp kết thúc bình chọn"
    assert "hết 17/11/2025" in first.body
    assert "motmot.localhost" in first.body


def test_the_home_page_shows_it_to_a_stranger_in_both_languages(world: World) -> None:
    client = client_of(world.app, "motmot")
    assert "Kỳ k1: sắp kết thúc bình chọn" in client.get("/").text
    assert "Edition k1: voting closes soon" in client.get("/?lang=en").text
