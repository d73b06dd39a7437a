"""The tables of a plugin: what goes in and comes out, and the walls around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text

from core.extensions.tables import mapped_tables, stores_of, value_fault
from core.kernel.archive import read_archive, write_archive
from core.kernel.db import TenantScopeError, db, platform_scope, session, tenant_scope
from core.kernel.errors import WrongUse
from core.kernel.migrate import owned_tables, unwalled_tables
from core.kernel.uow import unit_of_work
from core.plugin_api import Column, ColumnKind, Plugin, Rows, Table, Value
from tests.support.databases import Template
from tests.support.factories import World
from tests.support.plugin_tables import NOTE, WEIGHT, note_plugin, own_copy, packaged, raise_tables
from tests.support.plugins import installed
from tests.support.postgres import DatabaseUrls, PostgresServer

AT = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def postgres_database(postgres_server: PostgresServer, template: Template) -> Iterator[DatabaseUrls]:
    """A database that the test may give tables."""
    yield from own_copy(postgres_server, postgres_server.template(*template))


@pytest.fixture
def plugin(tmp_path: Path, database: DatabaseUrls) -> Iterator[Plugin]:
    """A plugin whose table `note` stands in the test's database."""
    for made in packaged(note_plugin(), tmp_path):
        assert raise_tables(made, database) == ()
        yield made


@pytest.fixture
def notes(plugin: Plugin, world: World) -> Iterator[Rows]:
    """The notes of the first tenant."""
    with world.app.app_context(), tenant_scope(world.first.id):
        yield stores_of(plugin)["note"]


def codes(rows: Rows, **more: Any) -> list[Value]:
    """The codes of the rows found."""
    return [row.values["code"] for row in rows.find(**more)]


def test_a_row_comes_back_as_it_was_given(notes: Rows) -> None:
    values: dict[str, Value] = {
        "code": "A1",
        "words": "đúng hạn",
        "stars": 5,
        "weight": WEIGHT,
        "at": AT,
        "is_open": True,
        "metadata": "m",
    }
    row_id = notes.add(values)
    row = notes.get(row_id)
    assert row is not None
    assert (row.id, dict(row.values)) == (row_id, values)


def test_an_instant_of_another_zone_comes_back_as_utc(notes: Rows) -> None:
    there = timezone(timedelta(hours=7))
    row = notes.get(notes.add({"code": "A1", "stars": 1, "at": AT.astimezone(there)}))
    assert row is not None
    assert (row.values["at"], row.values["at"].tzinfo) == (AT, UTC)  # type: ignore[union-attr]


CODE, _WORDS, STARS, MEASURE, INSTANT, IS_OPEN, _METADATA = NOTE.columns


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        (CODE, "A" * 10, None),
        (CODE, "A" * 11, "dài nhất 10 ký tự"),
        (CODE, None, "không được để trống"),
        (CODE, "A\x00", "có ký tự không lưu được"),
        (CODE, "\ud800", "có ký tự không lưu được"),
        (CODE, 7, "phải là chữ, không phải int"),
        (STARS, -(2**63), None),
        (STARS, 2**63, "vượt quá số nguyên 64 bit"),
        (STARS, 1.0, "phải là số nguyên, không phải float"),
        (STARS, True, "phải là số nguyên, không phải bool"),
        (MEASURE, None, None),
        (MEASURE, Decimal("1.250"), None),
        (MEASURE, Decimal("1.255"), "có nhiều hơn 2 chữ số thập phân"),
        (MEASURE, 1.5, "phải là Decimal, không phải float"),
        (MEASURE, 1, "phải là Decimal, không phải int"),
        (MEASURE, Decimal("NaN"), "phải là một số"),
        (MEASURE, Decimal("Infinity"), "phải là một số"),
        (MEASURE, Decimal(10) ** 18, "lớn quá mức lưu được"),
        (MEASURE, Decimal("1E+999999"), "có quá nhiều chữ số"),
        (INSTANT, datetime(2026, 3, 1), "cần múi giờ"),  # noqa: DTZ001 - the naive one is the case
        (INSTANT, "2026-03-01", "phải là thời điểm, không phải str"),
        (IS_OPEN, 1, "phải là True hoặc False, không phải int"),
    ],
)
def test_what_a_column_holds(column: Column, value: object, fault: str | None) -> None:
    assert value_fault(column, value) == fault


