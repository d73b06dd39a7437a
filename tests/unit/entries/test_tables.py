"""Tables in a dossier: what is taken in, how it reads, what it sums to."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from core.entries.errors import PartConflict
from core.entries.forms import answer_text, canonical, reading_text
from core.entries.models import Entry
from core.entries.pages import answers
from core.entries.papers import values_of
from core.entries.parts import Saving
from core.entries.queries import dossier_of
from core.entries.schemas import TableRows
from core.entries.services import SavedPart, save_draft, save_part
from core.entries.tables import (
    TableAnswer,
    shown_rows,
    sums_of,
    table_answer,
    table_text,
    typed_rows,
    typed_sums,
)
from core.kernel.errors import Invalid
from core.plugin_api import FieldKind, FormColumn, FormField, Text
from tests.support.entries import make_entry
from tests.support.factories import NOW
from tests.unit.entries.conftest import Here

TABLE = FormField(
    "bang",
    Text("Các khoản làm lợi"),
    FieldKind.TABLE,
    columns=(
        FormColumn("khoan", Text("Khoản làm lợi"), max_chars=20),
        FormColumn("so_luong", Text("Số lượng"), FieldKind.NUMBER, unit=Text("tấn")),
        FormColumn("so_tien", Text("Thành tiền"), FieldKind.MONEY),
    ),
    max_rows=3,
)
ROWS = [
    {"khoan": "Than", "so_luong": "6.5", "so_tien": 21_000_000},
    {"khoan": "=SUM(A1)", "so_tien": 10**15},
]


def loaded(value: Any) -> Any:
    """What the schema makes of rows."""
    return TableRows(TABLE.columns, 3).deserialize(value)


def test_a_form_s_rows_come_in_their_order_without_the_empty_ones() -> None:
    form = {
        "facts.bang.2.khoan": "Hai",
        "facts.bang.10.khoan": "Mười",
        "facts.bang.0.khoan": "  ",
        "facts.bang.0.so_tien": "",
        "facts.bang2.0.khoan": "Bảng khác",
        "facts.bang.__row__.khoan": "Mẫu",
    }

    assert [row["khoan"] for row in typed_rows(form, TABLE)] == ["Hai", "Mười"]
    assert [row["khoan"] for row in typed_rows(form | {"do": "remove-row-bang-2"}, TABLE)] == ["Mười"]


def test_cells_are_read_the_vietnamese_way() -> None:
    typed = [{"khoan": " Than ", "so_luong": "6,5", "so_tien": "21.000.000 đồng"}]

    assert loaded(canonical(TABLE, typed)) == [{"khoan": "Than", "so_luong": "6.5", "so_tien": 21_000_000}]


def test_rows_and_cells_that_are_empty_are_left_out() -> None:
    assert loaded([{"khoan": "", "so_tien": ""}, {"khoan": "Than", "so_luong": ""}]) == [{"khoan": "Than"}]


@pytest.mark.parametrize(
    ("value", "errors"),
    [
        ("chữ", ["Bảng chưa đúng dạng."]),
        ([1], ["Bảng chưa đúng dạng."]),
        ([{}] * 4, ["Bảng có 4 dòng, tối đa 3 dòng."]),
        (
            [{"khoan": "Than"}, {"so_tien": "hai triệu", "la": 1}],
            {
                1: {
                    "so_tien": ["Bạn hãy nhập số tiền bằng đồng, chỉ gồm chữ số, ví dụ 25.000.000."],
                    "la": ["Mục này không có trong hồ sơ."],
                }
            },
        ),
        ([{"khoan": "a" * 21}], {0: {"khoan": ["Nội dung dài 21 ký tự, tối đa 20; cần bớt 1."]}}),
        ([{"khoan": 5}], {0: {"khoan": ["Mục này phải là chữ."]}}),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(value: Any, errors: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        loaded(value)

    assert refusal.value.messages == errors


def test_sums_are_exact_and_only_of_money() -> None:
    assert sums_of(ROWS, TABLE) == {"so_tien": 10**15 + 21_000_000}
    assert typed_sums(shown_rows(ROWS, TABLE), TABLE) == {"so_tien": 10**15 + 21_000_000}
    assert typed_sums([{"so_tien": "hai"}, {"so_tien": "7"}], TABLE) == {"so_tien": 7}


def test_a_table_reads_as_a_table_and_as_lines(here: Here) -> None:
    assert table_answer(ROWS, TABLE, "vi") == TableAnswer(
        heads=("Khoản làm lợi", "Số lượng (tấn)", "Thành tiền (đồng)"),
        numbers=(False, True, True),
        rows=(("Than", "6,5", "21.000.000"), ("=SUM(A1)", "", "1.000.000.000.000.000")),
        sums=("", "", "1.000.000.021.000.000"),
    )
    assert table_text(ROWS, TABLE, "vi").splitlines() == [
        "Khoản làm lợi: Than; Số lượng: 6,5 tấn; Thành tiền: 21.000.000 đồng",
        "Khoản làm lợi: =SUM(A1); Thành tiền: 1.000.000.000.000.000 đồng",
        "Cộng thành tiền: 1.000.000.021.000.000 đồng",
    ]
    assert answer_text(TABLE, ROWS[:1], "vi").count("\n") == 0


def test_what_is_stored_is_shown_as_it_would_be_typed() -> None:
    assert shown_rows(ROWS, TABLE) == [
        {"khoan": "Than", "so_luong": "6,5", "so_tien": "21.000.000"},
        {"khoan": "=SUM(A1)", "so_luong": "", "so_tien": "1.000.000.000.000.000"},
    ]
    assert reading_text(TABLE, shown_rows(ROWS[:1], TABLE), "vi") == (
        "Khoản làm lợi: Than; Số lượng: 6,5; Thành tiền: 21.000.000"
    )


KEY = "bang_loi_ich_thanh_tien"


def put(here: Here, entry: Entry, rows: Any, op: str, base: int = 0) -> SavedPart:
    """Save the table of the contest's form as the entrant."""
    one = Saving(f"saving-{op}", base)
    return save_part(entry, here.edition, f"facts.{KEY}", rows, saving=one, actor=here.entrant, now=NOW)


