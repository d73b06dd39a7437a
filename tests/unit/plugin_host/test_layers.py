"""Settings given by the platform, by the tenant and by the edition: who is heard, key by key."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.kernel.errors import WrongUse
from core.plugin_api import Exact, PluginSettings, Text, Whole, about
from core.plugin_host import Host, Layers, Level, layered, layers_for, platform_settings, resolve_settings
from core.plugin_host.platform_level import NAMED_BY, read_platform_settings
from tests.unit.plugin_host.samples import sample

INVENTED = about(Text("Minh họa"), Text("Chưa có trong nguồn công khai"), official=False)


class Sample(PluginSettings):
    """Three settings, so that each may come from another level."""

    near = Whole(load_default=1, metadata=INVENTED)
    middle = Whole(load_default=1, metadata=INVENTED)
    far = Exact(load_default=Decimal(1), metadata=INVENTED)


HOST = Host.of(sample("mau", settings=Sample), sample("khac"))


@pytest.mark.parametrize(
    ("platform", "tenant", "edition", "expected", "level"),
    [
        ({}, {}, {}, 1, Level.DEFAULT),
        ({"near": 2}, {}, {}, 2, Level.PLATFORM),
        ({"near": 2}, {"near": 3}, {}, 3, Level.TENANT),
        ({}, {"near": 3}, {}, 3, Level.TENANT),
        ({"near": 2}, {"near": 3}, {"near": 4}, 4, Level.EDITION),
        ({"near": 2}, {}, {"near": 4}, 4, Level.EDITION),
        ({"near": 2}, {"middle": 3}, {"middle": 4}, 2, Level.PLATFORM),
    ],
)
def test_the_nearest_level_that_gives_a_key_is_heard(
    platform: dict[str, Any], tenant: dict[str, Any], edition: dict[str, Any], expected: int, level: Level
) -> None:
    layers = Layers({"mau": platform}, {"mau": tenant}, {"mau": edition})

    resolved = resolve_settings(("mau",), layers.merged(), host=HOST)

    assert (resolved["mau"]["near"], layers.level("mau", "near")) == (expected, level)


def test_each_key_finds_its_own_level() -> None:
    merged = layered(
        {"mau": {"far": "0.5", "near": 9}, "khac": {"a": 1}}, {"mau": {"middle": 2}}, {"mau": {"near": 3}}
    )

    assert merged == {"mau": {"far": "0.5", "near": 3, "middle": 2}, "khac": {"a": 1}}


@pytest.mark.parametrize(
    ("tenant", "edition", "confirmed"),
    [
        ({"near": 2, "confirmed": ["near"]}, {}, ["near"]),
        ({"near": 2, "confirmed": ["near"]}, {"near": 3}, []),
        ({"near": 2, "confirmed": ["near"]}, {"near": 3, "confirmed": ["near"]}, ["near"]),
        ({"near": 2, "confirmed": ["near"]}, {"confirmed": ["far"]}, ["near", "far"]),
        ({"near": 2}, {"confirmed": ["near"]}, ["near"]),
    ],
)
def test_a_confirmation_does_not_pass_to_a_value_given_nearer(
    tenant: dict[str, Any], edition: dict[str, Any], confirmed: list[str]
) -> None:
    assert layered({}, {"mau": tenant}, {"mau": edition})["mau"].get("confirmed", []) == confirmed


def test_layers_are_not_altered_by_laying_them_over_each_other() -> None:
    tenant = {"mau": {"near": 2, "confirmed": ["near"]}}
    edition = {"mau": {"near": 3}}

    layered({}, tenant, edition)

    assert tenant == {"mau": {"near": 2, "confirmed": ["near"]}}
    assert edition == {"mau": {"near": 3}}


def test_farther_levels_may_name_plugins_that_an_edition_does_not_use() -> None:
    layers = layers_for(("mau",), {"khac": {"a": 1}, "core": {"score_places": 3}}, {})

    assert layers.merged() == {"core": {"score_places": 3}}


def file(folder: Path, text: str) -> Path:
    path = folder / "plugins.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_platforms_file_is_read_and_checked(tmp_path: Path) -> None:
    path = file(tmp_path, '[mau]\nnear = 5\nfar = "0.5"\n\n[core]\nscore_places = 3\n')

    assert read_platform_settings(path, host=HOST) == {
        "mau": {"near": 5, "far": "0.5"},
        "core": {"score_places": 3},
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[la]\na = 1\n", "plugin la chưa được cài đặt."),
        ("[mau]\nla = 1\n", "mau.la: Không có cài đặt này."),
        ("[mau]\nfar = 0.5\n", 'mau.far: Viết số thập phân trong dấu nháy, ví dụ "0.5".'),
        ("[core]\nscore_places = 9\n", "core.score_places: Số chữ số thập phân từ 0 đến 4."),
        ("mau = 1\n", "mau: phải là một bảng [mau] với tên và giá trị."),
        ("[mau", "không đọc được TOML"),
    ],
)
def test_what_no_plugin_knows_is_refused_with_the_files_name(
    tmp_path: Path, text: str, sentence: str
) -> None:
    path = file(tmp_path, text)

    with pytest.raises(WrongUse) as refused:
        read_platform_settings(path, host=HOST)

    assert str(refused.value).startswith(f"{path}: ")
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAMED_BY, str(tmp_path / "none.toml"))

    with pytest.raises(WrongUse, match="BANGVANG_PLUGIN_SETTINGS: không đọc được"):
        platform_settings()


def test_without_a_file_the_platform_gives_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAMED_BY, raising=False)

    assert platform_settings() == {}
