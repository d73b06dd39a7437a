"""What every test has: a database of its own, a guarded network, a browser, a summary of what ran."""

from __future__ import annotations

pytest_plugins = (
    "tests.support.garbage",
    "tests.support.run_folder",
    "tests.support.databases",
    "tests.support.app",
    "tests.support.chromium",
    "tests.support.mail",
    "tests.support.clamav",
    "tests.support.buckets",
    "tests.support.network",
    "tests.support.order",
    "tests.support.passwords",
    "tests.support.summary",
    "tests.support.third_party",
)
