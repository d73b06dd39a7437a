"""The council's common pages about entries its judges differ on: the list, opening a deliberation, closing it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.council_room import Attendee, access_council_room, require_leader
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_pages import (
    briefly,
    drawing_of,
    later_judges,
    scope_words,
    standing_words,
    told,
)
from core.judging.deliberation_policies import access_room_entry, newest
from core.judging.deliberation_values import DeviationRow, RoomPlace, Scope, Standing
from core.judging.errors import OwnSheetUnfinished
from core.judging.queries.deliberations import (
    deviation_percent,
    deviations,
    points_of_entry,
    view_of_deliberation,
)
from core.judging.seating import council_of, group_rows
from core.judging.services.deliberations import awaited_judges, open_deliberation
from core.kernel.errors import DomainError, Invalid
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import is_illustration
from core.plugin_host.core_settings import NAME as CORE
from core.plugin_host.core_settings import CoreSettings

blueprint = Blueprint("deliberations", __name__, url_prefix="/hoi-dong")


@blueprint.get("/<round_key>/chenh-lech")
@allows(Access.COUNCIL)
def index(round_key: str) -> str:
    """The entries whose judges differ, with their state; all that have been compared on request."""
    edition = current_edition()
    attendee = access_council_room(edition, current_actor(), round_key)
    rows = deviations(edition, attendee)
    shows_all = "tat-ca" in request.args
    counts = Counter(row.standing for row in rows)
    return render_template(
        "deliberations/index.html",
        attendee=attendee,
        rows=[_shown(row) for row in rows if shows_all or row.standing is not Standing.CLOSE],
        counts=counts,
        compared=len(rows),
        shows_all=shows_all,
        percent=deviation_percent(edition),
        is_illustrated=is_illustration(CoreSettings, edition.values.settings[CORE], "deviation_percent"),
        criteria={one.key: one.name for one in attendee.round.criteria},
        back=way_back(attendee),
        terms=edition.rules.terms(),
    )


@blueprint.route("/<round_key>/chenh-lech/<code>/mo", methods=["GET", "POST"])
@allows(Access.COUNCIL)
def start(round_key: str, code: str) -> Any:
    """Who takes part, and why where that needs saying; then open the deliberation."""
    edition, actor = current_edition(), current_actor()
    attendee = access_council_room(edition, actor, round_key)
    require_leader(attendee)
    place = access_room_entry(edition, actor, attendee, code)
    earlier = newest(round_key, place.entry_id)
    late = _later_sheets(edition, place, earlier)
    typed = {
        "scope": request.form.get("scope", Scope.ENTRY.value),
        "reason": request.form.get("reason", _why_again(late)),
    }
    errors: dict[str, list[str]] = {}
    refusal, status = "", 200
    if request.method == "POST":
        try:
            open_deliberation(edition, place, typed["scope"], typed["reason"], actor=actor, now=now())
        except Invalid as wrong:
            errors, status = wrong.errors, wrong.status
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(_("Đã mở phần thảo luận hồ sơ %(code)s.", code=code), "success")
            return redirect(url_for("deliberations.room", round_key=round_key, code=code), 303)
    page = render_template(
        "deliberations/start.html",
        place=place,
        typed=typed,
        errors=errors,
        refusal=refusal,
        awaited=awaited_judges(place),
        earlier=earlier,
        late=late,
        scopes=_scopes(edition, place),
    )
    return page, status


@blueprint.app_errorhandler(OwnSheetUnfinished)
def to_own_sheet(unfinished: OwnSheetUnfinished) -> Any:
    """A page leads to the sheet that is to be locked first; what a script asks gets the refusal."""
    round_key = (request.view_args or {}).get("round_key", "")
    if request.endpoint not in ("deliberations.room", "deliberations.change", "deliberations.start"):
        return {"message": unfinished.message}, unfinished.status
    flash(unfinished.message, "warning")
    return redirect(url_for("desk.sheet", round_key=round_key, code=unfinished.code), 303)


def way_back(attendee: Attendee) -> tuple[str, str]:
    """The front page of the council's common work."""
    return _("Phòng họp hội đồng"), url_for("council_hub.index", round_key=attendee.round.key)


def _shown(row: DeviationRow) -> dict[str, Any]:
    return {
        "row": row,
        "drawing": drawing_of(row),
        "told": told(row.total),
        "over": {key: briefly(spread) for key, spread in row.criteria.items()},
        "badge": standing_words(row.standing),
    }


def _later_sheets(edition: EditionView, place: RoomPlace, earlier: Deliberation | None) -> tuple[str, ...]:
    if earlier is None:
        return ()
    talk = view_of_deliberation(earlier, place.entry_code, place.entry_title)
    counting = points_of_entry(edition.id, place.round.key, place.entry_id)
    return later_judges(place.round, talk, counting, deviation_percent(edition))


def _why_again(late: tuple[str, ...]) -> str:
    """What the form proposes as the reason to talk again."""
    return (
        ""
        if not late
        else str(_("Có phiếu khóa sau lần thảo luận trước: %(judges)s.", judges=", ".join(late)))
    )


def _scopes(edition: EditionView, place: RoomPlace) -> list[tuple[str, str, str]]:
    """The choices; the group is one only where the council has groups."""
    council = council_of(edition.id, place.round.key)
    has_groups = council is not None and bool(group_rows(council))
    return [
        (scope.value, label, what)
        for scope, (label, what) in scope_words().items()
        if scope is not Scope.GROUP or has_groups
    ]
