"""The demonstration, filled once a run, and a server of the test module's own over a copy of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.walk import OPERATOR_PASSWORD
from tests.support.live import Site, copy_demonstration, fill_demonstration, running
from tests.support.run_folder import once, run_folder


@pytest.fixture(scope="session")
def filled(request: pytest.FixtureRequest) -> Path:
    """The folder of the run's demonstration; copied, never served."""
    folder = run_folder(request.config)

    def fill() -> dict[str, str]:
        var = folder / "demonstration"
        fill_demonstration(var)
        return {"var": str(var)}

    return Path(once(folder, "demonstration", fill)["var"])


@pytest.fixture(scope="module")
def var(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration for one test module."""
    folder = tmp_path_factory.mktemp("live") / "var"
    copy_demonstration(filled, folder)
    return folder


@pytest.fixture(scope="module")
def live(var: Path) -> Iterator[Site]:
    """A real gunicorn over that copy."""
    environment = {"BANGVANG_VAR": str(var), "OPERATOR_PASSWORD": OPERATOR_PASSWORD}
    with running(environment) as site:
        yield site
