"""What a plugin's declared tables may be, and that no two plugins share one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.plugin_api import Column, ColumnKind, Plugin, Table
from core.plugin_host import Host
from core.plugin_host.parts import part_gaps
from tests.support.plugin_tables import NOTE, note_plugin

NAMES = "tên phải gồm chữ thường không dấu, chữ số và dấu gạch dưới"


def gaps(table: Table) -> list[str]:
    """What is wrong with the plugin of this table."""
    return list(part_gaps(note_plugin("ghi_chu", table, package="bv_ghi_chu")))


def test_a_table_that_can_be_has_no_faults() -> None:
    assert gaps(NOTE) == []


def test_a_plugin_with_tables_says_where_its_migrations_are() -> None:
    assert part_gaps(note_plugin()) == ("có bảng riêng nhưng chưa nêu package, nơi đặt thư mục migrations/",)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Ghi-chú"}, f"bảng Ghi-chú: {NAMES}"),
        ({"name": "x" * 60}, f"bảng {'x' * 60}: tên đầy đủ p_ghi_chu_{'x' * 60} dài quá 63 ký tự"),
        ({"columns": (), "unique": (), "indexes": ()}, "bảng note: không có cột nào"),
        (
            {"columns": [], "unique": ()},
            "bảng note: columns, unique và indexes phải là tuple, không phải list",
        ),
        ({"columns": (*NOTE.columns, Column("code"))}, "bảng note: trùng cột code"),
        ({"columns": (*NOTE.columns, Column("tenant_id"))}, "bảng note: tên cột tenant_id không dùng được"),
        ({"columns": (*NOTE.columns, Column("a b"))}, "bảng note: tên cột a b không dùng được"),
        (
            {"columns": (*NOTE.columns, Column("a", length=0))},
            "bảng note: cột a: độ dài phải từ 1 đến 100000",
        ),
        (
            {"columns": (*NOTE.columns, Column("a", ColumnKind.EXACT, places=10))},
            "bảng note: cột a: số chữ số thập phân phải từ 0 đến 9",
        ),
        ({"unique": (("colour",),)}, "bảng note: khóa nêu cột colour không có trong bảng"),
        ({"unique": (("code", "code"),)}, "bảng note: khóa nêu cột code hai lần"),
        ({"unique": ("code",)}, "bảng note: khóa 'code' phải là một dãy tên cột"),
    ],
)
def test_a_table_that_cannot_be_is_said_in_a_sentence(changes: dict[str, Any], fault: str) -> None:
    assert gaps(replace(NOTE, **changes)) == [fault]


def test_a_table_twice_is_said() -> None:
    assert part_gaps(note_plugin("a", NOTE, NOTE, package="p")) == ("trùng tên bảng note",)


def test_no_plugin_gets_the_table_of_another() -> None:
    first: Plugin = note_plugin("so", Table("tay_note", (Column("a"),)), package="p")
    second = note_plugin("so_tay", Table("note", (Column("a"),)), package="q")
    errors = {one.name: one.error for one in Host.of(second, first).installed()}
    assert errors == {"so": None, "so_tay": "bảng p_so_tay_note trùng tên với bảng của plugin so"}
