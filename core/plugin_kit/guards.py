"""Watching hooks at work: no clock, no chance, no file, no network, no program, no environment.

While a hook runs, the interpreter reports each call of this thread (`sys.setprofile`) and each access to the machine
(audit events). What a rule may not do is refused where it happens, however the function was imported, and written down
in case the plugin swallows the refusal. Nothing is patched: other threads, and the kit between two hooks, are as ever.
"""

from __future__ import annotations

import datetime
import functools
import gc
import os
import random  # source-rule: to know its functions when a plugin calls them
import secrets
import sys
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import CodeType, FrameType, SimpleNamespace
from typing import Any

from core.plugin_api import PROJECT, Plugin, Policy, Text, hook_infos
from core.plugin_kit.findings import place_of

CLOCK = Text("đọc đồng hồ", "reads the clock")
CHANCE = Text("dùng số ngẫu nhiên", "uses chance")
FILES = Text("đọc hoặc ghi tệp", "touches files")
NETWORK = Text("dùng mạng", "uses the network")
PROGRAM = Text("chạy chương trình hoặc luồng khác", "starts a program or a thread")
ENVIRONMENT = Text("đọc biến môi trường", "reads the environment")
DATABASE = Text("mở cơ sở dữ liệu", "opens a database")
LIBRARY = Text("nạp thư viện ngoài Python", "loads a library from outside Python")


class Forbidden(Exception):
    """A rule tried what rules may not do; it is raised in the place where it did."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One refusal: in which hook, what kind of thing, the call, and the place in the plugin."""

    hook: str
    kind: Text
    call: str
    place: str


@dataclass(slots=True)
class Watch:
    """What was seen while hooks ran: refusals, and the errors of hooks that only decorate."""

    package: str = ""
    trips: list[Trip] = field(default_factory=list)
    errors: list[tuple[str, BaseException]] = field(default_factory=list)


class _Here(threading.local):
    watch: Watch | None = None
    hook: str = ""


_here = _Here()
_installed = threading.Lock()
_hooked: list[bool] = []


def watched(plugin: Plugin, watch: Watch) -> Plugin:
    """The same plugin with every hook under watch."""
    return replace(plugin, hooks=tuple(_watched_part(part, watch) for part in plugin.hooks))


@contextmanager
def guarded(watch: Watch, hook: str) -> Iterator[None]:
    """Refuse and write down what rules may not do, in this thread, until the end of the block."""
    _hook_audit()
    before = (_here.watch, _here.hook, sys.getprofile())
    collecting = gc.isenabled()
    gc.disable()  # what runs when garbage is collected is not the rule's doing
    _here.watch, _here.hook = watch, hook
    sys.setprofile(_profile)
    try:
        yield
    finally:
        sys.setprofile(before[2])
        _here.watch, _here.hook = before[:2]
        if collecting:
            gc.enable()


def _watched_part(part: object, watch: Watch) -> SimpleNamespace:
    shadow = SimpleNamespace()
    for name in dir(part):
        function = getattr(part, name)
        marks = getattr(function, f"{PROJECT}_impl", None)
        if callable(function) and marks is not None:
            setattr(shadow, name, _watched(function, marks.get("specname") or name, marks, watch))
    return shadow


def _watched(
    function: Callable[..., Any], hook: str, marks: Mapping[str, Any], watch: Watch
) -> Callable[..., Any]:
    if marks.get("wrapper"):
        return _watched_wrapper(function, hook, watch)
    known = hook_infos().get(hook)
    decorates = known is not None and known.policy is Policy.COLLECT

    @functools.wraps(function)
    def run(*arguments: Any) -> Any:
        try:
            with guarded(watch, hook):
                return function(*arguments)
        except (Exception, SystemExit) as error:
            if not decorates:
                raise
            # The host would log it and go on; the kit tells it instead.
            watch.errors.append((hook, error))
            return None

    return run


def _watched_wrapper(function: Callable[..., Any], hook: str, watch: Watch) -> Callable[..., Any]:
    """A wrapper under watch in its own two halves, and not while those that it wraps run."""

    @functools.wraps(function)
    def run(*arguments: Any) -> Generator[Any, Any, Any]:
        with guarded(watch, hook):
            inner = function(*arguments)
            next(inner)
        try:
            answer = yield
        except Exception as error:  # noqa: BLE001 - handed to the wrapper, which passes it on or does not
            return _last(inner.throw, error, watch, hook)
        return _last(inner.send, answer, watch, hook)

    return run


def _last(resume: Callable[[Any], Any], value: Any, watch: Watch, hook: str) -> Any:
    with guarded(watch, hook):
        try:
            resume(value)
        except StopIteration as done:
            return done.value
    raise RuntimeError(f"{hook}: hook bọc có nhiều hơn một yield")


# -- what is refused ---------------------------------------------------------------------------------------------

_CLOCKS = (
    "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns "
    "thread_time thread_time_ns localtime gmtime ctime asctime strftime sleep clock_gettime clock_gettime_ns"
)
_BUILTINS: Mapping[object, tuple[Text, str]] = {
    **{getattr(time, name): (CLOCK, f"time.{name}()") for name in _CLOCKS.split() if hasattr(time, name)},
    **{
        getattr(os, name): (kind, f"os.{name}()")
        for kind, names in (
            (CHANCE, "urandom getrandom"),
            (FILES, "stat lstat access getcwd readlink statvfs"),
            (ENVIRONMENT, "getpid getppid uname times cpu_count getlogin"),
        )
        for name in names.split()
        if hasattr(os, name)
    },
}
_TODAY = frozenset({"now", "utcnow", "today"})


