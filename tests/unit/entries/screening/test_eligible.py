"""The list of eligible dossiers: two officers, a frozen snapshot, amendments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.entries.screening.eligible import (
    ListDecided,
    ListRefused,
    decide_list,
    differences,
    draft_list,
    drop_draft,
    list_of,
    record_document,
    standing_of,
)
from core.entries.services import accept, refuse, reopen, withdraw
from core.judging.services import declare
from core.kernel import audit
from core.kernel.actor import Actor, Role
from core.kernel.canonical import sha256_of
from core.kernel.errors import Forbidden, Invalid
from tests.support.entries import make_entry
from tests.support.factories import NOW, actor_of, make_account
from tests.unit.entries.conftest import Here


@pytest.fixture
def second(here: Here) -> Actor:
    """Another officer."""
    return actor_of(make_account("btc2@example.vn", name="Cán bộ Hai", roles=[Role.COMMITTEE]))


def decided(here: Here, second: Actor) -> None:
    """A decided list of what is accepted."""
    draft_list(here.edition, actor=here.officer, now=NOW)
    decide_list(here.edition, seen=standing_of(here.edition).digest, actor=second, now=NOW)


def test_the_drafter_does_not_decide(here: Here) -> None:
    make_entry(here.edition, here.owner, published=False)
    draft_list(here.edition, actor=here.officer, now=NOW)

    with pytest.raises(ListRefused, match="cán bộ khác"):
        decide_list(here.edition, seen=standing_of(here.edition).digest, actor=here.officer, now=NOW)


def test_who_is_kept_from_a_dossier_does_not_decide_the_list_and_is_told_why(
    here: Here, second: Actor
) -> None:
    entry = make_entry(here.edition, here.owner, published=False)
    draft_list(here.edition, actor=here.officer, now=NOW)
    declare([entry], ["family"], "", actor=second, now=NOW)

    with pytest.raises(ListRefused, match="hồ sơ mà bạn có liên quan"):
        decide_list(here.edition, seen=sha256_of([]), actor=second, now=NOW)


def test_a_decided_list_is_a_snapshot_with_its_hash_in_the_log(here: Here, second: Actor) -> None:
    entry = make_entry(here.edition, here.owner, published=False, title="Máy sấy chè")
    decided(here, second)
    entry.title = "Tên khác"

    held = list_of(here.edition, 1)

    record = audit.records(actions=["eligible_list.decided"])[0]
    assert [(one["code"], one["title"]) for one in held.rows] == [(entry.code, "Máy sấy chè")]
    assert (held.sha256, record.data) == (
        sha256_of(held.rows),
        {"number": 1, "codes": [entry.code], "sha256": held.sha256},
    )
    assert (held.drafted_name, held.decided_name, held.document_number) == ("Cán bộ Thử", "Cán bộ Hai", "")


def test_what_changed_since_the_page_was_read_is_looked_at_again(here: Here, second: Actor) -> None:
    make_entry(here.edition, here.owner, published=False)
    draft_list(here.edition, actor=here.officer, now=NOW)
    seen = standing_of(here.edition).digest
    make_entry(here.edition, here.owner, published=False)

    with pytest.raises(ListRefused, match="vừa thay đổi"):
        decide_list(here.edition, seen=seen, actor=second, now=NOW)


def test_deciding_and_drafting_twice_is_once(here: Here, second: Actor) -> None:
    make_entry(here.edition, here.owner, published=False)
    drafts = [draft_list(here.edition, actor=here.officer, now=NOW).id for _ in range(2)]
    seen = standing_of(here.edition).digest
    lists = [decide_list(here.edition, seen=seen, actor=second, now=NOW).id for _ in range(2)]

    assert len({*drafts, *lists}) == 1


def test_an_empty_list_is_not_decided(here: Here, second: Actor) -> None:
    draft_list(here.edition, actor=here.officer, now=NOW)

    with pytest.raises(ListRefused, match="Chưa có hồ sơ nào"):
        decide_list(here.edition, seen=standing_of(here.edition).digest, actor=second, now=NOW)


def test_after_the_decision_screening_waits_for_an_amendment(here: Here, second: Actor) -> None:
    accepted = make_entry(here.edition, here.owner, published=False)
    waiting = make_entry(here.edition, here.owner, state="submitted")
    decided(here, second)

    deeds: tuple[Callable[[], object], ...] = (
        lambda: accept(waiting, here.edition, actor=here.officer, now=NOW),
        lambda: refuse(
            waiting, here.edition, reason="x", clause="da_trien_khai", actor=here.officer, now=NOW
        ),
        lambda: reopen(accepted, here.edition, reason="x", actor=here.officer, now=NOW),
    )
    for deed in deeds:
        with pytest.raises(ListDecided):
            deed()

    assert (accepted.state, waiting.state) == ("accepted", "submitted")


def test_an_amendment_has_a_reason_and_says_what_it_changes(here: Here, second: Actor) -> None:
    first = make_entry(here.edition, here.owner, published=False)
    late = make_entry(here.edition, here.owner, state="submitted")
    decided(here, second)
    with pytest.raises(Invalid) as refusal:
        draft_list(here.edition, actor=second, now=NOW)
    assert list(refusal.value.errors) == ["reason"]

    draft_list(here.edition, "Bổ sung một hồ sơ gửi bưu điện.", actor=second, now=NOW)
    accept(late, here.edition, actor=here.officer, now=NOW)
    withdraw(first, here.edition, reason="Tác giả xin rút.", actor=here.officer, now=NOW)
    decide_list(here.edition, seen=standing_of(here.edition).digest, actor=here.officer, now=NOW)

    lists = standing_of(here.edition).decided
    changes = differences(lists[1].rows, lists[0].rows)
    assert [one.number for one in lists] == [2, 1]
    assert [one["code"] for one in changes.added] == [late.code]
    assert [one["code"] for one in changes.removed] == [first.code]


def test_an_amendment_that_changes_nothing_is_not_decided_but_dropped(here: Here, second: Actor) -> None:
    make_entry(here.edition, here.owner, published=False)
    decided(here, second)
    draft_list(here.edition, "Nhầm.", actor=second, now=NOW)

    with pytest.raises(ListRefused, match="chưa thay đổi gì"):
        decide_list(here.edition, seen=standing_of(here.edition).digest, actor=here.officer, now=NOW)
    assert (drop_draft(here.edition, actor=here.officer, now=NOW), standing_of(here.edition).draft) == (
        True,
        None,
    )


def test_an_amendment_with_changes_is_not_dropped(here: Here, second: Actor) -> None:
    make_entry(here.edition, here.owner, published=False)
    late = make_entry(here.edition, here.owner, state="submitted")
    decided(here, second)
    draft_list(here.edition, "Bổ sung.", actor=second, now=NOW)
    accept(late, here.edition, actor=here.officer, now=NOW)

    with pytest.raises(ListRefused, match="Đã có thay đổi"):
        drop_draft(here.edition, actor=here.officer, now=NOW)


def test_number_and_day_are_written_in_once_the_decision_was_issued(here: Here, second: Actor) -> None:
    make_entry(here.edition, here.owner, published=False)
    decided(here, second)

    for number, day, field in (
        ("", date(2025, 12, 1), "document_number"),
        ("12/QĐ-BTC", None, "document_day"),
    ):
        with pytest.raises(Invalid) as refusal:
            record_document(here.edition, 1, document_number=number, document_day=day, actor=second, now=NOW)
        assert list(refusal.value.errors) == [field]
    held = record_document(
        here.edition,
        1,
        document_number=" 12/QĐ-BTC ",
        document_day=date(2025, 12, 1),
        actor=second,
        now=NOW,
    )

    assert (held.document_number, held.document_day) == ("12/QĐ-BTC", date(2025, 12, 1))


def test_an_entrant_drafts_nothing(here: Here) -> None:
    with pytest.raises(Forbidden):
        draft_list(here.edition, actor=here.entrant, now=NOW)
