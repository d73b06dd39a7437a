"""The committee's page of results: votes, computation, decision, publication, each with its next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.entries.barring import barred_names
from core.kernel.clock import local
from core.kernel.errors import DomainError, Invalid
from core.kernel.web import Access, allows, current_actor, now
from core.results import services
from core.results.decisions import TIER, DecidedItem, share_of
from core.results.pipeline import Pipeline, pipeline_of, without
from core.results.schemas import DecisionForm
from core.voting.services import freeze_votes

blueprint = Blueprint("results_office", __name__, url_prefix="/btc/ket-qua")

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into the decision form, kept as typed."""

    members: str
    agreed: str
    held_on: str
    number: str
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


@blueprint.get("/")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """Where the pipeline stands and what comes next."""
    return _page()


@blueprint.post("/chot-phieu")
@allows(Access.COMMITTEE)
def freeze() -> Answer:
    """Freeze the votes."""
    try:
        frozen = freeze_votes(current_edition(), actor=current_actor(), now=now())
    except DomainError as error:
        return _refused(error)
    flash(_("Đã chốt %(count)s phiếu bình chọn.", count=frozen.total), "success")
    return redirect(url_for("results_office.index", _anchor="tinh"))


@blueprint.post("/tinh")
@allows(Access.COMMITTEE)
def compute() -> Answer:
    """Compute from what is frozen."""
    try:
        made = services.compute_results(current_edition(), actor=current_actor(), now=now())
    except DomainError as error:
        return _refused(error)
    flash(_("Đã tính kết quả, lần %(number)s.", number=made.number), "success")
    return redirect(url_for("results_office.index", _anchor="quyet-dinh"))


@blueprint.post("/quyet-dinh")
@allows(Access.COMMITTEE)
def decide() -> Answer:
    """Keep the committee's decision; what was typed stays when it cannot stand."""
    edition = current_edition()
    pipeline = pipeline_of(edition, now())
    if pipeline.computation is None:
        raise DomainError(_("Chưa tính kết quả nên chưa ghi quyết định được."))
    try:
        meeting = DecisionForm().load(request.form)
        if meeting["computation"] != pipeline.computation.number:
            raise DomainError(_("Kết quả đã được tính lại: bạn hãy xem bản mới rồi ghi quyết định."))
        services.record_decision(
            edition,
            pipeline.computation,
            _items(pipeline),
            meeting["members"],
            meeting["agreed"],
            meeting["held_on"],
            meeting["number"],
            actor=current_actor(),
            now=now(),
        )
    except ValidationError as error:
        return _page(_typed(_messages(error)), pipeline), 422
    except Invalid as error:
        return _page(_typed(error.errors), pipeline), 422
    except DomainError as error:
        return _refused(error, _typed({}), pipeline)
    flash(_("Đã ghi quyết định của Ban Tổ chức."), "success")
    return redirect(url_for("results_office.index", _anchor="cong-bo"))


@blueprint.post("/cong-bo")
@allows(Access.COMMITTEE)
def publish() -> Answer:
    """Publish the decided result."""
    try:
        services.publish(current_edition(), actor=current_actor(), now=now())
    except DomainError as error:
        return _refused(error)
    flash(_("Đã công bố kết quả."), "success")
    return redirect(url_for("results_office.index", _anchor="cong-bo"))


def _refused(error: DomainError, typed: Typed | None = None, pipeline: Pipeline | None = None) -> Answer:
    """The same page with the sentence that says what is missing."""
    return _page(typed, pipeline, refused=error.message), error.status


def _messages(error: ValidationError) -> dict[str, list[str]]:
    found = error.messages
    return (
        {str(key): [_(str(one)) for one in told] for key, told in found.items()}
        if isinstance(found, dict)
        else {"": [_(str(one)) for one in found]}
    )


def _page(typed: Typed | None = None, pipeline: Pipeline | None = None, *, refused: str | None = None) -> str:
    edition = current_edition()
    shown = pipeline or pipeline_of(edition, now())
    if typed is not None:
        shown = _as_typed(shown)
    shown = without(shown, barred_names())
    members = _members(shown, edition.committee_size)
    decision = shown.decision
    kept = typed or Typed(
        str(members or ""),
        "" if decision is None else str(decision.agreed),
        "" if decision is None else decision.held_on.isoformat(),
        "" if decision is None else decision.number,
    )
    return render_template(
        "results_office/index.html",
        pipeline=shown,
        form=kept,
        refused=refused,
        members=members,
        needed=shown.rule.needed(members) if members else 0,
        share=share_of(shown.rule),
        today=local(now()).date(),
    )


def _members(pipeline: Pipeline, committee_size: int) -> int:
    typed = request.form.get("members", "")
    if typed.isdecimal() and 0 < int(typed) <= 1000:
        return int(typed)
    return pipeline.decision.members if pipeline.decision is not None else committee_size


def _typed(errors: Mapping[str, Sequence[str]]) -> Typed:
    get = request.form.get
    return Typed(get("members", ""), get("agreed", ""), get("held_on", ""), get("number", ""), errors)


def _items(pipeline: Pipeline) -> list[DecidedItem]:
    """The committee's choices as typed; what the form does not hold stays as it stands."""
    get = request.form.get
    items = []
    for row in pipeline.rows:
        code = row.work.code
        choice = get(f"tier_{code}", row.choice)
        items.append(DecidedItem(code, TIER, choice or None, row.proposed, get(f"reason_{code}", row.reason)))
    for special in pipeline.specials:
        choice = get(f"special_{special.key}", special.choice)
        reason = get(f"reason_{special.key}", special.reason)
        if special.proposed and special.proposed != choice:
            items.append(DecidedItem(special.proposed, special.key, None, special.key, reason))
        if choice:
            told = special.key if choice == special.proposed else None
            items.append(DecidedItem(choice, special.key, special.key, told, reason))
    return items


def _as_typed(pipeline: Pipeline) -> Pipeline:
    """The same, its form rows holding what was typed."""
    get = request.form.get
    rows = tuple(
        replace(
            row,
            choice=get(f"tier_{row.work.code}", row.choice),
            reason=get(f"reason_{row.work.code}", row.reason),
        )
        for row in pipeline.rows
    )
    specials = tuple(
        replace(
            one, choice=get(f"special_{one.key}", one.choice), reason=get(f"reason_{one.key}", one.reason)
        )
        for one in pipeline.specials
    )
    return replace(pipeline, rows=rows, specials=specials)
