"""A plugin that fails in each hook there is, as an implementation and as a wrapper."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.plugin_api import Clause, Combine, HookInfo, NavItem, Policy, Terms, Text, hook_infos, hookimpl
from core.plugin_host import Host, PluginFailed, rules_for
from core.plugin_host.host import ask
from tests.support.failing_plugins import SECRET, any_arguments, failing
from tests.unit.plugin_host.samples import edition_on, sample

HOOKS = tuple(hook_infos().values())
STRICT = tuple(info for info in HOOKS if info.policy is Policy.STRICT)
COLLECT = tuple(info for info in HOOKS if info.policy is Policy.COLLECT)
OF_EDITION = tuple(info for info in HOOKS if not any_arguments(info))


def _named(info: HookInfo) -> str:
    return info.name


def _asked(host: Host, hook: HookInfo, *names: str) -> Any:
    edition = edition_on(host, *names)
    return ask(host.manager(names), edition, hook.name, any_arguments(hook))


@pytest.mark.parametrize("info", STRICT, ids=_named)
@pytest.mark.parametrize("error", [LookupError, SystemExit])
def test_strict_hook_that_raises_stops_the_call_and_names_plugin_and_hook(
    info: HookInfo, error: type[BaseException]
) -> None:
    host = Host.of(sample("hong", failing(info.name, error)))

    with pytest.raises(PluginFailed) as failed:
        _asked(host, info, "hong")

    assert (failed.value.plugin, failed.value.hook) == ("hong", info.name)
    assert SECRET in failed.value.message


@pytest.mark.parametrize("info", COLLECT, ids=_named)
@pytest.mark.parametrize("error", [LookupError, SystemExit])
def test_collected_hook_that_raises_is_recorded_and_the_others_are_heard(
    info: HookInfo, error: type[BaseException]
) -> None:
    host = Host.of(sample("hong", failing(info.name, error)))
    alone = _asked(host, info)

    with capture_logs() as recorded:
        heard = _asked(host, info, "hong")

    assert heard.answer == alone.answer
    assert (alone.is_whole, heard.is_whole) == (True, False)
    assert [
        (row["event"], row["plugin"], row["hook"], row["tenant"], row["edition"]) for row in recorded
    ] == [("plugin_hook_failed", "hong", info.name, "mau", "1")]


@pytest.mark.parametrize("info", STRICT, ids=_named)
def test_strict_answer_of_a_wrong_type_names_plugin_and_hook(info: HookInfo) -> None:
    host = Host.of(sample("sai", _answering(info.name, 4711)))

    with pytest.raises(PluginFailed, match=f"Plugin sai không thực hiện được {info.name}: phải trả về"):
        _asked(host, info, "sai")


@pytest.mark.parametrize("info", COLLECT, ids=_named)
def test_collected_answer_of_a_wrong_type_is_left_out(info: HookInfo) -> None:
    host = Host.of(sample("sai", _answering(info.name, 4711)))
    alone = _asked(host, info)

    with capture_logs() as recorded:
        heard = _asked(host, info, "sai")

    assert heard.answer == alone.answer
    assert [row["plugin"] for row in recorded] == ["sai"]


@pytest.mark.parametrize("info", STRICT, ids=_named)
@pytest.mark.parametrize("place", ["before", "after", "answer"])
def test_strict_wrapper_that_fails_names_itself(info: HookInfo, place: str) -> None:
    host = Host.of(sample("boc", _wrapping(info.name, place)))

    with pytest.raises(PluginFailed) as failed:
        _asked(host, info, "boc") if info in OF_EDITION or place == "before" else _wrapped(host, info)

    assert (failed.value.plugin, failed.value.hook) == ("boc", info.name)


@pytest.mark.parametrize("info", COLLECT, ids=_named)
@pytest.mark.parametrize("place", ["before", "after", "answer", "twice"])
def test_collected_wrapper_that_fails_leaves_what_it_wraps_as_it_was(info: HookInfo, place: str) -> None:
    host = Host.of(sample("boc", _wrapping(info.name, place)))
    alone = _asked(host, info)

    with capture_logs() as recorded:
        heard = _asked(host, info, "boc")

    assert heard.answer == alone.answer
    assert not heard.is_whole
    assert [(row["event"], row["plugin"]) for row in recorded] == [("plugin_hook_failed", "boc")]


def test_collected_wrapper_that_works_is_heard() -> None:
    @hookimpl(wrapper=True)
    def navigation() -> Generator[None, list[Any], list[Any]]:
        given = yield
        return [*given, (NavItem(Text("Thêm", "More"), "/them", 500),)]

    host = Host.of(sample("boc", navigation))

    assert rules_for(edition_on(host, "boc"), host=host).navigation()[-1].href == "/them"


def test_wrapper_of_the_old_style_is_refused_with_a_sentence() -> None:
    @hookimpl(hookwrapper=True)
    def terms() -> Generator[None, Any, None]:
        yield

    host = Host.of(sample("cu", terms))

    (broken,) = host.check_pending()
    assert broken.error == (
        "không đăng ký được: ValueError: terms là hookwrapper kiểu cũ; hãy dùng @hookimpl(wrapper=True)"
    )


def test_answer_of_the_edition_alone_is_asked_for_once() -> None:
    asked = []

    @hookimpl
    def terms() -> None:
        asked.append("terms")

    host = Host.of(sample("a", terms))
    rules = rules_for(edition_on(host, "a"), host=host)

    assert rules.terms() is rules.terms()
    assert asked == ["terms"]
    assert rules_for(edition_on(host, "a"), host=host).terms() == rules.terms()
    assert asked == ["terms", "terms"]


def test_failure_is_not_held() -> None:
    calls = []

    @hookimpl
    def terms() -> Terms | None:
        calls.append(1)
        if len(calls) == 1:
            raise LookupError("một lần")
        return None

    host = Host.of(sample("hong", terms))
    rules = rules_for(edition_on(host, "hong"), host=host)

    with pytest.raises(PluginFailed):
        rules.terms()
    assert rules.terms().contest.vi == "Cuộc thi"


def test_answer_that_a_plugin_is_missing_from_is_not_held() -> None:
    calls = []

    @hookimpl
    def navigation() -> tuple[NavItem, ...]:
        calls.append(1)
        if len(calls) == 1:
            raise LookupError("một lần")
        return (NavItem(Text("Thêm", "More"), "/them", 500),)

    host = Host.of(sample("hong", navigation))
    rules = rules_for(edition_on(host, "hong"), host=host)

    assert "/them" not in [item.href for item in rules.navigation()]
    assert "/them" in [item.href for item in rules.navigation()]


def test_words_of_an_exception_are_for_the_log_and_a_broken_contract_is_told() -> None:
    assert PluginFailed("a", "terms", f"LookupError: {SECRET}", raised=True).told == (
        "Plugin a không thực hiện được terms."
    )
    assert PluginFailed("a", "terms", "phải trả về Terms").told == (
        "Plugin a không thực hiện được terms: phải trả về Terms"
    )


def test_wrapper_of_a_gathered_hook_must_pass_on_a_list_of_answers() -> None:
    @hookimpl(wrapper=True)
    def clauses() -> Generator[None, list[tuple[Clause, ...]], list[Any]]:
        given = yield
        return [one for many in given for one in many]

    host = Host.of(sample("phang", clauses))

    with pytest.raises(
        PluginFailed, match="Plugin phang không thực hiện được clauses: phải trả về một tuple"
    ):
        rules_for(edition_on(host, "phang"), host=host).clauses()


def _answering(hook: str, answer: object) -> Callable[..., Any]:
    def answers() -> object:
        return answer

    answers.__name__ = hook
    made: Callable[..., Any] = hookimpl(answers)
    return made


def _wrapping(hook: str, place: str) -> Callable[..., Any]:
    """A wrapper that fails before the others, after them, by what it gives, or by yielding twice."""

    def wraps() -> Generator[None, Any, Any]:
        if place == "before":
            raise LookupError(SECRET)
        given = yield
        if place == "after":
            raise LookupError(SECRET)
        if place == "twice":
            yield
        return 4711 if place == "answer" else given

    wraps.__name__ = hook
    made: Callable[..., Any] = hookimpl(wrapper=True)(wraps)
    return made


def _wrapped(host: Host, info: HookInfo) -> None:
    """Drive the guarded wrapper alone: with arguments that are nothing, what it wraps could not answer."""
    (wrapper,) = (
        one.function for one in getattr(host.manager(("boc",)).hook, info.name).get_hookimpls() if one.wrapper
    )
    running = wrapper()
    next(running)
    running.send([] if info.combine is Combine.ALL else None)
