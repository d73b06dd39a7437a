"""The list of authors: saving it as a whole, shares, and what the rules find in it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Text, select, type_coerce

from core.entries.author_checks import author_findings
from core.entries.author_schema import load_lines
from core.entries.content import authors_of, snapshot_of
from core.entries.models import AuthorInvitation, Entry, EntryAuthor
from core.entries.services import check, equal_shares, save_authors, save_draft
from core.entries.services.author_rows import lines_of, stamp_of
from core.entries.services.authors import ListChanged
from core.kernel.db import session
from core.kernel.errors import Forbidden, Invalid
from core.kernel.ids import uuid7
from core.plugin_api import AuthorPolicy, Confirmation, Severity
from tests.support.authors import INVITED, put_authors, row, rows_of
from tests.support.entries import make_entry
from tests.support.factories import NOW, actor_of, make_account
from tests.unit.entries.conftest import Here


def draft(here: Here) -> Entry:
    """A draft of the owner, whose line bears the owner's name and is confirmed."""
    entry = make_entry(here.edition, here.owner, state="draft", authors=())
    put_authors(entry, here.edition, [row(here.owner.name, role="chief")], here.entrant)
    return entry


@pytest.mark.parametrize(
    ("count", "shares"),
    [
        (0, []),
        (1, ["100.00"]),
        (3, ["33.34", "33.33", "33.33"]),
        (6, ["16.67", "16.67", "16.67", "16.67", "16.66", "16.66"]),
        (7, ["14.29", "14.29", "14.29", "14.29", "14.28", "14.28", "14.28"]),
    ],
)
def test_equal_shares_add_up_exactly(count: int, shares: list[str]) -> None:
    assert equal_shares(count) == [Decimal(one) for one in shares]
    assert sum(equal_shares(count), Decimal(0)) == (100 if count else 0)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", None),
        ("40", "40"),
        ("33,34", "33.34"),
        ("33.3", "33.3"),
        (" 33,30 % ", "33.3"),
        ("100,00", "100"),
        ("0,01", "0.01"),
    ],
)
def test_a_share_is_read_the_vietnamese_way(typed: str, read: str | None) -> None:
    [line] = load_lines([row("A", share=typed)])

    assert line.share == (None if read is None else Decimal(read))


@pytest.mark.parametrize("typed", ["0", "-5", "100,01", "33,333", "ba mươi", "1e1", "3,3,3", "٣٣"])
def test_a_share_that_is_none_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        load_lines([row("A"), row("B", share=typed)])

    assert list(refusal.value.errors) == ["authors.1.share"]


def test_what_is_wrong_in_a_row_is_told_at_its_place_and_empty_rows_are_left_out() -> None:
    rows = [row("A"), row(""), row("", workplace="HTX"), row("C", birth_year="19x"), row("D", email="hoa@")]

    with pytest.raises(Invalid) as refusal:
        load_lines(rows)

    assert sorted(refusal.value.errors) == ["authors.2.name", "authors.3.birth_year", "authors.4.email"]


def test_two_authors_with_one_address_are_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        load_lines([row("A", email=INVITED), row("B", email=INVITED.upper())])

    assert list(refusal.value.errors) == ["authors.1.email"]


def test_thirty_one_authors_are_too_many_to_store() -> None:
    with pytest.raises(Invalid) as refusal:
        load_lines([row(f"Người {number}") for number in range(31)])

    assert list(refusal.value.errors) == ["authors"]


def test_the_list_is_saved_in_its_order_and_rows_keep_their_identity(here: Here) -> None:
    entry = draft(here)
    first, second, third = put_authors(
        entry, here.edition, [*rows_of(entry), row("B", email=INVITED), row("C")], here.entrant
    )

    moved = rows_of(entry)
    after = put_authors(entry, here.edition, [moved[2], moved[0], moved[1]], here.entrant)

    assert [(one.id, one.position) for one in after] == [(third.id, 1), (first.id, 2), (second.id, 3)]
    assert [one.email for one in lines_of(entry)] == ["", "", INVITED]


