"""The committee's pages of rescues: who lost the second factor, or every address, is helped at the counter."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.kernel.clock import real_now
from core.kernel.errors import DomainError, Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.sms import sms_is_configured
from core.kernel.web import Access, allows, current_actor
from core.people import queries, rescue_queries, services
from core.people.queries import AccountRow
from core.people.reauth import require_fresh_proof
from core.people.rescue_queries import RescueRow
from core.people.schemas import AppCodeForm, LoginForm, load
from core.people.services import Papers, RescueKind
from core.people.services.rescues import LONGEST_REASON, reason_faults
from core.people.settings import change_rescue_wait, rescue_wait

blueprint = Blueprint("people_rescues", __name__, url_prefix="/btc/tai-khoan")

Answer = Response | str | tuple[str, int]


@blueprint.get("/khoi-phuc")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """Every rescue, the open ones first, and how long a confirmed one waits."""
    return _index()


@blueprint.post("/khoi-phuc/thoi-gian-cho")
@allows(Access.COMMITTEE)
@require_fresh_proof
def wait() -> Answer:
    """Set how long rescues that are confirmed from now on wait."""
    try:
        change_rescue_wait(request.form.get("hours", ""), actor=current_actor(), now=real_now())
    except Invalid as error:
        return _index(error)
    flash(_("Đã lưu thời gian chờ."), "success")
    return redirect(url_for("people_rescues.index"), 303)


@blueprint.get("/<uuid:account_id>/khoi-phuc")
@allows(Access.COMMITTEE)
def show(account_id: UUID) -> Answer:
    """What is open for the account and what can be done; else the form to ask (`?viec=` chooses what was lost)."""
    return _show(_account(account_id))


@blueprint.post("/<uuid:account_id>/khoi-phuc")
@allows(Access.COMMITTEE)
@require_fresh_proof
def ask(account_id: UUID) -> Answer:
    """Ask for the rescue, having seen the person's papers."""
    account = _account(account_id)
    return _done(
        account,
        lambda: _ask(account),
        _("Đã ghi đề nghị và báo cho chủ tài khoản. Cần một cán bộ khác xác nhận."),
    )


@blueprint.post("/<uuid:account_id>/khoi-phuc/ma")
@allows(Access.COMMITTEE)
@require_fresh_proof
def code(account_id: UUID) -> Answer:
    """Take the code that the person at the counter reads out; or send another."""
    account = _account(account_id)
    rescue_id = _rescue_id(account)
    if request.form.get("do") == "send":
        return _done(
            account,
            lambda: services.send_rescue_code(rescue_id, actor=current_actor(), now=real_now()),
            _("Đã gửi mã mới đến địa chỉ mới."),
        )

    def prove() -> None:
        typed = load(AppCodeForm(), request.form)["code"]
        services.prove_rescue_address(rescue_id, typed, actor=current_actor(), now=real_now())

    return _done(account, prove, _("Địa chỉ mới đã được xác nhận."))


@blueprint.post("/<uuid:account_id>/khoi-phuc/xac-nhan")
@allows(Access.COMMITTEE)
@require_fresh_proof
def confirm(account_id: UUID) -> Answer:
    """Confirm a colleague's rescue: from now on it waits for its time."""
    account = _account(account_id)
    rescue_id, looked = _rescue_id(account), request.form.get("has_looked") == "1"
    return _done(
        account,
        lambda: services.confirm_rescue(rescue_id, has_looked=looked, actor=current_actor(), now=real_now()),
        _("Đã xác nhận. Chủ tài khoản được báo và còn dừng được trong thời gian chờ."),
    )


@blueprint.post("/<uuid:account_id>/khoi-phuc/dung")
@allows(Access.COMMITTEE)
def end(account_id: UUID) -> Answer:
    """Take one's own rescue back (`do` = "withdraw"), or turn a colleague's down."""
    account = _account(account_id)
    rescue_id, actor, now = _rescue_id(account), current_actor(), real_now()
    if request.form.get("do") == "withdraw":
        return _done(
            account,
            lambda: services.withdraw_rescue(rescue_id, actor=actor, now=now),
            _("Đã rút đề nghị; tài khoản không đổi."),
        )
    note = request.form.get("note", "")[:2000]
    return _done(
        account,
        lambda: services.decline_rescue(rescue_id, note, actor=actor, now=now),
        _("Đã ghi là không đồng ý; tài khoản không đổi."),
    )


