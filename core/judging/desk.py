"""The judge's desk: the queue is the page; one sheet beside its dossier; locking after reading everything again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core.contests.current import current_edition
from core.contests.values import EditionView, PhaseKind
from core.judging import desk_api
from core.judging.conflict_declaring import rounds_to_declare
from core.judging.criteria_versions import unread_versions
from core.judging.dossiers import shown_to_judge
from core.judging.errors import PledgeNeeded, SheetAbstained, SheetConflict, SheetIncomplete, SheetLocked
from core.judging.material_late import came_late, open_until
from core.judging.offline_package import may_be_taken
from core.judging.points import levels_of, points_text, unfitting
from core.judging.policies import access_judge, access_sheet, require_pledge, round_of, was_moved
from core.judging.queries import desk_queue, open_rounds, reread_sheets, sheet_of
from core.judging.round_ends import end_of_round
from core.judging.schemas import BASE, PREFIX, read_sheet
from core.judging.seating import owes_pledge
from core.judging.services import (
    abstain,
    abstain_for_good,
    lock_all_ready,
    lock_sheet,
    put_off,
    save_scores,
    take_back_abstention,
    take_up,
)
from core.judging.states import SheetState
from core.judging.values import Queue, Saved, SheetPlace, SheetView
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import score, time
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("desk", __name__, url_prefix="/cham-thi")
blueprint.add_url_rule("/<round_key>/<code>/tu-luu", "autosave", desk_api.autosave, methods=["POST"])


@blueprint.get("/")
@allows(Access.JUDGE)
def index() -> str:
    """The judge's queue: how far he is, what comes next, the state of every sheet."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    rounds = open_rounds(edition)
    if not rounds:
        return render_template(
            "desk/empty.html",
            phase=edition.phase(PhaseKind.JUDGING),
            judge=judge,
            to_declare=rounds_to_declare(edition, judge),
        )
    asked = request.args.get("vong")
    judging_round = round_of(edition, asked) if asked else rounds[-1]
    queue = desk_queue(edition, judge, judging_round)
    return render_template(
        "desk/index.html",
        queue=queue,
        has_fields=bool(edition.rules.entry_fields()),
        criteria_unread=len(unread_versions(edition.id, judge)),
        late=came_late(edition, judge, judging_round.key),
        owes_pledge=owes_pledge(edition.id, judging_round.key, judge.account_id),
        end=end_of_round(edition, judging_round.key),
        rounds=rounds,
        judge=judge,
        phase=edition.phase(PhaseKind.JUDGING),
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
        can_carry=may_be_taken(edition, queue, now()),
        fields={one.key: one.name for one in edition.rules.entry_fields()},
        now=now(),
    )


@blueprint.get("/<round_key>/<code>")
@allows(Access.JUDGE)
def sheet(round_key: str, code: str) -> Any:
    """One dossier and the judge's own sheet for it."""
    edition = current_edition()
    try:
        place = access_sheet(edition, current_actor(), round_key, code)
    except NotFound:
        if not was_moved(edition, current_actor(), round_key, code):
            raise
        flash(
            _(
                "Hồ sơ %(code)s vừa được giao cho người khác chấm. Điểm bạn đã nhập được giữ lại và không được tính.",
                code=code,
            ),
            "warning",
        )
        return redirect(url_for("desk.index", vong=round_key), 303)
    return _sheet_page(edition, place, sheet_of(place))


@blueprint.post("/<round_key>/<code>")
@allows(Access.JUDGE)
def save(round_key: str, code: str) -> Any:
    """Keep what was typed, then go where the button said: the next sheet, locking, or stay."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    form = request.form
    try:
        saved = _save(edition, place, form)
    except Invalid as wrong:
        return _sheet_page(edition, place, sheet_of(place), form=form, errors=wrong.errors), 422
    except SheetConflict as conflict:
        return _conflict_page(edition, place, conflict), conflict.status
    except (SheetLocked, SheetAbstained) as refusal:
        flash(refusal.message, "error")
        return redirect(_href(place), 303)
    if not saved.counts:
        flash(_("Đã hết thời gian chấm. Phiếu được giữ lại ở dạng nháp và không được tính."), "warning")
        return redirect(_href(place), 303)
    return redirect(_after_save(edition, place, form.get("then", "")), 303)


@blueprint.route("/<round_key>/<code>/khoa", methods=["GET", "POST"])
@allows(Access.JUDGE)
def lock(round_key: str, code: str) -> Any:
    """Read the sheet again, then lock it for good."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    refusal = ""
    if request.method == "POST":
        revision = request.form.get("revision", -1, type=int)
        try:
            lock_sheet(edition, place, revision, actor=current_actor(), now=now())
        except DomainError as refused:
            refusal, status = refused.message, refused.status
            if isinstance(refused, Invalid):  # the criteria changed since it was scored
                return _sheet_page(edition, place, sheet_of(place), errors=refused.errors), status
            if isinstance(refused, SheetIncomplete):
                flash(refused.message, "warning")
                return redirect(_href(place), 303)
        else:
            flash(_("Đã khóa phiếu chấm %(code)s.", code=code), "success")
            return redirect(_next_href(edition, place), 303)
        return _lock_page(edition, place, refusal), status
    held = sheet_of(place)
    if held.state is not SheetState.DRAFT or len(held.scores) < len(place.round.criteria):
        return redirect(_href(place))
    if errors := unfitting(place.round, dict(held.scores)):
        return _sheet_page(edition, place, held, errors=errors)
    return _lock_page(edition, place, refusal)


