"""The plugin's place in the menu, and its box on the home page."""

from __future__ import annotations

from core.plugin_api import NavItem, Panel, Slot, Text, hookimpl

ADDRESS = "/p/so_tay/"
TITLE = Text("Sổ tay góp ý", "Remarks")


@hookimpl
def navigation() -> tuple[NavItem, ...]:
    """The page, last in the public menu."""
    return (NavItem(TITLE, ADDRESS, 90),)


@hookimpl
def panels() -> tuple[Panel, ...]:
    """An invitation to write."""
    words = Text(
        f"Bạn muốn Cuộc thi làm tốt hơn điều gì? [Viết vào sổ tay]({ADDRESS})",
        f"What should the contest do better? [Leave a remark]({ADDRESS})",
    )
    return (Panel("so_tay", Slot.HOME, TITLE, words, order=900),)
