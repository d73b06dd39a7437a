"""Minutes in the council's room: the draft by sections, the papers once it is fixed, and scans of what was signed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from core.entries.downloads import sent_bytes, sent_file
from core.judging.meeting.apart import kept_from
from core.judging.meeting.errors import SectionMoved
from core.judging.meeting.minutes import (
    DRAFT,
    MeetingFacts,
    SectionText,
    access_minutes,
    is_whole_for,
    minutes_of,
    part_words,
    save_facts,
    save_section,
    sections_for,
)
from core.judging.meeting.minutes_drafting import bring_up_to_date, draft_minutes
from core.judging.meeting.minutes_paper import (
    access_scan,
    add_scan,
    digest_seen,
    fix_minutes,
    head_words,
    paper_of,
    scans_of,
)
from core.judging.meeting.minutes_standing import (
    BALLOT,
    DELIBERATION,
    Matter,
    Settled,
    settle_section,
    standing_of,
)
from core.judging.meeting.room import Answer, Errors, Here, enter, refused
from core.judging.meeting.times import read_instant
from core.kernel.clock import local
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import time
from core.kernel.i18n import locale
from core.kernel.paper.typeset import pdf_of
from core.kernel.paper.word import MEDIA_TYPE, word_of
from core.kernel.pdf import PDF
from core.kernel.qr import qr_svg
from core.kernel.text import slug
from core.kernel.web import Access, allows, now

blueprint = Blueprint("minutes", __name__, url_prefix="/hoi-dong")

MAX_SCAN = 64 * 1024 * 1024
_KINDS = {"pdf": PDF, "docx": MEDIA_TYPE}


@blueprint.url_value_preprocessor
def make_room_for_scans(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let the form that carries scans be larger than other requests, before anything reads its body."""
    if endpoint == "minutes.scan":
        request.max_content_length = MAX_SCAN


@blueprint.get("/<round_key>/bien-ban")
@allows(Access.COUNCIL)
def index(round_key: str) -> Answer:
    """The minutes of a round."""
    here = enter(round_key)
    rows = minutes_of(here.edition, round_key)
    return render_template(
        "meeting/minutes_list.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        minutes=rows,
        has_draft=any(one.state == DRAFT for one in rows),
    )


@blueprint.post("/<round_key>/bien-ban")
@allows(Access.COUNCIL)
def new(round_key: str) -> Answer:
    """Draft minutes from what happened, or a correction of fixed ones."""
    here, corrects = enter(round_key), request.form.get("corrects", type=int)
    made = draft_minutes(here.edition, here.attendee, corrects=corrects, actor=here.actor, now=now())
    return redirect(_href(round_key, made.number), 303)


@blueprint.get("/<round_key>/bien-ban/<int:number>")
@allows(Access.COUNCIL)
def show(round_key: str, number: int) -> Answer:
    """Minutes: the draft to edit, or what was fixed."""
    return _show(enter(round_key), number)


@blueprint.post("/<round_key>/bien-ban/<int:number>/buoi-hop")
@allows(Access.COUNCIL)
def facts(round_key: str, number: int) -> Answer:
    """Keep place, time and who was there."""
    here, form = enter(round_key), request.form
    revision = form.get("revision", -1, type=int)

    def keep() -> None:
        at = read_instant(form.get("day", ""), form.get("hour", ""))
        typed = MeetingFacts(form.get("place", ""), at, frozenset(form.getlist("here")))
        save_facts(here.edition, here.attendee, number, typed, revision, actor=here.actor, now=now())

    return refused(keep, partial(_show, here, number, facts=form)) or _done(
        round_key, number, _("Đã lưu thông tin buổi họp.")
    )


