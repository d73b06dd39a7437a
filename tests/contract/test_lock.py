"""The lock files hold what pyproject.toml asks for: `make lock` was run after its last change."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).parents[2]
PIN = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def requirements(*extras: str) -> list[Requirement]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(line) for group in groups for line in group]


def pins(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((HOUSE / f".ci/lock/{lock}.txt").read_text(encoding="utf-8")):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("run", ()),
        ("production", ("postgres", "s3", "redis", "sentry")),
        ("test", ("test",)),
        ("dev", ("postgres", "s3", "redis", "sentry", "test", "dev")),
    ],
)
def test_a_lock_pins_every_requirement_within_its_range(lock: str, extras: tuple[str, ...]) -> None:
    pinned = pins(lock)
    unmet = [
        str(wanted)
        for wanted in requirements(*extras)
        if not pinned.get(canonicalize_name(wanted.name))
        or not all(wanted.specifier.contains(version) for version in pinned[canonicalize_name(wanted.name)])
    ]
    assert unmet == []


def test_a_package_has_one_version_in_all_locks() -> None:
    everything = pins("dev")
    apart = [
        (lock, name)
        for lock in ("run", "production", "test")
        for name, versions in pins(lock).items()
        if versions != everything[name]
    ]
    assert apart == []
