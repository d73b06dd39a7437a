"""The operator's console on the bare host: tenants, plugins, jobs and logs of the whole installation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.clock import real_now
from core.kernel.limits import limiter
from core.kernel.web import Access, allows, current_actor
from core.publishing import operators

blueprint = Blueprint("console", __name__, url_prefix="/quan-tri")
blueprint.record_once(lambda state: operators.recognise_operator(state.app))

Answer = Response | str | tuple[str, int]


@blueprint.get("/dang-nhap")
@allows(Access.PUBLIC, platform=True)
def sign_in() -> Answer:
    """The operator's sign-in; without a password it says how to set one."""
    if operators.is_operator():
        return redirect(url_for("console.index"))
    return render_template("platform/sign_in.html", is_set=operators.password_is_set(), errors={})


@blueprint.post("/dang-nhap")
@allows(Access.PUBLIC, platform=True)
@limiter.limit("10 per 15 minutes")
def sign_in_send() -> Answer:
    """Check the operator's password."""
    if not operators.matches(request.form.get("password", "")):
        errors = {"password": [_("Mật khẩu chưa đúng.")]}
        is_set = operators.password_is_set()
        return render_template("platform/sign_in.html", is_set=is_set, errors=errors if is_set else {}), 422
    operators.begin(real_now())
    return redirect(url_for("console.index"))


@blueprint.post("/dang-xuat")
@allows(Access.OPERATOR, platform=True)
def sign_out() -> Answer:
    """End the operator's session."""
    operators.end()
    return redirect(url_for("platform.home"))


@blueprint.get("/")
@allows(Access.OPERATOR, platform=True)
def index() -> Answer:
    """Tenants with versions and jobs, and the installed plugins."""
    return render_template(
        "platform/console.html", tenants=operators.tenant_rows(), plugins=operators.plugin_rows()
    )


@blueprint.get("/<slug>")
@allows(Access.OPERATOR, platform=True)
def tenant(slug: str) -> Answer:
    """One tenant: editions, log, failed jobs."""
    return render_template(
        "platform/tenant.html", tenant_=operators.tenant_detail(slug), checked=False, first_false=None
    )


@blueprint.get("/<slug>/nhat-ky")
@allows(Access.OPERATOR, platform=True)
def log(slug: str) -> Answer:
    """The same, with the tenant's whole log recomputed."""
    first_false = operators.first_false_record(slug)
    return render_template(
        "platform/tenant.html", tenant_=operators.tenant_detail(slug), checked=True, first_false=first_false
    )


@blueprint.post("/<slug>/chay-lai")
@allows(Access.OPERATOR, platform=True)
def retry(slug: str) -> Answer:
    """Run the tenant's failed jobs again."""
    count = operators.retry_failed_jobs(slug, actor=current_actor(), now=real_now())
    flash(_("Đã đưa %(count)s việc trở lại hàng đợi.", count=count), "success")
    return redirect(url_for("console.tenant", slug=slug))
