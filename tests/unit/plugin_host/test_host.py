"""Order, overriding, and the two call policies."""

from __future__ import annotations

from collections.abc import Generator

import pytest
from structlog.testing import capture_logs

from core.plugin_api import (
    Clause,
    Edition,
    Entry,
    Finding,
    NavItem,
    PluginRef,
    Round,
    Severity,
    Terms,
    Text,
    hookimpl,
)
from core.plugin_host import Host, PluginFailed, PluginUnavailable, check_pending, plugin_refs, rules_for
from tests.unit.plugin_host.samples import edition_on, sample, words


def _terms(name: str) -> object:
    @hookimpl
    def terms() -> Terms:
        return words(name)

    return terms


@hookimpl
def broken_terms() -> Terms:
    raise LookupError("không có từ")


def _navigation(label: str, href: str, order: int) -> object:
    @hookimpl
    def navigation() -> tuple[NavItem, ...]:
        return (NavItem(Text(label), href, order),)

    return navigation


def test_later_plugin_in_the_list_overrides_an_earlier_one() -> None:
    host = Host.of(sample("a", _terms("A")), sample("b", _terms("B")))  # type: ignore[arg-type]

    assert rules_for(edition_on(host, "a", "b"), host=host).terms().contest.vi == "B"
    assert rules_for(edition_on(host, "b", "a"), host=host).terms().contest.vi == "A"


def test_plugin_that_answers_none_leaves_the_word_to_the_defaults() -> None:
    @hookimpl
    def terms() -> None:
        return None

    host = Host.of(sample("silent", terms))

    assert rules_for(edition_on(host, "silent"), host=host).terms().contest.vi == "Cuộc thi"


def test_gathered_answers_are_flat_and_in_the_order_of_the_list() -> None:
    def checks(name: str) -> object:
        @hookimpl
        def check_entries(entries: tuple[Entry, ...]) -> tuple[Finding, ...]:
            return tuple(Finding(one.code, name, Severity.WARN, Text(name)) for one in entries)

        return check_entries

    host = Host.of(sample("a", checks("a")), sample("b", checks("b")))  # type: ignore[arg-type]
    entries = (Entry("E2", None, "Hai"), Entry("E1", None, "Một"))

    found = rules_for(edition_on(host, "a", "b"), host=host).check_entries(entries)

    assert [(one.entry, one.check) for one in found] == [("E2", "a"), ("E2", "b"), ("E1", "a"), ("E1", "b")]


def test_later_clause_replaces_an_earlier_one_with_the_same_key() -> None:
    def said(text: str) -> object:
        @hookimpl
        def clauses() -> tuple[Clause, ...]:
            return (Clause("k", Text("Thể lệ"), Text("Điều 1"), Text(text)),)

        return clauses

    host = Host.of(sample("a", said("cũ")), sample("b", said("mới")))  # type: ignore[arg-type]
    rules = rules_for(edition_on(host, "a", "b"), host=host)

    assert [one.text.vi for one in rules.clauses() if one.key == "k"] == ["mới"]
    clause = rules.clause("k")
    assert clause is not None
    assert clause.text.vi == "mới"
    assert rules.clause("không có") is None


def test_strict_failure_names_plugin_and_hook_and_keeps_the_cause() -> None:
    broken_terms.__name__ = "terms"
    host = Host.of(sample("hong", broken_terms))

    with pytest.raises(PluginFailed) as failed:
        rules_for(edition_on(host, "hong"), host=host).terms()

    assert (failed.value.plugin, failed.value.hook) == ("hong", "terms")
    assert failed.value.message == "Plugin hong không thực hiện được terms: LookupError: không có từ"
    assert isinstance(failed.value.__cause__, LookupError)


def test_collect_failure_is_recorded_with_tenant_and_the_rest_goes_on() -> None:
    @hookimpl
    def navigation() -> tuple[NavItem, ...]:
        raise OSError("hỏng")

    host = Host.of(sample("hong", navigation), sample("tot", _navigation("Thêm", "/them", 5)))  # type: ignore[arg-type]

    with capture_logs() as recorded:
        menu = rules_for(edition_on(host, "tot", "hong"), host=host).navigation()

    assert [item.href for item in menu] == [
        "/them",
        "/the-le",
        "/bai-du-thi",
        "/ket-qua",
        "/tin-tuc",
        "/tai-lieu",
    ]
    assert [(row["event"], row["plugin"], row["hook"], row["tenant"]) for row in recorded] == [
        ("plugin_hook_failed", "hong", "navigation", "mau")
    ]