def _ask(account: AccountRow) -> None:
    kind, address = _kind(account), None
    papers, reason = request.form.get("papers", ""), request.form.get("reason", "")
    errors = reason_faults(papers, reason)
    if kind is RescueKind.ADDRESS:
        try:
            address = load(LoginForm(), request.form)["email"]
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)
    services.ask_rescue(
        account.id,
        kind,
        papers=papers,
        reason=reason,
        address=address,
        actor=current_actor(),
        now=real_now(),
    )


def _done(account: AccountRow, deed: Callable[[], object], said: str) -> Answer:
    try:
        deed()
    except Invalid as error:
        return _show(account, error)
    except NotFound:
        raise
    except DomainError as refused:
        return _show(account, refused=refused)
    flash(said, "success")
    return redirect(url_for("people_rescues.show", account_id=account.id), 303)


def _show(
    account: AccountRow, error: Invalid | None = None, *, refused: DomainError | None = None
) -> tuple[str, int]:
    rows = rescue_queries.rescues_of(account.id, real_now())
    has_factor = services.second_factor_of(account.id) is not None
    kind, open_ = _kind(account), next((row for row in rows if row.is_open), None)
    page = render_template(
        "people_office/rescue.html",
        person=account,
        has_factor=has_factor,
        kind=str(kind),
        open=open_,
        facts=[] if open_ is None else _facts(open_),
        past=[row for row in rows if not row.is_open],
        papers=[(str(one), rescue_queries.papers_word(one)) for one in Papers],
        wait=rescue_wait(),
        me=current_actor().id,
        sms=sms_is_configured(),
        longest=LONGEST_REASON,
        form=request.form,
        refused=None if refused is None else refused.message,
        errors={} if error is None else error.errors,
    )
    failed = error or refused
    return page, 200 if failed is None else failed.status


def _facts(row: RescueRow) -> list[tuple[str, str]]:
    """What the page says of an open rescue: only what there is."""
    rescue, language = row.rescue, locale()
    came_in = rescue_queries.last_came_in(rescue.account_id)
    facts = [
        (_("Chủ tài khoản"), row.name),
        (_("Địa chỉ mới"), row.address),
        (_("Giấy tờ đã xem"), row.papers),
        (_("Lý do"), rescue.reason),
        (_("Người đề nghị"), f"{rescue.asked_name}, {datetime_(rescue.asked_at, language)}"),
        (_("Đăng nhập lần cuối"), datetime_(came_in, language) if came_in else _("không có")),
        (_("Người xác nhận"), rescue.decided_name),
        (_("Có hiệu lực lúc"), datetime_(rescue.holds_from, language) if rescue.holds_from else ""),
    ]
    return [(name, said) for name, said in facts if said]


def _index(error: Invalid | None = None) -> tuple[str, int]:
    wait_ = rescue_wait()
    page = render_template(
        "people_office/rescues.html",
        rows=rescue_queries.newest_rescues(real_now()),
        wait=wait_,
        hours=wait_.hours if error is None else request.form.get("hours", ""),
        errors={} if error is None else error.errors,
    )
    return page, 200 if error is None else error.status


def _account(account_id: UUID) -> AccountRow:
    account = queries.account_by_id(account_id)
    if account is None:
        raise NotFound
    return account


def _kind(account: AccountRow) -> RescueKind:
    """What was lost, as the form or the address says; else what the account still has to lose."""
    named = request.values.get("viec", "")
    if named in set(RescueKind):
        return RescueKind(named)
    has_factor = services.second_factor_of(account.id) is not None
    return RescueKind.SECOND_FACTOR if has_factor else RescueKind.ADDRESS


def _rescue_id(account: AccountRow) -> UUID:
    """The rescue that the form names, which must be this account's: an old page decides nothing else."""
    named = request.form.get("rescue", "")
    rows = rescue_queries.rescues_of(account.id, real_now())
    found = next((row.rescue.id for row in rows if str(row.rescue.id) == named), None)
    if found is None:
        raise services.RescueRefused(_("Chưa rõ đề nghị nào: bạn hãy mở lại trang này rồi bấm lại."))
    return found
