"""Which engines a test ran on, told to the summary.

A fixture that needs an engine calls `used` or `missing`; the note travels with the test's report from the
xdist worker to the controller, where `tests.support.summary` counts.
"""

from __future__ import annotations

import os
from typing import Final, NoReturn

import pytest

SQLITE: Final = "SQLite"
POSTGRESQL: Final = "PostgreSQL"
CHROMIUM: Final = "Chromium"
CLAMAV: Final = "ClamAV"
ENGINES: Final = (SQLITE, POSTGRESQL, CHROMIUM, CLAMAV)

USED: Final = "engine-used"
MISSING: Final = "engine-missing"


def used(request: pytest.FixtureRequest, engine: str, version: str) -> None:
    """Note that the test runs on `engine` of `version`; noting it twice counts once."""
    note = (USED, f"{engine}={version}")
    if note not in request.node.user_properties:
        request.node.user_properties.append(note)


def missing(request: pytest.FixtureRequest, engine: str, reason: str) -> NoReturn:
    """Skip the test because `engine` is not here; with CI=true fail it instead."""
    request.node.user_properties.append((MISSING, f"{engine}={reason}"))
    if in_ci():
        pytest.fail(f"CI=true and {engine} is missing: {reason}", pytrace=False)
    pytest.skip(f"{engine}: {reason}")


def in_ci() -> bool:
    """Whether the environment asks for every engine: CI=true."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}
