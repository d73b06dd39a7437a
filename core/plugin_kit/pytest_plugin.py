"""For authors: the conformance kit in pytest.

`bangvang_plugin = my_contest` in the pytest section of an author's project makes one test of each check. The fixtures
`plugin_rules` and `conformance` serve the tests that an author writes. Nothing of the platform is imported until one of
them is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from core.plugin_host import Rules
    from core.plugin_kit.findings import Problem
    from core.plugin_kit.kit import Kit

_INI = "bangvang_plugin"


class NotConforming(Exception):
    """A check of the kit found something; its text is what."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The ini option that names the plugins under test, and the quick way."""
    parser.addini(_INI, "plugins whose conformance checks are collected as tests", type="args", default=[])
    group = parser.getgroup("bangvang")
    group.addoption(
        "--bangvang-quick", action="store_true", help="fewer generated contests in the conformance checks"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker of the conformance tests known."""
    config.addinivalue_line("markers", "bangvang: a check of the conformance kit of Bảng Vàng")


class ConformanceItem(pytest.Item):
    """One check of the kit on one plugin."""

    def __init__(self, *, kit: Kit, check: str, **node: Any) -> None:
        super().__init__(**node)
        self._kit, self._check = kit, check
        self.add_marker("bangvang")

    def runtest(self) -> None:
        """Run the check; NotConforming with a line for each problem."""
        checked = self._kit.run(self._check)
        if not checked.holds:
            raise NotConforming("\n".join(one.sentence("vi") for one in checked.problems))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The problems alone, without a traceback of the kit."""
        if isinstance(excinfo.value, NotConforming):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """Where it stands: nowhere in a file."""
        return self.path, None, self.name


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add the checks of the named plugins, unless single files were asked for."""
    names = config.getini(_INI)
    if not names or any(".py" in one for one in config.args):
        return
    from core.plugin_kit.kit import CHECKS, Kit

    for name in names:
        kit = Kit(name, quick=config.getoption("--bangvang-quick"))
        items.extend(
            ConformanceItem.from_parent(session, name=f"bangvang[{name}-{check}]", kit=kit, check=check)
            for check in CHECKS
        )


@pytest.fixture
def plugin_rules() -> Callable[..., Rules]:
    """`plugin_rules("my_contest", points=70)`: the rules of a sample edition on the plugin, with these settings."""

    def build(name: str, **settings: object) -> Rules:
        from core.plugin_host import default_host, rules_for
        from core.plugin_kit.subject import sample_edition

        return rules_for(sample_edition(default_host(), name, {name: settings}))

    return build


@pytest.fixture
def conformance() -> Callable[..., tuple[Problem, ...]]:
    """`conformance("my_contest", {"points": 70})`: every problem the quick kit finds, none when it conforms."""

    def check(name: str, settings: Mapping[str, Any] | None = None) -> tuple[Problem, ...]:
        from core.plugin_kit.kit import check_plugin

        given = None if settings is None else {name: settings}
        return tuple(
            problem for one in check_plugin(name, settings=given, quick=True) for problem in one.problems
        )

    return check
