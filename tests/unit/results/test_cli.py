"""`bangvang rules compute` and `bangvang verify`: what they print, and with which exit code they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.results_bundle import make_bundle
from tests.support.results_inputs import document

SAME = [["18.5", "27", "25"]]
COMPUTE = ("rules", "compute", "--tenant", "thainguyen", "--edition", "2025", "--inputs")


def bangvang(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own that must not touch any database."""
    environment = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.db", "BANGVANG_VAR": "/nowhere"}
    command = [sys.executable, "-m", "core.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)


def saved(tmp_path: Path, given: Any) -> str:
    place = tmp_path / "inputs.json"
    place.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    return str(place)


def test_the_worked_example_through_the_command(tmp_path: Path) -> None:
    given = document(
        scores={"TN-2025-0001": SAME, "TN-2025-0002": SAME, "TN-2025-0003": SAME},
        votes={"TN-2025-0001": 480, "TN-2025-0002": 312, "TN-2025-0003": 7},
    )
    done = bangvang(*COMPUTE, saved(tmp_path, given))
    rows = json.loads(done.stdout)["ranking"]
    assert [(row["entry"], row["components"]["vote"], row["total"]) for row in rows] == [
        ("TN-2025-0001", "20.0", "90.50"),
        ("TN-2025-0002", "13.0", "83.50"),
        ("TN-2025-0003", "0.3", "70.80"),
    ]
    assert (done.returncode, done.stderr) == (0, "")


def test_inputs_without_rules_run_on_what_the_folder_says(tmp_path: Path) -> None:
    given = document(scores={"TN-2025-0001": SAME})
    del given["rules"]
    target = tmp_path / "outputs.json"
    done = bangvang(*COMPUTE, saved(tmp_path, given), "--outputs", str(target))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads(target.read_text(encoding="utf-8"))["ranking"][0]["total"] == "70.50"


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (
            ("sheets", 0, "scores", "doi_moi"),
            "21",
            "sheets[0].scores.doi_moi: điểm 21 vượt điểm tối đa 20.\n",
        ),
        (("tenant",), "backan", "tenant: là 'backan', còn lệnh nêu --tenant 'thainguyen'.\n"),
        (("edition",), "2026", "edition: là '2026', còn lệnh nêu --edition '2025'.\n"),
    ],
)
def test_a_wrong_value_is_exit_2_and_its_path(
    path: tuple[str | int, ...], value: str, told: str, tmp_path: Path
) -> None:
    given: Any = document(scores={"TN-2025-0001": SAME})
    place = given
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    done = bangvang(*COMPUTE, saved(tmp_path, given))
    assert (done.returncode, done.stdout, done.stderr) == (2, "", told)


def test_what_is_no_json_is_exit_2_and_one_line(tmp_path: Path) -> None:
    done = bangvang(*COMPUTE, saved(tmp_path, "{"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Không phải JSON hợp lệ: dòng 1, cột 2.\n"


def test_a_file_that_is_not_there_is_exit_2() -> None:
    done = bangvang(*COMPUTE, "/nowhere/inputs.json")
    assert done.returncode == 2
    assert done.stderr == "Không đọc được /nowhere/inputs.json: No such file or directory.\n"


def test_an_unknown_tenant_is_exit_2(tmp_path: Path) -> None:
    given = {**document(scores={"X-1": SAME}), "tenant": "khongco"}
    del given["rules"]
    done = bangvang(
        "rules", "compute", "--tenant", "khongco", "--edition", "2025", "--inputs", saved(tmp_path, given)
    )
    assert done.returncode == 2
    assert done.stderr.startswith("--tenant: không có tỉnh 'khongco'")


def test_verify_says_yes_with_0_and_no_with_1(tmp_path: Path) -> None:
    whole = make_bundle(document(scores={"TN-1": SAME}))
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(whole)
    bad.write_bytes(whole.replace(b'"doi_moi":"18.5"', b'"doi_moi":"19.5"', 1))
    yes, no = bangvang("verify", str(good)), bangvang("verify", str(bad))
    assert (yes.returncode, yes.stderr, yes.stdout.count("\n")) == (0, "", 1)
    assert yes.stdout.startswith("Đúng: thainguyen 2025, 1 hồ sơ được xếp hạng")
    assert (no.returncode, no.stdout) == (1, "")
    assert no.stderr == "inputs.json: nội dung bị hỏng hoặc đã bị thay đổi.\n"


def test_verify_without_a_file_is_exit_2() -> None:
    assert bangvang("verify", "/nowhere.zip").returncode == 2
    assert bangvang("verify").returncode == 2
