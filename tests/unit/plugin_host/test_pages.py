"""Pages that are refused at the start, in a sentence that names them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from core.plugin_api import Page, PageAccess, PageAnswer, PageRequest, Rendered, Text
from core.plugin_host import Host, PluginUnavailable, address_map, plugin_refs
from tests.unit.plugin_host.samples import sample


def view(request: PageRequest) -> PageAnswer:
    """A page."""
    return Rendered("mot.html")


GOOD = Page("quyen/<key>", Text("Quyển"), view, PageAccess.PUBLIC)


def host_with(*pages: Page) -> Host:
    """A host with a plugin of these pages and one of none."""
    return Host.of(replace(sample("trang"), pages=pages), sample("khac"))


def test_page_without_declared_access_makes_its_plugin_unusable_and_no_other() -> None:
    host = host_with(GOOD, replace(GOOD, path="kin", access=None))
    with capture_logs() as logs:
        host.check_pending()

    [told] = [line for line in logs if line["event"] == "plugin_unusable"]
    assert (told["plugin"], told["reason"]) == ("trang", "trang 'kin' không khai báo ai được mở (access)")
    with pytest.raises(PluginUnavailable, match=r"trang.*'kin'"):
        plugin_refs(("trang",), host=host)
    assert plugin_refs(("khac",), host=host)[0].name == "khac"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (replace(GOOD, path="/quyen"), "dấu /"),
        (replace(GOOD, path="a//b"), "dấu /"),
        (replace(GOOD, path="<la:key>"), "không đọc được"),
        (replace(GOOD, path="<key"), "không đọc được"),
        (replace(GOOD, methods=("PUT",)), "GET và POST"),
        (replace(GOOD, methods=()), "GET và POST"),
        (replace(GOOD, title=Text("Khác")), "hai trang"),
        (replace(GOOD, path=None), "không đăng ký được"),  # type: ignore[arg-type]
    ],
)
def test_page_that_cannot_be_served_is_named(page: Page, said: str) -> None:
    with pytest.raises(PluginUnavailable, match=said):
        host_with(GOOD, page).plugin("trang")


def test_addresses_are_found_with_and_without_a_last_slash() -> None:
    addresses = address_map((GOOD, replace(GOOD, path=""))).bind("x.invalid")

    assert addresses.match("/quyen/mot") == ("0", {"key": "mot"})
    assert addresses.match("/quyen/mot/") == ("0", {"key": "mot"})
    assert addresses.match("/") == ("1", {})
