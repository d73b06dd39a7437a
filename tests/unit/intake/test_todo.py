"""The to-do "send the paper": where it is wanted, what is still missing, and what makes it go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry, EntryAuthor
from core.entries.paperwork import expected_papers
from core.entries.rights import Right
from core.entries.services import set_right, submit
from core.entries.todo import Todo, cards, mine_of
from core.intake.queries import arrivals_of
from core.intake.schemas import load_arrival, load_filed_for
from core.intake.services import begin_for, take_in, undo
from core.intake.todo import papers_to_send
from core.kernel.actor import Actor
from core.kernel.db import session, tenant_scope
from core.kernel.ids import token
from core.people.models import Account
from tests.support.entries import account, complete_draft, fill_in, make_entry
from tests.support.factories import NOW, World, actor_of, make_account, set_clock, view
from tests.support.queries import count_queries

TYPED = {"arrived_on": "2025-11-12", "postmarked_on": "10/11/2025", "way": "post", "remark": ""}
PERSON = {
    "person": "Trần Thị Mẫu",
    "contact": "0987 654 321",
    "consent": "spoken",
    "witness": "Lê Văn Chứng",
    "arrived_on": "12/11/2025",
}


def wanting(world: World) -> EditionView:
    """The edition of the first tenant, which wants paper."""
    stored = session().scalars(select(Edition)).one()
    stored.settings = {**stored.settings, "core": {"paper_dossier": True}}
    session().flush()
    return view(world.first)


def handed_in(edition: EditionView, owner: Account | None = None) -> Entry:
    """A dossier of the entrant that was handed in."""
    owner = owner or account()
    entry = complete_draft(edition, owner)
    submit(entry, edition, actor=actor_of(owner), now=NOW)
    return entry


def took_in(entry: Entry, edition: EditionView, items: list[str], *, version: int = 1) -> None:
    """The office records that these papers came."""
    keys = [one.key for one in expected_papers(edition)]
    take_in(
        entry,
        edition,
        load_arrival(TYPED, items, keys, NOW),
        version=version,
        form_token=token(),
        actor=actor_of(account("btc@example.vn")),
        now=NOW,
    )


def to_send(world: World, edition: EditionView, actor: Actor | None = None) -> list[Todo]:
    """The items about paper, of the entrant or of `actor`."""
    session().flush()
    with world.app.test_request_context("/", base_url=f"http://{world.first.slug}.localhost"):
        return list(papers_to_send(mine_of(actor or actor_of(account()), [edition])))


def test_what_was_handed_in_is_to_be_sent_on_paper_by_the_end_of_handing_in(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        entry = handed_in(edition)

        (item,) = to_send(world, edition)

        assert item.label == f"In, ký và gửi bản giấy của “{entry.title}”"
        assert item.href == f"/du-thi/{entry.ref}#giay-to"
        assert item.due == NOW + timedelta(days=30)
        assert [one.label for one in item.parts] == [
            "Phiếu đăng ký dự thi",
            "Bản mô tả công trình",
            "Phiếu gửi bản giấy, đặt trên cùng",
        ]
        assert "Gửi kèm: " in item.note
        assert item.parts[0].href == f"/du-thi/{entry.ref}/giay-to/phieu-dang-ky.pdf"
        assert item.parts[-1].href == f"/du-thi/{entry.ref}/bien-nhan/1/phieu-gui.pdf"


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_the_dossiers_card_does_not_say_that_nothing_is_left_to_do(world: World, state: str) -> None:
    with world.app.test_request_context(), tenant_scope(world.first.id):
        make_entry(view(world.first), account(), state=state)
        before = cards(mine_of(actor_of(account()), [view(world.first)]))[0].next_step
        after = cards(mine_of(actor_of(account()), [wanting(world)]))[0].next_step
    assert "bản giấy" not in before
    assert after.endswith("Chưa gửi đủ bản giấy thì bạn gửi trong hạn.")


def test_nothing_is_to_be_sent_where_no_paper_is_wanted(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        handed_in(view(world.first))
        assert to_send(world, view(world.first)) == []


def test_what_came_is_taken_off_and_the_last_paper_ends_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        entry = handed_in(edition)
        keys = [one.key for one in expected_papers(edition)]
        took_in(entry, edition, keys[:1])

        (item,) = to_send(world, edition)
        assert item.note.startswith("Nơi nhận đã có một phần.")
        assert item.parts[0].label == "Bản mô tả công trình"

        took_in(entry, edition, keys[1:])
        assert to_send(world, edition) == []


def test_papers_of_an_earlier_version_do_not_end_it(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        entry = handed_in(edition)
        took_in(entry, edition, [one.key for one in expected_papers(edition)])
        entry.version = 2

        (item,) = to_send(world, edition)
        assert item.note.startswith("Nơi nhận mới có bản giấy của lần nộp trước.")


def test_an_arrival_that_is_undone_brings_it_back(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        entry = handed_in(edition)
        took_in(entry, edition, [one.key for one in expected_papers(edition)])
        officer = actor_of(account("btc@example.vn"))
        undo(arrivals_of(entry)[0], entry, reason="Nhầm hồ sơ", actor=officer, now=NOW)
        assert len(to_send(world, edition)) == 1


@pytest.mark.parametrize("state", ["draft", "returned", "revising", "refused", "withdrawn"])
def test_only_what_lies_with_the_committee_is_to_be_sent(world: World, state: str) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        make_entry(edition, account(), state=state)
        assert to_send(world, edition) == []


def test_it_is_over_with_the_screening(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        handed_in(edition)
        set_clock(edition.id, NOW + timedelta(days=35))
        assert len(to_send(world, view(world.first))) == 1
        set_clock(edition.id, NOW + timedelta(days=41))
        assert to_send(world, view(world.first)) == []


def test_a_co_author_who_may_edit_has_it_and_one_who_may_view_has_not(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        entry, owner = handed_in(edition), actor_of(account())
        found = []
        for right in (Right.EDIT, Right.VIEW):
            co = make_account(f"{right}@example.vn")
            entry_author = EntryAuthor(
                entry_id=entry.id, position=9, name=co.name, role="member", account_id=co.id
            )
            session().add(entry_author)
            session().flush()
            set_right(entry, co.id, right, actor=owner, now=NOW)
            session().delete(entry_author)
            found.append(len(to_send(world, edition, actor_of(co))))
        assert found == [1, 0]


def test_a_dossier_keyed_in_from_paper_is_not_to_be_sent_again(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition = wanting(world)
        officer = account("btc@example.vn")
        entry = begin_for(
            edition,
            load_filed_for(PERSON, NOW),
            officer=officer,
            form_token=token(),
            actor=actor_of(officer),
            now=NOW,
        )
        fill_in(entry, edition, officer)
        submit(entry, edition, actor=actor_of(officer), now=NOW)
        assert to_send(world, edition, actor_of(officer)) == []


def test_one_and_five_dossiers_take_the_same_number_of_queries(world: World) -> None:
    with world.app.app_context(), tenant_scope(world.first.id):
        edition, counts = wanting(world), []
        for many in (1, 4):
            for _one in range(many):
                make_entry(edition, account(), state="submitted")
            session().flush()
            mine = mine_of(actor_of(account()), [edition])
            with (
                world.app.test_request_context("/", base_url=f"http://{world.first.slug}.localhost"),
                count_queries(world.app) as counted,
            ):
                found = list(papers_to_send(mine))
            counts.append((len(found), counted.count))
        # Arrivals, what was keyed in, and the tenant, which a request knows already.
        assert counts == [(1, 3), (5, 3)]
