"""The edition for programs."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from flask_smorest import Blueprint

from core.contests.current import current_edition
from core.contests.schemas import EditionSchema
from core.contests.values import EditionView, PhaseView
from core.kernel.i18n import N_
from core.kernel.web import Access, allows, now
from core.plugin_api import Text

blueprint = Blueprint("edition_api", __name__, url_prefix="/api/v1", description=N_("Kỳ thi"))


@blueprint.route("/edition", methods=["GET"])  # type: ignore[untyped-decorator]
@allows(Access.PUBLIC)
@blueprint.response(200, EditionSchema)  # type: ignore[untyped-decorator]
def edition() -> dict[str, Any]:
    """The edition: phases, terms, criteria, clauses.

    `?ky=` chooses an edition by its key.
    """
    return edition_document(current_edition(), now())


def edition_document(view: EditionView, at: datetime) -> dict[str, Any]:
    """What the API says of an edition at the instant `at`."""
    terms = view.rules.terms()
    return {
        "tenant": view.tenant,
        "key": view.key,
        "ordinal": view.ordinal,
        "years": list(view.years),
        "name": _words(view.name),
        "short_name": _words(view.short_name),
        "code_prefix": view.code_prefix,
        "now": at,
        "is_frozen": view.is_frozen,
        "plugins": [{"name": ref.name, "version": ref.version} for ref in view.values.plugins],
        "phases": [_phase(phase, at) for phase in view.phases],
        "terms": {one.name: _words(getattr(terms, one.name)) for one in fields(terms)},
        "rounds": [
            {
                "key": one.key,
                "name": _words(one.name),
                "deciding": one.deciding,
                "criteria": [
                    {
                        "key": criterion.key,
                        "name": _words(criterion.name),
                        "maximum": str(criterion.maximum),
                        "step": str(criterion.step),
                        "clause": criterion.clause,
                        "official": criterion.official,
                    }
                    for criterion in one.criteria
                ],
            }
            for one in view.rules.rounds()
        ],
        "clauses": [
            {
                "key": clause.key,
                "document": _words(clause.document),
                "article": _words(clause.article),
                "text": _words(clause.text),
                "official": clause.official,
            }
            for clause in view.rules.clauses()
        ],
    }


def _phase(phase: PhaseView, at: datetime) -> dict[str, Any]:
    return {
        "kind": str(phase.kind),
        "name": _words(phase.name),
        "opens_at": phase.opens_at,
        "closes_at": phase.closes_at,
        "is_open": phase.is_open(at),
        "opens_mark": phase.mark("opens"),
        "closes_mark": phase.mark("closes"),
    }


def _words(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.in_("en")}
