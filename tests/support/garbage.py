"""The collector of garbage, kept from walking over what lives as long as the run.

A worker holds a platform, its mappers and thousands of collected tests: some million objects that are never garbage.
Looking at them again and again took almost half of a worker's time.
"""

from __future__ import annotations

import gc

YOUNG = 50_000  # objects made before the youngest are looked at; Python's own 700 is for small programs


def leave_alone_what_lives() -> None:
    """Take everything that is alive now out of what the collector looks at."""
    gc.collect()
    gc.freeze()


def pytest_collection_finish() -> None:
    """All tests are known, and with them every module that they import."""
    leave_alone_what_lives()
    gc.set_threshold(YOUNG, 20, 20)
