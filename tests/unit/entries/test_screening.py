"""What the committee decides, and what then stands in the gallery."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from PIL import Image

from core.contests.values import PhaseKind
from core.entries.errors import MoveRefused
from core.entries.events import EntryAccepted, EntryPublished, EntryUnpublished
from core.entries.listing import gallery_page, pictures_of
from core.entries.queries import history_of, last_screening
from core.entries.services import accept, publish, refuse, return_, unpublish
from core.entries.states import TRANSITIONS, By, Move, State, moves, transition
from core.kernel import audit
from core.kernel.actor import Role
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.events import listens_to
from core.kernel.files import file_key, file_store
from core.kernel.mail import mailbox
from core.tenancy.resolver import find_tenant
from tests.support.entries import make_attachment, make_entry, picture_bytes
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here


def test_the_table_of_states_is_exactly_this() -> None:
    assert {(one.source, one.move, one.by, one.target) for one in TRANSITIONS} == {
        (State.DRAFT, Move.SUBMIT, By.OWNER, State.SUBMITTED),
        (State.RETURNED, Move.SUBMIT, By.OWNER, State.SUBMITTED),
        (State.REVISING, Move.SUBMIT, By.OWNER, State.SUBMITTED),
        (State.SUBMITTED, Move.REVISE, By.OWNER, State.REVISING),
        (State.REVISING, Move.KEEP, By.OWNER, State.SUBMITTED),
        (State.SUBMITTED, Move.ACCEPT, By.COMMITTEE, State.ACCEPTED),
        (State.SUBMITTED, Move.RETURN, By.COMMITTEE, State.RETURNED),
        (State.SUBMITTED, Move.REFUSE, By.COMMITTEE, State.REFUSED),
        (State.RETURNED, Move.REFUSE, By.COMMITTEE, State.REFUSED),
        (State.ACCEPTED, Move.REOPEN, By.COMMITTEE, State.SUBMITTED),
        (State.REFUSED, Move.REOPEN, By.COMMITTEE, State.SUBMITTED),
        (State.RETURNED, Move.REOPEN, By.COMMITTEE, State.SUBMITTED),
        (State.DRAFT, Move.WITHDRAW, By.OWNER, State.WITHDRAWN),
        (State.SUBMITTED, Move.WITHDRAW, By.OWNER, State.WITHDRAWN),
        (State.RETURNED, Move.WITHDRAW, By.OWNER, State.WITHDRAWN),
        (State.REVISING, Move.WITHDRAW, By.OWNER, State.WITHDRAWN),
        (State.REVISING, Move.WITHDRAW, By.COMMITTEE, State.WITHDRAWN),
        (State.SUBMITTED, Move.WITHDRAW, By.COMMITTEE, State.WITHDRAWN),
        (State.RETURNED, Move.WITHDRAW, By.COMMITTEE, State.WITHDRAWN),
        (State.ACCEPTED, Move.WITHDRAW, By.COMMITTEE, State.WITHDRAWN),
    }


def test_nothing_leads_out_of_a_withdrawal_and_only_the_committee_leads_out_of_a_refusal() -> None:
    assert (moves(State.WITHDRAWN, By.OWNER), moves(State.WITHDRAWN, By.COMMITTEE)) == ((), ())
    assert (moves(State.REFUSED, By.OWNER), moves(State.REFUSED, By.COMMITTEE)) == ((), (Move.REOPEN,))


def test_an_unknown_move_has_no_line() -> None:
    assert transition("accepted", Move.SUBMIT, By.OWNER) is None


def test_accepting_tells_the_entrant_and_the_later_rooms(here: Here) -> None:
    heard: list[EntryAccepted] = []
    listens_to(EntryAccepted)(heard.append)
    entry = make_entry(here.edition, here.owner, state="submitted")

    accept(entry, here.edition, actor=here.officer, now=NOW)

    assert (entry.state, mailbox()[0].subject) == ("accepted", f"Hồ sơ {entry.code} đã được chấp nhận")
    assert heard == [EntryAccepted(here.edition.id, entry.id, entry.code or "", NOW)]


def test_returning_says_what_to_complete(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    return_(entry, here.edition, reason="Bổ sung xác nhận của đơn vị.", actor=here.officer, now=NOW)

    letter, kept = mailbox()[0], last_screening(entry)
    assert kept is not None
    assert (entry.state, letter.subject) == (
        "returned",
        f"Cần bổ sung hồ sơ {entry.code} đến hết ngày 19/11/2025",
    )
    assert "Bổ sung xác nhận của đơn vị." in letter.body
    assert (kept.outcome, kept.reason, kept.by_name) == (
        "return",
        "Bổ sung xác nhận của đơn vị.",
        "Cán bộ Thử",
    )


@pytest.mark.parametrize("reason", ["", "   ", "\u200f\n"])
def test_returning_without_words_is_refused(here: Here, reason: str) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(Invalid) as refusal:
        return_(entry, here.edition, reason=reason, actor=here.officer, now=NOW)

    assert (list(refusal.value.errors), entry.state) == (["reason"], "submitted")


@pytest.mark.parametrize("clause", [None, "", "khong_co"])
def test_refusing_needs_a_clause_of_the_rules(here: Here, clause: str | None) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(Invalid) as refusal:
        refuse(entry, here.edition, reason="Chưa triển khai.", clause=clause, actor=here.officer, now=NOW)

    assert (list(refusal.value.errors), entry.state) == (["clause"], "submitted")


def test_refusing_cites_the_clause_in_letter_and_log(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    refuse(entry, here.edition, reason="Mới là ý tưởng.", clause="da_trien_khai", actor=here.officer, now=NOW)

    cited = here.edition.rules.clause("da_trien_khai")
    assert cited is not None
    record = audit.records(subject=entry.code)[-1]
    assert (entry.state, record.action, record.data) == (
        "refused",
        "entry.refused",
        {"version": 1, "clause": "da_trien_khai"},
    )
    assert f"Căn cứ: {cited.article.vi}, {cited.document.vi}." in mailbox()[0].body


def test_outside_the_screening_phase_the_committee_gives_a_reason(here: Here) -> None:
    phase = here.edition.phase(PhaseKind.SCREENING)
    assert phase is not None
    entry = make_entry(here.edition, here.owner, state="submitted")
    late = phase.closes_at + timedelta(seconds=1)

    with pytest.raises(Invalid) as refusal:
        accept(entry, here.edition, actor=here.officer, now=late)
    accept(entry, here.edition, reason="Theo kết luận họp ngày 02/12.", actor=here.officer, now=late)

    assert (list(refusal.value.errors), entry.state) == (["reason"], "accepted")


@pytest.mark.parametrize("state", ["draft", "returned", "accepted", "refused", "withdrawn"])
def test_only_what_was_handed_in_is_accepted(here: Here, state: str) -> None:
    entry = make_entry(here.edition, here.owner, state=state)

    with pytest.raises(MoveRefused):
        accept(entry, here.edition, actor=here.officer, now=NOW)

    assert entry.state == state


def test_an_officer_does_not_screen_an_own_dossier(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    own = replace(here.entrant, roles=frozenset({Role.COMMITTEE}))

    with pytest.raises(MoveRefused, match="không tự xét được"):
        accept(entry, here.edition, actor=own, now=NOW)


def test_an_entrant_screens_nothing(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(MoveRefused):
        accept(entry, here.edition, actor=here.entrant, now=NOW)


def test_history_reads_newest_first_with_the_words_that_went_along(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)

    happened = [(one.action, one.note, one.who) for one in history_of(entry)]

    assert happened == [("entry.returned", "Thiếu ảnh.", "Cán bộ Thử")]


def test_publishing_twice_publishes_once(here: Here) -> None:
    heard: list[EntryPublished] = []
    listens_to(EntryPublished)(heard.append)
    entry = make_entry(here.edition, here.owner, published=False)

    assert publish([entry], actor=here.officer, now=NOW) == 1
    assert publish([entry], actor=here.officer, now=NOW + timedelta(days=1)) == 0
    assert heard == [EntryPublished(here.edition.id, entry.id, entry.code or "", NOW)]
    assert entry.published_at == NOW


def test_publishing_makes_the_cached_pages_old(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, published=False)
    before = find_tenant("motmot")

    publish([entry], actor=here.officer, now=NOW)
    session().flush()

    after = find_tenant("motmot")
    assert before is not None
    assert after is not None
    assert after.version == before.version + 1


def test_what_is_not_accepted_is_not_published(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    with pytest.raises(MoveRefused):
        publish([entry], actor=here.officer, now=NOW)

    assert gallery_page(here.edition).total == 0


def test_only_the_committee_publishes(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, published=False)

    with pytest.raises(Forbidden):
        publish([entry], actor=here.entrant, now=NOW)


def test_public_pictures_are_small_and_carry_no_place(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, published=False)
    content = picture_bytes("JPEG", size=(3000, 2000), exif=True)
    make_attachment(entry, name="a.jpg", content=content, media_type="image/jpeg", is_public=True)
    hidden = picture_bytes("PNG")
    make_attachment(entry, name="b.png", content=hidden, media_type="image/png", is_public=False)

    publish([entry], actor=here.officer, now=NOW)

    made = [*pictures_of(entry, "card"), *pictures_of(entry, "page")]
    assert [(one.position, one.width, one.height) for one in made] == [(1, 640, 427), (1, 1600, 1067)]
    for one in made:
        stored = b"".join(file_store().read(file_key(here.world.first.id, one.sha256)))
        with Image.open(io.BytesIO(stored)) as image:
            assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (one.width, one.height), {})


def test_what_leaves_the_gallery_stays_accepted(here: Here) -> None:
    heard: list[EntryUnpublished] = []
    listens_to(EntryUnpublished)(heard.append)
    entry = make_entry(here.edition, here.owner)

    assert unpublish([entry], actor=here.officer, now=NOW) == 1
    assert (entry.state, gallery_page(here.edition).total, len(heard)) == ("accepted", 0, 1)
