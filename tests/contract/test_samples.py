"""The sample inputs of the documentation give the figures that the documentation names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "docs" / "samples"


def computed(sample: str, *, tenant: str, edition: str) -> Any:
    """The outputs that `bangvang rules compute` prints for a sample; it must touch no database."""
    arguments = (
        "rules",
        "compute",
        "--tenant",
        tenant,
        "--edition",
        edition,
        "--inputs",
        str(SAMPLES / sample),
    )
    environment = {**os.environ, "DATABASE_URL": "sqlite:////nowhere/at/all.db", "BANGVANG_VAR": "/nowhere"}
    command = [sys.executable, "-m", "core.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_worked_example_of_thai_nguyen() -> None:
    outputs = computed("thainguyen-worked-example.json", tenant="thainguyen", edition="2025")
    rows = [(row["entry"], row["components"], row["total"]) for row in outputs["ranking"]]
    assert rows == [
        ("TN-2025-0001", {"jury": "70.50", "vote": "20.0"}, "90.50"),
        ("TN-2025-0002", {"jury": "70.50", "vote": "13.0"}, "83.50"),
        ("TN-2025-0003", {"jury": "70.50", "vote": "0.3"}, "70.80"),
    ]


def test_the_picture_of_the_sixth_edition_of_bac_kan() -> None:
    outputs = computed("backan-edition-6-picture.json", tenant="backan", edition="6")
    bands = Counter(
        sum(Decimal(row["total"]) >= least for least in (55, 65, 75, 85)) for row in outputs["ranking"]
    )
    assert bands == {3: 2, 2: 4, 1: 2, 0: 13}
    assert [row["tier"] for row in outputs["proposal"]] == ["nhi"] * 2 + ["ba"] * 4 + ["khuyen_khich"] * 2
    assert [row["entry"] for row in outputs["proposal"]] == [f"BK-6-{n:04d}" for n in range(1, 9)]