def test_addresses_can_be_exchanged(here: Here) -> None:
    entry = draft(here)
    put_authors(
        entry, here.edition, [row("A", email="a@example.vn"), row("B", email="b@example.vn")], here.entrant
    )
    typed = rows_of(entry)
    typed[0]["email"], typed[1]["email"] = typed[1]["email"], typed[0]["email"]

    put_authors(entry, here.edition, typed, here.entrant)

    assert [one.email for one in lines_of(entry)] == ["b@example.vn", "a@example.vn"]


def test_an_address_lies_encrypted(here: Here) -> None:
    entry = draft(here)
    put_authors(entry, here.edition, [row("A", email=INVITED)], here.entrant)
    session().flush()

    raw = session().scalars(select(type_coerce(AuthorInvitation.email, Text()))).one()

    assert INVITED not in raw


def test_a_removed_author_takes_the_address_along(here: Here) -> None:
    entry = draft(here)
    put_authors(entry, here.edition, [*rows_of(entry), row("B", email=INVITED)], here.entrant)

    put_authors(entry, here.edition, rows_of(entry)[:1], here.entrant)

    assert session().query(AuthorInvitation).count() == 0
    assert [one.name for one in authors_of([entry.id])[entry.id]] == [here.owner.name]


def test_a_save_from_an_older_page_is_told_and_changes_nothing(here: Here) -> None:
    entry = draft(here)
    seen, typed = stamp_of(lines_of(entry)), rows_of(entry)
    put_authors(entry, here.edition, [*typed, row("Người kia thêm")], here.entrant)

    with pytest.raises(ListChanged) as refusal:
        save_authors(
            entry, here.edition, [*typed, row("Người này thêm")], stamp=seen, actor=here.entrant, now=NOW
        )

    assert [one.name for one in refusal.value.current] == [here.owner.name, "Người kia thêm"]
    assert [one.name for one in lines_of(entry)] == [here.owner.name, "Người kia thêm"]


def test_a_second_press_with_the_old_stamp_changes_nothing(here: Here) -> None:
    entry = draft(here)
    seen, typed = stamp_of(lines_of(entry)), [*rows_of(entry), row("B")]
    first = put_authors(entry, here.edition, typed, here.entrant)

    save_authors(entry, here.edition, typed, stamp=seen, actor=here.entrant, now=NOW)

    assert [one.id for one in authors_of([entry.id])[entry.id]] == [one.id for one in first]


def test_a_stranger_may_not_save_the_list(here: Here) -> None:
    entry = draft(here)
    stranger = actor_of(make_account("la@example.vn"))

    with pytest.raises(Forbidden):
        put_authors(entry, here.edition, [row("Kẻ lạ")], stranger)


def test_the_owners_own_line_is_confirmed_by_writing_it(here: Here) -> None:
    entry = draft(here)
    [own] = authors_of([entry.id])[entry.id]

    assert (own.account_id, own.confirmed_how, own.confirmed_at) == (here.owner.id, "account", NOW)


def test_a_line_given_another_name_is_no_longer_the_owners(here: Here) -> None:
    entry = draft(here)
    typed = rows_of(entry)
    typed[0]["name"] = "Nông Văn Dền"

    [other] = put_authors(entry, here.edition, typed, here.entrant)

    assert (other.account_id, other.confirmed_at) == (None, None)


def test_the_plain_form_keeps_shares_addresses_and_confirmations(here: Here) -> None:
    entry = draft(here)
    typed = [*rows_of(entry), row("Trần Thị Hoa", email=INVITED, share="40")]
    before = put_authors(entry, here.edition, typed, here.entrant)
    plain = [{"name": one.name, "role": one.role, "workplace": "HTX Thử"} for one in before]

    save_draft(entry, here.edition, {"authors": plain}, actor=here.entrant, now=NOW)

    after = authors_of([entry.id])[entry.id]
    assert [(one.id, one.share, one.workplace) for one in after] == [
        (before[0].id, None, "HTX Thử"),
        (before[1].id, Decimal("40.00"), "HTX Thử"),
    ]
    assert after[0].confirmed_at == NOW
    assert [one.email for one in lines_of(entry)] == ["", INVITED]


