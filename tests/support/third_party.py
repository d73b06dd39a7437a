"""The package of a third party, installed as a user would install it, and commands and servers that have it.

It stands in a folder beside this process's packages, so that only processes of the test's own see it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.kernel.config import HOUSE
from tests.support.live import plain_environment
from tests.support.run_folder import once, run_folder

SOURCE = Path(__file__).parents[1] / "third_party" / "bangvang_so_tay"
_RELAY = """
from core.cli.application import application
from core.kernel.jobs import relay

with application():
    print(relay())
"""


@dataclass(frozen=True, slots=True)
class Installation:
    """A platform in processes of its own, configured by `environment`."""

    environment: dict[str, str]

    def bangvang(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The finished command."""
        return self._run("-m", "core.cli", *words)

    def relay(self) -> int:
        """What the worker does each minute, once; how many jobs ran."""
        done = self._run("-c", _RELAY)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    def without(self, *names: str) -> Installation:
        """The same without some of what configures it."""
        return Installation({name: value for name, value in self.environment.items() if name not in names})

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            env={**plain_environment(), **self.environment},
            cwd=HOUSE,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )


@pytest.fixture
def installed_folder(request: pytest.FixtureRequest) -> Path:
    """The folder into which pip installed the package, once a run and without a network."""
    folder = run_folder(request.config)

    def install() -> dict[str, str]:
        source, target = folder / "third-party-source", folder / "third-party"
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
        plain = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
        subprocess.run(
            [sys.executable, "-m", "pip", "install", *plain, "--target", str(target), str(source)],
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        )
        return {"target": str(target)}

    return Path(once(folder, "third-party", install)["target"])


def tenants_with(folder: Path, slug: str, plugin: str) -> Path:
    """A copy of the shipped tenants in `folder` in which `slug` alone has `plugin`, at the end of its list."""
    target = folder / "tenants"
    shutil.copytree(HOUSE / "tenants", target, ignore=shutil.ignore_patterns("__pycache__"))
    file = target / slug / "tenant.toml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    [number] = [n for n, line in enumerate(lines) if line.startswith("plugins = [")]
    lines[number] = lines[number].rstrip().removesuffix("]") + f', "{plugin}"]\n'
    file.write_text("".join(lines), encoding="utf-8")
    return target
