"""Invitations to authors: the link, who may use it, what it confirms, and what makes it end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.entries.content import authors_of
from core.entries.models import AuthorInvitation, Entry, EntryAuthor, EntryRight
from core.entries.policies import access_author, access_entry, access_invitation, right_of
from core.entries.rights import Right
from core.entries.services import (
    confirm_by_link,
    confirm_own,
    decline_by_link,
    decline_own,
    invite_all,
    invite_author,
    open_invitation,
    record_paper,
    take_back,
)
from core.entries.services.author_invitations import InvitationEnded, NotTheInvited, TermsChanged
from core.entries.services.author_rows import terms_of
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid, NotFound
from core.kernel.mail import Mail
from tests.support.authors import INVITED, co_author, invited_author, put_authors, row, rows_of, token_to
from tests.support.entries import make_entry
from tests.support.factories import NOW, actor_of, make_account
from tests.unit.entries.conftest import Here

LATER = NOW + timedelta(hours=1)


def draft(here: Here) -> Entry:
    """A draft of the owner with the owner's line."""
    entry = make_entry(here.edition, here.owner, state="draft", authors=())
    put_authors(entry, here.edition, [row(here.owner.name, role="chief")], here.entrant)
    return entry


def confirm(token: str, actor: Actor, *, now: datetime = NOW) -> EntryAuthor:
    """Confirm what the link's page shows now."""
    _entry, author, _held = access_invitation(token)
    return confirm_by_link(token, seen=terms_of(author), actor=actor, now=now)


def letters_to(email: str) -> int:
    """How many letters went to this address."""
    session().flush()
    return session().query(Mail).filter(Mail.recipient == email).count()


def test_the_letter_says_what_to_confirm_and_holds_the_only_link(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant, share="40")

    letter = session().query(Mail).filter(Mail.recipient == INVITED).one()
    held = session().query(AuthorInvitation).one()

    assert letter.subject == "Mời xác nhận là tác giả của “Máy sấy chè dùng năng lượng mặt trời”"
    assert "Vai trò: Đồng tác giả" in letter.body
    assert "Tỷ lệ đóng góp: 40 %" in letter.body
    assert (held.author_id, held.sent_at, held.expires_at) == (author.id, NOW, NOW + timedelta(days=30))
    assert token not in (held.digest or "")


