"""The committee's pages of letters: the outbox, one letter, addresses that bounced, the wording of each letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.entries.barring import barred_names
from core.kernel.clock import real_now
from core.kernel.enclosures import file_name_of
from core.kernel.errors import Invalid, NotFound
from core.kernel.formats import datetime_
from core.kernel.i18n import locale
from core.kernel.mail import UNDELIVERED, Mail, MailState
from core.kernel.suppression import suppressed_addresses
from core.kernel.text import clean, clean_line
from core.kernel.web import Access, allows, current_actor
from core.letters.catalogue import KINDS, LANGUAGES, LetterKind, letter_kind
from core.letters.post import example
from core.letters.services import reset_wording, save_wording
from core.letters.texts import BODY_CHARS, SUBJECT_CHARS, LetterWords, faults, read_words
from core.letters.wording import default_wording, versions, worded_by_office, wording
from core.messages import queries, services
from core.messages.words import kind_word, state_word
from core.privacy.settings import DataClass, current_settings

blueprint = Blueprint("messages_office", __name__, url_prefix="/btc/thu")

Answer = Response | str | tuple[str, int]
# The filter of the address → the states it shows.
FILTERS: dict[str, tuple[MailState, ...]] = {
    "khong-den": UNDELIVERED,
    "cho-gui": (MailState.QUEUED, MailState.SENDING),
    "da-gui": (MailState.SENT, MailState.KEPT),
}


@blueprint.get("")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """What went to whom about which dossier, what did not arrive first."""
    words = clean_line(request.args.get("q", ""))[:100]
    chosen = request.args.get("trang-thai", "")
    states = FILTERS.get(chosen, ())
    page = request.args.get("trang", 1, type=int)
    found = queries.outbox(states, words, page)
    return render_template(
        "messages_office/index.html",
        found=found,
        words=words,
        chosen=chosen if states else "",
        chips=_chips(found.counts, chosen, words),
        hrefs=_hrefs(found, chosen, words),
        held=suppressed_addresses(),
        removed=_removed_words() if any(row.words_removed_at for row in found.rows) else None,
        state_word=state_word,
        kind_word=kind_word,
        tabs=_tabs("index"),
    )


@blueprint.get("/<uuid:mail_id>")
@allows(Access.COMMITTEE)
def show(mail_id: UUID) -> Answer:
    """One letter: where it stands, and its words when they are the committee's own."""
    mail = access_mail(mail_id)
    return render_template(
        "messages_office/show.html",
        mail=mail,
        state=MailState(mail.state),
        state_word=state_word,
        kind_word=kind_word,
        can_resend=services.may_resend(mail),
        file_name=file_name_of(mail.enclosed),
        removed=None if mail.words_removed_at is None else _removed_words(mail.words_removed_at),
    )


@blueprint.post("/<uuid:mail_id>/gui-lai")
@allows(Access.COMMITTEE)
def resend(mail_id: UUID) -> Answer:
    """Send a letter that did not arrive again."""
    mail = access_mail(mail_id)
    if services.resend(mail, actor=current_actor(), now=real_now()):
        flash(_("Thư đã được đưa vào hàng chờ gửi lại."), "success")
    elif mail.words_removed_at is not None:
        flash(_("Thư này không còn lời thư và địa chỉ, nên không gửi lại được."), "warning")
    else:
        flash(_("Thư này đang gửi hoặc đã gửi; không cần gửi lại."), "warning")
    return redirect(url_for("messages_office.show", mail_id=mail_id), 303)


@blueprint.post("/dia-chi")
@allows(Access.COMMITTEE)
def address() -> Answer:
    """Let letters go to an address that bounced again."""
    given = clean_line(request.form.get("address", ""))[:254]
    if services.say_address_works(given, actor=current_actor(), now=real_now()):
        flash(_("Từ nay thư lại được gửi đến %(address)s.", address=given), "success")
    return redirect(url_for("messages_office.index"), 303)


@blueprint.get("/mau")
@allows(Access.COMMITTEE)
def texts() -> Answer:
    """Every letter, and whose wording holds in each language."""
    worded = worded_by_office()
    rows = [(kind, [(language, _source(kind, language, worded)) for language in LANGUAGES]) for kind in KINDS]
    return render_template(
        "messages_office/texts.html", rows=rows, sources=_source_words(), tabs=_tabs("texts")
    )


