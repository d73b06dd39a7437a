"""The unit of work: one transaction a request or job, committed once, its jobs woken only after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core.kernel.db import session


def after_commit(call: Callable[[], None]) -> None:
    """Run `call` once the present unit of work is safely stored; never when it is rolled back."""
    session().info.setdefault("after_commit", []).append(call)


def keep_on_error() -> None:
    """Store this unit of work even though the answer will be a refusal (a failed sign-in is counted)."""
    session().info["keep_on_error"] = True


def is_kept_on_error() -> bool:
    """Whether this unit of work will be stored even though its answer is a refusal."""
    return bool(session().info.get("keep_on_error"))


def commit() -> None:
    """Commit, then run what waited for it."""
    current = session()
    current.commit()
    current.info.pop("keep_on_error", None)
    for call in current.info.pop("after_commit", []):
        call()


def rollback() -> None:
    """Undo everything since the last commit, and forget what waited for it."""
    current = session()
    current.rollback()
    current.info.pop("after_commit", None)
    current.info.pop("keep_on_error", None)


def finish(*, ok: bool) -> None:
    """End the unit of work: commit when the answer is good or asks to be kept, else roll back."""
    if ok or is_kept_on_error():
        commit()
    else:
        rollback()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """A unit of work for commands and jobs: commit at the end, roll back on any exception."""
    try:
        yield
    except BaseException:
        rollback()
        raise
    commit()
