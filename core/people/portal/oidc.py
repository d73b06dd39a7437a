"""Pages of signing in by another house's account: out to the provider, back, and what is then done with the answer.

What writes is a POST: the provider's answer, a GET, is only checked and kept in the browser's signed cookie, and the
reader then presses a button that says what happens. So nobody is signed in by a link that somebody else prepared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from core.kernel.clock import real_now
from core.kernel.errors import Invalid, NotFound
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, current_actor, safe_next
from core.people import oidc, queries, services
from core.people.consents import CONSENTS
from core.people.devices import this_place
from core.people.oidc import Asked, Identity, SignInFailed
from core.people.portal import shared
from core.people.portal.shared import OFTEN, Answer, blueprint
from core.people.reauth import require_fresh_proof
from core.people.schemas import NameForm, load

ANSWER_LIFE = timedelta(minutes=10)


@blueprint.get("/tai-khoan/ben-ngoai/<provider>")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def oidc_begin(provider: str) -> Answer:
    """Go to the provider."""
    found = oidc.provider_named(provider)
    if found is None:
        return _back(_("Cách đăng nhập này hiện không dùng được ở đây."))
    try:
        address, asked = oidc.begin(found, _callback(provider))
    except SignInFailed as error:
        return _back(error.message)
    cookie["oidc"] = [asked.provider, asked.state, asked.nonce, asked.verifier]
    cookie["oidc_next"] = shared.wanted()
    return redirect(address)


@blueprint.get("/tai-khoan/ben-ngoai/<provider>/ve")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def oidc_callback(provider: str) -> Answer:
    """Check what the provider answers; then the page that says what can be done with it. An answer is read once."""
    found, held = oidc.provider_named(provider), cookie.pop("oidc", None)
    if found is None or held is None:
        return _back(
            _("Lượt đăng nhập này không bắt đầu từ trình duyệt của bạn hoặc đã cũ. Bạn hãy thử lại.")
        )
    try:
        who = oidc.finish(found, Asked(*held), request.args, _callback(provider))
    except SignInFailed as error:
        return _back(error.message)
    cookie["oidc_who"] = [who.provider, who.issuer, who.subject, who.name, who.email, real_now().isoformat()]
    return redirect(url_for("people.oidc_answer", next=cookie.pop("oidc_next", None)))


@blueprint.get("/tai-khoan/ben-ngoai")
@allows(Access.PUBLIC)
def oidc_answer() -> Answer:
    """Go on as whom the provider told: come in, link, or make an account."""
    who = _who()
    return redirect(url_for("people.sign_in", next=shared.wanted())) if who is None else _page(who)


@blueprint.post("/tai-khoan/ben-ngoai")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def oidc_enter() -> Answer:
    """Come in by an identity that opens an account; on a device that is signed in already, prove who one is."""
    who = _who()
    if who is None:
        return _back(_("Lượt đăng nhập này đã quá 10 phút. Bạn hãy thử lại."))
    try:
        if g.account is not None:
            services.prove_by_identity(
                who.issuer, who.subject, g.account.sign_in_id, actor=current_actor(), now=real_now()
            )
            cookie.pop("oidc_who", None)
            return redirect(safe_next(shared.wanted(), url_for("people.me")))
        return shared.come_in(
            lambda: services.enter_by_identity(who.issuer, who.subject, place=this_place(), now=real_now())
        )
    except NotFound:
        return redirect(url_for("people.oidc_answer", next=shared.wanted()))


@blueprint.post("/tai-khoan/ben-ngoai/moi")
@allows(Access.PUBLIC)
@limiter.limit(OFTEN)
def oidc_create() -> Answer:
    """Make an account that the identity opens; its address of mail is proved next."""
    who = _who()
    if who is None or g.account is not None:
        return redirect(url_for("people.oidc_answer", next=shared.wanted()))
    given = [one.purpose for one in CONSENTS if request.form.get(f"consent_{one.purpose}") == "1"]
    try:
        form = load(NameForm(), request.form)
        token = services.account_for_identity(
            who.issuer, who.subject, form["name"], given, place=this_place(), now=real_now()
        )
    except Invalid as error:
        return _page(who, error)
    shared.begin(token)
    flash(_("Tài khoản của bạn dùng được từ bây giờ. Bạn hãy thêm địa chỉ thư để nhận thông báo."), "success")
    return redirect(url_for("people.email", email=who.email or None))


@blueprint.post("/tai-khoan/ben-ngoai/lien-ket")
@allows(Access.ACCOUNT)
@require_fresh_proof
def oidc_link() -> Answer:
    """Let the identity open the own account."""
    who = _who()
    if who is None:
        return _back(_("Lượt đăng nhập này đã quá 10 phút. Bạn hãy thử lại."))
    try:
        services.link_identity(who.issuer, who.subject, actor=current_actor(), now=real_now())
        flash(_("Từ nay bạn đăng nhập được bằng %(label)s.", label=_label(who)), "success")
    except services.LinkedElsewhere as error:
        flash(error.message, "warning")
    cookie.pop("oidc_who", None)
    return redirect(safe_next(shared.wanted(), url_for("people.me")))


@blueprint.post("/tai-khoan/ben-ngoai/bo")
@allows(Access.ACCOUNT)
@require_fresh_proof
def oidc_unlink() -> Answer:
    """Take a link away."""
    if not request.form.get("identity"):
        return redirect(url_for("people.me"))
    try:
        services.unlink_identity(_identity_id(), actor=current_actor(), now=real_now())
    except Invalid as error:
        flash(error.errors[""][0], "warning")
        return redirect(url_for("people.me"))
    flash(_("Đã bỏ liên kết."), "success")
    return redirect(url_for("people.me"))


def _identity_id() -> UUID:
    try:
        return UUID(request.form.get("identity", ""))
    except ValueError:
        raise NotFound from None


def _who() -> Identity | None:
    """Whom a provider told within ten minutes, in this browser, where the tenant still offers it."""
    held = cookie.get("oidc_who")
    if held is None or oidc.provider_named(held[0]) is None:
        return None
    *parts, at = held
    return Identity(*parts) if real_now() - datetime.fromisoformat(at) < ANSWER_LIFE else None


def _page(who: Identity, error: Invalid | None = None) -> tuple[str, int]:
    opens = services.account_of_identity(who.issuer, who.subject)
    own = None if g.account is None else g.account.id
    body = render_template(
        "people/oidc.html",
        who=who,
        label=_label(who),
        is_known=opens is not None,
        is_own=opens is not None and opens == own,
        profile=None if own is None else queries.profile_of(own),
        consents=CONSENTS,
        name=request.form.get("name") or who.name,
        form=request.form,
        next=shared.wanted(),
        errors={} if error is None else error.errors,
    )
    return body, 200 if error is None else error.status


def _label(who: Identity) -> str:
    found = oidc.provider_named(who.provider)
    return who.issuer if found is None else found.label


def _callback(provider: str) -> str:
    return url_for("people.oidc_callback", provider=provider, _external=True)


def _back(sentence: str) -> Answer:
    flash(sentence, "warning")
    return redirect(url_for("people.me" if g.account is not None else "people.sign_in"))
