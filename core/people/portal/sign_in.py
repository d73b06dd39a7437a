"""Pages of coming in and going out: by password, by a code, with a new password."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.limits import limiter
from core.kernel.text import clean_line
from core.kernel.web import Access, allows
from core.people import services
from core.people.devices import this_place
from core.people.portal import shared
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.schemas import CodeForm, ResetForm, SignInForm, load
from core.people.services import TooManyTries
from core.people.sessions import end_session


@blueprint.get("/tai-khoan/dang-nhap")
@allows(Access.PUBLIC)
def sign_in() -> Answer:
    """The form of address and password."""
    return shared.away() or shared.page("sign_in")


@blueprint.post("/tai-khoan/dang-nhap")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def sign_in_send() -> Answer:
    """Come in by password."""
    try:
        form = load(SignInForm(), request.form)
        return shared.come_in(
            lambda: services.sign_in(form["email"], form["password"], place=this_place(), now=real_now())
        )
    except Invalid as error:
        return shared.page("sign_in", error)
    except TooManyTries as error:
        page, _status = shared.page("sign_in", Invalid.one("password", error.message))
        return page, error.status


@blueprint.get("/tai-khoan/dang-nhap/ma")
@allows(Access.PUBLIC)
def sign_in_code() -> Answer:
    """The forms to be sent a code and to enter it."""
    return shared.away() or shared.page("sign_in_code")


@blueprint.post("/tai-khoan/dang-nhap/ma")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def sign_in_code_send() -> Answer:
    """Come in by code."""
    try:
        form = load(CodeForm(), request.form)
        return shared.come_in(
            lambda: services.sign_in_by_code(
                form["email"],
                form["code"],
                place=this_place(),
                now=real_now(),
                ticket=cookie.get("ticket"),
            )
        )
    except Invalid as error:
        return shared.page("sign_in_code", error)


@blueprint.get("/tai-khoan/da-vao")
@allows(Access.ACCOUNT)
def signed_in_again() -> Answer:
    """Where a sign-in ends that was made in a tab beside the one that keeps what was typed."""
    return render_template("people/signed_in_again.html")


@blueprint.post("/tai-khoan/dang-xuat")
@allows(Access.PUBLIC)
def sign_out() -> Answer:
    """End this device's sign-in; a stranger is only sent home."""
    if g.account is not None:
        services.sign_out(g.account.sign_in_id, actor=g.actor, now=real_now())
    end_session()
    flash(_("Bạn đã đăng xuất khỏi thiết bị này."), "success")
    return redirect("/")


@blueprint.get("/tai-khoan/quen-mat-khau")
@allows(Access.PUBLIC)
def forgot() -> Answer:
    """The form to be sent a code for a new password."""
    return shared.page("forgot")


@blueprint.get("/tai-khoan/quen-mat-khau/dat-lai")
@allows(Access.PUBLIC)
def reset() -> Answer:
    """The form of code and new password."""
    return shared.page("reset")


@blueprint.post("/tai-khoan/quen-mat-khau/dat-lai")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def reset_send() -> Answer:
    """Set the new password and come in."""
    try:
        form = load(ResetForm(), request.form)
        answer = shared.come_in(
            lambda: services.reset_password(
                form["email"],
                form["code"],
                form["password"],
                place=this_place(),
                now=real_now(),
                ticket=cookie.get("ticket"),
            )
        )
    except Invalid as error:
        return shared.page("reset", error)
    flash(_("Đã đặt mật khẩu mới. Các thiết bị khác đã được đăng xuất."), "success")
    return answer


@blueprint.get("/tai-khoan/dang-nhap/buoc-hai")
@allows(Access.PUBLIC)
def second_step() -> Answer:
    """The form of the second step; who has not done the first one begins there."""
    if g.account is None and shared.half_way() is None:
        return redirect(url_for("people.sign_in", next=shared.wanted()))
    return shared.away() or shared.page("second_step")


@blueprint.post("/tai-khoan/dang-nhap/buoc-hai")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def second_step_send() -> Answer:
    """Come in by the code of the authenticator application, or by a recovery code."""
    half = shared.half_way()
    if half is None:
        return redirect(url_for("people.sign_in", next=shared.wanted()))
    typed = clean_line(request.form.get("code", ""))[:40]
    try:
        token = services.finish_sign_in(half, typed, place=this_place(), now=real_now())
    except Invalid as error:
        if "" in error.errors:
            cookie.pop("half", None)
            flash(error.errors[""][0], "warning")
            return redirect(url_for("people.sign_in", next=shared.wanted()))
        return shared.page("second_step", error)
    except TooManyTries as error:
        page, _status = shared.page("second_step", Invalid.one("code", error.message))
        return page, error.status
    return shared.enter(token)
