"""Freezing the inputs and computing."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.models import Edition
from core.contests.values import EditionView, PhaseKind
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.db import lock_row, session
from core.results import policies
from core.results.compute import compute, edition_of_inputs
from core.results.errors import AlreadyPublished, NotReady
from core.results.formats import Inputs, InputsError, canonical_text, parse_inputs, read_json, sha256_text
from core.results.frozen import inputs_document
from core.results.models import Computation, Publication
from core.results.queries import latest_computation
from core.voting.queries import frozen_votes


def require_ready(edition: EditionView, now: datetime) -> None:
    """Return when rules and votes (where there is a vote) are frozen and judging is over; raise NotReady when not."""
    if edition.is_reopened:
        raise NotReady(_("Quy tắc đang được mở lại: cần chốt lại ở mục Kỳ thi trước khi tính kết quả."))
    if edition.rules.vote_policy().enabled and frozen_votes(edition.id) is None:
        raise NotReady(_("Chưa chốt phiếu bình chọn: cần chốt trước khi tính kết quả."))
    if not policies.is_over(edition, PhaseKind.JUDGING, now):
        raise NotReady(_("Chưa hết thời gian chấm điểm nên chưa tính kết quả được."))


def freeze_inputs(edition: EditionView, *, now: datetime) -> tuple[Inputs, str]:
    """The inputs of the edition as they stand, checked, and their canonical text. Raises NotReady."""
    require_ready(edition, now)
    text = canonical_text(inputs_document(edition))
    inputs = parse_inputs(read_json(text))
    if not inputs.sheets:
        raise NotReady(_("Chưa có phiếu chấm nào được khóa nên chưa có gì để tính."))
    return inputs, text


def compute_results(edition: EditionView, *, actor: Actor, now: datetime) -> Computation:
    """Compute from the inputs as they stand and keep both texts; the same inputs again give the same row back.

    Raises NotReady before votes are frozen and judging is over, AlreadyPublished after publication, PluginFailed when
    a rule fails.
    """
    policies.require_manager(actor)
    lock_row(Edition, Edition.id == edition.id)
    require_unpublished(edition)
    inputs, text = freeze_inputs(edition, now=now)
    try:
        outputs = canonical_text(compute(inputs, edition_of_inputs(inputs)).document())
    except InputsError as error:
        raise NotReady(_("Dữ liệu chưa hợp lệ với quy tắc của kỳ thi: %(error)s", error=error)) from error
    digest = sha256_text(outputs)
    latest = latest_computation(edition.id)
    if latest is not None and (latest.inputs_sha256, latest.outputs_sha256) == (inputs.sha256, digest):
        return latest
    made = Computation(
        edition_id=edition.id,
        number=_next_number(edition),
        inputs=text,
        inputs_sha256=inputs.sha256,
        outputs=outputs,
        outputs_sha256=digest,
        at=now,
        by_name=actor.name,
    )
    session().add(made)
    session().flush()
    line = {"number": made.number, "inputs_sha256": inputs.sha256, "outputs_sha256": digest}
    audit.append("result.computed", edition.key, line, actor=actor, now=now)
    return made


def require_unpublished(edition: EditionView) -> None:
    """Raise AlreadyPublished when the edition's result is out."""
    if (
        session().scalars(select(Publication.id).where(Publication.edition_id == edition.id)).first()
        is not None
    ):
        raise AlreadyPublished(_("Kết quả đã công bố nên không thay đổi được nữa."))


def _next_number(edition: EditionView) -> int:
    ask = select(func.coalesce(func.max(Computation.number), 0)).where(Computation.edition_id == edition.id)
    return session().scalars(ask).one() + 1