@blueprint.post("/<round_key>/bien-ban/<int:number>/muc/<key>")
@allows(Access.COUNCIL)
def section(round_key: str, number: int, key: str) -> Answer | tuple[Response, int]:
    """Keep what was typed in a section: by the button, or by the page itself while somebody types."""
    here = enter(round_key)
    form, is_auto = request.form, "X-Autosave" in request.headers
    typed = SectionText(key, form.get("body", ""), form.get("revision", -1, type=int))
    try:
        saved = save_section(here.edition, here.attendee, number, typed, actor=here.actor, now=now())
    except NotFound:
        raise
    except DomainError as told:
        if is_auto:
            message = "; ".join(told.errors["body"]) if isinstance(told, Invalid) else told.message
            return jsonify({"said": message}), told.status
        moved = told if isinstance(told, SectionMoved) else None
        page = _show(here, number, typed=typed, moved=moved, refusal=told.message)
        return page, told.status
    if is_auto:
        said = _("Đã lưu %(at)s", at=time(now(), locale()))
        return jsonify({"revision": saved.revision, "said": said}), 200
    flash(_("Đã lưu mục “%(heading)s”.", heading=saved.heading), "success")
    return redirect(f"{_href(round_key, number)}#muc-{key}", 303)


@blueprint.post("/<round_key>/bien-ban/<int:number>/cap-nhat")
@allows(Access.COUNCIL)
def refresh(round_key: str, number: int) -> Answer:
    """Take in what happened since it was drafted."""
    here = enter(round_key)
    found = bring_up_to_date(here.edition, here.attendee, number, actor=here.actor, now=now())
    if found.kept:
        names = ", ".join(f"“{one}”" for one in found.kept)
        flash(_("Mục đã sửa tay được giữ nguyên dù có thông tin mới hơn: %(names)s.", names=names), "warning")
    if found.changed:
        said = ngettext("Đã cập nhật %(num)s mục.", "Đã cập nhật %(num)s mục.", found.changed)
        return _done(round_key, number, said)
    if not found.kept:
        flash(_("Các mục đã đúng với hiện tại."), "info")
    return redirect(_href(round_key, number), 303)


@blueprint.post("/<round_key>/bien-ban/<int:number>/muc/<key>/moi-hon")
@allows(Access.COUNCIL)
def settle(round_key: str, number: int, key: str) -> Answer:
    """Take in what happened since a section was written by hand, or keep the words."""
    here, keeps = enter(round_key), request.form.get("choice") == "keep"
    typed = Settled(key, request.form.get("told", "-"), keeps)
    return refused(
        lambda: settle_section(here.edition, here.attendee, number, typed, actor=here.actor, now=now()),
        partial(_show, here, number),
    ) or _done(round_key, number, _("Đã giữ lời của bạn.") if keeps else _("Đã soạn lại mục này."))


@blueprint.post("/<round_key>/bien-ban/<int:number>/chot")
@allows(Access.COUNCIL)
def fix(round_key: str, number: int) -> Answer:
    """Fix the minutes for good."""
    here, seen = enter(round_key), request.form.get("seen", "")
    why = request.form.get("why", "")
    return refused(
        lambda: fix_minutes(here.edition, here.attendee, number, seen, why=why, actor=here.actor, now=now()),
        partial(_show, here, number),
    ) or _done(round_key, number, _("Đã chốt biên bản. Bản in đã được giữ cùng dấu vân tay trong nhật ký."))


@blueprint.get("/<round_key>/bien-ban/<int:number>/bien-ban.<any(pdf, docx):kind>")
@allows(Access.COUNCIL)
def paper(round_key: str, number: int, kind: str) -> Answer:
    """The paper: as it was fixed; of a draft, and for who is not shown all of it, made for this reader."""
    here, at = enter(round_key), now()
    minutes = access_minutes(here.edition, here.attendee, number)
    sections = sections_for(minutes, here.attendee, actor=here.actor)
    name = f"bien-ban-{slug(here.edition.key)}-{slug(round_key)}-{number}.{kind}"
    if minutes.state != DRAFT and is_whole_for(sections):
        digest, size = (minutes.pdf, minutes.pdf_size) if kind == "pdf" else (minutes.docx, minutes.docx_size)
        return sent_file(digest or "", name, _KINDS[kind], size)
    made = paper_of(here.edition, minutes, sections)
    content = pdf_of(made, at=at, organiser=made.masthead.superior) if kind == "pdf" else word_of(made, at=at)
    return sent_bytes(content, name, _KINDS[kind])


