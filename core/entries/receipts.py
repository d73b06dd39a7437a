"""The entrant's pages of handing in: the check, the receipt, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.contests.current import edition_of
from core.contests.policies import PhaseClosed
from core.contests.values import EditionView, PhaseKind
from core.entries import pages, words
from core.entries.area import blueprint
from core.entries.deadlines import asked_by, begun_at, grace_ends, graced_upload, may_hand_in
from core.entries.downloads import sent_bytes
from core.entries.errors import NotEligible
from core.entries.filers import filed_by
from core.entries.letters import site_address
from core.entries.models import Entry
from core.entries.paperwork import paper_wanted
from core.entries.policies import access_entry, is_owner, may_edit, may_submit, why_not_edit
from core.entries.queries import dossier_of, version_of
from core.entries.receipt_letters import checking_address, file_name_of
from core.entries.receipt_paper import receipt_pdf
from core.entries.services import check, keep, revise, submit, withdraw
from core.entries.states import By, Move, moves
from core.kernel.formats import deadline
from core.kernel.i18n import locale
from core.kernel.pdf import PDF
from core.kernel.qr import qr_svg
from core.kernel.web import Access, allows, current_actor, now
from core.tenancy.profile import tenant_view


@blueprint.get("/<ref>/kiem-tra")
@allows(Access.ACCOUNT)
def check_page(ref: str) -> Any:
    """What is still missing, by clause, each with a link to its field; then the button to hand in."""
    entry = access_entry(current_actor(), ref)
    if not may_edit(current_actor(), entry):
        flash(why_not_edit(current_actor(), entry), "warning")
        return redirect(url_for("entries.show", ref=ref), 303)
    return _check_page(entry, edition_of(entry.edition_id))


@blueprint.post("/<ref>/sua-lai")
@allows(Access.ACCOUNT)
def revise_page(ref: str) -> Any:
    """Take a dossier that was handed in back to edit it; what was handed in counts until a new version is."""
    entry = access_entry(current_actor(), ref)
    revise(entry, edition_of(entry.edition_id), actor=current_actor(), now=now())
    said = _(
        "Bạn sửa được hồ sơ. Bản đã nộp lần %(number)s vẫn có hiệu lực cho đến khi bạn nộp bản mới.",
        number=entry.version,
    )
    flash(said, "success")
    return redirect(url_for("entries.edit", ref=ref), 303)


@blueprint.post("/<ref>/giu-ban")
@allows(Access.ACCOUNT)
def keep_page(ref: str) -> Any:
    """Give up a revision; the version that was handed in stays."""
    entry = access_entry(current_actor(), ref)
    keep(entry, edition_of(entry.edition_id), actor=current_actor(), now=now())
    flash(
        _("Đã giữ bản đã nộp lần %(number)s. Phần đang sửa không được nộp.", number=entry.version), "success"
    )
    return redirect(url_for("entries.show", ref=ref), 303)


@blueprint.post("/<ref>/nop")
@allows(Access.ACCOUNT)
def hand_in(ref: str) -> Any:
    """Hand the dossier in; a second press gives the same receipt."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    try:
        receipt = submit(entry, edition, actor=current_actor(), now=now())
    except NotEligible:
        return _check_page(entry, edition), 422
    except PhaseClosed as closed:
        return _check_page(entry, edition, refused=closed.message), closed.status
    return redirect(url_for("entries.receipt", ref=ref, number=receipt.number), 303)


def _check_page(entry: Entry, edition: EditionView, *, refused: str | None = None) -> str:
    rows = pages.finding_rows(entry, edition, check(entry, edition))
    phase = edition.phase(PhaseKind.SUBMISSION)
    ends = asked_by(entry, edition, now())
    upload = graced_upload(entry, edition, now())
    return render_template(
        "entries/check.html",
        entry=entry,
        refused=refused,
        blocking=pages.by_clause(row for row in rows if row.blocks),
        warnings=pages.by_clause(row for row in rows if not row.blocks),
        blocking_count=sum(1 for row in rows if row.blocks),
        can_hand_in=may_hand_in(entry, edition, now()),
        may_submit=may_submit(current_actor(), entry),
        deadline=ends,
        countdown=pages.countdown_to(ends),
        late_file=None if upload is None else (upload.name, begun_at(upload), grace_ends(entry, edition)),
        opens=deadline(phase.opens_at, locale()) if phase and now() < phase.opens_at else None,
        dossier=dossier_of(entry),
        field_name=words.field_name(edition, entry.field),
    )


@blueprint.get("/<ref>/bien-nhan/<int:number>")
@allows(Access.ACCOUNT)
def receipt(ref: str, number: int) -> str:
    """The receipt of one handing in, to print: codes, hash, list of files, QR."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    version = version_of(entry, number)
    address = checking_address(version, site_address())
    return render_template(
        "entries/receipt.html",
        entry=entry,
        version=version,
        snapshot=version.snapshot,
        authors=words.snapshot_authors(version.snapshot),
        owner=filed_by(entry),
        field_name=words.field_name(edition, version.snapshot.get("field")),
        on_paper=paper_wanted(edition, tenant_view(g.tenant), asked_by(entry, edition, now())),
        qr=qr_svg(address),
        address=address,
    )


@blueprint.get("/<ref>/bien-nhan/<int:number>.pdf")
@allows(Access.ACCOUNT)
def receipt_file(ref: str, number: int) -> Response:
    """The same receipt as a PDF to keep, with its QR code."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    version = version_of(entry, number)
    address = checking_address(version, site_address())
    made = receipt_pdf(version, edition, owner=filed_by(entry), address=address)
    return sent_bytes(made, file_name_of(entry.code, number), PDF)


@blueprint.route("/<ref>/rut", methods=["GET", "POST"])
@allows(Access.ACCOUNT)
def withdraw_page(ref: str) -> Any:
    """Withdraw a dossier for good, after a page that names it."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    if request.method == "POST":
        reason = request.form.get("reason", "")[:2000]
        withdraw(entry, edition, reason=reason, actor=current_actor(), now=now())
        flash(_("Đã rút hồ sơ “%(title)s”.", title=entry.title or entry.ref), "success")
        return redirect(url_for("entries.show", ref=ref), 303)
    if not is_owner(current_actor(), entry):
        flash(_("Chỉ chủ hồ sơ rút được hồ sơ này."), "warning")
        return redirect(url_for("entries.show", ref=ref), 303)
    if Move.WITHDRAW not in moves(entry.state, By.OWNER):
        return redirect(url_for("entries.show", ref=ref), 303)
    return render_template("entries/withdraw.html", entry=entry)
