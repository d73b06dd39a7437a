"""The provisional order of a round for those who lead its council, and the same as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as web_session
from flask_babel import gettext as _
from markupsafe import Markup

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.barring import left_out_count
from core.entries.pages import page_hrefs, page_number
from core.judging.council_room import Attendee
from core.judging.figures_door import OwnSheetsOpen, access_figures
from core.judging.meeting.ballot_facts import FEWEST_OPTIONS, MOST_OPTIONS
from core.judging.queries.ranking import GroupChoice, Ranking, RankRow, group_choices, ranking
from core.kernel.db import session
from core.kernel.formats import Exact, score
from core.kernel.held import Held
from core.kernel.i18n import locale
from core.kernel.tables import CSV_TYPE, XLSX_TYPE, Cell, csv_bytes, xlsx_bytes
from core.kernel.web import Access, allows, current_actor, now

_drawn: Held[Markup] = Held(most=64)
_pages: Held[str] = Held(most=64)

blueprint = Blueprint("figures", __name__, url_prefix="/hoi-dong")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for: the keys of the fields to show (None: all), and the words that were asked with."""

    fields: frozenset[str] | None
    kept: dict[str, str]


@blueprint.get("/<round_key>/xep-hang")
@allows(Access.COUNCIL)
def rank(round_key: str) -> str:
    """The entries by what their locked sheets give so far, 50 a page."""
    edition = current_edition()
    attendee, revision = access_figures(edition, current_actor(), round_key)
    hides = left_out_count() > 0
    if hides or revision is None:
        return _page(attendee, _draw(edition, attendee, hides=hides))
    # Names of groups and fields are not of the revision: they are at most a minute old.
    version = (edition.id, round_key, revision, locale(), request.full_path, int(monotonic() // 60))
    tenant_id = session().tenant_id

    def drawn() -> str:
        return _page(attendee, _drawn.get(tenant_id, version, lambda: _draw(edition, attendee, hides=False)))

    if "csrf_token" not in web_session or "_flashes" in web_session:
        return drawn()  # drawing it changes the session, or says something once
    # The frame is one person's: it stands under the sign-in, the tenant's version and the minute that it tells.
    sign_in = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"])
    own = (*version, sign_in, g.tenant.version, now().replace(second=0, microsecond=0))
    return _pages.get(tenant_id, own, drawn)


def _page(attendee: Attendee, body: Markup) -> str:
    return render_template("figures/ranking.html", attendee=attendee, judging_round=attendee.round, body=body)


def _draw(edition: EditionView, attendee: Attendee, *, hides: bool) -> Markup:
    round_key = attendee.round.key
    groups = group_choices(edition.id, round_key)
    asked = _filters(groups)
    found = ranking(
        edition,
        attendee.round,
        fields=asked.fields,
        page=page_number(request.args.get("trang")),
        hides=hides,
    )
    names = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    kept = {"round_key": round_key, **asked.kept}
    drawn = render_template(
        "figures/_ranking.html",
        judging_round=attendee.round,
        ranking=found,
        rows=[_shown(row, names) for row in found.rows],
        tied=_tied(round_key, found.rows),
        hrefs=page_hrefs("figures.rank", found.page, found.pages, kept),
        groups=groups,
        field_names=names,
        asked=asked.kept,
    )
    return Markup(drawn)  # noqa: S704 - drawn by Jinja, which has escaped what people wrote


@blueprint.get("/<round_key>/xep-hang.xlsx")
@allows(Access.COUNCIL)
def rank_workbook(round_key: str) -> Response:
    """The whole order under the same filters as a workbook."""
    edition, attendee, found = _whole(round_key)
    body = xlsx_bytes(_("Xếp hạng tạm tính"), *_table(edition, found))
    return _file(edition, attendee, "xlsx", XLSX_TYPE, body)


@blueprint.get("/<round_key>/xep-hang.csv")
@allows(Access.COUNCIL)
def rank_csv(round_key: str) -> Response:
    """The same for programs."""
    edition, attendee, found = _whole(round_key)
    return _file(edition, attendee, "csv", CSV_TYPE, csv_bytes(*_table(edition, found)))


@blueprint.app_errorhandler(OwnSheetsOpen)
def to_own_sheets(refused: OwnSheetsOpen) -> Any:
    """Who still has sheets to lock is led to them."""
    flash(refused.message, "warning")
    return redirect(url_for("desk.index", vong=refused.round_key), 303)


def points(value: Exact) -> str:
    """Points as read, two decimals at most."""
    return _points(value, locale())


@lru_cache(maxsize=8192)
def _points(value: Exact, language: str) -> str:
    return score(value, language)


def _shown(row: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "place": row.place,
        "code": row.code,
        "title": row.title,
        "field": names.get(row.field or "", ""),
        "sheets": row.sheets,
        "total": points(row.total),
        "ends": f"{points(row.least)}–{points(row.most)}" if row.sheets > 1 else "",
        "spread": points(row.spread) if row.sheets > 1 else "–",
    }


def _tied(round_key: str, rows: Sequence[RankRow]) -> dict[str, str]:
    """Code of the first of some that share a place → where a ballot on them begins; more than a ballot has options for
    have none."""
    places: dict[int, list[str]] = {}
    for row in rows:
        places.setdefault(row.place, []).append(row.code)
    return {
        codes[0]: url_for("ballots.new", round_key=round_key, **{"ho-so": codes})  # type: ignore[arg-type]
        for codes in places.values()
        if FEWEST_OPTIONS <= len(codes) <= MOST_OPTIONS
    }


def _filters(groups: list[GroupChoice]) -> Filters:
    """`linh-vuc` is a field, `nhom` a group of the council (its fields); both: the field within the group."""
    field, group = request.args.get("linh-vuc", ""), request.args.get("nhom", "")
    chosen = next((one for one in groups if str(one.id) == group), None)
    kept = {key: value for key, value in (("linh-vuc", field), ("nhom", group if chosen else "")) if value}
    if chosen is not None:
        return Filters(chosen.fields & {field} if field else chosen.fields, kept)
    return Filters(frozenset({field}) if field else None, kept)


def _whole(round_key: str) -> tuple[EditionView, Attendee, Ranking]:
    edition = current_edition()
    attendee, _revision = access_figures(edition, current_actor(), round_key)
    asked = _filters(group_choices(edition.id, round_key))
    hides = left_out_count() > 0
    return (
        edition,
        attendee,
        ranking(edition, attendee.round, fields=asked.fields, hides=hides, per_page=None),
    )


def _table(edition: EditionView, found: Ranking) -> tuple[list[str], list[list[Cell]]]:
    names = {one.key: one.name.in_(locale()) for one in edition.rules.entry_fields()}
    heads = [
        _("Hạng"),
        _("Mã"),
        _("Tên"),
        _("Lĩnh vực"),
        _("Số phiếu"),
        _("Điểm tạm tính"),
        _("Điểm trung bình các phiếu"),
        _("Thấp nhất"),
        _("Cao nhất"),
        _("Chênh lệch"),
    ]
    rows: list[list[Cell]] = [
        [
            row.place,
            row.code,
            row.title,
            names.get(row.field or "", ""),
            row.sheets,
            *(points(one) for one in (row.total, row.mean, row.least, row.most, row.spread)),
        ]
        for row in found.rows
    ]
    return heads, rows


def _file(edition: EditionView, attendee: Attendee, ending: str, media_type: str, body: bytes) -> Response:
    response = Response(body, content_type=media_type)
    name = f"xep-hang-{edition.tenant}-{edition.key}-{attendee.round.key}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