@blueprint.route("/mau/<key>", methods=["GET", "POST"])
@allows(Access.COMMITTEE)
def text(key: str) -> Answer:
    """The wording of one letter in one language: read, try with examples, save, take back."""
    kind, language = _kind(key), _language()
    held = wording(kind, language, g.tenant.slug)
    if request.method == "GET":
        return _text_page(kind, language, _chosen_version(kind, language) or held.words, {})
    typed = LetterWords(
        clean_line(request.form.get("subject", "")), clean(request.form.get("body", "").replace("\r\n", "\n"))
    )
    action = request.form.get("do", "save")
    if action == "reset":
        reset_wording(kind, language, actor=current_actor(), now=real_now())
        flash(_("Đã trở về mẫu mặc định; các bản đã lưu vẫn còn."), "success")
        return redirect(url_for("messages_office.text", key=key, tieng=language), 303)
    if action == "preview":
        return _text_page(kind, language, typed, {}, is_preview=True)
    try:
        saved = save_wording(kind, language, typed, actor=current_actor(), now=real_now())
    except Invalid as invalid:
        return _text_page(kind, language, typed, invalid.errors), 422
    said = _("Đã lưu mẫu thư; thư gửi từ nay dùng mẫu này.") if saved else _("Mẫu thư không có gì thay đổi.")
    flash(said, "success")
    return redirect(url_for("messages_office.text", key=key, tieng=language), 303)


def _removed_words(when: datetime | None = None) -> tuple[str, bool]:
    """Why a letter has no words any more, and when these went; and whether the days told are an illustration."""
    settings = current_settings()
    days = settings.days[DataClass.LETTERS]
    if days is None:
        told = _("Lời thư, tiêu đề và địa chỉ người nhận đã được xóa theo thời gian lưu giữ đặt lúc đó.")
    else:
        told = _("Lời thư, tiêu đề và địa chỉ người nhận được xóa sau %(days)s ngày.", days=days)
    sentences = [told, _("Việc đã gửi, loại thư và giờ gửi thì còn.")]
    if when is not None:
        sentences.append(_("Thư này xóa lúc %(when)s.", when=datetime_(when)))
    return " ".join(sentences), DataClass.LETTERS not in settings.decided


def access_mail(mail_id: UUID) -> Mail:
    """The tenant's letter with this id, for the committee; raises NotFound."""
    mail = queries.mail_by_id(mail_id)
    if mail is None or mail.about in barred_names():
        raise NotFound(_("Không tìm thấy thư này."))
    return mail


def _text_page(
    kind: LetterKind,
    language: str,
    words: LetterWords,
    errors: dict[str, list[str]],
    *,
    is_preview: bool = False,
) -> str:
    held = wording(kind, language, g.tenant.slug)
    wrong = errors
    if is_preview:
        wrong = {}
        for one in faults(kind, words):
            wrong.setdefault(one.part, []).append(one.vi if locale() == "vi" else one.en)
    return render_template(
        "messages_office/text.html",
        kind=kind,
        language=language,
        languages=[(one, _("Tiếng Việt") if one == "vi" else _("Tiếng Anh")) for one in LANGUAGES],
        words=words,
        errors=wrong,
        shown=example(kind, words, language),
        is_preview=is_preview,
        held=held,
        source=_source_words()[held.source],
        default=default_wording(kind, language, g.tenant.slug).words,
        versions=versions(kind.key, language, limit=20),
        limits=(SUBJECT_CHARS, BODY_CHARS),
    )


def _chosen_version(kind: LetterKind, language: str) -> LetterWords | None:
    """The words of the version that the address asks for, to look at and perhaps to save again."""
    asked = request.args.get("ban", 0, type=int)
    found = next((one for one in versions(kind.key, language) if one.number == asked and one.text), None)
    return None if found is None else read_words(found.text)


def _source(kind: LetterKind, language: str, worded: set[tuple[str, str]]) -> str:
    if (kind.key, language) in worded:
        return "office"
    return default_wording(kind, language, g.tenant.slug).source


def _kind(key: str) -> LetterKind:
    kind = letter_kind(key)
    if kind is None:
        raise NotFound(_("Không có mẫu thư này."))
    return kind


def _language() -> str:
    asked = request.values.get("tieng", "vi")
    return asked if asked in LANGUAGES else "vi"


def _source_words() -> dict[str, str]:
    return {
        "office": _("Ban Tổ chức đã sửa"),
        "folder": _("Mẫu của tỉnh"),
        "platform": _("Mẫu mặc định"),
    }


def _tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Thư đi"), "href": url_for("messages_office.index"), "current": current == "index"},
        {"label": _("Mẫu thư"), "href": url_for("messages_office.texts"), "current": current == "texts"},
    ]


def _chips(counts: dict[MailState, int], chosen: str, words: str) -> list[dict[str, Any]]:
    labels = {"khong-den": _("Không đến nơi"), "cho-gui": _("Chờ gửi"), "da-gui": _("Đã gửi")}
    return [
        {
            "label": labels[key],
            "href": url_for("messages_office.index", **_kept(key if key != chosen else "", words)),
            "on": key == chosen,
            "count": sum(counts[state] for state in states),
        }
        for key, states in FILTERS.items()
    ]


def _hrefs(found: queries.OutboxPage, chosen: str, words: str) -> dict[int, str]:
    near = {1, found.pages, *range(found.page - 2, found.page + 3)}
    return {
        page: url_for("messages_office.index", **_kept(chosen, words), trang=page if page > 1 else None)
        for page in sorted(near)
        if 1 <= page <= found.pages
    }


def _kept(chosen: str, words: str) -> dict[str, Any]:
    return {key: value for key, value in (("trang-thai", chosen), ("q", words)) if value}
