"""Pages of a new account: the form, the code, and codes sent again."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid
from core.kernel.limits import limiter
from core.kernel.web import Access, allows
from core.people import services
from core.people.consents import CONSENTS
from core.people.devices import this_place
from core.people.phones import is_phone, spoken_phone
from core.people.portal import shared
from core.people.portal.shared import OFTEN, SELDOM, Answer, blueprint
from core.people.schemas import CodeForm, LoginForm, SignUpForm, load
from core.people.services import Purpose


@blueprint.get("/tai-khoan/dang-ky")
@allows(Access.PUBLIC)
def sign_up() -> Answer:
    """The form for a new account."""
    return shared.away() or shared.page("sign_up", consents=CONSENTS)


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
        return shared.page("sign_up", error, consents=CONSENTS)
    cookie["who"], cookie["ticket"] = form["email"], ticket
    return redirect(url_for("people.verify", next=shared.wanted()))


@blueprint.get("/tai-khoan/xac-nhan")
@allows(Access.PUBLIC)
def verify() -> Answer:
    """The form for the code of a sign-up."""
    return shared.away() or shared.page("verify")


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
        return shared.page("verify", error)
    token = services.enter_verified(account, place=this_place(), now=real_now())
    if account.password_hash is None:
        flash(_("Địa chỉ thư đã được xác nhận. Bạn hãy đặt mật khẩu cho tài khoản."), "success")
        shared.begin(token)
        return redirect(url_for("people.password", next=shared.wanted()))
    if is_phone(form["email"]):
        flash(_("Đã xác nhận số điện thoại. Tài khoản của bạn dùng được từ bây giờ."), "success")
        return shared.enter(token)
    flash(_("Đã xác nhận địa chỉ thư. Tài khoản của bạn dùng được từ bây giờ."), "success")
    return shared.enter(token)


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
        form = load(LoginForm(), request.form)
    except Invalid as error:
        return shared.page("forgot" if page == "reset" else page, error)
    services.request_code(form["email"], purpose, now=real_now(), asker=shared.asker())
    cookie["who"] = form["email"]
    if is_phone(form["email"]):
        sentence = _(
            "Nếu số %(phone)s đã đăng ký, mã đang được gửi bằng tin nhắn. Sau một phút chưa thấy, bạn hãy yêu cầu lại.",
            phone=spoken_phone(form["email"]),
        )
    else:
        sentence = _(
            "Nếu %(email)s đã đăng ký, mã đang được gửi đến hộp thư đó. "
            "Sau một phút chưa thấy, bạn hãy xem mục thư rác rồi yêu cầu lại.",
            email=form["email"],
        )
    flash(sentence, "success")
    return redirect(url_for(f"people.{page}", next=shared.wanted()))
