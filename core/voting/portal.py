"""The public's pages of the vote: the list, one vote, its receipt; and the button other pages carry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from core.contests.current import current_edition, edition_of
from core.contests.values import EditionView
from core.entries.listing import published_fields
from core.entries.pages import page_hrefs, page_number
from core.kernel.errors import DomainError, NotFound
from core.kernel.pagecache import cached_public
from core.kernel.qr import qr_svg
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, is_fragment, now
from core.voting import policies
from core.voting.ballot import ballot
from core.voting.policies import Votable, is_votable
from core.voting.queries import access_votable, freeze_of, receipt_of, votes_of
from core.voting.services import cast_vote

blueprint = Blueprint("voting", __name__)


@blueprint.get("/binh-chon")
@allows(Access.PUBLIC)
@cached_public
def index() -> str:
    """What can be voted for, in the reader's own order of the day."""
    edition = current_edition()
    actor = g.get("actor")
    frozen = freeze_of(edition.id)
    field = request.args.get("linh-vuc") or None
    only_mine = actor is not None and "cua-toi" in request.args
    words = clean_line(request.args.get("q", ""))[:100]
    shown = ballot(
        edition,
        account_id=None if actor is None else actor.id,
        now=now(),
        words=words,
        field=field,
        only_mine=only_mine,
        page=page_number(request.args.get("trang")),
        frozen=None if frozen is None else frozen.votes,
    )
    asked = {"q": words, "linh-vuc": field or "", "cua-toi": "1" if only_mine else ""}
    return render_template(
        "voting/index.html",
        shown=shown,
        frozen=frozen,
        state=state_of(edition),
        phase=policies.phase_of(edition),
        policy=edition.rules.vote_policy(),
        terms=edition.rules.terms(),
        clause=policies.clause_of(edition),
        fields=edition.rules.entry_fields(),
        field_counts=published_fields(edition),
        field=field,
        words=words,
        only_mine=only_mine,
        signed_in=actor is not None,
        now=now(),
        hrefs=page_hrefs("voting.index", shown.page, shown.pages, {k: v for k, v in asked.items() if v}),
        share=_share(url_for("voting.index", _external=True)),
    )


@blueprint.get("/bai-du-thi/<code>/binh-chon")
@allows(Access.ACCOUNT)
def ask(code: str) -> Any:
    """Before the vote: what is voted for. A stranger comes here from signing in."""
    entry = access_votable(code)
    edition = edition_of(entry.edition_id)
    receipt = votes_of_reader(edition).get(entry.id)
    if receipt is not None:
        return redirect(url_for("voting.receipt", code=receipt))
    return _ask_page(entry, edition, None)


@blueprint.post("/bai-du-thi/<code>/binh-chon")
@allows(Access.ACCOUNT)
def cast(code: str) -> Any:
    """One vote: the receipt page, or for htmx the button as it reads afterwards."""
    entry = access_votable(code)
    edition = edition_of(entry.edition_id)
    try:
        receipt = cast_vote(edition, entry, voter=current_actor(), now=now(), address=request.remote_addr)
    except DomainError as refusal:
        if is_fragment():
            answer = make_response("", refusal.status)
            answer.headers["HX-Redirect"] = url_for("voting.ask", code=code)
            return answer
        return _ask_page(entry, edition, refusal), refusal.status
    if is_fragment():
        return render_template(
            "voting/_button.html", code=code, receipt=receipt.code, state="open", fresh=True
        )
    return redirect(url_for("voting.receipt", code=receipt.code))


@blueprint.get("/binh-chon/phieu/<code>")
@allows(Access.ACCOUNT)
def receipt(code: str) -> str:
    """The voter's own receipt, with what to do with it."""
    found = receipt_of(code, _account_id())
    edition = edition_of(found.edition_id)
    return render_template(
        "voting/receipt.html",
        receipt=found,
        terms=edition.rules.terms(),
        state=state_of(edition),
        share=_share(url_for("gallery.entry", code=found.entry, _external=True)),
    )


@blueprint.app_context_processor
def _with_vote_button() -> dict[str, Any]:
    return {"vote_button": vote_button}


def vote_button(entry: Votable) -> Markup:
    """The button of one entry's page. For strangers it is a link and the same for all, so their pages may be kept."""
    edition = edition_of(entry.edition_id)
    if not is_votable(entry, edition) or state_of(edition) == "none":
        return Markup("")
    actor = g.get("actor")
    return Markup(  # noqa: S704 - our own template, escaped as usual
        render_template(
            "voting/_button.html",
            code=entry.code,
            receipt=None if actor is None else votes_of_reader(edition).get(entry.id),
            state=state_of(edition),
            phase=policies.phase_of(edition),
            signed_in=actor is not None,
        )
    )


def votes_of_reader(edition: EditionView) -> dict[Any, str]:
    """Entry id → receipt of the reader's standing votes in the edition; asked once a request."""
    actor = g.get("actor")
    if actor is None or actor.id is None:
        return {}
    held: dict[Any, dict[Any, str]] = g.setdefault("votes_of_reader", {})
    if edition.id not in held:
        held[edition.id] = votes_of(actor.id, edition.id)
    return held[edition.id]


def state_of(edition: EditionView) -> str:
    """Where the vote stands now: "none", "before", "open" or "after"."""
    phase = policies.phase_of(edition)
    if phase is None or not edition.rules.vote_policy().enabled:
        return "none"
    if now() < phase.opens_at:
        return "before"
    return "open" if phase.is_open(now()) else "after"


def _ask_page(entry: Any, edition: EditionView, refusal: DomainError | None) -> str:
    return render_template(
        "voting/ask.html",
        entry=entry,
        refusal=refusal,
        state=state_of(edition),
        phase=policies.phase_of(edition),
        policy=edition.rules.vote_policy(),
        clause=policies.clause_of(edition),
        terms=edition.rules.terms(),
        now=now(),
    )


def _account_id() -> UUID:
    account_id = current_actor().id
    if account_id is None:
        raise NotFound
    return account_id


def _share(url: str) -> dict[str, Any]:
    """An address to pass on, with its QR code."""
    return {"url": url, "svg": qr_svg(url), "label": _("Sao chép liên kết")}
