"""`bangvang plugins check` as a process: what it prints, in both languages and as JSON, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli.plugins import group
from core.plugin_host import host as host_module
from core.plugin_kit.kit import CHECKS
from tests.unit.plugin_kit.places import BAD


@pytest.fixture
def bad_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation whose plugins are the bad ones."""
    found = BAD.host()
    monkeypatch.setattr(host_module, "default_host", lambda: found)
    monkeypatch.setattr("core.plugin_kit.subject.default_host", lambda: found)


def test_shipped_plugin_passes_in_under_ten_seconds_of_work_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", "plugins", "check", "stkt_base", "--quick"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines[: len(CHECKS)]] == list(CHECKS)
    assert lines[-2].startswith("1000 bài × 3 giám khảo: ")
    assert lines[-1].startswith(f"stkt_base: đạt cả {len(CHECKS)} phần kiểm tra trong ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("bad_installed")
def test_fault_is_told_below_its_check_and_the_exit_code_is_one() -> None:
    done = CliRunner().invoke(group, ["check", "over_quota", "--quick", "--en"])

    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    told = next(number for number, line in enumerate(lines) if line.startswith("FAILED     quotas "))
    assert lines[told + 1].startswith("    Hook allocate of plugin over_quota cannot be used: ")
    assert any(line.startswith("not run    speed ") for line in lines)
    assert lines[-1] == "over_quota: 1 fault in quotas. Mend it and run again: some checks could not run."


@pytest.mark.usefixtures("bad_installed")
def test_plugin_that_falls_is_one_sentence_without_a_traceback() -> None:
    done = CliRunner().invoke(group, ["check", "falls"])

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "KHÔNG ĐẠT  load         Nạp được plugin",
        "    Plugin falls không dùng được: không nạp được: RuntimeError: không có máy in.",
        "falls: 1 lỗi ở load.",
    ]
    assert done.stderr == ""


@pytest.mark.usefixtures("bad_installed")
def test_json_holds_every_check_and_both_languages() -> None:
    done = CliRunner().invoke(group, ["check", "nameless", "--quick", "--json"])
    told = json.loads(done.stdout)

    assert (done.exit_code, told["plugin"], told["ok"]) == (1, "nameless", False)
    assert [one["check"] for one in told["checks"]] == list(CHECKS)
    assert told["checks"][1]["problems"][1] == {
        "check": "metadata",
        "vi": "Tên gọi của plugin phải có cả tiếng Việt và tiếng Anh.",
        "en": "The plugin's title must be in Vietnamese and English.",
        "example": None,
    }
