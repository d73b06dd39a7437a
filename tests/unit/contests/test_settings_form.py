"""The form that a schema asks for, and what is made of what people type into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from marshmallow import fields
from marshmallow.validate import Range

from core.contests.settings_form import Kind, errors_at, given_by, setting_fields, typed_of
from core.kernel.errors import Invalid
from core.plugin_api import Exact, OneOfWords, PluginSettings, Text, Whole, about
from core.plugin_host import Host, SettingsInvalid, dump_one, resolve_one
from tests.unit.plugin_host.samples import sample

SAID = about(Text("Cài đặt", "Setting"), Text("Giải thích", "Help"), official=False)


class Rich(PluginSettings):
    """One setting of each kind."""

    points = Exact(
        load_default=Decimal("0.5"), validate=Range(min=Decimal(0), max=Decimal(10)), metadata=SAID
    )
    places = Whole(load_default=3, allow_none=True, validate=Range(0, 1000), metadata=SAID)
    scope = OneOfWords("all", "some", load_default="all", metadata=SAID)
    strict = fields.Boolean(load_default=False, metadata=SAID)
    day = fields.Date(load_default=date(2026, 1, 1), metadata=SAID)
    names = fields.List(fields.String(), load_default=list, metadata=SAID)
    weights = fields.Dict(keys=fields.String(), values=Exact(), load_default=dict, metadata=SAID)
    table = fields.List(fields.Dict(), load_default=list, metadata=SAID)
    note = fields.String(load_default="", metadata=SAID)


PLUGIN = sample("mau", settings=Rich)
HOST = Host.of(PLUGIN)
NAMES = {
    "s_points": "0,5", "s_places": "3", "s_scope": "all", "s_strict": "", "s_day": "01/01/2026", "s_names": "",
    "s_weights": "", "s_table": "", "s_note": "", "confirmed": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def request_of_an_officer(app: Flask) -> Iterator[None]:
    """Words are said in the language of a request."""
    with app.test_request_context():
        yield


def read(**typed: str) -> dict[str, Any]:
    asked = setting_fields(PLUGIN, "vi")
    held = dump_one("mau", resolve_one("mau", {}, host=HOST), host=HOST)
    given = given_by(PLUGIN, asked, {**NAMES, **typed}, held)
    return dict(resolve_one("mau", given, host=HOST))


def test_each_kind_of_setting_has_its_control() -> None:
    assert {one.key: one.kind for one in setting_fields(PLUGIN, "vi")} == {
        "points": Kind.DECIMAL,
        "places": Kind.WHOLE,
        "scope": Kind.WORD,
        "strict": Kind.YES_NO,
        "day": Kind.DAY,
        "names": Kind.LINES,
        "weights": Kind.PAIRS,
        "table": Kind.FIXED,
        "note": Kind.TEXT,
    }


def test_limits_and_choices_are_said() -> None:
    asked = {one.key: one for one in setting_fields(PLUGIN, "vi")}

    assert asked["places"].bounds == "Từ 0 đến 1.000."
    assert asked["scope"].choices == ("all", "some")
    assert (asked["places"].may_be_empty, asked["points"].may_be_empty) == (True, False)


def test_the_form_begins_with_what_holds() -> None:
    values = resolve_one("mau", {"confirmed": ["points"], "weights": {"a": "1.5"}}, host=HOST)

    assert typed_of(setting_fields(PLUGIN, "vi"), values) == {
        **NAMES,
        "s_table": "[]",
        "s_weights": "a = 1,5",
        "confirmed": "points",
    }


def test_sending_the_form_as_it_is_changes_nothing() -> None:
    values = resolve_one(
        "mau", {"names": ["a", "b"], "weights": {"a": "1.5"}, "table": [{"a": 1}]}, host=HOST
    )
    asked = setting_fields(PLUGIN, "vi")

    given = given_by(PLUGIN, asked, typed_of(asked, values), dump_one("mau", values, host=HOST))

    assert resolve_one("mau", given, host=HOST) == values


@pytest.mark.parametrize(
    ("name", "typed", "key", "value"),
    [
        ("s_points", "1,25", "points", Decimal("1.25")),
        ("s_points", " 1.25 ", "points", Decimal("1.25")),
        ("s_places", "1.000", "places", 1000),
        ("s_places", "", "places", None),
        ("s_scope", "some", "scope", "some"),
        ("s_strict", "1", "strict", True),
        ("s_day", "5/6/2026", "day", date(2026, 6, 5)),
        ("s_names", "một\r\n\r\n hai ", "names", ["một", "hai"]),
        ("s_weights", "a = 1,5\nb=2", "weights", {"a": Decimal("1.5"), "b": Decimal(2)}),
        ("confirmed", "points la", "confirmed", ["points"]),
    ],
)
def test_what_is_typed_is_read(name: str, typed: str, key: str, value: object) -> None:
    assert read(**{name: typed})[key] == value


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("s_points", "", "Cài đặt này cần có giá trị."),
        ("s_points", "mười", "Viết một số."),
        ("s_points", "1,000,5", "Viết một số."),
        ("s_places", "2,5", "Viết một số nguyên."),
        ("s_places", "9" * 30, "Viết một số nguyên."),
        ("s_scope", "none", 'Chọn một trong: "all", "some".'),
        ("s_day", "31/2/2026", "Ngày chưa đúng. Viết như 20/11/2025."),
        ("s_weights", "a", "Viết mỗi dòng một cặp “tên = giá trị”; dòng “a” chưa đúng."),
        ("s_weights", "a = 1\na = 2", "Tên “a” được viết hai lần."),
        ("s_weights", "a = x", "Viết một số."),
    ],
)
def test_what_cannot_be_read_is_told_at_its_control(name: str, typed: str, sentence: str) -> None:
    with pytest.raises((Invalid, SettingsInvalid)) as refused:
        read(**{name: typed})

    error = refused.value
    assert isinstance(error, Invalid | SettingsInvalid)
    told = error.errors if isinstance(error, Invalid) else errors_at(error.errors)
    assert told == {name: [sentence]}
