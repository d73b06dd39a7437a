"""The page of an organisation's dossiers, for its officers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.entries import organisations
from core.entries.states import State
from core.entries.words import state_badge
from core.kernel.clock import real_now
from core.kernel.web import Access, allows, current_actor
from core.people.organisations import access_organisation
from core.people.reauth import require_fresh_proof

blueprint = Blueprint("entries_organisations", __name__, url_prefix="/du-thi/to-chuc")


@blueprint.get("/<uuid:organisation_id>")
@allows(Access.ACCOUNT)
def index(organisation_id: UUID) -> str:
    """The dossiers of the organisation, who is in charge of each, and own dossiers that may be given to it."""
    found = access_organisation(current_actor(), organisation_id)
    return render_template(
        "entries/organisation.html",
        organisation=found,
        rows=organisations.entries_of_organisation(found.id),
        own=organisations.entries_of_nobody_else(g.account.id),
        own_id=g.account.id,
        badges={str(state): state_badge(state) for state in State},
    )


@blueprint.post("/<uuid:organisation_id>/them")
@allows(Access.ACCOUNT)
def give(organisation_id: UUID) -> Response:
    """Give an own dossier to the organisation."""
    organisations.give_to_organisation(_ref(), organisation_id, actor=current_actor(), now=real_now())
    flash(_("Hồ sơ nay là của tổ chức; mọi cán bộ đều thấy."), "success")
    return _back(organisation_id)


@blueprint.post("/<uuid:organisation_id>/bo")
@allows(Access.ACCOUNT)
@require_fresh_proof
def release(organisation_id: UUID) -> Response:
    """Make a dossier that one is in charge of one's own again."""
    organisations.take_from_organisation(_ref(), organisation_id, actor=current_actor(), now=real_now())
    flash(_("Hồ sơ nay là của riêng bạn."), "success")
    return _back(organisation_id)


@blueprint.post("/<uuid:organisation_id>/phu-trach")
@allows(Access.ACCOUNT)
@require_fresh_proof
def take_over(organisation_id: UUID) -> Response:
    """Be in charge of a dossier of the organisation."""
    organisations.take_over(_ref(), organisation_id, actor=current_actor(), now=real_now())
    flash(_("Từ nay bạn phụ trách hồ sơ này."), "success")
    return _back(organisation_id)


def _ref() -> str:
    return request.form.get("ref", "")[:20]


def _back(organisation_id: UUID) -> Response:
    return redirect(url_for("entries_organisations.index", organisation_id=organisation_id))
