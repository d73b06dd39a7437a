"""What the home page says at each point of an edition."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.contests.values import EditionView
from core.entries.listing import Card
from core.kernel.db import tenant_scope
from core.kernel.ids import uuid7
from core.publishing.home import cards_of_the_day, figures, what_to_do
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, World, make_unit, view

DAY = timedelta(days=1)


def cards(count: int) -> list[Card]:
    return [
        Card(uuid7(), f"TT-K1-{n:04}", "Tên", None, ("Tác giả",), None, None, is_demonstration=False)
        for n in range(count)
    ]


@pytest.fixture
def edition(world: World) -> EditionView:
    with world.app.app_context(), tenant_scope(world.first.id):
        return view(world.first)


@pytest.mark.parametrize(
    ("days", "label", "href"),
    [
        (-31, "Đọc thể lệ", "/the-le"),
        (-10, "Lập hồ sơ dự thi", "/du-thi/"),
        (0, "Bình chọn", "/binh-chon"),
        (35, "Theo dõi hồ sơ của tôi", "/du-thi/"),
        (39.9, "Theo dõi hồ sơ của tôi", "/du-thi/"),
        (50, "Xem bài dự thi", "/bai-du-thi"),
    ],
)
def test_each_phase_has_one_thing_to_do(
    world: World, edition: EditionView, days: float, label: str, href: str
) -> None:
    with world.app.test_request_context("http://motmot.localhost/"):
        doing = what_to_do(edition, edition.rules.terms(), NOW + days * DAY, is_published=False)

    assert (doing.label, doing.href) == (label, href)


def test_a_published_result_comes_before_every_phase(world: World, edition: EditionView) -> None:
    with world.app.test_request_context("http://motmot.localhost/"):
        doing = what_to_do(edition, edition.rules.terms(), NOW, is_published=True)

    assert (doing.label, doing.href) == ("Xem kết quả", "/ket-qua")


def test_the_order_of_cards_changes_by_the_day_and_not_within_it() -> None:
    shown = cards(30)
    today, later, tomorrow = (cards_of_the_day(shown, NOW + span) for span in (0 * DAY, DAY / 4, DAY))

    assert today == later
    assert today != tomorrow
    assert len(set(today)) == 6


def test_figures_count_what_the_public_sees(world: World) -> None:
    with world.app.test_request_context("http://motmot.localhost/"), tenant_scope(world.first.id):
        edition, owner, unit = view(world.first), account(), make_unit("xa-hai", name="Xã Hai")
        for number in range(3):
            make_entry(edition, owner, unit=unit, title=f"Bài {number}")
        make_entry(edition, owner, published=False)
        make_entry(edition, owner, state="draft")
        shown = figures(edition, edition.rules.terms(), {})

    assert shown is not None
    assert (shown.entries, shown.units) == (3, 1)


def test_nothing_to_count_shows_no_figures(world: World) -> None:
    with world.app.test_request_context("http://motmot.localhost/"), tenant_scope(world.first.id):
        edition = view(world.first)
        assert figures(edition, edition.rules.terms(), {}) is None
