"""The kit as a whole: what it asks, in which order, on which settings, and of editions as they stand."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from core.plugin_api import Aggregate, Sheet, Step, Text, hook_infos, hookimpl
from core.plugin_host import Host, rules_for
from core.plugin_kit import samples
from core.plugin_kit.golden import golden_inputs
from core.plugin_kit.kit import CHECKS, Kit, check_plugin, edition_problems
from core.plugin_kit.play import fingerprint
from core.plugin_kit.static import answers
from core.plugin_kit.subject import subject_of
from tests.unit.plugin_host.samples import edition_on, sample
from tests.unit.plugin_kit.places import BAD


def problems(*hooks: Callable[..., object]) -> list[str]:
    """What the kit says of an edition on a plugin with these hooks."""
    host = Host.of(sample("sai", *hooks))
    return [str(one) for one in edition_problems(rules_for(edition_on(host, "sai"), host=host), host=host)]


def test_plugin_that_does_not_load_is_asked_nothing_more() -> None:
    assert [one.name for one in check_plugin("falls", place=BAD)] == ["load"]


def test_every_check_runs_once_in_order() -> None:
    assert tuple(one.name for one in check_plugin("core_import", place=BAD, quick=True)) == CHECKS


def test_settings_that_the_plugin_refuses_are_told_as_such() -> None:
    kit = Kit("sound", BAD, {"sound": {"la": 1}}, quick=True)

    assert [str(one) for one in kit.run("load").problems] == ["sound.la: Không có cài đặt này."]


def test_whatever_a_rule_can_say_without_entries_is_asked() -> None:
    host = Host.of()
    rules = rules_for(edition_on(host), host=host)
    answers(rules)

    asked = {
        name
        for name, one in hook_infos().items()
        if list(inspect.signature(one.spec).parameters) == ["edition"]
    }
    assert asked <= set(rules._held)


def test_same_value_has_one_fingerprint_whatever_the_order_of_its_keys() -> None:
    assert fingerprint({"a": Decimal("1.0"), "b": (1,)}) == fingerprint({"b": [1], "a": Decimal("1.0")})
    assert fingerprint(Decimal("1.0")) != fingerprint(Decimal("1.00"))
    assert fingerprint(1) != fingerprint("1")


def test_fixed_contests_have_ties_nobody_voting_one_entry_and_none() -> None:
    made = samples.fixed_contests(samples.Ground.of(subject_of("sound", place=BAD).rules))

    assert [len(one.entries) for one in made] == [8, 8, 5, 8, 1, 0]
    assert [bool(one.votes) for one in made] == [True, True, True, False, True, False]


def test_golden_editions_of_the_checkout_belong_to_the_plugins_that_they_name() -> None:
    found = {
        name: {path.name for path in golden_inputs(subject_of(name))} for name in ("stkt_base", "backan_stkt")
    }

    assert found == {
        "stkt_base": {"backan-8.inputs.json", "bacgiang-11.inputs.json"},
        "backan_stkt": {"backan-8.inputs.json"},
    }


def test_golden_edition_without_outputs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = next(path for path in golden_inputs(subject_of("sound", place=BAD)))
    alone = tmp_path / kept.name
    alone.write_bytes(kept.read_bytes())
    monkeypatch.setattr("core.plugin_kit.golden.golden_inputs", lambda subject: (alone,))

    assert [str(one) for one in Kit("sound", BAD, quick=True).run("golden").problems] == [
        "mau-2025.outputs.json: không đọc được (No such file or directory); tạo bằng `bangvang rules compute`."
    ]


def test_edition_that_hangs_on_the_order_of_rows_does_not_conform() -> None:
    @hookimpl
    def aggregate_sheets(sheets: tuple[Sheet, ...]) -> Aggregate:
        last = {sheet.entry: sheet.scores["chat_luong"] for sheet in sheets}
        return Aggregate("hoi_dong", last, {}, {}, {})

    assert "Điểm tổng hợp phiếu đổi khi thứ tự dữ liệu đầu vào đổi." in problems(aggregate_sheets)


def test_edition_with_floats_and_missing_clauses_does_not_conform() -> None:
    @hookimpl
    def aggregate_sheets(sheets: tuple[Sheet, ...]) -> Aggregate:
        first = {sheet.entry: sheet.scores["chat_luong"] for sheet in sheets if sheet.judge == "J1"}
        step = Step(Text("Bước", "Step"), "dieu_la", {"mean": 0.5})
        return Aggregate("hoi_dong", first, {}, {}, {}, (step,))

    assert problems(aggregate_sheets) == [
        "Step Step viện dẫn điều khoản không có: dieu_la.",
        "Có số thực nhị phân (float) trong câu trả lời: 0.5; chỉ dùng Decimal, Fraction hoặc int.",
    ]


def test_number_that_was_a_float_once_is_seen_by_its_length() -> None:
    @hookimpl
    def aggregate_sheets(sheets: tuple[Sheet, ...]) -> Aggregate:
        totals = {sheet.entry: Decimal(0.1) for sheet in sheets}  # noqa: RUF032 - the fault itself
        return Aggregate("hoi_dong", totals, {}, {"chat_luong": dict.fromkeys(totals, Fraction(0))}, {})

    assert any("chữ số thập phân: dấu vết của số thực nhị phân" in one for one in problems(aggregate_sheets))


def test_hook_that_raises_is_a_problem_of_the_edition() -> None:
    @hookimpl
    def aggregate_sheets(sheets: tuple[Sheet, ...]) -> Aggregate:
        raise ValueError("không tính được")

    assert problems(aggregate_sheets) == [
        "Plugin sai không thực hiện được aggregate_sheets: ValueError: không tính được"
    ]
