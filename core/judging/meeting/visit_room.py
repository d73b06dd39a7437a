"""Site visits in the council's room, and what the entrant reads of them beside the dossier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.entries.downloads import sent_bytes, sent_file
from core.judging.council_forms import read_id
from core.judging.council_room import Attendee
from core.judging.meeting.room import Answer, Errors, Here, enter, refused
from core.judging.meeting.times import read_instant
from core.judging.meeting.visit_changes import NewDate, NewGoers, cancel_visit, change_goers, move_visit
from core.judging.meeting.visit_goers import Goer, goers
from core.judging.meeting.visit_models import SiteVisit, VisitMember, VisitMove
from core.judging.meeting.visit_paper import fix_visit, visit_paper
from core.judging.meeting.visit_record import (
    FILE_FIELD,
    MOST_FILES,
    VisitText,
    add_file,
    record_visit,
)
from core.judging.meeting.visit_signing import (
    Waiver,
    access_visit_room,
    is_guest,
    is_waived,
    sign_visit,
    unsigned,
    waive_signature,
)
from core.judging.meeting.visits import (
    FIXED,
    HELD,
    PLANNED,
    VisitFacts,
    access_visit,
    code_of,
    files_of,
    members_of,
    moves_of,
    plan_visit,
    planned_for,
    title_of,
    visits_of,
)
from core.judging.seats import SeatRole, role_words
from core.kernel.clock import local
from core.kernel.errors import Invalid, NotFound
from core.kernel.ids import token
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import MEDIA_TYPE, word_of
from core.kernel.pdf import PDF
from core.kernel.text import slug
from core.kernel.web import Access, allows, current_actor, now
from core.people.reauth import require_fresh_proof

blueprint = Blueprint("visits", __name__, url_prefix="/hoi-dong")

MAX_FILES = 128 * 1024 * 1024
_KINDS = {"pdf": PDF, "docx": MEDIA_TYPE}


@blueprint.url_value_preprocessor
def make_room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the form that carries pictures be larger than other requests, before anything reads its body."""
    if endpoint == "visits.record":
        request.max_content_length = MAX_FILES


@blueprint.get("/<round_key>/tham-dinh")
@allows(Access.COUNCIL)
def index(round_key: str) -> Answer:
    """The visits of a round."""
    here = enter(round_key)
    rows = [(one, state_words(one.state)) for one in visits_of(here.edition, round_key)]
    return render_template(
        "meeting/visits.html", attendee=here.attendee, judging_round=here.attendee.round, visits=rows
    )


@blueprint.get("/<round_key>/tham-dinh/moi")
@allows(Access.COUNCIL)
def new(round_key: str) -> Answer:
    """The form to plan a visit."""
    here = enter(round_key)
    if not here.attendee.leads:
        return redirect(url_for("visits.index", round_key=round_key), 303)
    return _form(here)


@blueprint.post("/<round_key>/tham-dinh/moi")
@allows(Access.COUNCIL)
def plan(round_key: str) -> Answer:
    """Plan it; the entrant and who goes are told by letter."""
    here, form = enter(round_key), request.form
    form_token = form.get("form_token", "") or token()
    try:
        at = read_instant(form.get("day", ""), form.get("hour", ""))
        facts = VisitFacts(form.get("code", ""), at, form.get("place", ""), _ids("members"))
        visit = plan_visit(
            here.edition, here.attendee, facts, form_token=form_token, actor=here.actor, now=now()
        )
    except Invalid as wrong:
        return _form(here, form, wrong.errors), wrong.status
    flash(_("Đã hẹn lịch thẩm định và gửi thư báo người dự thi, người đi."), "success")
    return redirect(_href(round_key, visit.number), 303)


@blueprint.get("/<round_key>/tham-dinh/<int:number>")
@allows(Access.COUNCIL)
def show(round_key: str, number: int) -> Answer:
    """One visit: who goes, what was seen, who signed."""
    return _show(_enter_visit(round_key, number), number)


@blueprint.post("/<round_key>/tham-dinh/<int:number>")
@allows(Access.COUNCIL)
def record(round_key: str, number: int) -> Answer:
    """Write what was seen, with pictures."""
    here, form = enter(round_key), request.form
    text = VisitText(form.get("found", ""), _ids("present"), form.get("revision", -1, type=int))

    def write() -> None:
        record_visit(here.edition, here.attendee, number, text, actor=here.actor, now=now())
        for sent in request.files.getlist("files"):
            if sent.filename:
                file = (sent.filename, sent.stream)
                add_file(here.edition, here.attendee, number, file, actor=here.actor, now=now())

    return refused(write, partial(_show, here, number, typed=text)) or _done(
        round_key, number, _("Đã lưu kết quả thẩm định. Người có mặt đọc lại và ký xác nhận.")
    )