def test_wrong_type_of_answer_is_a_failure_of_the_plugin() -> None:
    @hookimpl
    def rounds() -> list[Round]:
        return []

    host = Host.of(sample("sai", rounds))

    with pytest.raises(
        PluginFailed, match="Plugin sai không thực hiện được rounds: phải trả về một tuple các Round"
    ):
        rules_for(edition_on(host, "sai"), host=host).rounds()


def test_rounds_without_one_deciding_round_are_refused() -> None:
    @hookimpl
    def rounds() -> tuple[Round, ...]:
        return (Round("r", Text("Vòng"), (), deciding=False),)

    host = Host.of(sample("sai", rounds))

    with pytest.raises(PluginFailed, match="phải có đúng một vòng quyết định kết quả"):
        rules_for(edition_on(host, "sai"), host=host).rounds()


def test_wrapper_changes_what_others_gave_and_its_own_failure_names_it() -> None:
    @hookimpl(wrapper=True)
    def terms(edition: Edition) -> Generator[None, Terms, Terms]:
        given = yield
        if edition.key == "1":
            return given
        raise RuntimeError(given.contest.vi)

    host = Host.of(sample("boc", terms), sample("a", _terms("A")))  # type: ignore[arg-type]
    edition = edition_on(host, "a", "boc")
    other = Edition("mau", "2", Text("Lần hai"), (2026,), 2, edition.plugins, edition.settings)

    assert rules_for(edition, host=host).terms().contest.vi == "A"
    with pytest.raises(PluginFailed) as failed:
        rules_for(other, host=host).terms()
    assert failed.value.plugin == "boc"


def test_failure_inside_a_wrapped_hook_still_names_the_inner_plugin() -> None:
    @hookimpl(wrapper=True)
    def terms() -> Generator[None, Terms, Terms]:
        return (yield)

    broken_terms.__name__ = "terms"
    host = Host.of(sample("boc", terms), sample("hong", broken_terms))

    with pytest.raises(PluginFailed) as failed:
        rules_for(edition_on(host, "hong", "boc"), host=host).terms()
    assert failed.value.plugin == "hong"


def test_one_manager_serves_every_edition_with_the_same_list() -> None:
    host = Host.of(sample("a"), sample("b"))

    assert host.manager(("a", "b")) is host.manager(("a", "b"))
    assert host.manager(("a", "b")) is not host.manager(("b", "a"))


def test_plugin_before_the_one_it_requires_is_refused() -> None:
    host = Host.of(sample("goc"), sample("tinh", requires=("goc",)))

    assert plugin_refs(("goc", "tinh"), host=host) == (PluginRef("goc", "1.0.0"), PluginRef("tinh", "1.0.0"))
    with pytest.raises(PluginUnavailable) as refused:
        plugin_refs(("tinh", "goc"), host=host)
    assert refused.value.message == "Plugin tinh cần goc đứng trước nó trong danh sách của tỉnh."


def test_unknown_and_repeated_plugins_are_refused() -> None:
    host = Host.of(sample("goc"))

    with pytest.raises(PluginUnavailable, match="Plugin la chưa được cài đặt"):
        plugin_refs(("la",), host=host)
    with pytest.raises(PluginUnavailable, match="Plugin goc được nêu hai lần"):
        plugin_refs(("goc", "goc"), host=host)


def test_plugin_with_an_unknown_hook_cannot_be_used_and_others_can() -> None:
    @hookimpl
    def no_such_hook() -> None:
        return None

    host = Host.of(sample("la", no_such_hook), sample("tot"))

    with capture_logs() as recorded:
        broken = host.check_pending()

    assert [one.name for one in broken] == ["la"]
    assert [(row["event"], row["plugin"]) for row in recorded] == [("plugin_unusable", "la")]
    assert plugin_refs(("tot",), host=host) == (PluginRef("tot", "1.0.0"),)
    with pytest.raises(PluginUnavailable, match="unknown hook 'no_such_hook'"):
        plugin_refs(("la",), host=host)


def test_plugin_that_asks_for_an_unknown_argument_cannot_be_used() -> None:
    @hookimpl
    def terms(request: object) -> None:
        return None

    host = Host.of(sample("la", terms))

    assert [one.name for one in host.check_pending()] == ["la"]


def test_version_drift_names_what_the_edition_froze_and_what_is_installed() -> None:
    host = Host.of(sample("a", version="1.1.0"))
    frozen = Edition("mau", "1", Text("x"), (2025,), 1, (PluginRef("a", "1.0.0"),))

    assert rules_for(frozen, host=host).version_drift() == ((PluginRef("a", "1.0.0"), "1.1.0"),)
    assert rules_for(edition_on(host, "a"), host=host).version_drift() == ()


def test_installed_plugins_all_fit() -> None:
    assert check_pending() == ()
