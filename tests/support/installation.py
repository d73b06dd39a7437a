"""An installation of a test's own: the platform's code, shipped plugins and tenants in a folder that may be written to.

What does not change is linked, so that it stands in a moment; the folder `plugins/` and the data are the test's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_LINKED = ("core", "migrations", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it is; commands run in it with a data folder of its own."""

    folder: Path

    @property
    def plugins(self) -> Path:
        """The folder in which plugins are found at once."""
        return self.folder / "plugins"

    @property
    def tenants(self) -> Path:
        """The folder of its tenants."""
        return self.folder / "tenants"

    def bangvang(self, *words: str, path: Sequence[Path] = ()) -> subprocess.CompletedProcess[str]:
        """The finished command; `path` are further folders to import from."""
        return self.python("-m", "core.cli", *words, path=path)

    def pytest(
        self, folder: Path, *words: str, path: Sequence[Path] = ()
    ) -> subprocess.CompletedProcess[str]:
        """A finished run of an author's tests in `folder`, with the kit as pytest finds it."""
        return self.python("-m", "pytest", "-q", *kit_options(), *words, path=path, at=folder)

    def python(
        self, *words: str, path: Sequence[Path] = (), at: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A finished Python process that imports the platform from here."""
        clean = {
            key: value for key, value in os.environ.items() if not key.startswith(("DATABASE", "PYTEST"))
        }
        return subprocess.run(
            [sys.executable, "-P", *words],
            cwd=at or self.folder,
            env={
                **clean,
                "BANGVANG_VAR": str(self.folder / "var"),
                "BANGVANG_TENANTS": str(self.tenants),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONPATH": os.pathsep.join(map(str, (self.folder, *path))),
            },
            capture_output=True,
            text=True,
            check=False,
        )


def make_installation(folder: Path) -> Installation:
    """An installation in `folder` with the shipped plugins and no tenant."""
    made = Installation(folder)
    for name in _LINKED:
        (folder / name).symlink_to(HOUSE / name)
    made.tenants.mkdir()
    made.plugins.mkdir()
    for shipped in sorted((HOUSE / "plugins").glob("*/__init__.py")):
        (made.plugins / shipped.parent.name).symlink_to(shipped.parent)
    (made.plugins / "__init__.py").touch()
    return made


def kit_options() -> tuple[str, ...]:
    """What pytest needs to know the kit: nothing where its entry point is installed."""
    known = {point.value for point in entry_points(group="pytest11")}
    return () if "core.plugin_kit.pytest_plugin" in known else ("-p", "core.plugin_kit.pytest_plugin")