@blueprint.route("/<round_key>/<code>/tu-choi", methods=["GET", "POST"])
@allows(Access.JUDGE)
def decline(round_key: str, code: str) -> Any:
    """Abstain from an entry, with the reason."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    errors: Mapping[str, list[str]] = {}
    reason = request.form.get("reason", "")
    if request.method == "POST":
        try:
            abstain(edition, place, reason, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors = wrong.errors
        except SheetLocked as refusal:
            flash(refusal.message, "error")
            return redirect(_href(place), 303)
        else:
            flash(_("Đã ghi nhận bạn không chấm %(code)s.", code=code), "success")
            return redirect(_next_href(edition, place), 303)
    page = render_template("desk/decline.html", place=place, reason=reason, errors=errors, back=_href(place))
    return (page, 422) if errors else page


@blueprint.post("/<round_key>/<code>/nhan-lai")
@allows(Access.JUDGE)
def resume(round_key: str, code: str) -> Any:
    """Take an abstention back."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    try:
        take_back_abstention(edition, place, actor=current_actor(), now=now())
    except DomainError as refusal:
        flash(refusal.message, "error")
    return redirect(_href(place), 303)


@blueprint.route("/<round_key>/<code>/thoi-han", methods=["GET", "POST"])
@allows(Access.JUDGE)
def decline_for_good(round_key: str, code: str) -> Any:
    """Make an abstention final, after reading what that means."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    if request.method == "POST":
        try:
            abstain_for_good(edition, place, actor=current_actor(), now=now())
        except DomainError as refusal:
            flash(refusal.message, "error")
        else:
            flash(_("Đã ghi nhận bạn thôi hẳn, không chấm %(code)s.", code=code), "success")
        return redirect(_href(place), 303)
    held = sheet_of(place)
    if held.state is not SheetState.ABSTAINED or held.final_at is not None:
        return redirect(_href(place))
    return render_template("desk/for_good.html", place=place, held=held, back=_href(place))


@blueprint.post("/<round_key>/<code>/cham-tiep")
@allows(Access.JUDGE)
def take_up_again(round_key: str, code: str) -> Any:
    """Give a dossier that was put off its place in the list again."""
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    take_up(place, actor=current_actor())
    return redirect(_href(place), 303)


@blueprint.route("/<round_key>/khoa-tat-ca", methods=["GET", "POST"])
@allows(Access.JUDGE)
def lock_all(round_key: str) -> Any:
    """Read all whole sheets again, then lock them together."""
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    judging_round = round_of(edition, round_key)
    require_pledge(edition, judge, judging_round)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            seen = _seen(request.form)
            locked = lock_all_ready(edition, judge, judging_round, seen, actor=current_actor(), now=now())
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(_("Đã khóa %(count)s phiếu chấm.", count=len(locked)), "success")
            if len(locked) < len(seen):
                flash(_("Có phiếu chưa khóa: vừa được sửa, hoặc điểm không còn đúng tiêu chí."), "warning")
                return redirect(url_for("desk.lock_all", round_key=round_key), 303)
            return redirect(url_for("desk.index", vong=round_key), 303)
    queue, read = desk_queue(edition, judge, judging_round), reread_sheets(judge, judging_round)
    unfit = {
        row.code: errors
        for row in queue.ready
        if row.code in read and (errors := unfitting(judging_round, dict(read[row.code].scores)))
    }
    page = render_template(
        "desk/lock_all.html",
        ready=[row for row in queue.ready if row.code not in unfit],
        unfit=[(row, unfit[row.code]) for row in queue.ready if row.code in unfit],
        read=read,
        material_until=open_until(edition, round_key, now()),
        refusal=refusal,
        judging_round=judging_round,
    )
    return page, status


@blueprint.app_errorhandler(PledgeNeeded)
def to_pledge(needed: PledgeNeeded) -> Any:
    """Every dossier leads to the pledge until it is signed."""
    flash(_("Bạn cần ký cam kết trước khi mở hồ sơ."), "info")
    return redirect(url_for("councils.pledge", round_key=needed.round_key), 303)


def _save(edition: EditionView, place: SheetPlace, form: MultiDict[str, str]) -> Saved:
    typed = read_sheet(place.round, form)
    return save_scores(
        edition,
        place,
        typed.scores,
        typed.remark,
        typed.revision,
        base=typed.base,
        base_remark=typed.base_remark,
        actor=current_actor(),
        now=now(),
    )


def _sheet_page(
    edition: EditionView,
    place: SheetPlace,
    held: SheetView,
    *,
    form: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> str:
    queue = desk_queue(edition, place.judge, place.round)
    before, after = queue.beside(place.entry_code)
    is_typed = form is not None
    values = {
        one.key: (form or {}).get(PREFIX + one.key, "") if is_typed else _text(held.scores.get(one.key))
        for one in place.round.criteria
    }
    stored = {one.key: _plain(held.scores.get(one.key)) for one in place.round.criteria}
    code = place.entry_code
    return render_template(
        "desk/sheet.html",
        place=place,
        held=held,
        values=values,
        remark=(form or {}).get("remark", "") if is_typed else held.remark,
        revision=(form or {}).get("revision", held.revision) if is_typed else held.revision,
        bases={key: (form or {}).get(BASE + key, text) for key, text in stored.items()},
        base_remark=(form or {}).get("base_remark", held.remark),
        row=queue.row(code),
        account_id=current_actor().id,
        errors=errors or {},
        labels={PREFIX + one.key: one.name for one in place.round.criteria},
        queue=queue,
        position=queue.position(code),
        previous_href=_href(place, before) if before else None,
        next_href=_href(place, after) if after else None,
        dossier=shown_to_judge(edition, place),
        clauses={one.key: one for one in edition.rules.clauses()},
        levels=levels_of(place.round),
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
        phase=edition.phase(PhaseKind.JUDGING),
        total_text=_text(held.total) if held.scores else "–",
        lacking=len(place.round.criteria) - len(held.scores),
        maximum_text=_text(place.round.maximum),
        saved_at=time(held.updated_at, locale()) if held.updated_at else None,
        now=now(),
    )


def _conflict_page(edition: EditionView, place: SheetPlace, conflict: SheetConflict) -> str:
    stored = conflict.stored
    rows = [
        (one, _text(points := stored.scores.get(one.key)), _text(conflict.typed.get(one.key, points)))
        for one in place.round.criteria
    ]
    return render_template(
        "desk/conflict.html",
        place=place,
        stored=stored,
        message=conflict.message,
        rows=rows,
        touched=conflict.typed,
        typed_remark=conflict.remark if conflict.remark is not None else stored.remark,
        back=_href(place),
        edition=edition,
    )


def _lock_page(edition: EditionView, place: SheetPlace, refusal: str) -> str:
    held = sheet_of(place)
    return render_template(
        "desk/lock.html",
        place=place,
        held=held,
        refusal=refusal,
        is_open=edition.is_open(PhaseKind.JUDGING, now()),
        rows=[(one, held.scores.get(one.key)) for one in place.round.criteria],
        material_until=open_until(edition, place.round.key, now()),
        back=_href(place),
    )


def _after_save(edition: EditionView, place: SheetPlace, then: str) -> str:
    if then == "lock":
        return url_for("desk.lock", round_key=place.round.key, code=place.entry_code)
    if then == "later":
        put_off(place, actor=current_actor(), now=now())
        flash(_("Đã để %(code)s lại sau; điểm đã ghi vẫn giữ nguyên.", code=place.entry_code), "success")
    if then in ("next", "later"):
        return _next_href(edition, place)
    flash(_("Đã lưu phiếu chấm."), "success")
    return _href(place)


def _next_href(edition: EditionView, place: SheetPlace) -> str:
    """The next sheet that lacks points, or the queue when there is none."""
    queue: Queue = desk_queue(edition, place.judge, place.round)
    code = queue.unscored_after(place.entry_code)
    if code is None:
        return url_for("desk.index", vong=place.round.key)
    return _href(place, code)


def _href(place: SheetPlace, code: str | None = None) -> str:
    return url_for("desk.sheet", round_key=place.round.key, code=code or place.entry_code)


def _plain(points: Decimal | None) -> str:
    return "" if points is None else points_text(points)


def _text(points: Decimal | None) -> str:
    return "" if points is None else score(points, locale())


def _seen(form: MultiDict[str, str]) -> dict[str, int]:
    """Entry code → revision, out of hidden inputs `seen` = "<code>:<revision>"."""
    found: dict[str, int] = {}
    for line in form.getlist("seen"):
        code, _colon, revision = line.rpartition(":")
        if code and revision.isdigit():
            found[code] = int(revision)
    return found
