"""The to-do "confirm that you are an author": who has it, until when it counts, what makes it go; the way to answer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from core.contests.models import Edition
from core.contests.values import EditionView
from core.entries.models import Entry, EntryAuthor
from core.entries.policies import has_right
from core.entries.rights import Right
from core.entries.services import (
    confirm_asked,
    confirm_own,
    decline_asked,
    invite_author,
    open_ask,
    record_paper,
    set_right,
    take_back,
)
from core.entries.services.author_invitations import InvitationEnded, TermsChanged
from core.entries.services.author_rows import terms_of
from core.entries.todo import Todo, mine_of, todos_of
from core.entries.todo_authors import confirmations
from core.kernel.actor import Actor
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid, NotFound
from core.people.models import Account
from tests.support.authors import (
    INVITED,
    ask_for_shares,
    co_author,
    invited_author,
    put_authors,
    row,
    rows_of,
)
from tests.support.entries import make_entry
from tests.support.factories import NOW, actor_of, make_account, set_clock, view
from tests.support.queries import count_queries
from tests.unit.entries.conftest import Here


def draft(here: Here, edition: EditionView | None = None) -> Entry:
    """A draft of the owner with the owner's line."""
    edition = edition or here.edition
    entry = make_entry(edition, here.owner, state="draft", authors=())
    put_authors(entry, edition, [row(here.owner.name, role="chief")], here.entrant)
    return entry


def asked(actor: Actor, here: Here, edition: EditionView | None = None) -> list[Todo]:
    """The items of `actor` about confirming, in this request's address."""
    session().flush()
    with here.world.app.test_request_context("/", base_url=f"http://{here.world.first.slug}.localhost"):
        return list(confirmations(mine_of(actor, [edition or here.edition])))


def answered(author: EntryAuthor, actor: Actor) -> None:
    """`actor` confirms what the page shows now."""
    confirm_asked(author.id, seen=terms_of(author), actor=actor, now=NOW)


def blocking(here: Here) -> EditionView:
    """The edition, where every author has to confirm before a dossier is handed in."""
    ask_for_shares(session().scalars(select(Edition)).one(), confirmation="chặn")
    return view(here.world.first)


def test_who_is_invited_is_asked_until_the_end_of_handing_in_or_of_the_invitation(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)

    (item,) = asked(actor_of(co_author()), here)

    assert item.label == "Xác nhận bạn là tác giả của “Máy sấy chè dùng năng lượng mặt trời”"
    assert item.note == "Bạn được ghi với vai trò: Đồng tác giả."
    assert item.href == f"/du-thi/loi-moi/cua-toi/{author.id}"
    assert item.due == NOW + timedelta(days=30)


def test_what_stops_handing_in_says_so_with_the_share(here: Here) -> None:
    edition = blocking(here)
    invited_author(draft(here, edition), edition, here.entrant, share="40")

    (item,) = asked(actor_of(co_author()), here, edition)

    assert item.note == (
        "Bạn được ghi với vai trò: Đồng tác giả, tỷ lệ đóng góp 40 %. Chưa đủ xác nhận thì hồ sơ chưa nộp được."
    )


def test_it_goes_once_confirmed_and_the_dossier_can_be_read(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)
    actor = actor_of(co_author())

    answered(author, actor)

    assert asked(actor, here) == []
    assert (author.confirmed_at, author.account_id) == (NOW, actor.id)
    assert has_right(actor, entry, Right.VIEW)


