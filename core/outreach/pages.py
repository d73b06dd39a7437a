"""What the pages of this room share: addresses, QR codes, bars, paging, the answer of an export."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, request, url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel import charts, formats
from core.kernel.charts import Bar
from core.kernel.i18n import locale
from core.kernel.tables import CSV_TYPE, XLSX_TYPE, Cell, csv_bytes, xlsx_bytes
from core.outreach.values import Attainment, GroupStanding, UnitStanding
from core.plugin_api import Text

PAGE_SIZE = 50


def entering_address(edition: EditionView, code: str) -> str:
    """The absolute address where an entrant begins a dossier on the word of the unit `code`."""
    return url_for("entries.new", _external=True, **{"don-vi": code}, **_edition_argument(edition))


def unit_address(edition: EditionView, code: str) -> str:
    """The absolute address of a unit's public page."""
    return url_for("unit.show", code=code, _external=True, **_edition_argument(edition))


def page_number() -> int:
    """The page that the address asks for, from 1."""
    return max(request.args.get("trang", 1, type=int), 1)


def clamp(page: int, total: int, size: int = PAGE_SIZE) -> tuple[int, int]:
    """The page within what there is, and how many pages there are (at least 1)."""
    pages = max(1, -(-total // size))
    return min(page, pages), pages


def page_hrefs(endpoint: str, page: int, pages: int, asked: Mapping[str, str]) -> dict[int, str]:
    """Addresses of the pages near `page`, the first and the last."""
    shown = {1, pages, *range(page - 2, page + 3)}
    hrefs = {}
    for number in sorted(one for one in shown if 1 <= one <= pages):
        values: dict[str, Any] = {**asked, **({"trang": number} if number > 1 else {})}
        hrefs[number] = url_for(endpoint, **values)
    return hrefs


def without(asked: Mapping[str, str], *names: str) -> dict[str, str]:
    """The filters of an address without some of them."""
    return {key: value for key, value in asked.items() if key not in names}


def attainment_bar(label: str, done: int, target: int) -> Bar:
    """A bar of `done` against `target`, its number as read: `12/20`."""
    text = f"{formats.number(done, locale())}/{formats.number(target, locale())}"
    return charts.bars([(label, done, text)], maximum=target)[0]


def group_bars(found: Attainment) -> list[tuple[Bar, str, bool]]:
    """For every group that has a target: its bar, the sentence that says it, whether it is reached."""
    return [
        (
            attainment_bar(group.name.in_(locale()), group.counts.counted, group.target or 0),
            group_sentence(group),
            group.reached,
        )
        for group in found.groups
        if group.target
    ]


def group_sentence(group: GroupStanding) -> str:
    """How far a group has come, in one sentence."""
    if group.joint:
        missing = max((group.target or 0) - group.counts.counted, 0)
        if not missing:
            return str(_("Cả nhóm đã đạt chỉ tiêu chung."))
        return str(_("Chỉ tiêu chung của nhóm, còn thiếu %(missing)s hồ sơ.", missing=missing))
    return str(
        _(
            "%(reached)s/%(asked)s đơn vị đạt chỉ tiêu.",
            reached=group.reached_units,
            asked=group.asked_units,
        )
    )


def unit_bar(unit: UnitStanding, group: GroupStanding) -> tuple[Bar, str, bool] | None:
    """The bar of what is asked of a unit, its sentence, whether it is reached; None when nothing is asked."""
    if not unit.is_asked:
        return None
    if unit.target is None:
        label = group.name.in_(locale())
        bar = attainment_bar(label, group.counts.counted, group.target or 0)
        return bar, group_sentence(group), bool(unit.reached)
    bar = attainment_bar(unit.name, unit.counts.counted, unit.target)
    if unit.reached:
        return bar, str(_("Đã đạt chỉ tiêu.")), True
    missing = unit.target - unit.counts.counted
    return bar, str(_("Còn thiếu %(missing)s hồ sơ.", missing=missing)), False


def export(
    kind: str, name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> Response:
    """The table as a file to save; `kind` is "xlsx", anything else is CSV."""
    is_xlsx = kind == "xlsx"
    body = xlsx_bytes(title, heads, rows) if is_xlsx else csv_bytes(heads, rows)
    response = Response(body, content_type=XLSX_TYPE if is_xlsx else CSV_TYPE)
    ending = "xlsx" if is_xlsx else "csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def said(text: Text | None) -> str:
    """A text in the reader's language; "" for none."""
    return "" if text is None else text.in_(locale())


def _edition_argument(edition: EditionView) -> dict[str, str]:
    """What an address that leaves this browser must add to lead to `edition`: nothing for the current one."""
    return {} if g.tenant.profile.get("current_edition") == edition.key else {"ky": edition.key}
