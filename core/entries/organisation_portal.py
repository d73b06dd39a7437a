"""The page of an organisation's dossiers, for its officers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import edition_of
from core.entries import organisations, pages
from core.entries.organisations import give_to_organisation, take_from_organisation
from core.entries.policies import is_owner
from core.entries.queries import account_of, dossier_of, history_of
from core.entries.states import State
from core.entries.words import field_name, named_authors, state_badge
from core.kernel.actor import Actor
from core.kernel.clock import real_now
from core.kernel.web import Access, allows, current_actor
from core.people.organisations import access_organisation
from core.people.reauth import require_fresh_proof

blueprint = Blueprint("entries_organisations", __name__, url_prefix="/du-thi/to-chuc")


class Deed(Protocol):
    """What an officer does to a dossier of the organisation."""

    def __call__(self, ref: str, organisation_id: UUID, *, actor: Actor, now: datetime) -> None:
        """Do it."""


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


@blueprint.get("/<uuid:organisation_id>/ho-so/<ref>")
@allows(Access.ACCOUNT)
def read(organisation_id: UUID, ref: str) -> str:
    """A dossier of the organisation, for its stewards: to read, and to take over when something is to be done."""
    entry = organisations.access_entry_as_steward(current_actor(), organisation_id, ref)
    edition, dossier = edition_of(entry.edition_id), dossier_of(entry)
    return render_template(
        "entries/organisation_dossier.html",
        organisation=access_organisation(current_actor(), organisation_id),
        entry=entry,
        dossier=dossier,
        officer=account_of(entry.owner_id).name,
        is_own=is_owner(current_actor(), entry),
        badge=state_badge(entry.state, is_published=entry.published_at is not None),
        field_name=field_name(edition, entry.field),
        authors=named_authors(dossier.authors),
        groups=pages.answers(dossier, edition),
        happened=pages.timeline(history_of(entry), edition),
    )


@blueprint.post("/<uuid:organisation_id>/them")
@allows(Access.ACCOUNT)
def give(organisation_id: UUID) -> Response:
    """Give an own dossier to the organisation."""
    return _do(give_to_organisation, organisation_id, _("Hồ sơ nay là của tổ chức; mọi cán bộ đều thấy."))


@blueprint.post("/<uuid:organisation_id>/bo")
@allows(Access.ACCOUNT)
@require_fresh_proof
def release(organisation_id: UUID) -> Response:
    """Make a dossier that one is in charge of one's own again."""
    return _do(take_from_organisation, organisation_id, _("Hồ sơ nay là của riêng bạn."))


@blueprint.post("/<uuid:organisation_id>/phu-trach")
@allows(Access.ACCOUNT)
@require_fresh_proof
def take_over(organisation_id: UUID) -> Response:
    """Be in charge of a dossier of the organisation."""
    return _do(organisations.take_over, organisation_id, _("Từ nay bạn phụ trách hồ sơ này."))


def _do(deed: Deed, organisation_id: UUID, done: str) -> Response:
    """Do `deed` with the dossier that the form names; a form that names none changes nothing."""
    access_organisation(current_actor(), organisation_id)
    ref = request.form.get("ref", "")[:20]
    if ref:
        deed(ref, organisation_id, actor=current_actor(), now=real_now())
        flash(done, "success")
    return redirect(url_for("entries_organisations.index", organisation_id=organisation_id))
