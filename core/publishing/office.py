"""The committee's start page and its news."""

from __future__ import annotations

import math

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core.contests.current import current_edition
from core.kernel.errors import Invalid
from core.kernel.web import Access, allows, current_actor, now
from core.publishing.cockpit import cockpit
from core.publishing.content import save_news
from core.publishing.forms import NewsTyped, preview_of, read_news, typed_news
from core.publishing.queries import HIDDEN_NEWS, NEWS, content_row, count_news, office_news

blueprint = Blueprint("office", __name__, url_prefix="/btc")

Answer = Response | str | tuple[str, int]
NEWS_A_PAGE = 30


@blueprint.get("/")
@allows(Access.COMMITTEE)
def index() -> Answer:
    """What waits, where the edition stands, how much has come in."""
    return render_template("office/index.html", cockpit=cockpit(current_edition(), now()))


@blueprint.get("/noi-dung")
@allows(Access.COMMITTEE)
def news() -> Answer:
    """All news of the contest, hidden ones too."""
    total = count_news()
    pages = max(math.ceil(total / NEWS_A_PAGE), 1)
    page = min(max(request.args.get("trang", 1, type=int), 1), pages)
    return render_template(
        "office/news.html",
        items=office_news(limit=NEWS_A_PAGE, offset=(page - 1) * NEWS_A_PAGE),
        today=now(),
        page=page,
        pages=pages,
        total=total,
        hrefs={n: url_for("office.news", trang=n) for n in range(1, pages + 1)},
    )


@blueprint.get("/noi-dung/tin-moi")
@allows(Access.COMMITTEE)
def new_news() -> Answer:
    """The form of a new item."""
    return _form(None, NewsTyped.blank(now()))


@blueprint.post("/noi-dung/tin-moi")
@allows(Access.COMMITTEE)
def new_news_send() -> Answer:
    """Preview or store a new item."""
    return _take(None)


@blueprint.get("/noi-dung/tin/<key>")
@allows(Access.COMMITTEE)
def edit_news(key: str) -> Answer:
    """The form of an item."""
    return _form(key, typed_news(content_row(key, NEWS, HIDDEN_NEWS)))


@blueprint.post("/noi-dung/tin/<key>")
@allows(Access.COMMITTEE)
def edit_news_send(key: str) -> Answer:
    """Preview or store a changed item."""
    content_row(key, NEWS, HIDDEN_NEWS)
    return _take(key)


def _take(key: str | None) -> Answer:
    typed = NewsTyped.of(request.form)
    try:
        draft = read_news(typed)
    except Invalid as error:
        return _form(key, typed, errors=error.errors)
    if request.form.get("then") == "preview":
        return _form(key, typed, preview=preview_of(typed))
    stored = save_news(key, draft, edition=current_edition().key, actor=current_actor(), now=now())
    if draft.is_hidden:
        flash(_("Đã lưu tin ở dạng chưa đăng."), "success")
        return redirect(url_for("office.news"))
    flash(_("Đã đăng tin."), "success")
    return redirect(url_for("office.edit_news", key=stored))


def _form(
    key: str | None,
    typed: NewsTyped,
    *,
    errors: dict[str, list[str]] | None = None,
    preview: dict[str, str] | None = None,
) -> Answer:
    page = render_template(
        "office/news_form.html",
        key=key,
        typed=typed,
        errors=errors or {},
        preview=preview,
        labels=NewsTyped.labels(),
    )
    return (page, 422) if errors else page