@blueprint.post("/<round_key>/tham-dinh/<int:number>/ky")
@allows(Access.COUNCIL)
@require_fresh_proof
def sign(round_key: str, number: int) -> Answer:
    """Sign what was written, as one who was there."""
    here, revision = _enter_visit(round_key, number), request.form.get("revision", -1, type=int)
    return refused(
        lambda: sign_visit(here.edition, here.attendee, number, revision, actor=here.actor, now=now()),
        partial(_show, here, number),
    ) or _done(round_key, number, _("Bạn đã ký xác nhận."))


@blueprint.post("/<round_key>/tham-dinh/<int:number>/khong-ky")
@allows(Access.COUNCIL)
def waive(round_key: str, number: int) -> Answer:
    """Note that somebody who was there does not sign, and why."""
    here, form = enter(round_key), request.form
    typed = Waiver(
        read_id(form.get("member", "")), form.get("because", ""), form.get("revision", -1, type=int)
    )
    return refused(
        lambda: waive_signature(here.edition, here.attendee, number, typed, actor=here.actor, now=now()),
        partial(_show, here, number, forms={"waiver": form}),
    ) or _done(round_key, number, _("Đã ghi lý do không ký. Lý do đứng trong biên bản."))


@blueprint.post("/<round_key>/tham-dinh/<int:number>/chot")
@allows(Access.COUNCIL)
def fix(round_key: str, number: int) -> Answer:
    """Fix the minutes of the visit."""
    here, revision = enter(round_key), request.form.get("revision", -1, type=int)
    return refused(
        lambda: fix_visit(here.edition, here.attendee, number, revision, actor=here.actor, now=now()),
        partial(_show, here, number),
    ) or _done(round_key, number, _("Đã chốt biên bản thẩm định."))


@blueprint.post("/<round_key>/tham-dinh/<int:number>/doi-lich")
@allows(Access.COUNCIL)
def move(round_key: str, number: int) -> Answer:
    """Move a planned visit; the entrant and who goes are told."""
    here, form = enter(round_key), request.form

    def put_off() -> None:
        at = read_instant(form.get("day", ""), form.get("hour", ""))
        date = NewDate(at, form.get("place", ""), form.get("why", ""), form.get("moves", 0, type=int))
        move_visit(here.edition, here.attendee, number, date, actor=here.actor, now=now())

    return refused(put_off, partial(_show, here, number, forms={"date": form})) or _done(
        round_key, number, _("Đã dời lịch và gửi thư báo người dự thi, người đi.")
    )


@blueprint.post("/<round_key>/tham-dinh/<int:number>/doi-nguoi")
@allows(Access.COUNCIL)
def change(round_key: str, number: int) -> Answer:
    """Let others go on a planned visit; those who come in and those who do not go any more are told."""
    here = enter(round_key)
    chosen = NewGoers(_ids("members"), _ids("seen"), request.form.get("because", ""))
    return refused(
        lambda: change_goers(here.edition, here.attendee, number, chosen, actor=here.actor, now=now()),
        partial(_show, here, number, chosen=chosen),
    ) or _done(round_key, number, _("Đã đổi người đi và gửi thư báo người mới, người thôi đi."))


@blueprint.post("/<round_key>/tham-dinh/<int:number>/huy")
@allows(Access.COUNCIL)
def stop(round_key: str, number: int) -> Answer:
    """Cancel a planned visit; the entrant and who goes are told."""
    here, reason = enter(round_key), request.form.get("reason", "")
    return refused(
        lambda: cancel_visit(here.edition, here.attendee, number, reason, actor=here.actor, now=now()),
        partial(_show, here, number, forms={"stop": request.form}),
    ) or _done(round_key, number, _("Đã hủy lịch và gửi thư báo người dự thi, người đi."))


@blueprint.get("/<round_key>/tham-dinh/<int:number>/bien-ban.<any(pdf, docx):kind>")
@allows(Access.COUNCIL)
def paper(round_key: str, number: int, kind: str) -> Answer:
    """The minutes of the visit: as they were fixed; before that, as they stand."""
    here, at = _enter_visit(round_key, number), now()
    visit = access_visit(here.edition, here.attendee, number, actor=here.actor)
    name = f"tham-dinh-{slug(here.edition.key)}-{slug(round_key)}-{number}.{kind}"
    if visit.state == FIXED:
        digest, size = (visit.pdf, visit.pdf_size) if kind == "pdf" else (visit.docx, visit.docx_size)
        return sent_file(digest or "", name, _KINDS[kind], size)
    made = visit_paper(here.edition, visit, members_of(visit), files_of(visit))
    content = pdf_of(made, at=at, organiser=made.masthead.superior) if kind == "pdf" else word_of(made, at=at)
    return sent_bytes(content, name, _KINDS[kind])


@blueprint.get("/<round_key>/tham-dinh/<int:number>/tep/<sha256>")
@allows(Access.COUNCIL)
def file(round_key: str, number: int, sha256: str) -> Answer:
    """A picture or paper of the visit."""
    here = _enter_visit(round_key, number)
    visit = access_visit(here.edition, here.attendee, number, actor=here.actor)
    found = next((one for one in files_of(visit) if one.sha256 == sha256), None)
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này."))
    return sent_file(found.sha256, found.name, found.media_type, found.size)