@blueprint.post("/<round_key>/bien-ban/<int:number>/ban-ky")
@allows(Access.COUNCIL)
def scan(round_key: str, number: int) -> Answer:
    """Keep a scan of what was signed on paper."""
    here = enter(round_key)
    sent = [one for one in request.files.getlist("scan") if one.filename]
    try:
        if not sent:
            raise Invalid.one("scan", _("Bạn hãy chọn tệp bản quét."))
        for one in sent:
            name = one.filename or ""
            add_scan(here.edition, here.attendee, number, name, one.stream, actor=here.actor, now=now())
    except Invalid as wrong:
        return _show(here, number, errors=wrong.errors), wrong.status
    return _done(round_key, number, _("Đã giữ bản quét có chữ ký."))


@blueprint.get("/<round_key>/bien-ban/<int:number>/ban-ky/<sha256>")
@allows(Access.COUNCIL)
def scanned(round_key: str, number: int, sha256: str) -> Answer:
    """A scan of the signed minutes; not for who is not shown all that they say."""
    here = enter(round_key)
    minutes = access_minutes(here.edition, here.attendee, number)
    if not is_whole_for(sections_for(minutes, here.attendee, actor=here.actor)):
        raise NotFound(_("Không tìm thấy tệp này."))
    one = access_scan(minutes, sha256)
    return sent_file(one.sha256, one.name, one.media_type, one.size)


def _show(
    here: Here,
    number: int,
    *,
    typed: SectionText | None = None,
    moved: SectionMoved | None = None,
    facts: Mapping[str, str] | None = None,
    errors: Errors | None = None,
    refusal: str = "",
) -> str:
    minutes = access_minutes(here.edition, here.attendee, number)
    sections = sections_for(minutes, here.attendee, actor=here.actor)
    at = local(minutes.held_at) if minutes.held_at else None
    held = {
        "place": minutes.place,
        "day": f"{at:%Y-%m-%d}" if at else "",
        "hour": f"{at:%H:%M}" if at else "",
    }
    present = [str(one["seat"]) for one in minutes.people if one["here"]]
    if facts is not None:
        held = {key: facts.get(key, "") for key in held}
        present = request.form.getlist("here")
    is_draft = minutes.state == DRAFT
    standing = None
    if is_draft and here.attendee.leads:
        standing = standing_of(
            here.edition,
            here.attendee,
            minutes,
            sees_all=not kept_from(here.actor),
            actor=here.actor,
            now=now(),
        )
    said = "" if is_draft else head_words(minutes.log_size, minutes.log_head, here.edition)
    return render_template(
        "meeting/minutes.html" if is_draft else "meeting/minutes_fixed.html",
        attendee=here.attendee,
        judging_round=here.attendee.round,
        minutes=minutes,
        sections=sections,
        is_whole=is_whole_for(sections),
        people=[
            (str(one["seat"]), one["name"], part_words(one["role"]), one["here"]) for one in minutes.people
        ],
        held=held,
        present=present,
        typed=typed,
        moved=moved,
        seen=digest_seen(minutes, sections),
        scans=scans_of(minutes),
        standing=standing,
        open_matters=[(one, _matter_href(here.attendee.round.key, one)) for one in standing.open]
        if standing
        else [],
        newer={one.key: one for one in standing.newer} if standing else {},
        why=request.form.get("why", ""),
        head=said,
        code=qr_svg(said) if said else "",
        errors=errors or {},
        refusal=refusal,
    )


def _done(round_key: str, number: int, said: str) -> Response:
    flash(said, "success")
    return redirect(_href(round_key, number), 303)


def _href(round_key: str, number: int) -> str:
    return url_for("minutes.show", round_key=round_key, number=number)


def _matter_href(round_key: str, matter: Matter) -> str:
    if matter.kind == DELIBERATION:
        return url_for("deliberations.room", round_key=round_key, code=matter.name)
    if matter.kind == BALLOT:
        return url_for("ballots.show", round_key=round_key, number=int(matter.name))
    return url_for("visits.show", round_key=round_key, number=int(matter.name))