def test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_stored(notes: Rows) -> None:
    for values, sentence in (
        ({"code": "A", "stars": 1, "colour": "red"}, "Bảng note không có cột colour."),
        ({"code": "A", "stars": 1, "tenant_id": "x"}, "Bảng note không có cột tenant_id."),
        ({"code": "A", "stars": 1, "id": "x"}, "Bảng note không có cột id."),
        ({"code": "A"}, "Cột stars của bảng note còn thiếu."),
        ({"code": "A" * 11, "stars": 1}, "Cột code của bảng note dài nhất 10 ký tự."),
    ):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - the sentence is compared whole
            notes.add(values)  # type: ignore[arg-type]
        assert str(refused.value) == sentence
    assert notes.count() == 0


def test_rows_are_found_by_their_values_in_the_order_asked_for(notes: Rows) -> None:
    for code, stars in (("B", 2), ("a", 1), ("C", 2), ("b", 3)):
        notes.add({"code": code, "stars": stars})
    assert codes(notes) == ["B", "a", "C", "b"]
    assert codes(notes, order_by=("-stars", "code")) == ["b", "B", "C", "a"]
    assert codes(notes, order_by=("code",)) == ["B", "C", "a", "b"]
    assert codes(notes, where={"stars": 2}, order_by=("-code",)) == ["C", "B"]
    assert codes(notes, order_by=("code",), limit=2, offset=1) == ["C", "a"]
    assert (notes.count(), notes.count({"stars": 2}), notes.count({"words": None})) == (4, 2, 4)


def test_what_is_empty_stands_last_whichever_way(notes: Rows) -> None:
    for code, words in (("A", None), ("B", "x"), ("C", "y")):
        notes.add({"code": code, "stars": 1, "words": words})
    assert codes(notes, order_by=("words",)) == ["B", "C", "A"]
    assert codes(notes, order_by=("-words",)) == ["C", "B", "A"]


def test_a_find_without_bounds_is_refused(notes: Rows) -> None:
    for limit, offset in ((0, 0), (1001, 0), (1, -1)):
        with pytest.raises(ValueError, match="limit phải từ 1 đến 1000 và offset không âm"):
            notes.find(limit=limit, offset=offset)


def test_a_row_is_changed_and_removed(notes: Rows) -> None:
    row_id = notes.add({"code": "A", "stars": 1})
    assert notes.change(row_id, {"stars": 9, "words": "mới"})
    row = notes.get(row_id)
    assert row is not None
    assert (row.values["stars"], row.values["words"]) == (9, "mới")
    assert (notes.remove(row_id), notes.remove(row_id), notes.get(row_id)) == (True, False, None)
    assert not notes.change(row_id, {"stars": 9})


def test_an_id_of_nothing_is_nothing(notes: Rows) -> None:
    for row_id in ("", "1", "x" * 32, "0" * 32):
        found = (notes.get(row_id), notes.change(row_id, {"stars": 1}), notes.remove(row_id))
        assert found == (None, False, False)


def test_a_taken_key_is_refused_and_the_work_goes_on(notes: Rows) -> None:
    notes.add({"code": "A", "stars": 1})
    other = notes.add({"code": "B", "stars": 1})
    with pytest.raises(ValueError, match=r"Bảng note đã có dòng trùng khóa \(code\)\."):
        notes.add({"code": "A", "stars": 2})
    with pytest.raises(ValueError, match="trùng khóa"):
        notes.change(other, {"code": "A"})
    notes.add({"code": "C", "stars": 3})
    assert codes(notes, order_by=("code",)) == ["A", "B", "C"]


def test_a_row_is_added_once(notes: Rows) -> None:
    assert notes.add_once(("code",), {"code": "A", "stars": 1})
    assert not notes.add_once(("code",), {"code": "A", "stars": 2})
    assert notes.find()[0].values["stars"] == 1
    with pytest.raises(ValueError, match="không có khóa duy nhất stars"):
        notes.add_once(("stars",), {"code": "B", "stars": 1})


def test_the_stores_cannot_be_exchanged_and_the_rows_cannot_be_written_on(
    plugin: Plugin, notes: Rows
) -> None:
    notes.add({"code": "A", "stars": 1})
    with pytest.raises(TypeError):
        notes.find()[0].values["code"] = "B"  # type: ignore[index]
    with pytest.raises(TypeError):
        stores_of(plugin)["note"] = notes  # type: ignore[index]


