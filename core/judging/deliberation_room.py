"""The room of a deliberation: the spread of the points, one leads and the others' screens follow, a judge changes his
points, the leader closes. Works without scripts by loading the page again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.judging.council_room import access_council_room, require_leader
from core.judging.deliberation_ballots import ballots_about
from core.judging.deliberation_models import Deliberation
from core.judging.deliberation_office import blueprint, way_back
from core.judging.deliberation_pages import (
    changed_as_read,
    later_judges,
    read,
    scope_words,
    spreadings,
    table_rows,
)
from core.judging.deliberation_policies import access_deliberation
from core.judging.deliberation_values import RoomPlace
from core.judging.errors import DeliberationClosed, OwnSheetUnfinished, SheetConflict, SheetNotLocked
from core.judging.live import HUB, SCREENS, Follower
from core.judging.policies import access_sheet
from core.judging.queries import sheet_of
from core.judging.queries.deliberations import (
    deviation_percent,
    other_rooms,
    points_of_entry,
    records_of_entry,
    remarks_of_entry,
)
from core.judging.schemas import PREFIX, read_sheet
from core.judging.services import change_scores, close_deliberation, lead
from core.judging.states import SheetState
from core.judging.values import SheetPlace, SheetView
from core.kernel.db import session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.streams import HeldStream, can_hold
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_host.core_settings import NAME as CORE

__all__ = ["blueprint"]


@blueprint.get("/<round_key>/thao-luan/<code>")
@allows(Access.COUNCIL)
def room(round_key: str, code: str) -> str:
    """The spread of the points on the total and each criterion, judges under their numbers."""
    edition = current_edition()
    place, talk = _access(edition, round_key, code)
    return _room_page(edition, place, talk)


@blueprint.post("/<round_key>/thao-luan/<code>/dieu-khien")
@allows(Access.COUNCIL)
def show(round_key: str, code: str) -> Any:
    """The leader shows a criterion on every screen, or goes to another dossier with them all."""
    edition, actor = current_edition(), current_actor()
    place, talk = _access(edition, round_key, code)
    require_leader(place.attendee)
    further = request.form.get("ho-so", "")
    to, going = None, code
    try:
        if further:
            going = further
            to = access_deliberation(edition, actor, place.attendee, further)[1].id
        criterion = request.form.get("tieu-chi", "")
        lead(place, talk.id, criterion, take="nhan" in request.form, to=to, actor=actor)
    except NotFound:
        raise
    except DomainError as refused:
        flash(refused.message, "error")
        going = code
    return redirect(url_for("deliberations.room", round_key=round_key, code=going), 303)


@blueprint.post("/<round_key>/thao-luan/<code>/ket-thuc")
@allows(Access.COUNCIL)
def close(round_key: str, code: str) -> Any:
    """The leader ends the deliberation with its outcome."""
    edition = current_edition()
    place, talk = _access(edition, round_key, code)
    outcome = request.form.get("outcome", "")
    try:
        close_deliberation(edition, place, talk.id, outcome, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _room_page(edition, place, talk, outcome=outcome, errors=wrong.errors), wrong.status
    except DeliberationClosed as refused:
        return _room_page(edition, place, talk, outcome=outcome, refusal=refused.message), refused.status
    flash(_("Đã kết thúc thảo luận hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("deliberations.index", round_key=round_key), 303)


@blueprint.route("/<round_key>/thao-luan/<code>/sua-diem", methods=["GET", "POST"])
@allows(Access.COUNCIL)
def change(round_key: str, code: str) -> Any:
    """A judge changes the points of his own locked sheet, with the reason."""
    edition, actor = current_edition(), current_actor()
    place, talk = _access(edition, round_key, code)
    if place.own is not SheetState.LOCKED:
        raise NotFound(_("Bạn không có phiếu đã khóa cho hồ sơ này."))
    own = access_sheet(edition, actor, round_key, code)
    form = request.form
    if request.method == "GET":
        return _change_page(place, own, talk, sheet_of(own))
    try:
        typed = read_sheet(own.round, form)
        change_scores(
            edition, place, own, talk.id, typed.scores, form.get("reason", ""), typed.revision,
            actor=actor, now=now(),
        )  # fmt: skip
    except Invalid as wrong:
        return _change_page(place, own, talk, sheet_of(own), form=form, errors=wrong.errors), wrong.status
    except SheetConflict as conflict:
        told = _("Phiếu này vừa được sửa ở nơi khác. Điểm đang lưu hiện ở trên; những gì bạn gõ vẫn còn đây.")
        return _change_page(place, own, talk, conflict.stored, form=form, refusal=told), conflict.status
    except SheetNotLocked as refused:
        raise NotFound(refused.message) from refused
    except DomainError as refused:
        kept = _("Điểm trên phiếu của bạn giữ nguyên như trước.")
        told = f"{refused.message} {kept}"
        return _change_page(place, own, talk, sheet_of(own), form=form, refusal=told), refused.status
    flash(_("Đã sửa điểm trên phiếu của bạn cho hồ sơ %(code)s.", code=code), "success")
    return redirect(url_for("deliberations.room", round_key=round_key, code=code), 303)


@blueprint.get("/<round_key>/thao-luan/<code>/luong")
@allows(Access.COUNCIL)
def stream(round_key: str, code: str) -> Response:
    """What the leader shows, as server-sent events; 204 where the page has to ask by itself."""
    edition = current_edition()
    place, talk = _access(edition, round_key, code)
    if not (can_hold(request.environ) and HUB.has_room()):
        return Response(status=204)
    seen = request.headers.get("Last-Event-ID") or request.args.get("tu", "")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    return HeldStream(app, HUB, _follower(edition, place, talk), int(seen) if _is_number(seen) else 0)


@blueprint.get("/<round_key>/thao-luan/<code>/dang-xem")
@allows(Access.COUNCIL)
def shown(round_key: str, code: str) -> Response:
    """The same at once, for a page that asks from time to time; 304 while nothing has changed."""
    edition = current_edition()
    place, talk = _access(edition, round_key, code)
    follower = _follower(edition, place, talk)
    told = SCREENS.told([follower])[follower]
    if told is None:
        raise NotFound
    answer = Response(told[1], mimetype="application/json", headers={"Cache-Control": "no-store"})
    answer.add_etag()
    return answer.make_conditional(request.environ)


def _access(edition: EditionView, round_key: str, code: str) -> tuple[RoomPlace, Deliberation]:
    actor = current_actor()
    return access_deliberation(edition, actor, access_council_room(edition, actor, round_key), code)


def _follower(edition: EditionView, place: RoomPlace, talk: Deliberation) -> Follower:
    return Follower(
        tenant_id=session().tenant_id,
        edition_id=edition.id,
        round=talk.round,
        entry_id=place.entry_id,
        topic=talk.id,
        who=g.account.id,
        sign_in_id=g.account.sign_in_id,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _room_page(
    edition: EditionView,
    place: RoomPlace,
    talk: Deliberation,
    *,
    outcome: str = "",
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
) -> str:
    attendee, round_key = place.attendee, place.round.key
    records = records_of_entry(edition, round_key, place.entry_id)
    held = records[0].deliberation
    counting = points_of_entry(edition.id, round_key, place.entry_id)
    points = counting if held.is_open else held.after
    percent = deviation_percent(edition)
    shows_remarks = edition.values.setting_as(CORE, "deliberation_remarks", bool)
    rooms = other_rooms(edition, round_key, place.entry_id) if held.is_open else []
    gone_to = next((one.code for one in rooms if one.entry_id == talk.next_entry_id), None)
    return render_template(
        "deliberations/room.html",
        place=place,
        attendee=attendee,
        talk=held,
        leads=attendee.leads,
        is_leading=held.leader_id == current_actor().id,
        criterion=held.criterion,
        judges=list(points),
        judge_heads=[{"label": number, "number": True} for number in points],
        own_number=attendee.judge.number if attendee.judge is not None else "",
        spreadings=spreadings(place.round, points, percent),
        late=later_judges(place.round, held, counting, percent),
        now_apart=apart[0].told if (apart := spreadings(place.round, counting, percent)) else "",
        ballots=ballots_about(edition, round_key, place.entry_code, actor=current_actor()),
        rows=table_rows(place.round, points, held.before),
        remarks=remarks_of_entry(edition.id, round_key, place.entry_id) if shows_remarks else [],
        changes=[
            (one, changed_as_read(place.round, one.before, one.after))
            for record in records
            for one in reversed(record.changes)
        ],
        earlier=[record.deliberation for record in records[1:]],
        scope=scope_words()[held.scope][0],
        rooms=rooms if attendee.leads else [],
        room_choices=[(one.code, f"{one.code} · {one.title}") for one in rooms],
        room_base=url_for("deliberations.room", round_key=round_key, code=place.entry_code).rpartition("/")[0]
        + "/",
        further=_enterable(edition, place, gone_to),
        may_change=held.is_open and place.own is SheetState.LOCKED,
        dossier_href=_dossier_href(place),
        back=way_back(attendee),
        outcome=outcome,
        errors=errors or {},
        refusal=refusal,
    )


def _enterable(edition: EditionView, place: RoomPlace, code: str | None) -> str | None:
    """The dossier that the room went to, for who may follow; who may not is told nothing of it."""
    if code is None:
        return None
    try:
        access_deliberation(edition, current_actor(), place.attendee, code)
    except (NotFound, OwnSheetUnfinished):
        return None
    return code


def _change_page(
    place: RoomPlace,
    own: SheetPlace,
    talk: Deliberation,
    held: SheetView,
    *,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
    refusal: str = "",
) -> str:
    typed = form or {}
    values = {
        one.key: typed.get(PREFIX + one.key, "") if form is not None else read(held.scores[one.key])
        for one in own.round.criteria
    }
    return render_template(
        "deliberations/change.html",
        place=place,
        own=own,
        held=held,
        is_open=talk.state == "open",
        values=values,
        stored=[(one.name, read(held.scores[one.key])) for one in own.round.criteria],
        reason=typed.get("reason", ""),
        errors=errors or {},
        labels={PREFIX + one.key: one.name for one in own.round.criteria} | {"reason": _("Lý do sửa điểm")},
        refusal=refusal,
        total=read(held.total),
        maximum=read(own.round.maximum),
    )


def _dossier_href(place: RoomPlace) -> str | None:
    """Where the attendee reads the dossier: on his desk, or in the office; who has neither reads it with the others."""
    if place.own is not None:
        return url_for("desk.sheet", round_key=place.round.key, code=place.entry_code)
    if place.attendee.is_officer:
        return url_for("entries_office.detail", name=place.entry_code)
    return None