def test_a_program_may_send_shares(here: Here) -> None:
    entry = draft(here)
    sent = [{"name": here.owner.name, "role": "chief", "share": "62.5"}, {"name": "B", "share": "37,5"}]

    save_draft(entry, here.edition, {"authors": sent}, actor=here.entrant, now=NOW)

    assert [one.share for one in authors_of([entry.id])[entry.id]] == [Decimal("62.50"), Decimal("37.50")]


def test_the_snapshot_tells_shares_and_confirmations_and_no_address(here: Here) -> None:
    entry = draft(here)
    typed = [*rows_of(entry), row("Trần Thị Hoa", email=INVITED, share="40")]
    put_authors(entry, here.edition, typed, here.entrant)

    told = snapshot_of(entry, here.edition, number=1, at=NOW.isoformat())

    assert [(one["share"], one["confirmed_at"], one["confirmed_how"]) for one in told["authors"]] == [
        (None, NOW.isoformat(), "account"),
        ("40.00", None, None),
    ]
    assert INVITED not in str(told)


def author(name: str, share: str | None = None, *, state: str = "") -> EntryAuthor:
    """An author without a database."""
    return EntryAuthor(
        id=uuid7(),
        name=name,
        role="member",
        share=None if share is None else Decimal(share),
        confirmed_at=NOW if state == "confirmed" else None,
        declined_at=NOW if state == "declined" else None,
    )


POLICY = AuthorPolicy(max_authors=3, shares=True, confirmation=Confirmation.OFF, clause="dieu_1")


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        (("60", "40"), []),
        (("33.34", "33.33", "33.33"), []),
        (("60", "30"), ["Tỷ lệ đóng góp của các tác giả cộng lại là 90 %, cần đúng 100 %."]),
        (("60", "40.01"), ["Tỷ lệ đóng góp của các tác giả cộng lại là 100,01 %, cần đúng 100 %."]),
        (("60", None), ["Chưa ghi tỷ lệ đóng góp của N2."]),
        (
            ("25", "25", "25", "25"),
            ["Hồ sơ có 4 tác giả, nhiều nhất 3."],
        ),
    ],
)
def test_number_and_shares_block_with_their_clause(shares: tuple[str | None, ...], told: list[str]) -> None:
    authors = [author(f"N{place}", share) for place, share in enumerate(shares, 1)]

    found = list(author_findings("TT-1", authors, POLICY))

    assert [one.message.vi for one in found] == told
    assert {(one.severity, one.clause, one.field) for one in found} <= {(Severity.BLOCK, "dieu_1", "authors")}


@pytest.mark.parametrize(
    ("confirmation", "severities"),
    [
        (Confirmation.OFF, []),
        (Confirmation.WARN, [Severity.WARN, Severity.WARN]),
        (Confirmation.BLOCK, [Severity.BLOCK, Severity.BLOCK]),
    ],
)
def test_who_has_not_confirmed_is_named(confirmation: Confirmation, severities: list[Severity]) -> None:
    policy = replace(POLICY, shares=False, max_authors=None, confirmation=confirmation)
    waiting = [author(f"N{place}") for place in range(1, 6)]
    authors = [author("Xong", state="confirmed"), author("Không", state="declined"), *waiting]

    found = list(author_findings("TT-1", authors, policy))

    assert [one.severity for one in found] == severities
    assert [one.message.vi for one in found][: len(severities)] == [
        "Đã từ chối xác nhận: Không. Sửa danh sách cho đúng rồi mời lại.",
        "Chưa xác nhận vai trò của mình: N1, N2, N3 và 2 người nữa.",
    ][: len(severities)]


def test_the_check_of_a_dossier_looks_at_its_authors(here: Here) -> None:
    entry = draft(here)
    put_authors(entry, here.edition, [*rows_of(entry), row("Trần Thị Hoa")], here.entrant)

    found = [one for one in check(entry, here.edition) if one.check.startswith("author_")]

    assert [(one.check, one.severity, one.clause) for one in found] == [
        ("author_confirmation", Severity.WARN, "quy_uoc_tac_gia")
    ]
