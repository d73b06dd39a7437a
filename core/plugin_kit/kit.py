"""The whole kit: its checks in order, each with its title, run on a plugin by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from core.plugin_api import Text
from core.plugin_host import Host, PluginError, PluginFailed, Rules, default_host, rules_for
from core.plugin_kit import apart, imports, properties, samples, static
from core.plugin_kit.findings import Checked, Problem
from core.plugin_kit.golden import golden, golden_inputs
from core.plugin_kit.guards import Watch
from core.plugin_kit.play import Outcome, play
from core.plugin_kit.subject import INSTALLED, Place, Subject, subject_of

EXAMPLES = 120
QUICK_EXAMPLES = 25

TITLES: Mapping[str, Text] = {
    "load": Text("Nạp được plugin", "The plugin loads"),
    "metadata": Text("Thông tin về plugin", "What the plugin says of itself"),
    "imports": Text("Mã nguồn chỉ nạp những gì được phép", "The source imports what it may"),
    "settings": Text(
        "Cài đặt có mặc định, giải thích và giới hạn", "Settings have defaults, help and bounds"
    ),
    "hooks": Text("Không hook nào báo lỗi", "No hook raises"),
    "guards": Text(
        "Không đồng hồ, ngẫu nhiên, tệp, mạng trong quy tắc", "No clock, chance, file or network in rules"
    ),
    "exactness": Text("Số chính xác, không float", "Exact numbers, no float"),
    "determinism": Text("Cùng dữ liệu cho cùng kết quả", "The same inputs give the same result"),
    "quotas": Text("Không giải nào vượt chỉ tiêu", "No quota is exceeded"),
    "tiers": Text("Điểm cao hơn không nhận giải thấp hơn", "More points never get a lower tier"),
    "ties": Text("Bài bằng nhau được xử lý như nhau", "Equal entries are treated equally"),
    "awards": Text(
        "Giải phụ hợp lệ, suất chờ quyết định được giữ", "Special awards hold, waiting places are kept"
    ),
    "clauses": Text("Mọi điều khoản được viện dẫn đều có", "Every cited clause exists"),
    "words": Text("Đủ hai ngôn ngữ, tiêu chí phụ có thật", "Both languages; tie-breaks name what exists"),
    "environment": Text(
        "Ngôn ngữ, múi giờ, hash seed khác cho cùng kết quả", "Another locale, time zone, hash seed"
    ),
    "golden": Text("Kết quả mẫu tính lại không đổi", "Golden editions come out the same"),
    "speed": Text("Thời gian và bộ nhớ với 10.000 bài", "Time and memory for 10,000 entries"),
}
CHECKS = tuple(TITLES)
"""The names of the checks in the order in which they run."""


def check_plugin(
    name: str, *, place: Place = INSTALLED, settings: Mapping[str, Any] | None = None, quick: bool = False
) -> Iterator[Checked]:
    """Run every check on the plugin `name` and give each as it is done; one that does not load gives that alone.

    `quick` generates fewer contests, replays on one other machine and measures 1,000 entries.
    """
    kit = Kit(name, place, settings, quick=quick)
    for check in CHECKS:
        checked = kit.run(check)
        yield checked
        if check == "load" and not checked.holds:
            return


class Kit:
    """The checks of one plugin; what several of them need is worked out once."""

    def __init__(
        self,
        name: str,
        place: Place = INSTALLED,
        settings: Mapping[str, Any] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        self._name, self._place, self._settings, self._quick = name, place, settings, quick
        self._subject: Subject | PluginError | None = None
        self._played: properties.Generated | None = None

    def run(self, check: str) -> Checked:
        """One check; KeyError for a name that is none of CHECKS."""
        title = TITLES[check]
        # What a plugin does when it is imported, or a hook that only decorates, is told as a problem and not logged.
        with structlog.testing.capture_logs():
            subject = self._found()
            if isinstance(subject, PluginError):
                said = Text(subject.message, f"The plugin cannot be used: {subject.message}")
                return Checked(check, title, (Problem("load", said),))
            try:
                if check not in _ALONE and self._is_stopped(check, subject):
                    return Checked(check, title, ran=False)
                return Checked(check, title, static.distinct(self._problems(check, subject)))
            except PluginFailed as failed:
                return Checked(check, title, (_refused(check, failed),))
            except Exception as error:  # noqa: BLE001 - whatever a plugin does becomes a sentence
                return Checked(check, title, (_broken(check, error),))

    def notes(self) -> tuple[Text, ...]:
        """What there is to know beside the faults: how fast it was, how many golden editions there are."""
        subject = self._found()
        if isinstance(subject, PluginError):
            return ()
        notes = []
        measured = subject.held.get("measured")
        if measured is not None:
            count = apart.QUICK_ENTRIES if subject.quick else apart.ENTRIES
            seconds, megabytes = f"{measured['seconds']:.1f}", measured["megabytes"]
            notes.append(
                Text(
                    f"{count} bài × 3 giám khảo: {seconds.replace('.', ',')} giây, {megabytes} MB.",
                    f"{count} entries × 3 judges: {seconds} seconds, {megabytes} MB.",
                )
            )
        if not golden_inputs(subject):
            notes.append(
                Text(
                    "Chưa có kết quả mẫu: đặt golden/*.inputs.json và *.outputs.json trong gói của plugin.",
                    "There is no golden edition: put golden/*.inputs.json and *.outputs.json into the package.",
                )
            )
        return tuple(notes)

    def _found(self) -> Subject | PluginError:
        if self._subject is None:
            try:
                self._subject = subject_of(
                    self._name, place=self._place, settings=self._settings, quick=self._quick
                )
            except PluginError as error:
                self._subject = error
        return self._subject

    def _problems(self, check: str, subject: Subject) -> Iterator[Problem]:
        alone = _ALONE.get(check)
        if alone is not None:
            yield from alone(subject)
            return
        if check in _SAID:
            yield from _SAID[check](subject)
            return
        yield from (one for one in self._generated(subject).problems if one.check == check)
        if check == "exactness":
            yield from imports.floats(subject)

    def _is_stopped(self, check: str, subject: Subject) -> bool:
        """Whether the rules did not answer, so that this check would only say so again."""
        generated = self._generated(subject)
        if any(one.check == check for one in generated.problems):
            return False
        return generated.stopped if check in properties.CHECKS else not generated.answered

    def _generated(self, subject: Subject) -> properties.Generated:
        if self._played is None:
            ring = properties.Ring(subject.rules, subject.replayed, subject.watch)
            self._played = properties.generated_problems(ring, QUICK_EXAMPLES if subject.quick else EXAMPLES)
        return self._played


def edition_problems(rules: Rules, *, host: Host | None = None) -> tuple[Problem, ...]:
    """What is wrong with the rules of an edition as it stands: the fixed contests, clauses, words; none generated.

    `host` has its plugins (the installed). What a hook raises comes back as a problem that names it.
    """
    edition, host = rules.edition, host or default_host()
    ring = properties.Ring(rules, lambda: rules_for(edition, host=host), Watch())
    try:
        played = properties.fixed_problems(ring)
        outcomes = _outcomes(rules)
        bare = rules_for(replace(edition, plugins=()), host=host)
        return static.distinct(
            (*static.clauses(rules, bare, outcomes), *static.words(rules, outcomes), *played)
        )
    except PluginFailed as failed:
        return (_refused("hooks", failed),)


def _refused(check: str, failed: PluginFailed) -> Problem:
    said = Text(failed.message, f"Plugin {failed.plugin}, hook {failed.hook}: {failed.reason}")
    return Problem(check, said)


def _broken(check: str, error: Exception) -> Problem:
    reason = f"{type(error).__name__}: {error}"
    return Problem(
        check, Text(f"Phần kiểm tra này dừng giữa chừng: {reason}", f"This check stopped: {reason}")
    )


def _outcomes(rules: Rules) -> Sequence[Outcome]:
    return [play(rules, one) for one in samples.fixed_contests(samples.Ground.of(rules))]


def _clauses(subject: Subject) -> Iterator[Problem]:
    bare = rules_for(replace(subject.edition, plugins=()), host=subject.host)
    yield from static.clauses(subject.rules, bare, _outcomes(subject.rules))
    yield from static.written_findings(subject.plugin, subject.rules)


def _words(subject: Subject) -> Iterator[Problem]:
    yield from static.words(subject.rules, _outcomes(subject.rules))


def _none(subject: Subject) -> Iterator[Problem]:
    """Nothing: that the plugin loads was found out before."""
    yield from ()


_ALONE: Mapping[str, Callable[[Subject], Iterator[Problem]]] = {
    "load": _none,
    "metadata": static.metadata,
    "imports": imports.imports,
    "settings": static.settings,
}
_SAID: Mapping[str, Callable[[Subject], Iterator[Problem]]] = {
    "clauses": _clauses,
    "words": _words,
    "environment": apart.environment,
    "golden": golden,
    "speed": apart.speed,
}