def test_confirming_twice_gives_the_same(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    actor = actor_of(co_author())
    answered(author, actor)
    confirm_asked(author.id, seen="", actor=actor, now=NOW + timedelta(hours=1))
    assert author.confirmed_at == NOW


def test_it_goes_once_declined_and_the_page_says_why(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    actor = actor_of(co_author())

    decline_asked(author.id, here.edition, "Tôi không tham gia", actor=actor, now=NOW)

    assert asked(actor, here) == []
    with pytest.raises(InvitationEnded):
        open_ask(author.id, actor=actor, now=NOW)


def test_declining_needs_a_reason(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    with pytest.raises(Invalid):
        decline_asked(author.id, here.edition, " ", actor=actor_of(co_author()), now=NOW)
    assert author.declined_at is None


def test_a_change_after_the_page_was_read_is_not_confirmed(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    with pytest.raises(TermsChanged):
        confirm_asked(author.id, seen="cũ", actor=actor_of(co_author()), now=NOW)
    assert author.confirmed_at is None


def test_who_confirmed_before_is_asked_again_after_a_change_without_an_end(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)
    actor = actor_of(co_author())
    answered(author, actor)
    changed = [one | {"role": "co_chief"} if one["email"] else one for one in rows_of(entry)]
    put_authors(entry, here.edition, changed, here.entrant)
    take_back(entry, author.id, actor=here.entrant, now=NOW)

    (item,) = asked(actor, here)
    assert item.due == NOW + timedelta(days=30)  # of handing in: a tied line has no end of its own

    confirm_own(entry, seen=terms_of(author), actor=actor, now=NOW)
    assert asked(actor, here) == []


def test_who_lost_the_right_to_the_dossier_still_finds_what_to_confirm(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)
    co = co_author()
    answered(author, actor_of(co))
    set_right(entry, co.id, None, actor=here.entrant, now=NOW)
    put_authors(
        entry,
        here.edition,
        [one | {"role": "co_chief"} if one["email"] else one for one in rows_of(entry)],
        here.entrant,
    )

    (item,) = asked(actor_of(co), here)
    answered(author, actor_of(co))

    assert item.href.endswith(str(author.id))
    assert not has_right(actor_of(co), entry, Right.VIEW)


@pytest.mark.parametrize("ended", ["back", "paper", "refused", "late", "expired"])
def test_what_has_ended_is_not_asked(here: Here, ended: str) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)
    actor = actor_of(co_author())
    if ended == "back":
        take_back(entry, author.id, actor=here.entrant, now=NOW)
    elif ended == "paper":
        record_paper(entry, author.id, signed=True, actor=here.entrant, now=NOW)
    elif ended == "refused":
        entry.state = "refused"
    else:
        entry.version = int(ended == "expired")
        set_clock(here.edition.id, NOW + timedelta(days=31))

    assert asked(actor, here, view(here.world.first)) == []


def test_an_unproved_or_other_address_is_not_asked(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    other = make_account("khac@example.vn", name="Người Khác")
    unproved = Account(email=INVITED, name="Chưa Xác Minh", roles=[], created_at=NOW)
    session().add(unproved)
    session().flush()

    for account in (other, unproved):
        assert asked(actor_of(account), here) == []
        with pytest.raises(NotFound):
            open_ask(author.id, actor=actor_of(account), now=NOW)


def test_the_other_tenant_knows_nothing_of_it(here: Here) -> None:
    author, _token = invited_author(draft(here), here.edition, here.entrant)
    author_id: UUID = author.id
    session().commit()
    with tenant_scope(here.world.second.id):
        twin = actor_of(co_author())
        with pytest.raises(NotFound):
            open_ask(author_id, actor=twin, now=NOW)


def test_the_owner_reads_who_has_not_confirmed_at_the_dossier_itself(here: Here) -> None:
    invited_author(draft(here), here.edition, here.entrant)
    with here.world.app.test_request_context("/", base_url=f"http://{here.world.first.slug}.localhost"):
        items = todos_of(mine_of(here.entrant, [here.edition]))

    assert len(items) == 1
    assert items[0].note.startswith("Chưa xác nhận vai trò của mình: Trần Thị Hoa. Còn ")


def test_one_and_ten_lines_take_the_same_number_of_queries(here: Here) -> None:
    actor = actor_of(co_author())
    counts = []
    for many in (1, 9):
        for _one in range(many):
            entry = draft(here)
            author = put_authors(
                entry, here.edition, [*rows_of(entry), row("Trần Thị Hoa", email=INVITED)], here.entrant
            )[-1]
            invite_author(entry, here.edition, author.id, actor=here.entrant, now=NOW)
        session().flush()
        mine = mine_of(actor, [here.edition])
        with (
            here.world.app.test_request_context("/", base_url=f"http://{here.world.first.slug}.localhost"),
            count_queries(here.world.app) as counted,
        ):
            session().expire_all()
            found = list(confirmations(mine))
        counts.append((len(found), counted.count))
    assert counts == [(1, 2), (10, 2)]
