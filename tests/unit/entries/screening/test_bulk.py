"""One deed for many dossiers: each by itself, once, with its outcome."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.entries.models import Entry, Screening
from core.entries.screening.bulk import access_run, go_on, outcomes_of, start_run
from core.entries.screening.claims import claim, claims_of
from core.kernel.actor import Actor, Role
from core.kernel.db import session
from core.kernel.errors import Invalid, NotFound
from core.kernel.mail import mailbox
from tests.support.entries import account, make_entry
from tests.support.factories import NOW, actor_of, make_account
from tests.unit.entries.conftest import Here


@pytest.fixture
def second(here: Here) -> Actor:
    """Another officer, stored."""
    made = actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))
    session().commit()
    return made


def run(here: Here, names: list[str], action: str, *, reason: str = "") -> list[tuple[str, bool | None]]:
    """Start and do a run; what became of each."""
    start_run(here.edition, names, action, token="t1", reason=reason, actor=here.officer, now=NOW)
    go_on("t1", here.edition, actor=here.officer, now=NOW)
    return [(one.name, one.is_done) for one in outcomes_of(access_run(here.officer, "t1"))]


def state_of(code: str) -> str:
    """The state of a dossier as it is stored."""
    return session().scalars(select(Entry.state).where(Entry.code == code)).one()


def test_each_is_checked_by_itself_and_what_fails_says_why(here: Here, second: Actor) -> None:
    for code, state in (("A-1", "submitted"), ("A-2", "refused"), ("A-3", "submitted"), ("A-4", "submitted")):
        entry = make_entry(here.edition, account(), state=state, code=code)
        if code == "A-3":
            claim(entry, actor=second, now=NOW)
    session().commit()

    done = run(here, ["A-1", "A-2", "A-3", "A-4", "A-9"], "accept")

    assert done == [("A-1", True), ("A-2", False), ("A-3", False), ("A-4", True), ("A-9", False)]
    said = {one.name: one.said for one in outcomes_of(access_run(here.officer, "t1"))}
    assert "đã bị từ chối" in said["A-2"]
    assert "Cán bộ Hai đang xử lý" in said["A-3"]
    assert "Không tìm thấy" in said["A-9"]
    assert [state_of(code) for code in ("A-1", "A-2", "A-3", "A-4")] == [
        "accepted",
        "refused",
        "submitted",
        "accepted",
    ]


def test_sending_it_twice_does_it_once(here: Here) -> None:
    make_entry(here.edition, account(), state="submitted", code="A-1")
    session().commit()

    first = run(here, ["A-1"], "return", reason="Thiếu ảnh.")
    again = run(here, ["A-1"], "return", reason="Thiếu ảnh.")

    outcomes = session().scalars(select(func.count()).select_from(Screening)).one()
    assert (first, again, outcomes, len(mailbox())) == ([("A-1", True)], [("A-1", True)], 1, 1)


def test_a_run_that_stopped_goes_on_with_what_is_left(here: Here) -> None:
    for code in ("A-1", "A-2"):
        make_entry(here.edition, account(), state="submitted", code=code)
    made = start_run(here.edition, ["A-1", "A-2"], "accept", token="t1", actor=here.officer, now=NOW)
    made.outcomes = {"A-1": {"ok": True, "said": ""}}
    session().commit()

    go_on("t1", here.edition, actor=here.officer, now=NOW)

    assert (state_of("A-1"), state_of("A-2")) == ("submitted", "accepted")


def test_many_are_returned_with_one_text_and_one_due_date(here: Here) -> None:
    for code in ("A-1", "A-2"):
        make_entry(here.edition, account(), state="submitted", code=code)
    due = NOW + timedelta(days=5)
    start_run(
        here.edition, ["A-1", "A-2"], "return", token="t1", reason="Bổ sung ảnh.", due_at=due,
        actor=here.officer, now=NOW,
    )  # fmt: skip

    go_on("t1", here.edition, actor=here.officer, now=NOW)

    kept = session().scalars(select(Screening).order_by(Screening.at)).all()
    assert [(one.reason, one.due_at) for one in kept] == [("Bổ sung ảnh.", due)] * 2


def test_many_are_taken_in_hand(here: Here) -> None:
    ids = [make_entry(here.edition, account(), state="submitted", code=code).id for code in ("A-1", "A-2")]
    session().commit()

    run(here, ["A-1", "A-2"], "claim")

    assert {one.name for one in claims_of(ids, NOW).values()} == {"Cán bộ Thử"}
    assert len(claims_of(ids, NOW)) == 2


@pytest.mark.parametrize(
    ("names", "action", "field"),
    [
        ([], "accept", "pick"),
        (["A-1"], "burn", "do"),
        (["A-1"], "return", "reason"),
        (["A"] * 501, "accept", "pick"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_done(
    here: Here, names: list[str], action: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        start_run(here.edition, names, action, token="t1", actor=here.officer, now=NOW)

    assert list(refusal.value.errors) == [field]


def test_a_run_is_its_officers_own(here: Here, second: Actor) -> None:
    start_run(here.edition, ["A-1"], "accept", token="t1", actor=here.officer, now=NOW)

    with pytest.raises(NotFound):
        access_run(second, "t1")
