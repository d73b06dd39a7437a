"""Pages of the second factor: setting the authenticator application up, recovery codes, turning it off."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.limits import limiter
from core.kernel.qr import qr_svg
from core.kernel.web import Access, allows, current_actor
from core.people import services
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.reauth import require_fresh_proof
from core.people.schemas import AppCodeForm, load
from core.people.services import SecondFactorIsOn
from core.people.services.mails import sender


@blueprint.get("/tai-khoan/buoc-hai")
@allows(Access.ACCOUNT)
@require_fresh_proof
def second_factor() -> Answer:
    """Whether the second factor is on; the QR code while it is being set up."""
    return _page()


@blueprint.post("/tai-khoan/buoc-hai")
@allows(Access.ACCOUNT)
@require_fresh_proof
def second_factor_begin() -> Answer:
    """Make a secret; then the page with its QR code."""
    try:
        services.begin_second_factor(actor=current_actor(), now=real_now())
    except SecondFactorIsOn as error:
        flash(error.message, "warning")
    return redirect(url_for("people.second_factor"))


@blueprint.post("/tai-khoan/buoc-hai/xac-nhan")
@allows(Access.ACCOUNT)
@require_fresh_proof
@limiter.limit(OFTEN)
def second_factor_confirm() -> Answer:
    """Turn it on by the first code; the recovery codes are in the answer and nowhere else."""
    try:
        form = load(AppCodeForm(), request.form)
        codes = services.confirm_second_factor(
            form["code"], this_sign_in=g.account.sign_in_id, actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _page(error)
    except SecondFactorIsOn as error:
        flash(error.message, "warning")
        return redirect(url_for("people.second_factor"))
    return render_template("people/recovery_codes.html", codes=codes, is_new=True)


@blueprint.post("/tai-khoan/buoc-hai/ma-du-phong")
@allows(Access.ACCOUNT)
@require_fresh_proof
def recovery_codes_renew() -> Answer:
    """Ten new recovery codes, in the answer and nowhere else."""
    try:
        codes = services.renew_recovery_codes(actor=current_actor(), now=real_now())
    except Invalid as error:
        return _page(error)
    return render_template("people/recovery_codes.html", codes=codes, is_new=False)


@blueprint.post("/tai-khoan/buoc-hai/tat")
@allows(Access.ACCOUNT)
@require_fresh_proof
def second_factor_end() -> Answer:
    """Turn it off."""
    services.end_second_factor(actor=current_actor(), now=real_now())
    flash(_("Đã tắt bước xác thực thứ hai."), "success")
    return redirect(url_for("people.me"))


def _page(error: Invalid | None = None) -> tuple[str, int]:
    account, is_on = g.account, services.second_factor_of(g.account.id) is not None
    secret = None if is_on else services.waiting_secret(account.id, now=real_now())
    # Drawn afresh: a secret has no place in the memory of drawings.
    address = secret and services.setup_address(
        secret, account=account.email or account.name, issuer=sender()
    )
    body = render_template(
        "people/second_factor.html",
        is_on=is_on,
        codes_left=services.recovery_codes_left(account.id) if is_on else 0,
        secret=services.secret_in_words(secret) if secret else None,
        address=address,
        qr=qr_svg.__wrapped__(address) if address else None,
        errors={} if error is None else error.errors,
        form=request.form,
    )
    return body, 200 if error is None else error.status
