"""The plugin in a process of its own: on a machine with other habits, and with ten thousand entries.

`python -m core.plugin_kit.apart` reads one JSON line that says which plugin and what to do, and answers with one.
"""

from __future__ import annotations

import json
import locale
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.kernel.errors import DomainError
from core.plugin_api import Text
from core.plugin_host import Rules, dump_settings
from core.plugin_kit import samples
from core.plugin_kit.findings import Problem
from core.plugin_kit.play import contest_words, fingerprint, play
from core.plugin_kit.static import answers
from core.plugin_kit.subject import Place, Subject, subject_of

SECONDS = 20
MEGABYTES = 500
ENTRIES = 10_000
QUICK_ENTRIES = 1_000
_ABROAD = (
    {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1", "LC_ALL": "vi_VN.UTF-8"},
    {"TZ": "America/Anchorage", "PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8"},
)
_PARTS = ("answers", *(f"contest {number}" for number in range(6)))


# -- here ----------------------------------------------------------------------------------------------------------


def environment(subject: Subject) -> Iterator[Problem]:
    """What the rules say must be the same under another locale, time zone and hash seed."""
    here = _replayed(subject.replayed())
    for habits in _ABROAD[:1] if subject.quick else _ABROAD:
        there = _ask(subject, "replay", habits)
        if "error" in there:
            yield _failed("environment", there["error"])
            return
        part = next((one for one, mark in here.items() if there["marks"].get(one) != mark), None)
        if part is not None:
            contests = samples.fixed_contests(samples.Ground.of(subject.rules))
            example = None if part == "answers" else contest_words(contests[int(part.split()[1])])
            yield Problem(
                "environment",
                Text(
                    f"Kết quả đổi trên máy khác: múi giờ {habits['TZ']}, ngôn ngữ {there['locale']}, "
                    f"PYTHONHASHSEED {habits['PYTHONHASHSEED']}. Thường là do duyệt qua set, hoặc so sánh theo "
                    "ngôn ngữ.",
                    f"The result changed on another machine: time zone {habits['TZ']}, locale {there['locale']}, "
                    f"PYTHONHASHSEED {habits['PYTHONHASHSEED']}. Mostly a set was walked, or words were "
                    "compared by locale.",
                ),
                example,
            )
            return


def speed(subject: Subject) -> Iterator[Problem]:
    """Time and memory of one whole computation of 10,000 entries with three judges (1,000 when quick)."""
    count = QUICK_ENTRIES if subject.quick else ENTRIES
    limit = SECONDS * count // ENTRIES
    asked = _ask(subject, "measure", {}, entries=count, patience=4 * SECONDS)
    if "error" in asked:
        yield _failed("speed", asked["error"])
        return
    subject.held["measured"] = asked
    seconds = f"{asked['seconds']:.1f}"
    if asked["seconds"] > limit:
        yield Problem(
            "speed",
            Text(
                f"Tính {count} bài × 3 giám khảo mất {seconds.replace('.', ',')} giây; giới hạn là {limit} giây.",
                f"Computing {count} entries × 3 judges took {seconds} seconds; the limit is {limit}.",
            ),
        )
    if asked["megabytes"] > MEGABYTES:
        yield Problem(
            "speed",
            Text(
                f"Tính {count} bài × 3 giám khảo cần {asked['megabytes']} MB; giới hạn là {MEGABYTES} MB.",
                f"Computing {count} entries × 3 judges needs {asked['megabytes']} MB; the limit is {MEGABYTES} MB.",
            ),
        )


def _ask(
    subject: Subject, task: str, habits: Mapping[str, str], *, entries: int = 0, patience: int = 60
) -> dict[str, Any]:
    """The answer of a process with these habits; `error` says in words that it gave none."""
    names = tuple(ref.name for ref in subject.edition.plugins)
    settings = dump_settings(names, subject.edition.settings, host=subject.host)
    order = json.dumps(
        {
            "task": task,
            "entries": entries,
            "plugin": subject.name,
            "place": asdict(subject.place),
            "settings": settings,
        }
    )
    # What the parent can import the child can too: a plugin beside the checkout, a test's package.
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "core.plugin_kit.apart"],
            input=order,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=patience,
            check=False,
            env={**os.environ, **habits, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        )
    except subprocess.TimeoutExpired:
        return {"error": f"không xong trong {patience} giây (not done in {patience} seconds)"}
    try:
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {
            "error": f"tiến trình dừng với mã {done.returncode} (the process ended with code {done.returncode})"
        }
    return answer


def _failed(check: str, reason: str) -> Problem:
    return Problem(
        check,
        Text(
            f"Không chạy được trong tiến trình riêng: {reason}.",
            f"It does not run in a process of its own: {reason}.",
        ),
    )


# -- there ---------------------------------------------------------------------------------------------------------


def _replayed(rules: Rules) -> dict[str, str]:
    """A mark of everything the rules say of themselves and of the fixed contests."""
    contests = samples.fixed_contests(samples.Ground.of(rules))
    return {
        "answers": fingerprint(answers(rules)),
        **{f"contest {number}": fingerprint(play(rules, one)) for number, one in enumerate(contests)},
    }


def _replay(subject: Subject) -> dict[str, Any]:
    chosen = "C"
    # A machine without this locale keeps its own; time zone and hash seed differ all the same.
    with suppress(locale.Error):
        chosen = locale.setlocale(locale.LC_ALL, "")
    return {"marks": _replayed(subject.rules), "locale": chosen}


def _measure(subject: Subject, count: int) -> dict[str, Any]:
    """Processor seconds of one computation, and the most memory that the process held."""
    rules = subject.rules
    contest = samples.made(samples.Ground.of(rules), range(count))
    began = time.process_time()
    play(rules, contest)
    seconds = time.process_time() - began
    return {"seconds": seconds, "megabytes": _peak_megabytes()}


def _peak_megabytes() -> int:
    """The most memory that this program has held. `ru_maxrss` will not do on Linux, where a new program begins with
    that of the process which started it.
    """
    status = Path("/proc/self/status")
    held = re.search(r"^VmHWM:\s+(\d+) kB$", status.read_text(), re.MULTILINE) if status.exists() else None
    return int(held[1]) // 1024 if held else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Do what the line on standard input says and print the answer as one line."""
    order = json.loads(sys.stdin.readline())
    place = Place(**order["place"])
    try:
        subject = subject_of(order["plugin"], place=place, settings=order["settings"], guards=False)
        answer = _replay(subject) if order["task"] == "replay" else _measure(subject, order["entries"])
    except DomainError as error:
        answer = {"error": error.message}
    except Exception as error:  # noqa: BLE001 - whatever a plugin does becomes a sentence
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(f"\n{json.dumps(answer)}\n")


if __name__ == "__main__":
    main()
