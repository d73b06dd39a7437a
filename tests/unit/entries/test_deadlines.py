"""The end of handing in, to the second: phases, files begun in time, and what a late entrant is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from core.contests.policies import PhaseClosed, honoured
from core.contests.values import PhaseKind
from core.entries.deadlines import asked_by, handing_in_ends, may_hand_in
from core.entries.models import Entry
from core.entries.services import return_, submit
from core.kernel import audit
from core.kernel.db import session
from tests.support.entries import complete_draft, make_attachment
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here

SECOND = timedelta(seconds=1)
GRACE = timedelta(minutes=10)
END = datetime(2025, 12, 12, 3, 0, tzinfo=NOW.tzinfo)


def ends(here: Here, kind: PhaseKind) -> datetime:
    """The first instant after a phase."""
    phase = here.edition.phase(kind)
    assert phase is not None
    return phase.closes_at


def with_file(entry: Entry, begun: datetime, arrived: datetime) -> None:
    """Give the dossier a file whose sending began and ended at these instants."""
    held = make_attachment(entry, field="tep_thuyet_minh", name="phim.pdf", content=b"%PDF-1.7 phim")
    held.begun_at, held.added_at = begun, arrived
    session().flush()


@pytest.mark.parametrize(
    ("begun", "finished", "counts"),
    [
        (-GRACE, -SECOND, True),
        (-SECOND, timedelta(0), True),
        (-SECOND, GRACE - SECOND, True),
        (-SECOND, GRACE, False),
        (timedelta(0), SECOND, False),
        (SECOND, 2 * SECOND, False),
    ],
)
def test_what_began_in_time_and_ended_within_the_grace_counts(
    begun: timedelta, finished: timedelta, counts: bool
) -> None:
    assert honoured(END + begun, END, END + finished, GRACE) is counts


def test_without_grace_nothing_counts_that_ends_late() -> None:
    assert not honoured(END - SECOND, END, END, timedelta(0))


def test_the_last_second_is_in_time(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    receipt = submit(entry, here.edition, actor=here.entrant, now=ends(here, PhaseKind.SUBMISSION) - SECOND)

    assert (receipt.number, entry.state) == (1, "submitted")


@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_the_first_second_after_is_refused_with_dates_the_servers_time_and_a_way_on(
    here: Here, late: timedelta
) -> None:
    entry = complete_draft(here.edition, here.owner)

    with pytest.raises(PhaseClosed) as refused:
        submit(entry, here.edition, actor=here.entrant, now=END + late)

    seconds = int(late.total_seconds())
    assert refused.value.message == (
        "Đã hết thời gian nộp hồ sơ: từ 10:00 ngày 13/10/2025 đến 10:00 ngày 12/12/2025. Máy chủ nhận yêu cầu của "
        f"bạn lúc 10:00:0{seconds} 12/12/2025. Nội dung đã viết và tệp đã tải lên vẫn được giữ; nếu có lý do chính "
        f"đáng, bạn hãy đề nghị cơ quan thường trực gia hạn cho hồ sơ này (mã {entry.ref})."
    )
    assert (entry.state, entry.version) == ("draft", 0)


def test_a_returned_dossier_has_until_the_end_of_screening(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    return_(entry, here.edition, reason="Thiếu ảnh.", actor=here.officer, now=NOW)
    end = ends(here, PhaseKind.SCREENING)

    assert handing_in_ends(entry, here.edition) == end
    assert [may_hand_in(entry, here.edition, end + late) for late in (-SECOND, timedelta(0), SECOND)] == [
        True,
        False,
        False,
    ]


def test_a_returned_dossier_is_told_the_date_of_the_letter_while_it_lies_ahead(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    submit(entry, here.edition, actor=here.entrant, now=NOW)
    due = NOW + timedelta(days=3)
    return_(entry, here.edition, reason="Thiếu ảnh.", due_at=due, actor=here.officer, now=NOW)
    end = ends(here, PhaseKind.SCREENING)

    told = [asked_by(entry, here.edition, due + late) for late in (-SECOND, timedelta(0))]

    assert told == [due, end]
    assert may_hand_in(entry, here.edition, due)


@pytest.mark.parametrize(
    ("now", "taken"),
    [(END + 3 * timedelta(minutes=1), True), (END + GRACE - SECOND, True), (END + GRACE, False)],
)
def test_a_file_that_was_under_way_lets_the_dossier_in_for_the_minutes_of_the_grace(
    here: Here, now: datetime, taken: bool
) -> None:
    entry = complete_draft(here.edition, here.owner)
    with_file(entry, END - SECOND, END + 2 * timedelta(minutes=1))

    assert may_hand_in(entry, here.edition, now) is taken


def test_the_log_proves_why_a_dossier_was_taken_in_late(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    arrived, now = END + timedelta(minutes=2), END + timedelta(minutes=3)
    with_file(entry, END - SECOND, arrived)

    submit(entry, here.edition, actor=here.entrant, now=now)

    proof = audit.records(subject="TT-K1-0001")[-1].data["grace"]
    assert {key: value for key, value in proof.items() if key != "file"} == {
        "begun_at": (END - SECOND).isoformat(),
        "finished_at": arrived.isoformat(),
        "ended_at": END.isoformat(),
    }


@pytest.mark.parametrize(
    ("begun", "arrived"),
    [
        (END, END + SECOND),
        (END - timedelta(days=1), END - timedelta(hours=23)),
        (END - SECOND, END + GRACE),
    ],
)
def test_no_other_file_opens_the_grace(here: Here, begun: datetime, arrived: datetime) -> None:
    entry = complete_draft(here.edition, here.owner)
    with_file(entry, begun, arrived)

    with pytest.raises(PhaseClosed):
        submit(entry, here.edition, actor=here.entrant, now=END + 2 * SECOND)


def test_a_dossier_in_time_carries_no_proof(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    submit(entry, here.edition, actor=here.entrant, now=END - SECOND)

    assert "grace" not in audit.records(subject="TT-K1-0001")[-1].data
