"""`bangvang rules shadow`: what it prints, and with which exit code it leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.cli import main
from core.results.formats import canonical_text, parse_inputs
from tests.support.results_bundle import make_bundle
from tests.support.results_inputs import document, run, total_of

MINIMUM = ("--set", "backan_stkt.minimum_ba=60")


@dataclass(frozen=True)
class Done:
    """What a finished command left."""

    code: int
    out: str
    err: str


Command = Callable[..., Done]


@pytest.fixture
def shadow(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, with the exit code it would leave with."""

    def command(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["bangvang", "rules", "shadow", *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return Done(int(left.value.code or 0), told.out, told.err)

    return command


@pytest.fixture
def inputs(tmp_path: Path) -> str:
    """A file of inputs: a third prize, two that a lower minimum would lift, and one that has nothing."""
    return saved(tmp_path, "inputs.json", backan("70", "62", "61", "40"))


def backan(*totals: str) -> dict[str, Any]:
    scores = {f"BK-{number}": [total_of(points)] for number, points in enumerate(totals, start=1)}
    return document("backan", edition="6", scores=scores)


def saved(folder: Path, name: str, given: Any) -> str:
    place = folder / name
    place.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    return str(place)


def test_what_would_change_in_words_and_as_a_table(shadow: Command, inputs: str) -> None:
    done = shadow("--inputs", inputs, *MINIMUM)
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "Chạy thử, không phải kết quả chính thức: backan 6.\n"
        "Bộ quy tắc: stkt_base 1.0.0, backan_stkt 1.0.0\n"
        "Cài đặt backan_stkt.minimum_ba: 65 → 60\n"
        "\n"
        "Giải Ba: thêm 2 hồ sơ (BK-2, BK-3); từ 1 thành 3.\n"
        "Giải Khuyến khích: bớt 2 hồ sơ (BK-2, BK-3); từ 2 thành 0.\n"
        "\n"
        "Mã    Hạng            Tổng điểm  Giải đề xuất\n"
        "BK-2  2     giữ hạng  62,00      Giải Khuyến khích → Giải Ba\n"
        "BK-3  3     giữ hạng  61,00      Giải Khuyến khích → Giải Ba\n"
    )


def test_nothing_changed_is_0_as_well_and_one_sentence(shadow: Command, inputs: str) -> None:
    done = shadow("--inputs", inputs)
    assert done.code == 0
    assert done.out.endswith(
        "Không có gì thay đổi: thứ hạng, điểm và giải đề xuất đều như kết quả chính thức.\n"
    )


def test_the_same_as_json(shadow: Command, inputs: str) -> None:
    done = shadow("--inputs", inputs, *MINIMUM, "--json")
    told = json.loads(done.out)
    assert (done.code, told["format"], told["same"]) == (0, "bangvang.shadow/1", False)
    assert told["settings"] == [
        {"plugin": "backan_stkt", "key": "minimum_ba", "official": "65", "shadow": "60"}
    ]
    assert [row["entry"] for row in told["entries"]] == ["BK-2", "BK-3"]


def test_settings_from_a_file_and_over_them_those_of_the_command(
    shadow: Command, inputs: str, tmp_path: Path
) -> None:
    table = saved(tmp_path, "thu.toml", '[backan_stkt]\nminimum_ba = "50"\nquota_ba = 1\n')
    told = json.loads(shadow("--inputs", inputs, "--settings", table, *MINIMUM, "--json").out)
    assert {row["key"]: row["shadow"] for row in told["settings"]} == {"minimum_ba": "60", "quota_ba": 1}


def test_an_empty_value_takes_a_limit_away_and_a_decimal_point_is_exact(shadow: Command, inputs: str) -> None:
    tried = ("--set", "backan_stkt.quota_ba=", "--set", "stkt_base.score_step=0.25")
    told = json.loads(shadow("--inputs", inputs, *tried, "--json").out)
    assert {row["key"]: row["shadow"] for row in told["settings"]} == {"quota_ba": None, "score_step": "0.25"}


def test_a_bundle_gives_inputs_and_official_outputs(shadow: Command, tmp_path: Path) -> None:
    bundle = tmp_path / "goi.zip"
    bundle.write_bytes(make_bundle(backan("70", "62")))
    done = shadow("--bundle", str(bundle), *MINIMUM)
    assert done.code == 0
    assert "Giải Ba: thêm 1 hồ sơ (BK-2); từ 1 thành 2." in done.out


def test_a_bundle_that_was_touched_is_exit_2(shadow: Command, tmp_path: Path) -> None:
    whole = make_bundle(backan("70", "62"))
    bundle = tmp_path / "goi.zip"
    bundle.write_bytes(whole.replace(b'"total":"62.00"', b'"total":"92.00"', 1))
    done = shadow("--bundle", str(bundle))
    assert (done.code, done.out) == (2, "")
    assert done.err == "outputs.json: nội dung bị hỏng hoặc đã bị thay đổi.\n"


def test_official_outputs_of_a_version_that_is_gone_are_taken_as_they_are(
    shadow: Command, tmp_path: Path
) -> None:
    given = backan("70", "62")
    given["rules"]["settings"] = {"backan_stkt": {"minimum_ba": "65"}}
    official = run(given).document()
    for plugin in given["rules"]["plugins"]:
        plugin["version"] = "0.9.0"
    source = saved(tmp_path, "inputs.json", given)
    refused = shadow("--inputs", source)
    assert refused.code == 2
    assert refused.err.startswith("rules.plugins[0].version: cần plugin stkt_base phiên bản 0.9.0")
    outputs = saved(tmp_path, "outputs.json", {**official, "inputs_sha256": sha_of(given)})
    done = shadow("--inputs", source, "--outputs", outputs)
    assert done.code == 0
    assert "(chính thức: stkt_base 0.9.0, backan_stkt 0.9.0)" in done.out
    assert "Không có gì thay đổi" in done.out


def test_another_list_of_plugins_says_what_of_the_frozen_settings_is_not_used(
    shadow: Command, tmp_path: Path
) -> None:
    given = backan("70")
    given["rules"]["settings"] = {"backan_stkt": {"minimum_ba": "65"}}
    done = shadow("--inputs", saved(tmp_path, "inputs.json", given), "--plugins", "stkt_base")
    assert done.code == 0
    assert "Cài đặt backan_stkt.minimum_ba: đã chốt nhưng lần chạy thử không dùng.\n" in done.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "backan_stkt.minimum_ba=101"), "settings.backan_stkt.minimum_ba: Điểm từ 0 đến 100.\n"),
        (("--set", "backan_stkt.minimum=1"), "settings.backan_stkt.minimum: Không có cài đặt này.\n"),
        (
            ("--set", "thainguyen_innovation.quota_ba=1"),
            "settings.thainguyen_innovation: Plugin này không có trong danh sách của tỉnh.\n",
        ),
        (
            ("--set", "minimum_ba"),
            "--set minimum_ba: viết PLUGIN.KEY=VALUE, ví dụ backan_stkt.minimum_ba=60.\n",
        ),
        (
            ("--set", "stkt_base.points_tinh_moi=20"),
            "sheets[0].scores.tinh_moi: điểm 40 vượt điểm tối đa 20.\n",
        ),
        (
            ("--plugins", "khong_co"),
            "plugins: Plugin khong_co chưa được cài đặt; hãy cài gói hoặc bỏ tên khỏi danh sách của tỉnh.\n",
        ),
        (
            ("--plugins", "backan_stkt,stkt_base"),
            "plugins: Plugin backan_stkt cần stkt_base đứng trước nó trong danh sách của tỉnh.\n",
        ),
        (("--plugins", " , "), "--plugins: cần nêu ít nhất một plugin.\n"),
        (("--settings", "/nowhere.toml"), "Không đọc được /nowhere.toml: No such file or directory.\n"),
        (("--outputs", "/nowhere.json"), "Không đọc được /nowhere.json: No such file or directory.\n"),
    ],
)
def test_a_wrong_word_is_exit_2_and_one_sentence(
    shadow: Command, inputs: str, words: tuple[str, ...], told: str
) -> None:
    done = shadow("--inputs", inputs, *words)
    assert (done.code, done.out, done.err) == (2, "", told)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("minimum_ba = 60\n", "minimum_ba: phải là một bảng cài đặt, viết dưới [minimum_ba]."),
        ("[backan_stkt\n", "không đọc được TOML: "),
        (
            "[backan_stkt]\nminimum_ba = 60.5\n",
            'settings.backan_stkt.minimum_ba: Viết số thập phân trong dấu nháy, ví dụ "0.5".',
        ),
    ],
)
def test_a_wrong_file_of_settings_is_exit_2(
    shadow: Command, inputs: str, tmp_path: Path, written: str, told: str
) -> None:
    done = shadow("--inputs", inputs, "--settings", saved(tmp_path, "thu.toml", written))
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_outputs_of_other_inputs_and_of_no_format_are_exit_2(
    shadow: Command, inputs: str, tmp_path: Path
) -> None:
    other = saved(tmp_path, "other.json", canonical_text(run(backan("71")).document()))
    done = shadow("--inputs", inputs, "--outputs", other)
    assert (done.code, done.err) == (
        2,
        "inputs_sha256: kết quả chính thức không phải được tính từ dữ liệu vào này.\n",
    )
    nothing = saved(tmp_path, "nothing.json", {"format": "x"})
    done = shadow("--inputs", inputs, "--outputs", nothing)
    assert (done.code, done.err) == (2, f"{nothing}: inputs_sha256: còn thiếu.\n")


def test_either_inputs_or_a_bundle(shadow: Command, inputs: str) -> None:
    told = "Cần nêu đúng một trong hai: --inputs hoặc --bundle.\n"
    assert shadow().err == shadow("--inputs", inputs, "--bundle", "goi.zip").err == told
    done = shadow("--bundle", "goi.zip", "--outputs", inputs)
    assert (done.code, done.err) == (2, "--outputs: gói đã có kết quả chính thức, chỉ nêu cùng --inputs.\n")


def test_as_a_process_it_touches_no_database(inputs: str) -> None:
    environment = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.db", "BANGVANG_VAR": "/nowhere"}
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "rules", "shadow", "--inputs", "-", *MINIMUM, "--json"],
        input=Path(inputs).read_text(encoding="utf-8"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["same"] is False


def sha_of(given: dict[str, Any]) -> str:
    return parse_inputs(given).sha256
