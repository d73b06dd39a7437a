"""The page that asks again who it is, before a sensitive change that is opened by a link."""

from __future__ import annotations

from flask import redirect, request, url_for

from core.kernel.limits import limiter
from core.kernel.web import Access, allows, safe_next
from core.people import reauth
from core.people.portal.shared import OFTEN, Answer, blueprint


@blueprint.get("/tai-khoan/xac-thuc")
@allows(Access.ACCOUNT)
def proof() -> Answer:
    """The form of the proof; who gave one a moment ago goes on."""
    return redirect(_wanted()) if reauth.is_fresh() else (reauth.proof_page()[0], 200)


@blueprint.post("/tai-khoan/xac-thuc")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def proof_send() -> Answer:
    """Take the proof, then back to what was asked for."""
    refused = reauth.take_proof()
    return refused if refused is not None else redirect(_wanted())


def _wanted() -> str:
    """The page that asked for the proof, only ever a path of this host and never this page itself."""
    path = safe_next(request.values.get("next"), url_for("people.me"))
    return url_for("people.me") if path.startswith("/tai-khoan/xac-thuc") else path
