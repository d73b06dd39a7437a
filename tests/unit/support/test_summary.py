"""The last lines say what ran where, and CI does not pass without every engine."""

from __future__ import annotations

import pytest

from tests.support.engines import MISSING, USED
from tests.support.summary import EngineSummary


def report(when: str, *notes: tuple[str, object]) -> pytest.TestReport:
    return pytest.TestReport(
        nodeid="t", location=("t", 0, "t"), keywords={}, outcome="passed", longrepr=None, when=when,  # type: ignore[arg-type]
        user_properties=notes,
    )  # fmt: skip


SQLITE_TEST = report("call", (USED, "SQLite=3.40.1"))
POSTGRESQL_TEST = report("call", (USED, "PostgreSQL=15.14"))
CHROMIUM_TEST = report("call", (USED, "Chromium=156.0"), (USED, "SQLite=3.40.1"))
NO_POSTGRESQL = report("setup", (MISSING, "PostgreSQL=no server"))


def summary(
    *reports: pytest.TestReport, must_have_all: bool = False, whole_suite: bool = True
) -> EngineSummary:
    made = EngineSummary(must_have_all=must_have_all, whole_suite=whole_suite)
    for one in reports:
        made.add(one)
    return made


def test_each_engine_is_named_with_its_version_and_count() -> None:
    assert summary(SQLITE_TEST, POSTGRESQL_TEST, CHROMIUM_TEST).lines() == [
        "SQLite 3.40.1: run 2 tests",
        "PostgreSQL 15.14: run 1 test",
        "Chromium 156.0: run 1 test",
        "ClamAV: not run: no test of this run asked for it",
    ]


def test_set_up_and_tear_down_are_not_tests() -> None:
    parts = [report(when, (USED, "SQLite=3.40.1")) for when in ("setup", "call", "teardown")]
    assert summary(*parts).lines()[0] == "SQLite 3.40.1: run 1 test"


def test_what_was_not_run_is_said_with_the_reason() -> None:
    assert summary(SQLITE_TEST, NO_POSTGRESQL, NO_POSTGRESQL).lines() == [
        "SQLite 3.40.1: run 1 test",
        "PostgreSQL: not run 2 tests: no server",
        "Chromium: not run: no test of this run asked for it",
        "ClamAV: not run: no test of this run asked for it",
    ]


def test_ci_fails_without_an_engine_and_when_no_test_asked_for_it() -> None:
    assert summary(SQLITE_TEST, NO_POSTGRESQL, must_have_all=True).failures() == [
        "PostgreSQL was missing and CI=true asks for it",
        "no test ran on Chromium and CI=true asks for it",
        "no test ran on ClamAV and CI=true asks for it",
    ]


def test_ci_running_one_test_asks_only_for_the_engines_of_that_test() -> None:
    assert summary(SQLITE_TEST, must_have_all=True, whole_suite=False).failures() == []


def test_a_run_elsewhere_than_ci_does_not_fail_for_an_engine() -> None:
    assert summary(NO_POSTGRESQL).failures() == []
