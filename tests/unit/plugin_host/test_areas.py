"""What checklists and figures of reports must be."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from core.plugin_api import ChecklistItem, ReportFigure, Text, hookimpl
from core.plugin_host import Host, PluginFailed, Rules, rules_for
from tests.unit.plugin_host.samples import edition_on, sample

WORD = Text("x", "x")


def _item(key: str, label: str = "x") -> ChecklistItem:
    return ChecklistItem(key, Text(label), WORD)


def _rules(*items: object) -> Rules:
    @hookimpl
    def screening_checklist() -> tuple[object, ...]:
        return tuple(item for item in items if isinstance(item, ChecklistItem))

    @hookimpl
    def report_figures() -> tuple[object, ...]:
        return tuple(item for item in items if isinstance(item, ReportFigure))

    host = Host.of(sample("a", screening_checklist, report_figures))
    return rules_for(edition_on(host, "a"), host=host)


def test_defaults_ask_for_nothing_more() -> None:
    host = Host.of()
    rules = rules_for(edition_on(host), host=host)

    assert (rules.screening_checklist(), rules.report_figures()) == ((), ())


def test_later_plugin_replaces_an_item_of_the_same_key() -> None:
    @hookimpl
    def first() -> tuple[ChecklistItem, ...]:
        return (_item("a", "cũ"), _item("b"))

    @hookimpl
    def second() -> tuple[ChecklistItem, ...]:
        return (_item("a", "mới"),)

    first.__name__ = second.__name__ = "screening_checklist"
    host = Host.of(sample("x", first), sample("y", second))

    found = rules_for(edition_on(host, "x", "y"), host=host).screening_checklist()

    assert [(one.key, one.label.vi) for one in found] == [("a", "mới"), ("b", "x")]


def test_item_twice_is_refused() -> None:
    with pytest.raises(PluginFailed, match="screening_checklist: mục cần xem trùng khóa: a"):
        _rules(_item("a"), _item("a")).screening_checklist()


@pytest.mark.parametrize("key", ["Trường", "2a", "a b", "a.b", "", "a" * 41])
def test_figure_whose_key_cannot_be_stored_is_left_out(key: str) -> None:
    with capture_logs() as recorded:
        assert _rules(ReportFigure(key, WORD, WORD)).report_figures() == ()

    assert [row["hook"] for row in recorded] == ["report_figures"]


def test_figure_is_heard() -> None:
    assert [one.key for one in _rules(ReportFigure("truong_2", WORD, WORD)).report_figures()] == ["truong_2"]
