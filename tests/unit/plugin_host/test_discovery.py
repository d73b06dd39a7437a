"""Plugins from the shipped folder and from entry points; those that fail are named and leave the others alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.plugin_api import API_VERSION, Plugin, PluginInfo, PluginSettings, Text, Whole, about
from core.plugin_host import Host, PluginUnavailable, discover, installed_plugins
from core.plugin_host.discovery import settings_gaps, shipped_folder

GOOD = """
from core.plugin_api import Plugin, PluginInfo, Text
plugin = Plugin(PluginInfo("{name}", "2.0.0", Text("Mẫu"), ("{first}", "{beyond}")), hooks=())
"""


def _package(folder: Path, name: str, body: str) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(body, encoding="utf-8")


def _good(name: str, first: str = "1.0", beyond: str = "2.0") -> str:
    return GOOD.format(name=name, first=first, beyond=beyond)


def test_shipped_plugins_are_found_in_the_folder_beside_the_core() -> None:
    assert shipped_folder().is_dir()
    assert [one.name for one in installed_plugins()] == [
        "bacgiang_stkt",
        "backan_stkt",
        "stkt_base",
        "stkt_youth",
        "thainguyen_innovation",
    ]


def test_failed_import_names_the_plugin_and_leaves_others_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mau_hong"
    _package(folder, "tot", _good("tot"))
    _package(folder, "vo", "raise RuntimeError('thiếu thư viện')")
    _package(folder, "rong", "")
    _package(folder, "moi", _good("moi", "9.0", "10.0"))
    _package(folder, "lac_ten", _good("ten_khac"))
    monkeypatch.syspath_prepend(str(tmp_path))

    with capture_logs() as recorded:
        found = discover("mau_hong", "bangvang.khong_co", folder)

    assert {one.name: one.error for one in found} == {
        "moi": f"cần API từ 9.0 đến trước 10.0, hệ thống đang dùng API {API_VERSION}",
        "rong": "gói không có đối tượng plugin kiểu Plugin",
        "ten_khac": "tên trong mô tả là ten_khac, không khớp với tên gói lac_ten",
        "tot": None,
        "vo": "không nạp được: RuntimeError: thiếu thư viện",
    }
    assert [(row["event"], row["plugin"]) for row in recorded] == [("plugin_import_failed", "vo")]
    host = Host(found)
    assert host.plugin("tot").info.version == "2.0.0"
    with pytest.raises(PluginUnavailable, match="Plugin vo không dùng được: không nạp được"):
        host.plugin("vo")


def test_entry_points_are_found_and_a_name_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mau_diem_vao"
    _package(folder, "chung", _good("chung"))
    _package(tmp_path, "mau_ngoai", _good("ngoai"))
    dist = tmp_path / "mau_ngoai-1.0.dist-info"
    dist.mkdir()
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: mau-ngoai\nVersion: 1.0\n", encoding="utf-8")
    (dist / "entry_points.txt").write_text(
        "[bangvang.mau]\nngoai = mau_ngoai\nchung = mau_diem_vao.chung:plugin\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))

    found = discover("mau_diem_vao", "bangvang.mau", folder)

    assert [(one.name, one.source, one.error) for one in found] == [
        ("chung", "mau_diem_vao.chung", None),
        ("ngoai", "mau-ngoai (mau_ngoai)", None),
    ]


def test_setting_without_help_or_default_is_a_gap() -> None:
    class Bare(PluginSettings):
        places = Whole(required=True)
        told = Whole(load_default=1, metadata=about(Text("Tên"), Text("Giải thích"), official=True))

    assert settings_gaps(Bare) == (
        "cài đặt places không có giá trị mặc định",
        "cài đặt places thiếu label",
        "cài đặt places thiếu help",
        "cài đặt places thiếu official",
    )


def test_unreadable_api_range_is_an_error_of_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mau_khoang"
    _package(folder, "la", _good("la", "một", "hai"))
    monkeypatch.syspath_prepend(str(tmp_path))

    found = discover("mau_khoang", "bangvang.khong_co", folder)

    assert [one.error for one in found] == ["khoảng phiên bản API không đọc được"]


def test_plugin_info_knows_which_api_it_supports() -> None:
    plugin = Plugin(PluginInfo("a", "1.0.0", Text("A"), ("1.2", "2.0")), hooks=())

    assert [plugin.info.supports(version) for version in ("1.1", "1.2", "1.10", "2.0")] == [
        False,
        True,
        True,
        False,
    ]
