"""The published result for programs."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_smorest import Blueprint

from core.contests.current import current_edition
from core.kernel import audit
from core.kernel.audit import LogHead
from core.kernel.errors import NotFound
from core.kernel.i18n import N_
from core.kernel.limits import limiter
from core.kernel.log_heads import check_head
from core.kernel.web import Access, allows
from core.results.keys import public_key
from core.results.queries import computation_of, decided_items, decision_of, outputs_of, publication_of
from core.results.schemas import LogHeadQuery, LogHeadSchema, ResultSchema

blueprint = Blueprint("results_api", __name__, url_prefix="/api/v1", description=N_("Kết quả"))


@blueprint.route("/log/head", methods=["GET"])  # type: ignore[untyped-decorator]
@allows(Access.PUBLIC)
@limiter.limit("6 per minute")
@blueprint.arguments(LogHeadQuery, location="query")  # type: ignore[untyped-decorator]
@blueprint.response(200, LogHeadSchema)  # type: ignore[untyped-decorator]
def log_head(asked: dict[str, Any]) -> dict[str, Any]:
    """Whether the audit log as it stands begins with the `size` lines whose Merkle root is `root` (RFC 6962); without
    them the head now, and whether the log gives it.

    `consistency` is the proof from that head to the head now.
    """
    head = LogHead(asked["size"], asked["root"].lower()) if asked else audit.log_head()
    answer = check_head(head)
    return {
        "size": answer.asked.size,
        "root": answer.asked.root,
        "holds": answer.holds,
        "verdict": str(answer.verdict),
        "now": {"size": answer.now.size, "root": answer.now.root},
        "consistency": list(answer.proof),
    }


@blueprint.route("/results", methods=["GET"])  # type: ignore[untyped-decorator]
@allows(Access.PUBLIC)
@blueprint.response(200, ResultSchema)  # type: ignore[untyped-decorator]
def results() -> dict[str, Any]:
    """The published result of the edition; 404 before publication.

    `?ky=` chooses an edition by its key.
    """
    edition = current_edition()
    publication, decision = publication_of(edition.id), decision_of(edition.id)
    if publication is None or decision is None:
        raise NotFound(_("Kết quả chưa được công bố."))
    computation = computation_of(publication.computation_id)
    return {
        "tenant": edition.tenant,
        "edition": edition.key,
        "published_at": publication.at,
        "inputs_sha256": computation.inputs_sha256,
        "outputs_sha256": computation.outputs_sha256,
        "outputs": outputs_of(computation),
        "decision": {
            "held_on": decision.held_on.isoformat(),
            "number": decision.number,
            "members": decision.members,
            "agreed": decision.agreed,
        },
        "awards": [
            {
                "entry": item.entry,
                "award": item.award,
                "tier": item.tier,
                "proposed": item.proposed,
                "reason": item.reason,
            }
            for item in decided_items(decision.id)
        ],
        "bundle": {
            "href": url_for("results.bundle", ky=edition.key),
            "sha256": publication.bundle_sha256,
            "size": publication.bundle_size,
            "public_key": public_key(),
        },
    }
