"""What a hook may not do is refused while it runs, however it was imported, and nothing else is."""

from __future__ import annotations

import os
import random
import secrets
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from core.plugin_api import NavItem, Plugin, PluginInfo, Text, hookimpl
from core.plugin_kit.guards import (
    CHANCE,
    CLOCK,
    ENVIRONMENT,
    FILES,
    NETWORK,
    PROGRAM,
    Forbidden,
    Watch,
    guarded,
    watched,
)
from tests.unit.plugin_host.samples import sample


def refused(deed: Callable[[], object]) -> list[Text]:
    """The kinds of what was refused while `deed` ran under watch."""
    watch = Watch()
    with pytest.raises(Forbidden), guarded(watch, "thu"):
        deed()
    return [one.kind for one in watch.trips]


def late_import() -> object:
    """A clock that was imported inside the function."""
    from time import time_ns

    return time_ns()


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        (lambda: datetime.now(UTC), CLOCK),
        (lambda: date.today(), CLOCK),  # noqa: DTZ011, PLW0108 - what is refused; the call must come from Python
        (lambda: time.time(), CLOCK),  # noqa: PLW0108
        (lambda: time.monotonic(), CLOCK),  # noqa: PLW0108
        (late_import, CLOCK),
        (lambda: random.random(), CHANCE),  # noqa: PLW0108, S311
        (lambda: random.Random().choice([1, 2]), CHANCE),  # noqa: S311
        (lambda: secrets.token_hex(4), CHANCE),
        (lambda: uuid.uuid4(), CHANCE),  # noqa: PLW0108
        (lambda: os.urandom(4), CHANCE),
        (lambda: Path(__file__).read_bytes(), FILES),
        (lambda: list(Path().iterdir()), FILES),
        (lambda: Path("khong-co").exists(), FILES),
        (lambda: socket.create_connection(("localhost", 9)), NETWORK),
        (lambda: subprocess.run(["true"], check=False), PROGRAM),
        (lambda: os.environ["HOME"], ENVIRONMENT),
        (lambda: os.environ.get("HOME"), ENVIRONMENT),
        (lambda: os.getenv("HOME"), ENVIRONMENT),
    ],
)
def test_a_hook_may_not_read_the_world(deed: Callable[[], object], kind: Text) -> None:
    assert kind in refused(deed)


def test_import_inside_a_hook_is_no_access_to_files() -> None:
    watch = Watch()
    sys.modules.pop("colorsys", None)
    with guarded(watch, "thu"):
        import colorsys

        colorsys.rgb_to_hsv(0, 0, 0)

    assert watch.trips == []


def test_nothing_is_refused_between_hooks_or_in_other_threads() -> None:
    watch, seen = Watch(), []
    inside, done = threading.Event(), threading.Event()

    def elsewhere() -> None:
        inside.wait(10)
        seen.append(time.time())
        seen.append(random.random())  # noqa: S311
        done.set()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    with guarded(watch, "thu"):
        inside.set()
        done.wait(10)
    thread.join()
    time.time()

    assert len(seen) == 2
    assert watch.trips == []


def test_profile_of_the_caller_comes_back() -> None:
    before = sys.getprofile()
    with guarded(Watch(), "thu"):
        assert sys.getprofile() is not before

    assert sys.getprofile() is before


def test_both_halves_of_a_wrapper_are_watched_and_what_it_wraps_is_not() -> None:
    watch = Watch()

    @hookimpl(wrapper=True)
    def navigation():  # type: ignore[no-untyped-def]
        items = yield
        time.time()
        return items

    made: Plugin = watched(sample("boc", navigation), watch)
    wrapped = made.hooks[0].navigation()  # type: ignore[attr-defined]
    next(wrapped)
    time.time()
    with pytest.raises(Forbidden):
        wrapped.send((NavItem(Text("A"), "/a", 1),))

    assert [(one.hook, one.call) for one in watch.trips] == [("navigation", "time.time()")]


def test_plugin_under_watch_keeps_its_name_and_settings() -> None:
    plugin = sample("mau")

    assert watched(plugin, Watch()).info == PluginInfo("mau", "1.0.0", Text("mau"), ("1.0", "2.0"))


def test_exact_numbers_need_nothing_that_is_refused() -> None:
    watch = Watch()
    with guarded(watch, "thu"):
        total = Fraction(Decimal("0.1")) + Fraction(1, 3)
        day = datetime.strptime("2025-01-31", "%Y-%m-%d").replace(tzinfo=UTC)

    assert (total, day.year, watch.trips) == (Fraction(13, 30), 2025, [])
