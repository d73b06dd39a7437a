"""The commands of an operator where a plugin of somebody else cannot be loaded."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOUND = """
from core.plugin_api import Plugin, PluginInfo, Text
plugin = Plugin(PluginInfo("ngoai", "1.0.0", Text("Ngoài", "Outside"), ("1.0", "2.0")))
"""
TOO_NEW = SOUND.replace('("1.0", "2.0")', '("9.0", "10.0")')


@pytest.fixture
def installation(tmp_path: Path) -> Path:
    """A folder with tenants, one of which needs a plugin of an installed package, and with that package."""
    shutil.copytree(ROOT / "tenants", tmp_path / "tenants")
    described = tmp_path / "tenants" / "backan" / "tenant.toml"
    text = described.read_text(encoding="utf-8")
    described.write_text(re.sub(r"(?m)^(plugins = \[.*)\]$", r'\1, "ngoai"]', text), encoding="utf-8")
    packages = tmp_path / "packages"
    dist = packages / "ngoai-1.0.dist-info"
    dist.mkdir(parents=True)
    (dist / "METADATA").write_text("Metadata-Version: 2.1\nName: ngoai\nVersion: 1.0\n", encoding="utf-8")
    (dist / "entry_points.txt").write_text("[bangvang.plugins]\nngoai = ngoai\n", encoding="utf-8")
    return tmp_path


def _put(installation: Path, source: str) -> None:
    (installation / "packages" / "ngoai.py").write_text(source, encoding="utf-8")


def _run(installation: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "BANGVANG_VAR": str(installation / "var"),
        "BANGVANG_TENANTS": str(installation / "tenants"),
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(installation / "packages"))),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-m", "core.cli", *words]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=installation
    )


def test_one_broken_plugin_stops_its_tenant_alone(installation: Path) -> None:
    _put(installation, "raise RuntimeError('thiếu thư viện')\n")

    loaded = _run(installation, "tenants", "sync")
    listed = _run(installation, "tenants", "list")

    assert loaded.returncode == 1
    assert (
        "backan: Plugin ngoai không dùng được: không nạp được: RuntimeError: thiếu thư viện." in loaded.stderr
    )
    assert [line.split("\t")[0] for line in listed.stdout.splitlines()] == ["bacgiang", "thainguyen"]

    _put(installation, SOUND)
    assert _run(installation, "tenants", "sync").returncode == 0
    seen = _run(installation, "doctor")
    assert (seen.returncode, "plugin ngoai 1.0.0; needed by backan" in seen.stdout) == (0, True)

    _put(installation, TOO_NEW)
    seen = _run(installation, "doctor")
    assert seen.returncode == 1
    assert "WRONG  plugin ngoai: cần API từ 9.0 đến trước 10.0, hệ thống đang dùng API" in seen.stdout
    assert "; needed by backan" in seen.stdout
    assert [line.split("\t")[0] for line in _run(installation, "tenants", "list").stdout.splitlines()] == [
        "bacgiang",
        "backan",
        "thainguyen",
    ]
