"""The committee's pages for who judges what: how a round is assigned, the proposal, changes by hand, the issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView, PhaseKind
from core.entries.barring import is_kept_from_some
from core.entries.pages import page_hrefs, page_number
from core.judging.plan import Fit, Move, quality_of
from core.judging.plan_forms import FIELD, read_fields, read_setup, typed_of
from core.judging.plan_pages import PER_PAGE, candidates, entry_rows, is_told, share_of
from core.judging.plan_words import bar_sentence, doubt_sentence, fit_name, lack_sentence
from core.judging.policies import round_of
from core.judging.queries import open_rounds
from core.judging.queries.planning import (
    Situation,
    judges_with_fields,
    newest_proposal,
    running_pairs,
    situation,
)
from core.judging.services import planning
from core.judging.setups import Assigned
from core.kernel import charts
from core.kernel.db import everything_found, session
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import number as number_text
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("judging_plan", __name__, url_prefix="/btc/cham-thi")


@blueprint.get("/vong/<round_key>/phan-cong")
@allows(Access.COMMITTEE)
def index(round_key: str) -> Any:
    """The proposal with its figures, or what there is to choose before one is made."""
    return _page(current_edition(), round_key)


@blueprint.post("/vong/<round_key>/phan-cong")
@allows(Access.COMMITTEE)
def save(round_key: str) -> Any:
    """Keep the choices; with the button for it, make a proposal from them at once."""
    edition = current_edition()
    try:
        setup = read_setup(request.form)
    except Invalid as wrong:
        return _page(edition, round_key, typed=request.form, errors=wrong.errors), 422
    planning.save_setup(edition, round_key, setup, actor=current_actor(), now=now())
    if request.form.get("then") == "propose" and setup.way is Assigned.PLAN:
        return _propose(edition, round_key)
    flash(_("Đã lưu cách phân công."), "success")
    return redirect(_href(round_key), 303)


@blueprint.post("/vong/<round_key>/phan-cong/lap")
@allows(Access.COMMITTEE)
def propose(round_key: str) -> Any:
    """Make a new proposal from what holds now."""
    return _propose(current_edition(), round_key)


@blueprint.post("/vong/<round_key>/phan-cong/giao")
@allows(Access.COMMITTEE)
def issue(round_key: str) -> Any:
    """Issue the proposal that was looked at, or put the round before the whole council."""
    edition = current_edition()
    try:
        if request.form.get("way") == Assigned.WHOLE:
            count = planning.issue_whole(edition, round_key, actor=current_actor(), now=now())
            flash(
                _("Đã giao cho cả hội đồng: thêm %(count)s lượt chấm.", count=number_text(count, locale())),
                "success",
            )
        else:
            revision = request.form.get("revision", -1, type=int)
            planning.issue_plan(edition, round_key, revision, actor=current_actor(), now=now())
            flash(_("Đã giao phương án. Mỗi giám khảo có thay đổi nhận một thư."), "success")
    except Invalid as wrong:
        return _page(edition, round_key, refusal=wrong.errors.get("", [wrong.message])[0]), 422
    except DomainError as refused:
        return _page(edition, round_key, refusal=refused.message), refused.status
    return redirect(_href(round_key), 303)


@blueprint.route("/vong/<round_key>/phan-cong/<code>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def move(round_key: str, code: str) -> Any:
    """Give one entry of the proposal to another judge: what it costs is said before it is done."""
    edition = current_edition()
    errors: Mapping[str, Sequence[str]] = {}
    if request.method == "POST":
        form = request.form
        wanted = Move(code, form.get("leaves") or None, form.get("comes", ""))
        try:
            planning.move_by_hand(
                edition,
                round_key,
                wanted,
                form.get("revision", -1, type=int),
                is_confirmed="confirm" in form,
                actor=current_actor(),
                now=now(),
            )
        except Invalid as wrong:
            errors = wrong.errors
        except DomainError as refused:
            return _page(edition, round_key, refusal=refused.message), refused.status
        else:
            flash(_("Đã đổi giám khảo của %(code)s trong phương án.", code=code), "success")
            return redirect(_href(round_key), 303)
    return _move_page(edition, round_key, code, errors)


@blueprint.get("/linh-vuc")
@allows(Access.COMMITTEE)
def fields() -> str:
    """Which fields each judge knows."""
    edition = current_edition()
    return render_template(
        "judging_plan/fields.html",
        judges=judges_with_fields(edition),
        fields={one.key: one.name for one in edition.rules.entry_fields()},
        names={fit: fit_name(fit) for fit in Fit},
        terms=edition.rules.terms(),
    )


@blueprint.route("/giam-khao/<number>/linh-vuc", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def judge_fields(number: str) -> Any:
    """The fields of one judge."""
    edition = current_edition()
    judge = next((one for one in judges_with_fields(edition) if one.number == number), None)
    if judge is None:
        raise NotFound(_("Không có giám khảo này."))
    if request.method == "POST":
        planning.set_fields(edition, number, read_fields(request.form), actor=current_actor(), now=now())
        flash(_("Đã ghi lĩnh vực của %(name)s.", name=judge.name), "success")
        return redirect(url_for("judging_plan.fields"), 303)
    return render_template(
        "judging_plan/judge_fields.html",
        judge=judge,
        fields=edition.rules.entry_fields(),
        prefix=FIELD,
        choices=[(fit.value, fit_name(fit)) for fit in Fit],
    )


def _propose(edition: EditionView, round_key: str) -> Any:
    try:
        proposal = planning.propose(edition, round_key, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _page(edition, round_key, refusal=wrong.errors.get("", [wrong.message])[0]), 422
    if proposal.state == planning.READY:
        flash(_("Đã lập phương án số %(number)s. Chưa giao cho ai.", number=proposal.number), "success")
    return redirect(_href(round_key), 303)


def _page(
    edition: EditionView,
    round_key: str,
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    refusal: str = "",
) -> str:
    judging_round = round_of(edition, round_key)
    here = situation(edition, round_key)
    proposal = newest_proposal(edition.id, round_key)
    is_plan = here.setup.way is Assigned.PLAN
    shown = proposal if is_plan and proposal is not None else None
    is_in_hand = shown is not None and shown.state == planning.READY
    pairs = (
        planning.pairs_of(shown)
        if shown is not None and is_in_hand
        else running_pairs(edition.id, round_key, here)
    )
    return render_template(
        "judging_plan/index.html",
        judging_round=judging_round,
        here=here,
        proposal=shown,
        is_plan=is_plan,
        is_in_hand=is_in_hand,
        is_outdated=is_in_hand and shown is not None and shown.inputs != _digest(edition, round_key, here),
        is_open=any(one.key == round_key for one in open_rounds(edition)),
        is_told=is_told(here.problem),
        has_fields=bool(edition.rules.entry_fields()),
        typed=typed or typed_of(here.setup),
        errors=errors or {},
        refusal=refusal,
        phase=edition.phase(PhaseKind.JUDGING),
        terms=edition.rules.terms(),
        **_figures(edition, round_key, here, pairs, [] if shown is None else shown.by_hand),
    )


def _digest(edition: EditionView, round_key: str, here: Situation) -> str:
    """The digest of the round as it is, also for who is shown a part of it."""
    if not is_kept_from_some(current_actor(), edition.id):
        return here.digest
    with everything_found(session()):
        return situation(edition, round_key).digest


def _figures(
    edition: EditionView, round_key: str, here: Situation, pairs: list[tuple[str, str]], by_hand: list[Any]
) -> dict[str, Any]:
    """What the page shows of the pairs: the figures, the chart of loads, and one page of the entries."""
    quality = quality_of(here.problem, pairs)
    rows = entry_rows(here, pairs, [(code, number) for code, number in by_hand], quality)
    only = request.args.get("loc", "")
    if only == "thieu":
        rows = [row for row in rows if row.lack]
    elif only == "tay":
        rows = [row for row in rows if any(seat.by_hand for seat in row.seats)]
    page, total = page_number(request.args.get("trang")), len(rows)
    pages = max(1, -(-total // PER_PAGE))
    page = min(page, pages)
    kept = {"round_key": round_key, **({"loc": only} if only else {})}
    return {
        "quality": quality,
        "share": share_of(quality),
        "mean": number_text(quality.mean, locale()),
        "bars": charts.bars(
            [
                (f"{number} · {here.names[number]}", load, number_text(load, locale()))
                for number, load in quality.loads
            ]
        ),
        "rows": rows[(page - 1) * PER_PAGE : page * PER_PAGE],
        "total": total,
        "page": page,
        "pages": pages,
        "hrefs": page_hrefs("judging_plan.index", page, pages, kept),
        "only": only,
        "lacks": {one.code: lack_sentence(one, here.problem.k) for one in quality.lacks},
        "fit_names": {fit: fit_name(fit) for fit in Fit},
        "fields": {one.key: one.name for one in edition.rules.entry_fields()},
    }


def _move_page(edition: EditionView, round_key: str, code: str, errors: Mapping[str, Sequence[str]]) -> Any:
    judging_round = round_of(edition, round_key)
    here = situation(edition, round_key)
    proposal = newest_proposal(edition.id, round_key)
    if proposal is None or proposal.state != planning.READY or code not in here.titles:
        raise NotFound(_("Chưa có phương án nào đang chờ giao có hồ sơ này."))
    pairs = planning.pairs_of(proposal)
    row = next(
        one
        for one in entry_rows(here, pairs, planning.pairs_of(proposal), quality_of(here.problem, pairs))
        if one.code == code
    )
    movable = [seat for seat in row.seats if not seat.has_sheet]
    asked = request.values.get("leaves")
    leaves = next((seat.number for seat in movable if seat.number == asked), None)
    if leaves is None and movable and not row.lack and len(movable) == 1:
        leaves = movable[0].number
    offered = candidates(here, pairs, code, leaves) if leaves or row.lack else []
    page = render_template(
        "judging_plan/move.html",
        judging_round=judging_round,
        row=row,
        movable=movable,
        leaves=leaves,
        leaving=here.names.get(leaves or ""),
        offered=[
            (
                one,
                [doubt_sentence(doubt, here, Move(code, leaves, one.number)) for doubt in one.effect.doubts],
            )
            for one in offered
            if one.effect is not None
        ],
        barred=[(one, bar_sentence(one.bar, one.name)) for one in offered if one.bar is not None],
        chosen=request.form.get("comes", ""),
        revision=proposal.revision,
        errors=errors,
        fit_names={fit: fit_name(fit) for fit in Fit},
        fields={one.key: one.name for one in edition.rules.entry_fields()},
    )
    return (page, 422) if errors else page


def _href(round_key: str) -> str:
    return url_for("judging_plan.index", round_key=round_key)
