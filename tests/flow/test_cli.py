"""The commands of an operator as processes: what they print, and their exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.postgres import DatabaseUrls


@pytest.fixture
def environment(database: DatabaseUrls, tmp_path: Path) -> dict[str, str]:
    """An installation of the test's own, once on each database."""
    return {
        "BANGVANG_VAR": str(tmp_path / "var"),
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
    }


def bangvang(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """The finished command."""
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_installation_is_set_up_looked_at_and_moved(environment: dict[str, str], tmp_path: Path) -> None:
    assert bangvang(environment, "tenants", "sync").returncode == 0

    listed = bangvang(environment, "tenants", "list")
    assert [line.split("\t")[0::2] for line in listed.stdout.splitlines()] == [
        ["bacgiang", "11"],
        ["backan", "8"],
        ["thainguyen", "2026, 2025"],
    ]

    site = "https://backan.example.vn"
    invited = bangvang(
        environment, "tenants", "invite", "backan", "chi@example.vn", "Trần Chi", "--site", site
    )
    assert (invited.returncode, invited.stderr) == (0, "")
    rescued = bangvang(environment, "accounts", "rescue", "backan", "chi@example.vn")
    assert (rescued.returncode, rescued.stdout) == (1, "")
    assert rescued.stderr == "Không có tài khoản nào đã xác nhận với địa chỉ này.\n"

    compared = bangvang(environment, "results", "sheets", "backan", "8")
    assert (compared.returncode, compared.stdout) == (0, "Mọi phiếu đã khóa đúng như nhật ký.\n")

    backup = tmp_path / "backan.zip"
    assert bangvang(environment, "backup", str(backup), "--tenant", "backan").returncode == 0
    elsewhere = {"BANGVANG_VAR": str(tmp_path / "elsewhere")}
    assert bangvang(elsewhere, "restore", str(backup)).returncode == 0
    assert bangvang(elsewhere, "tenants", "list").stdout.split("\t")[0] == "backan"

    again = bangvang(elsewhere, "restore", str(backup))
    assert again.returncode == 2
    assert again.stderr == "This installation already has backan; nothing was changed.\n"


def test_the_doctor_finds_nothing_wrong_in_a_demonstration(environment: dict[str, str]) -> None:
    bangvang(environment, "tenants", "list")
    seen = bangvang(environment, "doctor")
    assert (seen.returncode, seen.stderr, "WRONG" in seen.stdout) == (0, "", False)


def test_the_doctor_says_what_production_lacks(tmp_path: Path) -> None:
    environment = {"BANGVANG_VAR": str(tmp_path), "BANGVANG_MODE": "production", "SECRET_KEY": "k" * 40}
    seen = bangvang(environment, "doctor")
    assert seen.returncode == 1
    assert "SMTP_URL is not set" in seen.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["tenants", "show", "nobody"], "There is no tenant 'nobody'"),
        (["tenants", "check", "nobody"], "There is no folder for 'nobody'"),
        (["plugins", "check", "nobody"], "There is no plugin 'nobody'"),
        (["results", "freeze", "nobody", "1"], "nobody"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(tmp_path: Path, words: list[str], sentence: str) -> None:
    answer = bangvang({"BANGVANG_VAR": str(tmp_path)}, *words)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert sentence in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_production_without_a_secret_is_refused(tmp_path: Path) -> None:
    answer = bangvang({"BANGVANG_VAR": str(tmp_path), "BANGVANG_MODE": "production"}, "tenants", "list")
    assert answer.returncode == 2
    assert answer.stderr.startswith("SECRET_KEY is required in production")


def test_settings_of_the_platform_that_no_plugin_knows_stop_the_start(tmp_path: Path) -> None:
    file = tmp_path / "plugins.toml"
    file.write_text("[stkt_base]\nlookback = 4\n", encoding="utf-8")
    environment = {"BANGVANG_VAR": str(tmp_path / "var"), "BANGVANG_PLUGIN_SETTINGS": str(file)}

    for command in (("serve",), ("tenants", "list")):
        refused = bangvang(environment, *command)
        assert (refused.returncode, refused.stderr) == (
            2,
            f"{file}: stkt_base.lookback: Không có cài đặt này.\n",
        )
