"""Rights of co-authors: what each level lets them do, who gives them, and handing a dossier over."""

from __future__ import annotations

import io

import pytest

from core.entries.content import authors_of
from core.entries.errors import MoveRefused
from core.entries.models import Entry
from core.entries.policies import access_attachment, access_entry, may_edit, may_submit, right_of, side_of
from core.entries.queries import entries_of, rights_held
from core.entries.rights import Right
from core.entries.services import accept, attach, hand_over, save_draft, set_right, submit, withdraw
from core.entries.states import By
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, NotFound
from core.people.models import Account
from tests.support.authors import co_author
from tests.support.entries import complete_draft, make_attachment, pdf_bytes
from tests.support.factories import NOW, actor_of, make_account
from tests.support.people import last_letter
from tests.unit.entries.conftest import Here


def shared(here: Here, right: Right | None) -> tuple[Entry, Actor]:
    """A complete draft of the owner, and a co-author's account with `right` to it."""
    entry = complete_draft(here.edition, here.owner)
    account = co_author()
    _tie(entry, account)
    if right is not None:
        set_right(entry, account.id, right, actor=here.entrant, now=NOW)
    return entry, actor_of(account)


def _tie(entry: Entry, account: Account) -> None:
    authors_of([entry.id])[entry.id][0].account_id = account.id
    session().flush()


@pytest.mark.parametrize(
    ("right", "sees", "edits", "submits"),
    [
        (None, False, False, False),
        (Right.VIEW, True, False, False),
        (Right.EDIT, True, True, False),
        (Right.SUBMIT, True, True, True),
    ],
)
def test_each_level_lets_do_what_it_says(
    here: Here, right: Right | None, sees: bool, edits: bool, submits: bool
) -> None:
    entry, guest = shared(here, right)

    assert (right_of(guest, entry), side_of(guest, entry)) == (right, By.CO_AUTHOR)
    assert (may_edit(guest, entry), may_submit(guest, entry)) == (edits, submits)
    assert [one.ref for one in entries_of(guest.id)] == ([entry.ref] if sees else [])  # type: ignore[arg-type]
    assert rights_held(guest.id) == ({} if right is None else {entry.id: right})  # type: ignore[arg-type]


def test_a_viewer_reads_files_and_changes_nothing(here: Here) -> None:
    entry, guest = shared(here, Right.VIEW)
    held = make_attachment(entry)

    assert access_attachment(guest, held.id)[1].id == held.id
    with pytest.raises(Forbidden, match="trao quyền sửa"):
        save_draft(entry, here.edition, {"title": "Của tôi"}, actor=guest, now=NOW)
    with pytest.raises(Forbidden):
        attach(entry, here.edition, "tep_thuyet_minh", "a.pdf", io.BytesIO(pdf_bytes()), actor=guest, now=NOW)


def test_an_editor_writes_and_does_not_hand_in(here: Here) -> None:
    entry, guest = shared(here, Right.EDIT)

    save_draft(entry, here.edition, {"title": "Viết cùng"}, actor=guest, now=NOW)

    assert entry.title == "Viết cùng"
    with pytest.raises(Forbidden, match="chưa được trao quyền nộp"):
        submit(entry, here.edition, actor=guest, now=NOW)
    assert entry.state == "draft"


def test_a_submitter_hands_in_and_gets_the_same_receipt_again(here: Here) -> None:
    entry, guest = shared(here, Right.SUBMIT)

    receipt = submit(entry, here.edition, actor=guest, now=NOW)

    assert submit(entry, here.edition, actor=guest, now=NOW) == receipt
    assert submit(entry, here.edition, actor=here.entrant, now=NOW) == receipt


def test_withdrawing_stays_with_the_owner(here: Here) -> None:
    entry, guest = shared(here, Right.SUBMIT)

    with pytest.raises(Forbidden, match="Chỉ chủ hồ sơ rút được"):
        withdraw(entry, here.edition, actor=guest, now=NOW)

    assert entry.state == "draft"


def test_a_right_that_was_taken_is_gone_at_once(here: Here) -> None:
    entry, guest = shared(here, Right.EDIT)

    assert set_right(entry, guest.id, None, actor=here.entrant, now=NOW)  # type: ignore[arg-type]

    with pytest.raises(NotFound):
        access_entry(guest, entry.ref)
    with pytest.raises(Forbidden):
        save_draft(entry, here.edition, {"title": "X"}, actor=guest, now=NOW)


def test_setting_the_same_right_again_changes_nothing(here: Here) -> None:
    entry, guest = shared(here, Right.EDIT)

    assert not set_right(entry, guest.id, Right.EDIT, actor=here.entrant, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("right", [Right.VIEW, Right.EDIT, Right.SUBMIT])
def test_only_the_owner_gives_rights(here: Here, right: Right) -> None:
    entry, guest = shared(here, right)

    with pytest.raises(Forbidden):
        set_right(entry, guest.id, Right.SUBMIT, actor=guest, now=NOW)  # type: ignore[arg-type]

    assert right_of(guest, entry) is right


def test_nobody_who_is_no_author_is_given_a_right(here: Here) -> None:
    entry, _guest = shared(here, None)
    stranger = make_account("la@example.vn")

    with pytest.raises(NotFound):
        set_right(entry, stranger.id, Right.VIEW, actor=here.entrant, now=NOW)


def test_an_officer_who_is_an_author_does_not_screen_the_dossier(here: Here) -> None:
    entry, _guest = shared(here, None)
    officer = make_account("canbo@example.vn", roles=[Role.COMMITTEE])
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    _tie(entry, officer)

    with pytest.raises(MoveRefused, match="đồng tác giả"):
        accept(entry, here.edition, actor=actor_of(officer), now=NOW)

    assert entry.state == "submitted"


def test_the_owner_hands_the_dossier_over_and_keeps_the_right_to_edit(here: Here) -> None:
    entry, guest = shared(here, Right.VIEW)

    hand_over(entry, here.edition, guest.id, actor=here.entrant, now=NOW)  # type: ignore[arg-type]

    assert (entry.owner_id, right_of(here.entrant, entry), right_of(guest, entry)) == (
        guest.id,
        Right.EDIT,
        None,
    )
    session().flush()
    assert last_letter("hoa@example.vn").subject.startswith("Quý vị là chủ hồ sơ")
    with pytest.raises(Forbidden):
        hand_over(entry, here.edition, here.owner.id, actor=here.entrant, now=NOW)


def test_a_dossier_is_not_handed_to_a_stranger(here: Here) -> None:
    entry, _guest = shared(here, None)
    stranger = make_account("la@example.vn")

    with pytest.raises(NotFound):
        hand_over(entry, here.edition, stranger.id, actor=here.entrant, now=NOW)

    assert entry.owner_id == here.owner.id
