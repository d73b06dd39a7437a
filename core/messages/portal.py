"""Letters and calendars of a person, and the contest's calendar file for everybody."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition
from core.entries.deadlines import told_by
from core.entries.queries import account_of, entries_of
from core.entries.screening.due import dues_of
from core.entries.states import EDITABLE, State
from core.kernel.clock import real_now
from core.kernel.errors import NotFound
from core.kernel.i18n import locale
from core.kernel.suppression import suppression_of
from core.kernel.web import Access, allows, current_actor
from core.letters.catalogue import LANGUAGES
from core.letters.post import language_for, site_address
from core.messages import feeds, queries, services
from core.messages.calendar import calendar_bytes, dossier_event, phase_events
from core.messages.words import kind_word, state_word
from core.privacy.settings import DataClass, current_settings

blueprint = Blueprint("my_letters", __name__)

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/lich.ics")
@allows(Access.PUBLIC)
def contest_calendar() -> Response:
    """The phases of the edition as a calendar file, to import or to subscribe to."""
    edition = current_edition()
    events = phase_events(edition, g.tenant.version, site_address(), locale())
    return _calendar(calendar_bytes(edition.name.in_(locale()), events, stamp=real_now()))


@blueprint.get("/du-thi/lich/<secret>.ics")
@allows(Access.PUBLIC)
def own_calendar(secret: str) -> Response:
    """A person's due dates, by the secret in the address alone: a calendar program cannot sign in."""
    account_id = feeds.owner_of_token(secret[:100])
    if account_id is None:
        raise NotFound(_("Địa chỉ lịch này không còn dùng được. Bạn hãy lấy địa chỉ mới ở mục Thư và lịch."))
    language = language_for(account_of(account_id).language, g.tenant.profile)
    by_id = {edition.id: edition for edition in g.editions}
    own = [entry for entry in entries_of(account_id) if State(entry.state) in EDITABLE]
    dues = dues_of(entry.id for entry in own)
    events = []
    for entry in own:
        edition = by_id[entry.edition_id]
        due = told_by(entry, edition, dues.get(entry.id), edition.now())
        if due is not None:
            events.append(dossier_event(entry, due, g.tenant.version, site_address(), language))
    name = _("Hạn của tôi: %(contest)s", contest=g.tenant.profile["short_name"]["vi"])
    answer = _calendar(calendar_bytes(name, events, stamp=real_now()))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.get("/tai-khoan/thu")
@allows(Access.ACCOUNT)
def index() -> str:
    """Whether letters reach me, in which language, what was sent to me, and my calendar."""
    account, settings = account_of(_account_id()), current_settings()
    feed = feeds.feed_of(account.id)
    return render_template(
        "messages/index.html",
        person=account,
        held=suppression_of(account.email) if account.email else None,
        letters=queries.letters_to(account.email) if account.email else [],
        language=language_for(account.language, g.tenant.profile),
        languages=[("vi", "Tiếng Việt"), ("en", "English")],
        days=settings.days[DataClass.LETTERS],
        is_illustration=DataClass.LETTERS not in settings.decided,
        feed_address=None if feed is None else _feed_address(feeds.feed_token(feed)),
        state_word=state_word,
        kind_word=kind_word,
    )


@blueprint.post("/tai-khoan/thu/ngon-ngu")
@allows(Access.ACCOUNT)
def language() -> BaseResponse:
    """Choose the language of letters to me."""
    asked = request.form.get("language", "")
    if asked in LANGUAGES:
        services.choose_language(asked, actor=current_actor(), now=real_now())
        flash(_("Từ nay thư gửi bạn bằng ngôn ngữ đã chọn."), "success")
    return redirect(url_for("my_letters.index"), 303)


@blueprint.post("/tai-khoan/thu/dia-chi")
@allows(Access.ACCOUNT)
def address() -> BaseResponse:
    """Say that my address works again."""
    account = account_of(_account_id())
    if services.lift_own_address(account, actor=current_actor(), now=real_now()):
        flash(_("Từ nay thư lại được gửi đến %(address)s.", address=account.email), "success")
    return redirect(url_for("my_letters.index"), 303)


@blueprint.post("/tai-khoan/thu/lich")
@allows(Access.ACCOUNT)
def calendar() -> BaseResponse:
    """Make a secret calendar address, or end the one there is."""
    if request.form.get("do") == "end":
        if feeds.end_feed(actor=current_actor(), now=real_now()):
            flash(_("Địa chỉ lịch cũ không còn dùng được."), "success")
    else:
        feeds.renew_feed(actor=current_actor(), now=real_now())
        flash(_("Đã tạo địa chỉ lịch riêng của bạn."), "success")
    return redirect(url_for("my_letters.index", _anchor="lich"), 303)


def _calendar(body: bytes) -> Response:
    answer = Response(body, content_type=CALENDAR_TYPE)
    answer.headers["Content-Disposition"] = 'inline; filename="lich.ics"'
    return answer


def _feed_address(token: str) -> str:
    return f"{site_address()}{url_for('my_letters.own_calendar', secret=token)}"


def _account_id() -> UUID:
    account_id = current_actor().id
    if account_id is None:
        raise NotFound
    return account_id
