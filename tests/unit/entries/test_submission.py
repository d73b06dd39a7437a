"""Checking, handing in, withdrawing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.contests.policies import PhaseClosed
from core.contests.values import PhaseKind
from core.entries.content import snapshot_of
from core.entries.errors import MoveRefused, NotEligible
from core.entries.models import EntryVersion
from core.entries.queries import version_by_receipt, versions_of
from core.entries.services import check, return_, save_draft, submit, withdraw
from core.kernel import audit
from core.kernel.canonical import sha256_of
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.mail import mailbox
from core.plugin_api import Severity
from tests.support.entries import complete_draft, make_entry
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here


def deadline(here: Here) -> datetime:
    """The first instant at which nothing can be handed in any more."""
    phase = here.edition.phase(PhaseKind.SUBMISSION)
    assert phase is not None
    return phase.closes_at


def test_an_empty_draft_misses_all_that_is_required(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", title="", authors=())

    found = [(one.check, one.field, one.severity) for one in check(entry, here.edition)]

    assert found == [
        ("required", "title", Severity.BLOCK),
        ("required", "authors", Severity.BLOCK),
        ("required", "loai_hinh", Severity.BLOCK),
        ("required", "tom_tat", Severity.BLOCK),
        ("required", "thang_trien_khai", Severity.BLOCK),
        ("required", "noi_trien_khai", Severity.BLOCK),
        ("required", "doi_moi_sang_tao", Severity.BLOCK),
        ("required", "kha_nang_ap_dung", Severity.BLOCK),
        ("required", "hieu_qua_kinh_te_xa_hoi", Severity.BLOCK),
        ("required", "tep_thuyet_minh", Severity.BLOCK),
        ("required", "cam_doan", Severity.BLOCK),
        ("da_trien_khai", "da_trien_khai", Severity.BLOCK),
    ]


def test_two_chief_authors_are_one_too_many(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    rows = [{"name": "A", "role": "chief"}, {"name": "B", "role": "chief"}]
    save_draft(entry, here.edition, {"authors": rows}, actor=here.entrant, now=NOW)

    blocking = [one for one in check(entry, here.edition) if one.severity is Severity.BLOCK]
    assert [one.message.vi for one in blocking] == ["Cần đúng một người là tác giả chính."]


def test_handing_in_fixes_a_version_with_its_hash_and_receipt(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    receipt = submit(entry, here.edition, actor=here.entrant, now=NOW)

    version = session().scalars(select(EntryVersion)).one()
    assert (entry.state, entry.code, entry.version, entry.submitted_at) == ("submitted", "TT-K1-0001", 1, NOW)
    assert (receipt.code, receipt.receipt, receipt.number) == ("TT-K1-0001", version.receipt, 1)
    assert receipt.sha256 == version.sha256 == sha256_of(version.snapshot)
    assert version.snapshot == snapshot_of(entry, here.edition, number=1, at=NOW.isoformat())


def test_handing_in_is_logged_and_told_by_mail(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    receipt = submit(entry, here.edition, actor=here.entrant, now=NOW)

    record = audit.records(subject="TT-K1-0001")[-1]
    letter = mailbox()[0]
    assert (record.action, record.data["sha256"]) == ("entry.submitted", receipt.sha256)
    assert (letter.recipient, letter.subject) == ("tacgia@example.vn", "Đã nhận hồ sơ TT-K1-0001")
    assert receipt.receipt in letter.body
    assert receipt.sha256 in letter.body


def test_handing_in_twice_gives_the_same_receipt_even_after_the_deadline(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    first = submit(entry, here.edition, actor=here.entrant, now=NOW)

    second = submit(entry, here.edition, actor=here.entrant, now=deadline(here))

    assert (second, len(versions_of(entry)), len(mailbox())) == (first, 1, 1)


def test_one_second_before_the_deadline_is_in_time(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    receipt = submit(entry, here.edition, actor=here.entrant, now=deadline(here) - timedelta(seconds=1))

    assert receipt.code == "TT-K1-0001"


def test_at_the_deadline_it_is_refused_with_the_dates(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    with pytest.raises(PhaseClosed, match=r"Đã hết thời gian nộp hồ sơ: từ .* đến .*12/12/2025"):
        submit(entry, here.edition, actor=here.entrant, now=deadline(here))

    assert (entry.state, entry.code) == ("draft", None)


def test_a_dossier_that_lacks_something_is_not_taken(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    save_draft(entry, here.edition, {"facts": {"tom_tat": None}}, actor=here.entrant, now=NOW)

    with pytest.raises(NotEligible) as refusal:
        submit(entry, here.edition, actor=here.entrant, now=NOW)

    blocking = [one.field for one in refusal.value.findings if one.severity is Severity.BLOCK]
    assert blocking == ["tom_tat"]
    assert (entry.state, entry.version) == ("draft", 0)


def test_a_returned_dossier_is_handed_in_again_under_its_code_while_screening_runs(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    first = submit(entry, here.edition, actor=here.entrant, now=NOW)
    return_(entry, here.edition, reason="Thiếu minh chứng.", actor=here.officer, now=NOW)
    later = deadline(here) + timedelta(days=5)
    save_draft(entry, here.edition, {"title": "Tên mới"}, actor=here.entrant, now=later)

    second = submit(entry, here.edition, actor=here.entrant, now=later)

    assert (second.code, second.number) == (first.code, 2)
    assert [one.snapshot["title"] for one in versions_of(entry)] == [
        "Tên mới",
        versions_of(entry)[1].snapshot["title"],
    ]
    assert versions_of(entry)[1].sha256 == first.sha256


def test_a_receipt_code_finds_its_version_however_it_is_typed(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)
    receipt = submit(entry, here.edition, actor=here.entrant, now=NOW)

    found = version_by_receipt(f" {receipt.receipt.lower()} ")

    assert found is not None
    assert (found[0].code, found[1].sha256) == (receipt.code, receipt.sha256)
    assert version_by_receipt("KHONGCO234") is None


def test_nobody_hands_in_for_another(here: Here) -> None:
    entry = complete_draft(here.edition, here.owner)

    with pytest.raises(MoveRefused):
        submit(entry, here.edition, actor=here.officer, now=NOW)


def test_an_entrant_withdraws_what_is_not_yet_accepted(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")

    withdraw(entry, here.edition, actor=here.entrant, now=NOW)

    assert entry.state == "withdrawn"


def test_an_entrant_does_not_withdraw_what_is_accepted(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="accepted")

    with pytest.raises(MoveRefused):
        withdraw(entry, here.edition, actor=here.entrant, now=NOW)

    assert entry.state == "accepted"


def test_the_committee_withdraws_a_published_entry_with_a_reason_only(here: Here) -> None:
    entry = make_entry(here.edition, here.owner)

    with pytest.raises(Invalid) as refusal:
        withdraw(entry, here.edition, actor=here.officer, now=NOW)
    withdraw(entry, here.edition, reason="Theo đơn của tác giả.", actor=here.officer, now=NOW)

    assert list(refusal.value.errors) == ["reason"]
    assert (entry.state, entry.published_at) == ("withdrawn", None)
    assert mailbox()[0].subject == f"Hồ sơ {entry.code} đã được rút"


def test_a_stranger_withdraws_nothing(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="submitted")
    stranger = here.entrant.__class__(id=None, name="Người lạ")

    with pytest.raises(Forbidden):
        withdraw(entry, here.edition, actor=stranger, now=NOW)
