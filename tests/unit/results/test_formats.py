"""Reading `bangvang.inputs/1`: what is wrong is told by its path."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.canonical import canonical_bytes
from core.results.formats import InputsError, canonical_text, parse_inputs, read_json
from tests.support.results_inputs import document, run

GOOD = document(scores={"A-1": [["18.5", "27", "25"]], "A-2": [["10", "20", "20"]]}, votes={"A-1": 480})


def put(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """GOOD with one value replaced."""
    changed = copy.deepcopy(GOOD)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("format",), "bangvang.inputs/2", "format: phải là bangvang.inputs/1."),
        (("extra",), 1, "extra: khóa này không có trong định dạng."),
        (("entries", 1, "code"), "A-1", "entries[1].code: mã A-1 đã có ở một hồ sơ khác."),
        (("entries", 0, "name"), "x", "entries[0].name: khóa này không có trong định dạng."),
        (
            ("entries", 0, "authors", 0, "role"),
            "boss",
            "entries[0].authors[0].role: phải là một trong: chief, co_chief, member.",
        ),
        (
            ("entries", 0, "authors", 0, "birth_year"),
            61,
            "entries[0].authors[0].birth_year: năm sinh không hợp lý.",
        ),
        (
            ("entries", 0, "facts"),
            {"x": {"y": 0.5}},
            "entries[0].facts.x.y: số thập phân phải viết trong dấu nháy.",
        ),
        (
            ("sheets", 1, "scores", "doi_moi"),
            10,
            'sheets[1].scores.doi_moi: điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5".',
        ),
        (
            ("sheets", 1, "scores", "doi_moi"),
            "10,5",
            'sheets[1].scores.doi_moi: điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5".',
        ),
        (
            ("sheets", 1, "scores", "doi_moi"),
            "-1",
            'sheets[1].scores.doi_moi: điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5".',
        ),
        (
            ("sheets", 1, "scores", "doi_moi"),
            "1e1",
            'sheets[1].scores.doi_moi: điểm phải viết trong dấu nháy, dùng dấu chấm thập phân, ví dụ "18.5".',
        ),
        (("votes", "A-1"), -1, "votes.A-1: số phiếu không được âm."),
        (("votes", "A-1"), True, "votes.A-1: phải là số nguyên."),
        (("votes", "A-1"), "480", "votes.A-1: phải là số nguyên."),
        (("withdrawn",), ["A-2", "A-2"], "withdrawn[1]: mã A-2 nêu hai lần."),
        (("sheets",), {}, "sheets: phải là một danh sách."),
    ],
)
def test_a_wrong_value_is_told_by_its_path(path: tuple[str | int, ...], value: Any, told: str) -> None:
    with pytest.raises(InputsError) as refused:
        parse_inputs(put(path, value))
    assert str(refused.value) == told


def test_a_missing_key_is_told_by_its_path() -> None:
    changed = copy.deepcopy(GOOD)
    del changed["sheets"][1]["judge"]
    with pytest.raises(InputsError) as refused:
        parse_inputs(changed)
    assert str(refused.value) == "sheets[1].judge: còn thiếu."


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (
            ("sheets", 0, "scores", "doi_moi"),
            "20.5",
            "sheets[0].scores.doi_moi: điểm 20.5 vượt điểm tối đa 20.",
        ),
        (
            ("sheets", 0, "scores", "doi_moi"),
            "18.25",
            "sheets[0].scores.doi_moi: điểm 18.25 không đúng bước điểm 0.5.",
        ),
        (("sheets", 0, "scores", "x"), "1", "sheets[0].scores.x: vòng hoi_dong không có tiêu chí này."),
        (("sheets", 0, "round"), "so_khao", "sheets[0].round: kỳ thi không có vòng so_khao."),
        (("sheets", 0, "entry"), "A-9", "sheets[0].entry: không có hồ sơ nào mang mã A-9."),
        (("sheets", 1, "entry"), "A-1", "sheets[1]: J1 đã có một phiếu khác cho A-1."),
        (("votes", "A-9"), 1, "votes.A-9: không có hồ sơ nào mang mã A-9."),
        (
            ("abstentions",),
            [{"round": "hoi_dong", "judge": "J1", "entry": "A-1", "reason": "người nhà"}],
            "abstentions[0]: J1 vừa có phiếu chấm vừa xin không chấm A-1.",
        ),
        (
            ("rules", "plugins", 0, "version"),
            "9.0.0",
            (
                "rules.plugins[0].version: cần plugin thainguyen_innovation phiên bản 9.0.0, "
                "trên máy này đang có phiên bản 1.0.0."
            ),
        ),
        (
            ("rules", "settings"),
            {"thainguyen_innovation": {"quota_nhat": -1}},
            "rules.settings.thainguyen_innovation.quota_nhat: Số giải từ 0 đến 1000.",
        ),
    ],
)
def test_what_the_rules_refuse_is_told_by_its_path(
    path: tuple[str | int, ...], value: Any, told: str
) -> None:
    with pytest.raises(InputsError) as refused:
        run(put(path, value))
    assert str(refused.value) == told


def test_a_sheet_that_lacks_a_criterion_is_not_a_sheet() -> None:
    changed = copy.deepcopy(GOOD)
    del changed["sheets"][0]["scores"]["kha_nang"]
    with pytest.raises(InputsError) as refused:
        run(changed)
    assert refused.value.path == "sheets[0].scores.kha_nang"


@pytest.mark.parametrize(
    "source",
    ['{"a": 1, "a": 2}', "[1", b"\xff\xfe", '{"a": NaN}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"],
)
def test_what_is_no_json_is_one_sentence(source: str | bytes) -> None:
    with pytest.raises(InputsError) as refused:
        read_json(source)
    assert str(refused.value).endswith(".")
    assert "\n" not in str(refused.value)


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InputsError):
        parse_inputs(put(("entries", 0, "title"), json.loads('"\\ud800"')))


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("azAZ09_.-"), inner),
    max_leaves=20,
)


@given(PLAIN)
def test_canonical_text_is_rfc_8785(value: Any) -> None:
    assert canonical_text({"x": value}).encode() == canonical_bytes({"x": value})
