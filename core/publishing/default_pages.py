"""Pages every contest has without writing them: what the software does with data, and how it helps everyone read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from core.kernel.markdown import to_html
from core.plugin_api import Text
from core.publishing.queries import PageView

_FOLDER = Path(__file__).parent / "pages"
_TITLES = {
    "du-lieu-ca-nhan": Text("Bảo vệ dữ liệu cá nhân", "Protection of personal data"),
    "ho-tro-tiep-can": Text("Hỗ trợ tiếp cận", "Accessibility"),
}


@cache
def default_page(key: str) -> PageView | None:
    """The platform's own page named `key`, or None. A tenant's page of the same name takes its place."""
    title = _TITLES.get(key)
    if title is None:
        return None
    vi, en = (to_html((_FOLDER / f"{key}.{language}.md").read_text("utf-8")) for language in ("vi", "en"))
    return PageView(key, title, Text(vi, en))


def default_titles() -> list[tuple[str, Text]]:
    """Keys and titles of the platform's own pages."""
    return list(_TITLES.items())
