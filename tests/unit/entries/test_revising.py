"""Taking a dossier back to edit it: nothing that was handed in is lost by wanting to improve it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.entries.content import files_of, snapshot_of
from core.entries.errors import MoveRefused
from core.entries.models import Attachment, Entry, EntryVersion, UnsentRevision
from core.entries.queries import unsent_of
from core.entries.services import accept, attach, detach, keep, revise, save_draft, settle, submit
from core.entries.services.revising import settle_due
from core.entries.states import Scan
from core.kernel import audit
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Forbidden
from core.kernel.mail import mailbox
from tests.support.entries import complete_draft, pdf_bytes
from tests.support.factories import NOW, actor_of, make_account, set_clock
from tests.unit.entries.conftest import Here

GRACE = timedelta(minutes=10)


def deadline(here: Here) -> datetime:
    """The first instant at which nothing can be handed in any more."""
    phase = here.edition.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    return phase.closes_at


def handed_in(here: Here) -> Entry:
    """A dossier with one version."""
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    return entry


def rewritten(here: Here, entry: Entry) -> None:
    """Another title, another author before the first, and another file instead of the first."""
    rows = [{"name": "Lê Văn Nam", "role": "chief"}, {"name": "Nguyễn Văn Thử", "role": "member"}]
    save_draft(entry, here.edition, {"title": "Tên mới", "authors": rows}, actor=here.entrant, now=NOW)
    [held] = files_of([entry.id])[entry.id]
    detach(entry, held.id, actor=here.entrant, now=NOW)
    content = io.BytesIO(pdf_bytes(pages=3))
    attach(entry, here.edition, held.field, "khac.pdf", content, actor=here.entrant, now=NOW)


def test_a_dossier_taken_back_keeps_its_version_and_its_receipt(here: Here) -> None:
    entry = handed_in(here)

    revise(entry, here.edition, actor=here.entrant, now=NOW)

    assert (entry.state, entry.version, entry.code) == ("revising", 1, "TT-K1-0001")
    assert len(session().scalars(select(EntryVersion)).all()) == 1
    assert audit.records(subject="TT-K1-0001")[-1].action == "entry.revising"


def test_taking_back_twice_is_once(here: Here) -> None:
    entry = handed_in(here)

    for _time in range(2):
        revise(entry, here.edition, actor=here.entrant, now=NOW)

    assert [one.action for one in audit.records(subject="TT-K1-0001")].count("entry.revising") == 1


def test_a_new_version_takes_the_place_of_the_old_one(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    save_draft(entry, here.edition, {"title": "Tên mới"}, actor=here.entrant, now=NOW)

    receipt = submit(entry, here.edition, actor=here.entrant, now=NOW)

    assert (receipt.number, receipt.code, entry.state) == (2, "TT-K1-0001", "submitted")
    titles = select(EntryVersion.snapshot).order_by(EntryVersion.number)
    assert [one["title"] for one in session().scalars(titles)] == [
        "Máy sấy chè dùng năng lượng mặt trời",
        "Tên mới",
    ]


@pytest.mark.parametrize("way", ["given up", "time over"])
def test_the_dossier_goes_back_to_what_was_handed_in_and_the_rest_is_kept_to_read(
    here: Here, way: str
) -> None:
    entry = handed_in(here)
    before = snapshot_of(entry, here.edition, number=1, at=NOW.isoformat())
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    rewritten(here, entry)
    draft = snapshot_of(entry, here.edition, number=1, at=NOW.isoformat())

    if way == "given up":
        keep(entry, here.edition, actor=here.entrant, now=NOW)
    else:
        assert settle(entry, here.edition, now=deadline(here) + GRACE)

    assert entry.state == "submitted"
    assert snapshot_of(entry, here.edition, number=1, at=NOW.isoformat()) == before
    assert [one.snapshot for one in unsent_of(entry)] == [draft]


def test_a_file_that_comes_back_is_opened_by_nobody_until_the_scanner_saw_it_again(here: Here) -> None:
    entry = handed_in(here)
    [was] = session().scalars(select(Attachment)).all()
    was.scan = str(Scan.INFECTED)
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    rewritten(here, entry)

    keep(entry, here.edition, actor=here.entrant, now=NOW)

    [back] = session().scalars(select(Attachment)).all()
    assert (back.sha256, back.scan) == (was.sha256, Scan.WAITING)


def test_nothing_is_kept_where_nothing_was_changed(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)

    keep(entry, here.edition, actor=here.entrant, now=NOW)

    assert (entry.state, session().scalars(select(UnsentRevision)).all()) == ("submitted", [])


@pytest.mark.parametrize(("late", "state"), [(-1, "revising"), (0, "submitted"), (1, "submitted")])
def test_a_revision_ends_when_the_minutes_for_files_under_way_are_over(
    here: Here, late: int, state: str
) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)

    settle(entry, here.edition, now=deadline(here) + GRACE + timedelta(seconds=late))

    assert entry.state == state


def test_who_ran_out_of_time_is_told_which_version_counts(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    rewritten(here, entry)

    settle(entry, here.edition, now=deadline(here) + GRACE)

    letter = mailbox()[0]
    assert letter.subject == "Bản đã nộp của hồ sơ TT-K1-0001 được giữ nguyên"
    assert "bản đã nộp lần 1 được xét" in letter.body
    assert "Phần đang sửa chưa nộp vẫn được giữ" in letter.body


def test_the_clock_settles_what_is_over_and_doing_it_twice_is_once(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    set_clock(here.edition.id, deadline(here) + timedelta(hours=1))
    session().commit()

    for _time in range(2):
        settle_due(NOW)

    with tenant_scope(here.world.first.id):
        assert session().scalars(select(Entry.state)).all() == ["submitted"]
        actions = [one.action for one in audit.records(subject="TT-K1-0001")]
        assert actions.count("entry.revision_lapsed") == 1


def test_the_committee_waits_until_the_time_is_over(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)

    with pytest.raises(MoveRefused, match="đang được người nộp sửa, bản đã nộp vẫn có hiệu lực"):
        accept(entry, here.edition, actor=here.officer, now=NOW)


def test_a_decision_after_the_time_is_over_is_about_the_version_that_counts(here: Here) -> None:
    entry = handed_in(here)
    revise(entry, here.edition, actor=here.entrant, now=NOW)
    rewritten(here, entry)

    accept(entry, here.edition, actor=here.officer, now=deadline(here) + GRACE)

    assert (entry.state, entry.title) == ("accepted", "Máy sấy chè dùng năng lượng mặt trời")


def test_after_the_deadline_nothing_is_taken_back(here: Here) -> None:
    entry = handed_in(here)

    with pytest.raises(PhaseClosed):
        revise(entry, here.edition, actor=here.entrant, now=deadline(here))

    assert entry.state == "submitted"


def test_what_the_committee_accepted_is_not_taken_back(here: Here) -> None:
    entry = handed_in(here)
    accept(entry, here.edition, actor=here.officer, now=NOW)

    with pytest.raises(MoveRefused):
        revise(entry, here.edition, actor=here.entrant, now=NOW)


def test_nobody_takes_back_anothers_dossier(here: Here) -> None:
    entry = handed_in(here)

    with pytest.raises(Forbidden):
        revise(entry, here.edition, actor=actor_of(make_account("khac@example.vn")), now=NOW)
