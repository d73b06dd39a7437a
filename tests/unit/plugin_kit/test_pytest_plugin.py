"""The kit in an author's pytest: the sample of the guide as it stands, the ini option, what a fault prints."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from core.plugin_kit.kit import CHECKS
from tests.support.installation import kit_options

GUIDE = Path(__file__).parents[3] / "docs" / "plugins" / "testing.md"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A finished pytest in an author's folder."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *kit_options(), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_sample_of_the_guide_runs(tmp_path: Path) -> None:
    sample = next(
        code
        for code in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
        if "def test_" in code
    )
    shipped = sample.replace("my_contest", "thainguyen_innovation")
    (tmp_path / "test_my_contest.py").write_text(shipped, encoding="utf-8")

    done = run(tmp_path)

    assert done.returncode == 0, done.stdout


def test_named_plugin_gives_one_test_a_check(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nbangvang_plugin = stkt_base\n", encoding="utf-8")

    done = run(tmp_path, "--bangvang-quick", "--collect-only")

    assert [line.strip(":") for line in done.stdout.splitlines() if "[" in line] == [
        f"bangvang[stkt_base-{check}]" for check in CHECKS
    ]


def test_single_file_is_run_alone(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nbangvang_plugin = stkt_base\n", encoding="utf-8")
    (tmp_path / "test_one.py").write_text("def test_one() -> None:\n    pass\n", encoding="utf-8")

    assert "1 passed" in run(tmp_path, "test_one.py").stdout


def test_fault_is_printed_without_the_kit_itself(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\nbangvang_plugin = khong_co\n", encoding="utf-8")

    done = run(tmp_path, "-k", "load")

    assert done.returncode == 1
    assert "Plugin khong_co chưa được cài đặt" in done.stdout
    assert "Traceback" not in done.stdout
    assert "core/plugin_kit" not in done.stdout
