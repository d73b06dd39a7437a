"""The committee's view of the vote: its course, what looks odd, cancelling with a reason, and the freeze."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import current_edition
from core.contests.values import EditionView
from core.entries.barring import is_barred
from core.entries.pages import page_hrefs, page_number
from core.kernel import charts
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import date, number
from core.kernel.i18n import locale
from core.kernel.web import Access, allows, current_actor, now
from core.voting import oversight
from core.voting.models import Vote
from core.voting.policies import phase_of, voting_is_over
from core.voting.queries import access_vote, freeze_of
from core.voting.services import cancel_vote, freeze_votes

blueprint = Blueprint("voting_office", __name__, url_prefix="/btc/binh-chon")


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> str:
    """The course of the vote, the leaders, addresses with many accounts, and the freeze."""
    edition = current_edition()
    days = oversight.votes_by_day(edition, now())
    drawing = charts.line([(date(one.day, locale()), one.cast, number(one.cast, locale())) for one in days])
    votes, voters, cancelled = oversight.vote_totals(edition)
    best = oversight.leaders(edition)
    return render_template(
        "voting_office/index.html",
        phase=phase_of(edition),
        policy=edition.rules.vote_policy(),
        terms=edition.rules.terms(),
        days=days,
        drawing=drawing,
        votes=votes,
        voters=voters,
        cancelled=cancelled,
        leaders=best,
        bars=charts.bars([(one.code, one.votes, number(one.votes, locale())) for one in best[:10]]),
        clusters=oversight.clusters(edition),
        least=oversight.CLUSTER_ACCOUNTS,
        frozen=freeze_of(edition.id),
        is_over=voting_is_over(edition, now()),
        now=now(),
    )


@blueprint.get("/dia-chi/<digest>")
@allows(Access.COMMITTEE)
def cluster(digest: str) -> str:
    """The votes from one address in the order they were cast."""
    return _cluster_page(current_edition(), digest)


@blueprint.post("/dia-chi/<digest>/huy")
@allows(Access.COMMITTEE)
def cancel_many(digest: str) -> Any:
    """Cancel the picked votes of one address, for one reason."""
    edition = current_edition()
    picked = request.form.getlist("pick")[: oversight.PER_PAGE]
    reason = request.form.get("reason", "")
    if not picked:
        errors = {"pick": [_("Bạn chưa chọn phiếu nào.")]}
        return _cluster_page(edition, digest, reason=reason, errors=errors), 422
    try:
        for receipt in sorted(picked):
            cancel_vote(_vote(receipt), reason, actor=current_actor(), now=now())
    except Invalid as wrong:
        return _cluster_page(edition, digest, reason=reason, errors=wrong.errors, picked=picked), 422
    told = _("Đã hủy %(count)s phiếu, lý do được giữ cùng phiếu.", count=len(picked))
    flash(told, "success")
    return redirect(url_for("voting_office.cluster", digest=digest), 303)


@blueprint.get("/phieu")
@allows(Access.COMMITTEE)
def find() -> Any:
    """From a receipt code to its vote."""
    code = "".join(request.args.get("ma", "").split()).replace("-", "").upper()
    return redirect(url_for("voting_office.vote", receipt=code or "-"))


@blueprint.route("/phieu/<receipt>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def vote(receipt: str) -> Any:
    """One vote; cancel it with a reason."""
    edition = current_edition()
    stored = _vote(receipt)
    errors: dict[str, list[str]] = {}
    reason = request.form.get("reason", "")
    if request.method == "POST":
        try:
            cancel_vote(stored, reason, actor=current_actor(), now=now())
        except Invalid as wrong:
            errors = wrong.errors
        else:
            flash(_("Đã hủy phiếu %(receipt)s, lý do được giữ cùng phiếu.", receipt=receipt), "success")
            return redirect(url_for("voting_office.vote", receipt=receipt), 303)
    page = render_template(
        "voting_office/vote.html",
        row=oversight.cast_row(stored.id),
        digest=stored.address_digest,
        frozen=freeze_of(edition.id),
        terms=edition.rules.terms(),
        reason=reason,
        errors=errors,
    )
    return (page, 422) if errors else page


@blueprint.route("/chot", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def freeze() -> Any:
    """What freezing means; then freeze."""
    edition = current_edition()
    refusal, status = "", 200
    if request.method == "POST":
        try:
            done = freeze_votes(edition, actor=current_actor(), now=now())
        except DomainError as refused:
            refusal, status = refused.message, refused.status
        else:
            flash(_("Đã chốt %(total)s phiếu bình chọn.", total=number(done.total, locale())), "success")
            for code, (kept, counted) in done.differences.items():
                told = _(
                    "Số đếm tạm của %(code)s là %(kept)s, đếm từ phiếu là %(counted)s. Đã lấy số đếm từ phiếu.",
                    code=code,
                    kept=kept,
                    counted=counted,
                )
                flash(told, "warning")
            return redirect(url_for("voting_office.index"), 303)
    votes, voters, cancelled = oversight.vote_totals(edition)
    page = render_template(
        "voting_office/freeze.html",
        phase=phase_of(edition),
        terms=edition.rules.terms(),
        votes=votes,
        voters=voters,
        cancelled=cancelled,
        clusters=len(oversight.clusters(edition)),
        frozen=freeze_of(edition.id),
        is_over=voting_is_over(edition, now()),
        refusal=refusal,
    )
    return page, status


def _vote(receipt: str) -> Vote:
    """The vote, unless it is for an entry that this officer has a conflict with; raises NotFound."""
    found = access_vote(receipt)
    if is_barred(current_actor(), found.entry_id):
        raise NotFound(_("Không có phiếu bình chọn này."))
    return found


def _cluster_page(
    edition: EditionView,
    digest: str,
    *,
    reason: str = "",
    errors: dict[str, list[str]] | None = None,
    picked: list[str] | None = None,
) -> str:
    asked = page_number(request.args.get("trang"))
    rows, page, pages, total = oversight.votes_from(edition, digest, asked)
    if not total:
        raise NotFound(_("Không có phiếu nào từ địa chỉ này."))
    return render_template(
        "voting_office/cluster.html",
        digest=digest,
        rows=rows,
        page=page,
        pages=pages,
        total=total,
        hrefs=page_hrefs("voting_office.cluster", page, pages, {"digest": digest}),
        frozen=freeze_of(edition.id),
        reason=reason,
        errors=errors or {},
        picked=picked or [],
    )