def test_a_table_is_one_part_with_one_version(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={})
    put(here, entry, [{"khoan": "Than", "so_tien": "5.000.000"}, {"khoan": ""}], "a")

    again = put(here, entry, [{"khoan": "Than", "so_tien": "5000000"}], "b")
    with pytest.raises(PartConflict):
        put(here, entry, [{"khoan": "Công", "so_tien": "5000000"}], "c")

    assert again.version == 1
    assert entry.facts == {KEY: [{"khoan": "Than", "so_tien": 5_000_000}]}


def test_a_wrong_cell_keeps_the_whole_table_as_it_was_typed(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={})

    saved = put(here, entry, [{"khoan": "Than", "so_tien": "nhiều"}], "a")

    assert list(saved.errors) == [f"facts.{KEY}.0.so_tien"]
    assert entry.unsaved[f"facts.{KEY}"][0]["so_tien"] == "nhiều"


def test_an_emptied_table_is_gone(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={KEY: [{"khoan": "Than"}]})

    put(here, entry, [], "a")

    assert entry.facts == {}


def test_programs_send_rows_and_are_told_the_cell(here: Here) -> None:
    entry = make_entry(here.edition, here.owner, state="draft", facts={})
    save_draft(
        entry,
        here.edition,
        {"facts": {KEY: [{"so_tien": 5, "so_luong": "2.5"}]}},
        actor=here.entrant,
        now=NOW,
    )

    with pytest.raises(Invalid) as refusal:
        save_draft(entry, here.edition, {"facts": {KEY: [{"so_tien": 1.5}]}}, actor=here.entrant, now=NOW)

    assert entry.facts == {KEY: [{"so_tien": 5, "so_luong": "2.5"}]}
    assert list(refusal.value.errors) == [f"facts.{KEY}.0.so_tien"]


def test_answers_and_papers_tell_the_table(here: Here) -> None:
    entry = make_entry(
        here.edition, here.owner, state="draft", facts={KEY: [{"khoan": "Than", "so_tien": 5_000_000}]}
    )
    dossier = dossier_of(entry)

    groups = {one.key: one for one in answers(dossier, here.edition)}
    table = next(one.table for one in groups["hieu_qua"].answers if one.table)

    assert (table.rows, table.sums) == ((("Than", "", "", "5.000.000"),), ("", "", "", "5.000.000"))
    assert values_of(dossier, here.edition)[f"answer.{KEY}"].vi == (
        "Khoản lợi ích và cách tính: Than; Thành tiền một năm: 5.000.000 đồng"
    )
