"""Where an author who is signed in confirms without the letter: the way from the list of what there is to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.entries.author_asks import access_ask
from core.entries.invitation_page import OFTEN, invitation_page, refused_invitation
from core.entries.policies import has_right
from core.entries.rights import Right
from core.entries.services import confirm_asked, decline_asked, open_ask
from core.entries.services.author_invitations import InvitationEnded, TermsChanged
from core.kernel.errors import Invalid
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("entry_asks", __name__, url_prefix="/du-thi/loi-moi/cua-toi")


@blueprint.get("/<uuid:author_id>")
@allows(Access.ACCOUNT)
def show(author_id: UUID) -> Any:
    """What I am asked to confirm."""
    return _page(author_id, {})


@blueprint.post("/<uuid:author_id>")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def answer(author_id: UUID) -> Any:
    """Confirm or refuse it."""
    actor = current_actor()
    edition = edition_of(access_ask(actor, author_id).entry.edition_id)
    try:
        if request.form.get("do") == "decline":
            reason = request.form.get("reason", "")[:5000]
            ask = decline_asked(author_id, edition, reason, actor=actor, now=now())
            return render_template(
                "entries/authors_answered.html", entry=ask.entry, edition_name=edition.name
            )
        ask = confirm_asked(author_id, seen=request.form.get("seen", ""), actor=actor, now=now())
    except InvitationEnded as refused:
        return refused_invitation(refused)
    except Invalid as invalid:
        return _page(author_id, invalid.errors)[0], invalid.status
    except TermsChanged as changed:
        return _page(author_id, {"": [changed.message]})[0], changed.status
    flash(_("Cảm ơn bạn đã xác nhận."), "success")
    if has_right(actor, ask.entry, Right.VIEW):
        return redirect(url_for("entries.show", ref=ask.entry.ref), 303)
    return redirect(url_for("entries.index"), 303)


def _page(author_id: UUID, errors: Mapping[str, Sequence[str]]) -> tuple[str, int]:
    actor = current_actor()
    # The edition's clock says whether the invitation still stands.
    edition = edition_of(access_ask(actor, author_id).entry.edition_id)
    try:
        ask = open_ask(author_id, actor=actor, now=now())
    except InvitationEnded as refused:
        return refused_invitation(refused)
    here = url_for("entry_asks.show", author_id=author_id)
    return invitation_page(ask.entry, ask.author, edition, here=here, actor=actor, errors=errors), 200