def _codes() -> Mapping[CodeType, tuple[Text, str]]:
    """The functions written in Python that are refused, by their code."""
    listed: list[tuple[Text, str, object]] = [
        *((CHANCE, f"secrets.{name}()", getattr(secrets, name)) for name in secrets.__all__),
        *((CHANCE, f"uuid.{name}()", getattr(uuid, name)) for name in ("uuid1", "uuid4", "getnode")),
        *((CHANCE, f"random.{name}()", one) for name, one in vars(random.Random).items()),
        *((CHANCE, f"random.{name}()", one) for name, one in vars(random.SystemRandom).items()),
        *(
            (ENVIRONMENT, "os.environ", getattr(type(os.environ), name))
            for name in ("__getitem__", "__iter__", "__len__", "__setitem__", "__delitem__")
        ),
        (ENVIRONMENT, "os.getenv()", os.getenv),
        (PROGRAM, "threading.Thread()", threading.Thread.start),
    ]
    return {
        one.__code__: (kind, call.replace("random.__init__()", "random.Random()"))
        for kind, call, one in listed
        if hasattr(one, "__code__")
    }


_CODES = _codes()
_EVENTS: Mapping[str, Text] = {
    "open": FILES,
    "os.system": PROGRAM,
    "os.exec": PROGRAM,
    "os.fork": PROGRAM,
    "os.forkpty": PROGRAM,
    "os.posix_spawn": PROGRAM,
    "os.spawn": PROGRAM,
    "os.putenv": ENVIRONMENT,
    "os.unsetenv": ENVIRONMENT,
}
_EVENT_FAMILIES: Mapping[str, Text] = {
    "os": FILES,
    "shutil": FILES,
    "tempfile": FILES,
    "glob": FILES,
    "pathlib": FILES,
    "socket": NETWORK,
    "urllib": NETWORK,
    "http": NETWORK,
    "ftplib": NETWORK,
    "smtplib": NETWORK,
    "subprocess": PROGRAM,
    "pty": PROGRAM,
    "_thread": PROGRAM,
    "sqlite3": DATABASE,
    "ctypes": LIBRARY,
}
# An import inside a function reads files, and a warning shows a line of its source: neither is the rule's doing.
_EXCUSED_FILES = ("<frozen importlib",)
_EXCUSED_MODULES = frozenset({"linecache", "warnings", "traceback", "tokenize"})


def _profile(frame: FrameType, event: str, argument: Any) -> None:
    if event == "c_call":
        found, caller = _builtin(argument), frame
    elif event == "call":
        found, caller = _CODES.get(frame.f_code), frame.f_back or frame
    else:
        return
    if found is not None:
        _refuse(*found, caller)


def _builtin(function: Any) -> tuple[Text, str] | None:
    found = _BUILTINS.get(function)
    if found is not None:
        return found
    owner, name = getattr(function, "__self__", None), getattr(function, "__name__", "")
    if name in _TODAY and isinstance(owner, type) and issubclass(owner, datetime.date):
        return CLOCK, f"{owner.__name__}.{name}()"
    if isinstance(owner, random.Random):
        return CHANCE, f"random.{name}()"
    return None


# The hook outlives the module's names when the interpreter ends; `here` is held by it.
def _audit(event: str, arguments: tuple[Any, ...], here: _Here = _here) -> None:
    if here.watch is None:
        return
    kind = _EVENTS.get(event) or _EVENT_FAMILIES.get(event.partition(".")[0])
    if kind is None:
        return
    call = (
        f"{event}({arguments[0]!r})" if arguments and isinstance(arguments[0], (str, bytes)) else f"{event}()"
    )
    _refuse(kind, call, sys._getframe(1))


def _hook_audit() -> None:
    with _installed:
        if not _hooked:
            sys.addaudithook(_audit)
            _hooked.append(True)


def _refuse(kind: Text, call: str, frame: FrameType) -> None:
    watch = _here.watch
    stack = list(_frames(frame))
    if watch is None or any(_is_excused(one) for one in stack):
        return
    _here.watch = None  # what follows is ours
    try:
        place = next((one for one in stack if _is_within(one, watch.package)), frame)
        where = place_of(place.f_code.co_filename, place.f_lineno)
        watch.trips.append(Trip(_here.hook, kind, call, where))
    finally:
        _here.watch = watch
    raise Forbidden(f"{call} ({where})")


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames from `frame` out to the kit's own."""
    while frame is not None and frame.f_globals.get("__name__") != __name__:
        yield frame
        frame = frame.f_back


def _is_excused(frame: FrameType) -> bool:
    return (
        frame.f_code.co_filename.startswith(_EXCUSED_FILES)
        or frame.f_globals.get("__name__") in _EXCUSED_MODULES
    )


def _is_within(frame: FrameType, package: str) -> bool:
    name = str(frame.f_globals.get("__name__", ""))
    return bool(package) and (name == package or name.startswith(f"{package}."))
