"""One folder a pytest run, shared by the controller and its xdist workers.

What must exist once a run (the PostgreSQL server, database templates) is made under a lock by whoever needs
it first; the others read what it left in the folder.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

_KEY = "bangvang_run_folder"
_FOLDER = pytest.StashKey[Path]()


def run_folder(config: pytest.Config) -> Path:
    """The folder of this run, the same in every worker."""
    return config.stash[_FOLDER]


def is_worker(config: pytest.Config) -> bool:
    """Whether this process is an xdist worker and not the one that the user started."""
    return hasattr(config, "workerinput")


@contextmanager
def locked(folder: Path, name: str) -> Iterator[None]:
    """Keep every other process of the run out of the section `name`."""
    with (folder / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def once(folder: Path, name: str, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What `make` gave, called by the first process of the run that asks for `name` and by no other."""
    answer = folder / f"{name}.json"
    with locked(folder, name):
        if not answer.exists():
            answer.write_text(json.dumps(make()), encoding="utf-8")
        return cast("dict[str, str]", json.loads(answer.read_text(encoding="utf-8")))


def pytest_configure(config: pytest.Config) -> None:
    """Make the folder, or take the controller's."""
    if is_worker(config):
        workerinput: dict[str, Any] = config.workerinput  # type: ignore[attr-defined]
        config.stash[_FOLDER] = Path(workerinput[_KEY])
        return
    folder = Path(tempfile.mkdtemp(prefix="bangvang-tests-"))
    folder.chmod(0o755)  # the server's own user walks through it
    config.stash[_FOLDER] = folder


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker which folder is the run's."""
    node.workerinput[_KEY] = str(run_folder(node.config))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder once everything that lived in it has stopped."""
    folder = config.stash.get(_FOLDER, None)
    if folder is not None and not is_worker(config):
        shutil.rmtree(folder, ignore_errors=True)