def test_two_tenants_with_twin_rows_see_and_change_their_own(plugin: Plugin, world: World) -> None:
    ids = []
    with world.app.app_context():
        for facts, words in ((world.first, "một"), (world.second, "hai")):
            with tenant_scope(facts.id), unit_of_work():
                ids.append(stores_of(plugin)["note"].add({"code": "A", "stars": 1, "words": words}))
        with tenant_scope(world.first.id):
            rows = stores_of(plugin)["note"]
            assert [row.values["words"] for row in rows.find()] == ["một"]
            assert (rows.count(), rows.get(ids[1]), rows.remove(ids[1])) == (1, None, False)
            assert not rows.change(ids[1], {"words": "của tôi"})
        with tenant_scope(world.second.id):
            assert [row.values["words"] for row in stores_of(plugin)["note"].find()] == ["hai"]


def test_the_session_guards_a_plugins_rows_like_the_cores(plugin: Plugin, world: World) -> None:
    model = mapped_tables(plugin)[0].model
    with world.app.app_context(), tenant_scope(world.first.id):
        foreign = model(v_code="A", v_stars=1, tenant_id=world.second.id)
        session().add(foreign)
        with pytest.raises(TenantScopeError):
            session().flush()
    with world.app.app_context(), platform_scope(), pytest.raises(TenantScopeError):
        session().scalars(select(model)).all()


def test_a_store_without_a_tenant_gives_nothing(plugin: Plugin, world: World) -> None:
    with world.app.app_context(), platform_scope(), pytest.raises(TenantScopeError):
        stores_of(plugin)["note"].find()


def test_the_key_of_the_table_begins_with_the_tenant(plugin: Plugin) -> None:
    [table] = [one.stored for one in mapped_tables(plugin)]
    assert table.name == "p_ghi_chu_note"
    assert [column.name for column in table.primary_key.columns] == ["tenant_id", "id"]
    assert {key.referred_table.name for key in table.foreign_key_constraints} == {"tenant"}


def test_the_second_wall_stands_around_the_table(
    plugin: Plugin, world: World, database: DatabaseUrls
) -> None:
    """Straight in the database, with no condition of ours: only what the transaction said it speaks for is seen."""
    with world.app.app_context():
        for facts in (world.first, world.second):
            with tenant_scope(facts.id), unit_of_work():
                stores_of(plugin)["note"].add({"code": "A", "stars": 1})
        with db.engine.begin() as connection:
            assert "p_ghi_chu_note" in owned_tables(connection)
            if connection.dialect.name != "postgresql":
                return
            assert connection.scalar(text("select count(*) from p_ghi_chu_note")) == 0
            said = {"tenant": str(world.first.id)}
            connection.execute(text("select set_config('app.tenant', :tenant, true)"), said)
            owners = connection.scalars(text("select tenant_id from p_ghi_chu_note")).all()
            assert owners == [world.first.id]
    owner = create_engine(database.owner_url)
    with owner.connect() as connection:
        assert unwalled_tables(connection) == []
    owner.dispose()


def test_a_backup_holds_the_rows_and_names_the_plugin(
    world: World, tmp_path: Path, database: DatabaseUrls, plugin: Plugin
) -> None:
    target, app = tmp_path / "one.zip", world.app
    with app.app_context(), tenant_scope(world.first.id), unit_of_work():
        stores_of(plugin)["note"].add({"code": "A", "stars": 1, "weight": WEIGHT, "at": AT})
    with installed(plugin), app.app_context():
        with platform_scope():
            write_archive(target, world.first.id)
        _remove_tenants(database)
        with platform_scope():
            read_archive(target, None)
        with tenant_scope(world.first.id):
            [row] = stores_of(plugin)["note"].find()
            assert (row.values["code"], row.values["weight"], row.values["at"]) == ("A", WEIGHT, AT)
    with app.app_context(), platform_scope(), pytest.raises(WrongUse, match="tables of plugin ghi_chu"):
        read_archive(target, None)


def _remove_tenants(database: DatabaseUrls) -> None:
    """Every row of every table, as its owner."""
    engine = create_engine(database.owner_url)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("truncate tenant cascade"))
        else:
            connection.execute(text("pragma foreign_keys = off"))
            for table in (*owned_tables(connection), "tenant"):
                connection.execute(text(f"delete from {table}"))  # noqa: S608 - names from the database itself
    engine.dispose()


def test_one_plugin_cannot_reach_anothers_rows(notes: Rows, plugin: Plugin) -> None:
    other = note_plugin("so_khac", Table("page", (Column("title"), Column("is_new", ColumnKind.YES_NO))))
    assert list(stores_of(other)) == ["page"]
    assert list(stores_of(plugin)) == [NOTE.name]