@blueprint.app_context_processor
def own_visits() -> dict[str, Any]:
    """For the page of a dossier: `visits_to_come(entry)`, each with how it was moved."""
    return {"visits_to_come": lambda entry: _to_come(entry.id)}


def _to_come(entry_id: UUID) -> list[tuple[SiteVisit, list[VisitMove]]]:
    """Visits to come for an entry and how each was moved. Two queries, one where there are none."""
    visits = planned_for([entry_id], g.now)
    moves = moves_of([one.id for one in visits]) if visits else []
    return [(one, [move for move in moves if move.visit_id == one.id]) for one in visits]


def state_words(state: str) -> tuple[str, str]:
    """How a visit stands: the kind of its badge and the words."""
    words: dict[str, tuple[str, str]] = {
        "planned": ("waiting", _("Đã hẹn")),
        "held": ("waiting", _("Chờ ký và chốt")),
        "fixed": ("fine", _("Đã chốt biên bản")),
        "cancelled": ("held", _("Đã hủy")),
    }
    return words[state]


def _form(here: Here, typed: Mapping[str, str] | None = None, errors: Errors | None = None) -> str:
    return render_template(
        "meeting/visit_new.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        typed=typed or {"form_token": token(), "code": request.args.get("ho-so", "")[:40]},
        chosen=request.form.getlist("members"),
        members=_choices(goers(here.edition, here.attendee.round.key)),
        errors=errors or {},
    )


def _show(
    here: Here,
    number: int,
    *,
    typed: VisitText | None = None,
    chosen: NewGoers | None = None,
    errors: Errors | None = None,
    refusal: str = "",
    forms: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> str:
    visit = access_visit(here.edition, here.attendee, number, actor=here.actor)
    members, moves = members_of(visit), moves_of([visit.id])
    at = local(visit.at)
    stands = {"day": f"{at:%Y-%m-%d}", "hour": f"{at:%H:%M}", "place": visit.place, "why": ""}
    own = next((one for one in members if one.account_id == here.actor.id), None)
    present = {one.account_id for one in members if one.was_there} if typed is None else typed.present
    waiting, date = unsigned(visit, members), forms.get("date")
    return render_template(
        "meeting/visit.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        visit=visit,
        code=code_of(visit),
        title=title_of(here.edition, visit),
        moves=moves,
        date=stands if date is None else {key: date.get(key, "") for key in stands},
        is_moving=date is not None,
        chosen=chosen,
        may_go=_choices(_may_go(here, visit)),
        going=[str(one.account_id) for one in members],
        state=state_words(visit.state),
        members=[(one, role_words(SeatRole(one.role)) if one.role else "") for one in members],
        choices=[(str(one.account_id), one.name) for one in members],
        present=[str(one) for one in present],
        files=files_of(visit),
        accept=FILE_FIELD.accept,
        most_files=MOST_FILES,
        own=own,
        may_write=_may_write(visit, here.attendee, own, now()),
        waiting=[one.name for one in waiting],
        unsigned=[(str(one.account_id), one.name) for one in waiting],
        waived={one.id for one in members if is_waived(visit, one)},
        waiving=forms.get("waiver", {}),
        is_guest=is_guest(here.attendee),
        found=visit.found if typed is None else typed.found,
        errors=errors or {},
        refusal=refusal,
        reason=forms.get("stop", {}).get("reason", ""),
    )


def _enter_visit(round_key: str, number: int) -> Here:
    """Who asks for a visit, also as one who was there and has left the council since."""
    edition, actor = current_edition(), current_actor()
    return Here(edition, actor, access_visit_room(edition, actor, round_key, number))


def _may_go(here: Here, visit: SiteVisit) -> list[Goer]:
    """Whom the leader may choose; asked only where he may still choose."""
    if visit.state != PLANNED or not here.attendee.leads:
        return []
    return goers(here.edition, here.attendee.round.key, visit.entry_id)


def _choices(found: list[Goer]) -> list[tuple[str, str, str]]:
    return [
        (str(one.account_id), one.name, role_words(SeatRole(one.role)) if one.role else "") for one in found
    ]


def _may_write(visit: SiteVisit, attendee: Attendee, own: VisitMember | None, at: datetime) -> bool:
    return (
        (attendee.leads or (own is not None and not is_guest(attendee)))
        and visit.state in (PLANNED, HELD)
        and at >= visit.at
    )


def _ids(name: str) -> frozenset[UUID]:
    return frozenset(one for one in map(read_id, request.form.getlist(name)) if one is not None)


def _done(round_key: str, number: int, said: str) -> Response:
    flash(said, "success")
    return redirect(_href(round_key, number), 303)


def _href(round_key: str, number: int) -> str:
    return url_for("visits.show", round_key=round_key, number=number)