def test_the_invited_confirms_and_sees_the_dossier(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    with pytest.raises(NotFound):
        access_entry(guest, entry.ref)

    confirm(token, guest, now=LATER)

    assert (author.account_id, author.confirmed_at, author.confirmed_how) == (guest.id, LATER, "account")
    assert right_of(guest, access_entry(guest, entry.ref)) is Right.VIEW


def test_confirming_twice_changes_nothing_more(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    confirm(token, guest)

    confirm(token, guest, now=LATER)

    lines = [one.action for one in audit.records(subject=entry.ref)]
    assert author.confirmed_at == NOW
    assert (lines.count("entry.author_confirmed"), lines.count("entry.right_given")) == (1, 1)


def test_the_log_names_no_author(here: Here) -> None:
    entry = draft(here)
    _author, token = invited_author(entry, here.edition, here.entrant)
    confirm(token, actor_of(co_author()))

    told = str([one.data for one in audit.records(subject=entry.ref)])

    assert "Hoa" not in told
    assert INVITED not in told


def test_somebody_else_cannot_use_the_link(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    other = actor_of(make_account("khac@example.vn"))

    with pytest.raises(NotTheInvited):
        confirm(token, other)
    with pytest.raises(NotTheInvited):
        open_invitation(token, actor=other, now=NOW)

    assert (author.account_id, author.confirmed_at) == (None, None)


def test_an_account_whose_address_is_not_verified_cannot_use_the_link(here: Here) -> None:
    entry = draft(here)
    _author, token = invited_author(entry, here.edition, here.entrant)
    account = co_author()
    account.verified_at = None
    session().flush()

    with pytest.raises(NotTheInvited):
        confirm(token, actor_of(account))


def test_the_link_holds_for_thirty_days(here: Here) -> None:
    entry = draft(here)
    _author, token = invited_author(entry, here.edition, here.entrant)
    guest, end = actor_of(co_author()), NOW + timedelta(days=30)

    open_invitation(token, actor=guest, now=end - timedelta(seconds=1))
    with pytest.raises(InvitationEnded):
        confirm(token, guest, now=end)


def test_a_new_letter_ends_the_link_before(here: Here) -> None:
    entry = draft(here)
    author, old = invited_author(entry, here.edition, here.entrant)

    assert invite_author(entry, here.edition, author.id, actor=here.entrant, now=LATER)

    with pytest.raises(NotFound):
        access_invitation(old)
    assert access_invitation(token_to(INVITED))[1].id == author.id


def test_pressing_invite_twice_sends_one_letter(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)

    again = invite_author(entry, here.edition, author.id, actor=here.entrant, now=NOW + timedelta(seconds=9))

    assert (again, letters_to(INVITED)) == (False, 1)


def test_an_invitation_taken_back_is_no_link_any_more(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)

    take_back(entry, author.id, actor=here.entrant, now=NOW)

    with pytest.raises(NotFound):
        access_invitation(token)


@pytest.mark.parametrize(
    "change", [{"name": "Trần Thị Hòa"}, {"share": "30"}, {"role": "co_chief"}, {"email": "khac@example.vn"}]
)
def test_a_change_of_what_is_confirmed_ends_the_link(here: Here, change: dict[str, str]) -> None:
    entry = draft(here)
    _author, token = invited_author(entry, here.edition, here.entrant, share="40")
    typed = rows_of(entry)
    typed[1] |= change

    put_authors(entry, here.edition, typed, here.entrant)

    with pytest.raises(NotFound):
        access_invitation(token)


def test_a_change_of_the_workplace_leaves_the_link(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    typed = rows_of(entry)
    typed[1] |= {"workplace": "HTX chè Thử", "birth_year": "1985"}

    put_authors(entry, here.edition, typed, here.entrant)

    assert access_invitation(token)[1].id == author.id


def test_who_had_confirmed_is_asked_again_by_letter_when_the_share_changes(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant, share="40")
    guest = actor_of(co_author())
    confirm(token, guest)
    typed = rows_of(entry)
    typed[1] |= {"share": "35"}

    put_authors(entry, here.edition, typed, here.entrant)

    assert (author.confirmed_at, author.account_id, letters_to(INVITED)) == (None, guest.id, 2)
    confirm(token_to(INVITED), guest, now=LATER)
    assert author.confirmed_at == LATER


def test_others_are_not_asked_again(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant, share="40")
    confirm(token, actor_of(co_author()))
    typed = [*rows_of(entry), row("Lý Văn Ba", share="10")]
    typed[0] |= {"share": "50"}

    put_authors(entry, here.edition, typed, here.entrant)

    assert (author.confirmed_at, letters_to(INVITED)) == (NOW, 1)


def test_terms_that_changed_since_the_page_was_read_are_not_confirmed(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant, share="40")
    seen = terms_of(author)
    typed = rows_of(entry)
    typed[1] |= {"share": "10"}
    put_authors(entry, here.edition, typed, here.entrant)
    invite_author(entry, here.edition, author.id, actor=here.entrant, now=LATER)

    with pytest.raises(TermsChanged):
        confirm_by_link(token_to(INVITED), seen=seen, actor=actor_of(co_author()), now=LATER)

    assert author.confirmed_at is None


def test_a_refusal_keeps_the_reason_tells_the_owner_and_ends_the_link(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())

    decline_by_link(token, here.edition, "Tôi chỉ góp ý, không làm.", actor=guest, now=NOW)

    assert (author.declined_at, author.decline_reason) == (NOW, "Tôi chỉ góp ý, không làm.")
    assert letters_to(here.owner.email or "") == 1
    with pytest.raises(InvitationEnded):
        confirm(token, guest)


def test_a_refusal_needs_a_reason(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)

    with pytest.raises(Invalid) as refusal:
        decline_by_link(token, here.edition, " \u200f\n", actor=actor_of(co_author()), now=NOW)

    assert (list(refusal.value.errors), author.declined_at) == (["reason"], None)


def test_an_invitation_after_a_refusal_asks_anew(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    decline_by_link(token, here.edition, "Sai vai trò.", actor=guest, now=NOW)

    invite_author(entry, here.edition, author.id, actor=here.entrant, now=LATER)
    confirm(token_to(INVITED), guest, now=LATER)

    assert (author.declined_at, author.decline_reason, author.confirmed_at) == (None, "", LATER)


def test_without_an_address_there_is_nobody_to_invite(here: Here) -> None:
    entry = draft(here)
    author = put_authors(entry, here.edition, [*rows_of(entry), row("Nông Văn Dền")], here.entrant)[-1]

    with pytest.raises(Invalid) as refusal:
        invite_author(entry, here.edition, author.id, actor=here.entrant, now=NOW)

    assert refusal.value.errors == {"email": ["Bạn hãy ghi thư điện tử của Nông Văn Dền rồi mời xác nhận."]}


def test_a_signature_on_paper_is_recorded_and_taken_back(here: Here) -> None:
    entry = draft(here)
    author = put_authors(entry, here.edition, [*rows_of(entry), row("Nông Văn Dền")], here.entrant)[-1]

    record_paper(entry, author.id, signed=True, actor=here.entrant, now=NOW)
    assert (author.confirmed_at, author.confirmed_how) == (NOW, "paper")

    record_paper(entry, author.id, signed=False, actor=here.entrant, now=LATER)
    assert (author.confirmed_at, author.confirmed_how) == (None, None)


def test_a_signature_on_paper_does_not_outlive_a_change_of_the_share(here: Here) -> None:
    entry = draft(here)
    author = put_authors(entry, here.edition, [*rows_of(entry), row("Nông Văn Dền")], here.entrant)[-1]
    record_paper(entry, author.id, signed=True, actor=here.entrant, now=NOW)
    typed = rows_of(entry)
    typed[1] |= {"share": "20"}

    put_authors(entry, here.edition, typed, here.entrant)

    assert author.confirmed_at is None


def test_paper_does_not_replace_what_an_account_confirmed(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    confirm(token, actor_of(co_author()))

    record_paper(entry, author.id, signed=False, actor=here.entrant, now=LATER)

    assert (author.confirmed_at, author.confirmed_how) == (NOW, "account")


def test_all_who_wait_are_invited_at_once(here: Here) -> None:
    entry = draft(here)
    invited_author(entry, here.edition, here.entrant)
    new = [row("Lý Văn Ba", email="ba@example.vn"), row("Nông Văn Dền")]
    put_authors(entry, here.edition, [*rows_of(entry), *new], here.entrant)

    sent = invite_all(entry, here.edition, actor=here.entrant, now=LATER)

    assert (sent, letters_to(INVITED), letters_to("ba@example.vn")) == (1, 1, 1)


def test_one_who_may_only_view_invites_nobody(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    confirm(token, guest)

    with pytest.raises(Forbidden):
        invite_author(entry, here.edition, author.id, actor=guest, now=LATER)


def test_the_tied_account_answers_on_the_page_without_a_link(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant, share="40")
    guest = actor_of(co_author())
    confirm(token, guest)
    typed = rows_of(entry)
    typed[1] |= {"share": "30"}
    put_authors(entry, here.edition, typed, here.entrant)

    confirm_own(entry, seen=terms_of(author), actor=guest, now=LATER)
    assert author.confirmed_at == LATER


def test_the_tied_account_takes_its_confirmation_back_on_the_page(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    confirm(token, guest)

    decline_own(entry, here.edition, "Tôi xin rút tên.", actor=guest, now=LATER)

    assert (author.confirmed_at, author.declined_at) == (None, LATER)


def test_nobody_answers_for_another(here: Here) -> None:
    entry = draft(here)
    author, _token = invited_author(entry, here.edition, here.entrant)

    with pytest.raises(NotFound):
        confirm_own(entry, seen=terms_of(author), actor=actor_of(co_author()), now=NOW)


def test_an_author_taken_out_by_the_owner_loses_the_dossier(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    guest = actor_of(co_author())
    confirm(token, guest)

    put_authors(entry, here.edition, rows_of(entry)[:1], here.entrant)

    with pytest.raises(NotFound):
        access_entry(guest, entry.ref)
    with pytest.raises(NotFound):
        access_author(entry, author.id)
    assert session().query(EntryRight).count() == 0


def test_a_withdrawn_dossier_asks_nobody(here: Here) -> None:
    entry = draft(here)
    _author, token = invited_author(entry, here.edition, here.entrant)
    entry.state = "withdrawn"
    session().flush()

    with pytest.raises(InvitationEnded):
        confirm(token, actor_of(co_author()))


def test_a_submitted_dossier_still_takes_confirmations(here: Here) -> None:
    entry = draft(here)
    author, token = invited_author(entry, here.edition, here.entrant)
    entry.state = "submitted"
    session().flush()

    confirm(token, actor_of(co_author()))

    assert authors_of([entry.id])[entry.id][1].confirmed_at == NOW
    assert author.confirmed_how == "account"
