"""Pages of an account: signing up, coming in, and what its owner sees and changes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.text import clean_line
from core.kernel.web import Access, allows, current_actor, safe_next
from core.people import queries, services
from core.people.consents import CONSENTS
from core.people.schemas import (
    CodeForm,
    EmailForm,
    PasswordForm,
    ProfileForm,
    ResetForm,
    SignInForm,
    SignUpForm,
    load,
)
from core.people.services import Place, Purpose, TooManyTries
from core.people.sessions import account_of_token, begin_session, end_session

blueprint = Blueprint("people", __name__)

# Generous: a school or an agency of 200 people comes from one address. Guessing is stopped in the database.
OFTEN = "900 per 15 minutes"
SELDOM = "400 per 15 minutes"
HOMES = ((Role.COMMITTEE, "/btc/"), (Role.JUDGE, "/cham-thi/"), (Role.UNIT, "/don-vi/"))
COMING_IN = ("/tai-khoan/dang-", "/tai-khoan/xac-nhan", "/tai-khoan/quen-", "/tai-khoan/gui-ma")
Answer = Response | str | tuple[str, int]


@blueprint.get("/tai-khoan/dang-ky")
@allows(Access.PUBLIC)
def sign_up() -> Answer:
    """The form for a new account."""
    return _away() or _page("sign_up", consents=CONSENTS)


@blueprint.post("/tai-khoan/dang-ky")
@allows(Access.PUBLIC)
@limiter.limit(SELDOM)
def sign_up_send() -> Answer:
    """Send the code of a new account."""
    given = [one.purpose for one in CONSENTS if request.form.get(f"consent_{one.purpose}") == "1"]
    try:
        form = load(SignUpForm(), request.form)
        ticket = services.sign_up(
            form["email"],
            form["name"],
            form["password"],
            given,
            address=request.remote_addr,
            now=real_now(),
        )
    except Invalid as error:
        return _page("sign_up", error, consents=CONSENTS)
    cookie["who"], cookie["ticket"] = form["email"], ticket
    return redirect(url_for("people.verify", next=_wanted()))


@blueprint.get("/tai-khoan/xac-nhan")
@allows(Access.PUBLIC)
def verify() -> Answer:
    """The form for the code of a sign-up."""
    return _away() or _page("verify")


@blueprint.post("/tai-khoan/xac-nhan")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def verify_send() -> Answer:
    """Use the code; the new account is signed in."""
    try:
        form = load(CodeForm(), request.form)
        account = services.verify(
            form["email"],
            form["code"],
            ticket=cookie.get("ticket"),
            address=request.remote_addr,
            now=real_now(),
        )
    except Invalid as error:
        return _page("verify", error)
    token = services.enter_verified(account, place=_place(), now=real_now())
    if account.password_hash is None:
        flash(_("Địa chỉ thư đã được xác nhận. Bạn hãy đặt mật khẩu cho tài khoản."), "success")
        _begin(token)
        return redirect(url_for("people.password", next=_wanted()))
    flash(_("Đã xác nhận địa chỉ thư. Tài khoản của bạn dùng được từ bây giờ."), "success")
    return _enter(token)


@blueprint.post("/tai-khoan/gui-ma")
@allows(Access.PUBLIC)
@limiter.limit(SELDOM)
def send_code() -> Answer:
    """Send a code for coming in, for a sign-up again, or for a new password; then its page."""
    pages = {
        "sign_up": ("verify", Purpose.SIGN_UP),
        "sign_in": ("sign_in_code", Purpose.SIGN_IN),
        "reset": ("reset", Purpose.RESET),
    }
    page, purpose = pages.get(request.form.get("purpose", ""), pages["sign_in"])
    try:
        form = load(EmailForm(), request.form)
    except Invalid as error:
        return _page("forgot" if page == "reset" else page, error)
    services.request_code(form["email"], purpose, now=real_now())
    cookie["who"] = form["email"]
    flash(
        _(
            "Nếu %(email)s đã đăng ký, mã đang được gửi đến hộp thư đó. "
            "Sau một phút chưa thấy, bạn hãy xem mục thư rác rồi yêu cầu lại.",
            email=form["email"],
        ),
        "success",
    )
    return redirect(url_for(f"people.{page}", next=_wanted()))


@blueprint.get("/tai-khoan/dang-nhap")
@allows(Access.PUBLIC)
def sign_in() -> Answer:
    """The form of address and password."""
    return _away() or _page("sign_in")


@blueprint.post("/tai-khoan/dang-nhap")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def sign_in_send() -> Answer:
    """Come in by password."""
    try:
        form = load(SignInForm(), request.form)
        token = services.sign_in(form["email"], form["password"], place=_place(), now=real_now())
    except Invalid as error:
        return _page("sign_in", error)
    except TooManyTries as error:
        page, _status = _page("sign_in", Invalid.one("password", error.message))
        return page, error.status
    return _enter(token)


@blueprint.get("/tai-khoan/dang-nhap/ma")
@allows(Access.PUBLIC)
def sign_in_code() -> Answer:
    """The forms to be sent a code and to enter it."""
    return _away() or _page("sign_in_code")


@blueprint.post("/tai-khoan/dang-nhap/ma")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def sign_in_code_send() -> Answer:
    """Come in by code."""
    try:
        form = load(CodeForm(), request.form)
        token = services.sign_in_by_code(form["email"], form["code"], place=_place(), now=real_now())
    except Invalid as error:
        return _page("sign_in_code", error)
    return _enter(token)


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
    return _page("forgot")


@blueprint.get("/tai-khoan/quen-mat-khau/dat-lai")
@allows(Access.PUBLIC)
def reset() -> Answer:
    """The form of code and new password."""
    return _page("reset")


@blueprint.post("/tai-khoan/quen-mat-khau/dat-lai")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def reset_send() -> Answer:
    """Set the new password and come in."""
    try:
        form = load(ResetForm(), request.form)
        token = services.reset_password(
            form["email"], form["code"], form["password"], place=_place(), now=real_now()
        )
    except Invalid as error:
        return _page("reset", error)
    flash(_("Đã đặt mật khẩu mới. Các thiết bị khác đã được đăng xuất."), "success")
    return _enter(token)


@blueprint.get("/tai-khoan/")
@allows(Access.ACCOUNT)
def me() -> Answer:
    """The own account: profile, devices, consents."""
    return _me()


@blueprint.post("/tai-khoan/")
@allows(Access.ACCOUNT)
def me_send() -> Answer:
    """Change the own profile."""
    try:
        form = load(ProfileForm(), request.form)
        services.change_profile(**form, actor=current_actor(), now=real_now())
    except Invalid as error:
        return _me(error)
    flash(_("Đã lưu thông tin của bạn."), "success")
    return redirect(url_for("people.me"))


@blueprint.get("/tai-khoan/mat-khau")
@allows(Access.ACCOUNT)
def password() -> Answer:
    """The form for the own password."""
    return _password()


@blueprint.post("/tai-khoan/mat-khau")
@allows(Access.ACCOUNT)
@limiter.limit(OFTEN)
def password_send() -> Answer:
    """Set the own password."""
    try:
        form = load(PasswordForm(), request.form)
        services.change_password(
            **form, this_sign_in=g.account.sign_in_id, actor=current_actor(), now=real_now()
        )
    except Invalid as error:
        return _password(error)
    flash(_("Đã lưu mật khẩu. Các thiết bị khác đã được đăng xuất."), "success")
    return redirect(safe_next(_wanted(), url_for("people.me")))


@blueprint.post("/tai-khoan/thiet-bi/<uuid:sign_in_id>/dang-xuat")
@allows(Access.ACCOUNT)
def end_device(sign_in_id: UUID) -> Answer:
    """End the sign-in of one of the own devices."""
    services.sign_out(sign_in_id, actor=current_actor(), now=real_now())
    if sign_in_id == g.account.sign_in_id:
        end_session()
        return redirect("/")
    flash(_("Đã đăng xuất thiết bị đó."), "success")
    return redirect(url_for("people.me"))


@blueprint.post("/tai-khoan/dong-y/<purpose>")
@allows(Access.ACCOUNT)
def consent(purpose: str) -> Answer:
    """Give or withdraw a consent."""
    if request.form.get("give") == "1":
        services.agree(purpose, actor=current_actor(), now=real_now())
        flash(_("Đã ghi nhận sự đồng ý của bạn."), "success")
    else:
        services.withdraw_consent(purpose, actor=current_actor(), now=real_now())
        flash(_("Đã ghi nhận việc rút lại sự đồng ý."), "success")
    return redirect(url_for("people.me"))


@blueprint.get("/hop-thu")
@allows(Access.PUBLIC)
def mailbox() -> Answer:
    """The letters of a demonstration, of everybody or `?to=` one address: none leaves it. Not there in production."""
    if not current_app.config["BANGVANG"].is_demonstration:
        raise NotFound
    to = request.args.get("to", "").strip().lower()[:254]
    return render_template("people/mailbox.html", letters=queries.newest_letters(to), to=to)


def _page(name: str, error: Invalid | None = None, **values: Any) -> tuple[str, int]:
    typed = {key: request.form.get(key, "") for key in ("email", "name")}
    typed["email"] = typed["email"] or cookie.get("who", "")
    errors = {} if error is None else error.errors
    page = render_template(
        f"people/{name}.html", errors=errors, typed=typed, form=request.form, next=_wanted(), **values
    )
    return page, 200 if error is None else error.status


def _me(error: Invalid | None = None) -> tuple[str, int]:
    actor = current_actor()
    profile = queries.profile_of(g.account.id)
    values = {"name": profile.name, "phone": profile.phone or ""}
    if error is not None:
        values = {key: clean_line(request.form.get(key, "")) for key in values}
    page = render_template(
        "people/me.html",
        profile=profile,
        values=values,
        roles=[services.role_word(role) for role in sorted(actor.roles)],
        devices=queries.devices_of(g.account.id),
        this_device=g.account.sign_in_id,
        consents=queries.consents_of(g.account.id),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _password(error: Invalid | None = None) -> tuple[str, int]:
    page = render_template(
        "people/password.html",
        profile=queries.profile_of(g.account.id),
        next=_wanted(),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _wanted() -> str | None:
    """Where the reader wanted to go: kept through every step, only ever a path of this host.

    The home page and the pages of coming in are no wish: from there a reader goes to their own desk.
    """
    path = safe_next(request.values.get("next"), "/")
    return None if path.partition("?")[0] == "/" or path.startswith(COMING_IN) else path


def _away() -> Response | None:
    """Who is signed in already goes where they wanted."""
    return None if g.account is None else redirect(safe_next(_wanted(), url_for("people.me")))


def _enter(token: str) -> Response:
    _begin(token)
    home = next((href for role, href in HOMES if g.actor.is_(role)), "/")
    return redirect(safe_next(_wanted(), home))


def _begin(token: str) -> None:
    kept = cookie.get("_flashes")
    account = account_of_token(token)
    if account is None:
        raise RuntimeError("a sign-in just begun is not found")
    begin_session(account)
    if kept:
        cookie["_flashes"] = kept


def _place() -> Place:
    agent = request.headers.get("User-Agent", "")[:500]
    return Place(services.device_name(agent), request.remote_addr)
