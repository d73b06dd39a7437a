"""The last words of a run: on which engines the tests ran, how many on each, what could not be run and why.

With CI=true a missing PostgreSQL, Chromium or ClamAV fails the run; so does a whole suite that needed none of one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field

import pytest

from tests.support.engines import CHROMIUM, CLAMAV, ENGINES, MISSING, POSTGRESQL, USED, in_ci
from tests.support.run_folder import is_worker


@dataclass(slots=True)
class EngineSummary:
    """Counts the notes that tests left on their reports."""

    ran: Counter[str] = field(default_factory=Counter)
    versions: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    absent: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    whole_suite: bool = False
    must_have_all: bool = False

    def add(self, report: pytest.TestReport) -> None:
        """Count one test: as run when its body ran, as missing when its engine was not there."""
        for key, value in report.user_properties:
            engine, _, detail = str(value).partition("=")
            if key == USED and report.when == "call":
                self.ran[engine] += 1
                self.versions[engine].add(detail)
            if key == MISSING and report.when == "setup":
                self.absent[engine][detail] += 1

    def lines(self) -> list[str]:
        """One line an engine, in a fixed order."""
        return [line for engine in ENGINES for line in self._of(engine)]

    def failures(self) -> list[str]:
        """Why this run is not enough for CI; empty when it is, or when nobody asked."""
        if not self.must_have_all:
            return []
        needed = (POSTGRESQL, CHROMIUM, CLAMAV)
        gone = [
            f"{engine} was missing and CI=true asks for it" for engine in needed if self.absent.get(engine)
        ]
        unasked = [
            f"no test ran on {engine} and CI=true asks for it"
            for engine in needed
            if self.whole_suite and not self.ran[engine] and not self.absent.get(engine)
        ]
        return gone + unasked

    def _of(self, engine: str) -> list[str]:
        if not self.ran[engine] and not self.absent.get(engine):
            return [f"{engine}: not run: no test of this run asked for it"]
        named = " ".join([engine, *sorted(self.versions.get(engine, ()))])
        counted = [f"{named}: run {_tests(self.ran[engine])}"] if self.ran[engine] else []
        skipped = [
            f"{engine}: not run {_tests(count)}: {reason}"
            for reason, count in sorted(self.absent.get(engine, Counter()).items())
        ]
        return counted + skipped


def _tests(count: int) -> str:
    return f"{count} test" if count == 1 else f"{count} tests"


_SUMMARY = pytest.StashKey[EngineSummary]()


class _Counting:
    """The hook that sees every report, bound to the summary of one run."""

    def __init__(self, summary: EngineSummary) -> None:
        self._summary = summary

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._summary.add(report)


def pytest_configure(config: pytest.Config) -> None:
    """Count in the process that prints."""
    if is_worker(config):
        return
    whole = config.args_source is not pytest.Config.ArgsSource.ARGS and not config.getoption("keyword")
    summary = EngineSummary(whole_suite=whole, must_have_all=in_ci())
    config.stash[_SUMMARY] = summary
    config.pluginmanager.register(_Counting(summary))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in CI that lacked an engine."""
    summary = session.config.stash.get(_SUMMARY, None)
    if summary and summary.failures() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> Generator[None, None, None]:
    """Print it, last before pytest's own closing line: outside of all who print a summary too."""
    yield
    summary = config.stash[_SUMMARY]
    terminalreporter.section("engines")
    for line in summary.lines():
        terminalreporter.write_line(line)
    for failure in summary.failures():
        terminalreporter.write_line(failure, red=True)
