"""Settings: defaults, refusals that name their path, JSON and back, and what is an illustration."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from core.plugin_api import (
    Edition,
    Exact,
    OneOfWords,
    PluginSettings,
    Text,
    Whole,
    about,
    is_illustration,
)
from core.plugin_host import (
    Host,
    SettingsInvalid,
    dump_settings,
    illustration_marks,
    resolve_settings,
    rules_for,
)
from tests.unit.plugin_host.samples import edition_on, sample

STATED = about(Text("Theo văn bản"), Text("Có trong Thể lệ"), official=True)
INVENTED = about(Text("Minh họa"), Text("Chưa có trong nguồn công khai"), official=False)


class Sample(PluginSettings):
    """One stated value, one invented, one word."""

    stated = Exact(load_default=Decimal(20), metadata=STATED)
    invented = Whole(load_default=3, metadata=INVENTED)
    scope = OneOfWords("all", "some", load_default="all", metadata=STATED)


HOST = Host.of(sample("mau", settings=Sample))


def test_what_is_not_given_takes_its_default() -> None:
    assert resolve_settings(("mau",), {"mau": {"invented": 5}}, host=HOST) == {
        "core": {
            "score_places": 2,
            "section_megabytes": 200,
            "dossier_megabytes": 300,
            "max_authors": None,
            "author_shares": False,
            "author_confirmation": "nhắc",
            "completion_days": 7,
            "paper_dossier": False,
            "similar_text": 30,
            "similar_title": 85,
            "upload_grace": 10,
            "deviation_percent": 20,
            "deliberation_remarks": True,
            "confirmed": [],
        },
        "mau": {"stated": Decimal(20), "invented": 5, "scope": "all", "confirmed": []},
    }


def test_refusals_name_the_path_of_each_wrong_value() -> None:
    given = {
        "mau": {"stated": 0.5, "invented": "ba", "scope": "none", "thua": 1, "confirmed": ["la"]},
        "core": {"score_places": 9},
        "khac": {},
    }

    with pytest.raises(SettingsInvalid) as refused:
        resolve_settings(("mau",), given, host=HOST)

    assert refused.value.errors == {
        "core.score_places": ("Số chữ số thập phân từ 0 đến 4.",),
        "khac": ("Plugin này không có trong danh sách của tỉnh.",),
        "mau.stated": ('Viết số thập phân trong dấu nháy, ví dụ "0.5".',),
        "mau.invented": ("Viết một số nguyên.",),
        "mau.scope": ('Chọn một trong: "all", "some".',),
        "mau.thua": ("Không có cài đặt này.",),
        "mau.confirmed": ("Không có cài đặt la.",),
    }


@pytest.mark.parametrize("written", ["1e2", " 20 ", "NaN", "Infinity", "hai mươi", "٣", ""])
def test_decimals_are_written_plainly(written: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        resolve_settings(("mau",), {"mau": {"stated": written}}, host=HOST)

    assert refused.value.errors == {"mau.stated": ("Viết một số.",)}


def test_settings_that_are_no_table_are_refused() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        resolve_settings(("mau",), {"mau": 3}, host=HOST)

    assert refused.value.errors == {"mau": ("Cài đặt của một plugin là một bảng tên và giá trị.",)}


def test_resolved_settings_survive_json_and_resolving_again() -> None:
    resolved = resolve_settings(("mau",), {"mau": {"stated": "20.5"}}, host=HOST)
    written = json.dumps(dump_settings(("mau",), resolved, host=HOST))

    assert json.loads(written)["mau"]["stated"] == "20.5"
    assert resolve_settings(("mau",), json.loads(written), host=HOST) == resolved
    assert resolve_settings(("mau",), resolved, host=HOST) == resolved


def test_illustrations_are_invented_values_and_stated_values_that_were_changed() -> None:
    marks = illustration_marks(edition_on(HOST, "mau", given={"mau": {"stated": "25"}}), host=HOST)

    assert [(mark.plugin, mark.key, mark.value) for mark in marks] == [
        ("core", "score_places", 2),
        ("core", "max_authors", None),
        ("core", "author_shares", False),
        ("core", "author_confirmation", "nhắc"),
        ("core", "upload_grace", 10),
        ("core", "section_megabytes", 200),
        ("core", "dossier_megabytes", 300),
        ("core", "completion_days", 7),
        ("core", "paper_dossier", False),
        ("core", "similar_text", 30),
        ("core", "similar_title", 85),
        ("core", "deviation_percent", 20),
        ("core", "deliberation_remarks", True),
        ("mau", "stated", Decimal(25)),
        ("mau", "invented", 3),
    ]


def test_confirmed_settings_are_no_longer_illustrations() -> None:
    core = [
        *("score_places", "section_megabytes", "dossier_megabytes", "max_authors", "author_shares"),
        *("author_confirmation", "completion_days", "similar_text", "similar_title", "upload_grace"),
        *("paper_dossier", "deviation_percent", "deliberation_remarks"),
    ]
    given = {"core": {"confirmed": core}, "mau": {"confirmed": ["invented"]}}

    assert illustration_marks(edition_on(HOST, "mau", given=given), host=HOST) == ()


def test_unknown_setting_has_no_origin() -> None:
    with pytest.raises(KeyError):
        is_illustration(Sample, {}, "la")


def test_edition_without_settings_runs_on_defaults() -> None:
    bare = Edition("mau", "1", Text("x"), (2025,), 1, (), {})

    assert rules_for(bare, host=HOST).edition.setting("core", "score_places") == 2


def test_setting_of_another_kind_is_named() -> None:
    edition = edition_on(HOST, "mau")

    with pytest.raises(TypeError, match=r"mau/1: cài đặt mau\.scope phải là int"):
        edition.setting_as("mau", "scope", int)
    with pytest.raises(KeyError, match=r"không có cài đặt mau\.la"):
        edition.setting("mau", "la")
