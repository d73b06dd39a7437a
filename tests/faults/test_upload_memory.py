"""A large file takes little memory: it comes in, is looked into and is stored in pieces."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from core.kernel.config import HOUSE
from tests.support.live import plain_environment

ALLOWED = 20 * 1024 * 1024


def test_fifty_megabytes_take_less_than_twenty_of_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.upload_memory", str(tmp_path)],
        env=plain_environment(),
        cwd=HOUSE,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.split()[-1]) <= ALLOWED
