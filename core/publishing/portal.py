"""The public pages of a tenant: home, rules, news, documents, pages of words, colours and emblem."""

from __future__ import annotations

import math

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.current import current_edition
from core.contests.values import PhaseKind
from core.entries.models import Entry
from core.entries.states import State
from core.extensions.documents import access_document, documents_of, paper_of
from core.judging.criteria_versions import changed_versions
from core.judging.criteria_words import change_sentences
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.i18n import locale
from core.kernel.pagecache import cached_public
from core.kernel.qr import qr_svg
from core.kernel.web import Access, allows, now
from core.publishing.default_pages import default_page, default_titles
from core.publishing.home import home_view, lead_of
from core.publishing.honours import board_note, board_of, is_published
from core.publishing.notices import notices_now
from core.publishing.queries import (
    access_news,
    count_published_news,
    documents,
    page_view,
    pages,
    published_news,
)
from core.publishing.rulebook import rules_view
from core.results.reading import award_clauses

blueprint = Blueprint("publishing", __name__)

NEWS_A_PAGE = 12
TOKENS = (
    ("--accent", "accent"),
    ("--accent-strong", "accent_strong"),
    ("--accent-soft", "accent_soft"),
    ("--accent-ink", "on_accent"),
)
PRIVATE = ("/tai-khoan/", "/du-thi/", "/cham-thi/", "/don-vi/", "/btc/", "/api/")


@blueprint.get("/")
@allows(Access.PUBLIC)
@cached_public
def home() -> str:
    """The contest now: what, until when, what to do; after the end, the honours board."""
    edition = current_edition()
    published = is_published(edition)
    return render_template(
        "publishing/home.html",
        home=home_view(edition, g.editions, now(), is_published=published),
        notices=notices_now(edition, now(), address=request.host, language=locale()),
        lead=lead_of(edition),
        board=board_of(edition) if published else [],
        board_note=board_note(edition) if published else None,
        board_clauses=award_clauses(edition) if published else (),
        documents=documents(g.tenant.profile, edition.key)[:4],
        entry_qr=qr_svg(_address("entries.index")),
        entry_address=_address("entries.index"),
    )


@blueprint.get("/the-le")
@allows(Access.PUBLIC)
@cached_public
def rules() -> str:
    """The rules: dates, criteria, the vote's formula, awards, and every clause with what it does."""
    edition = current_edition()
    return render_template(
        "publishing/rules.html",
        rules=rules_view(edition, g.tenant.profile),
        criteria_changes=[(one.at, change_sentences(one.changes)) for one in changed_versions(edition.id)],
    )


@blueprint.get("/tin-tuc")
@allows(Access.PUBLIC)
@cached_public
def news() -> str:
    """News, newest first."""
    edition = current_edition()
    total = count_published_news(now())
    page = min(max(request.args.get("trang", 1, type=int), 1), max(math.ceil(total / NEWS_A_PAGE), 1))
    return render_template(
        "publishing/news.html",
        edition_name=edition.name,
        items=published_news(now(), limit=NEWS_A_PAGE, offset=(page - 1) * NEWS_A_PAGE),
        page=page,
        pages=math.ceil(total / NEWS_A_PAGE) or 1,
        total=total,
        hrefs={n: url_for("publishing.news", trang=n) for n in range(1, math.ceil(total / NEWS_A_PAGE) + 1)},
    )


@blueprint.get("/tin-tuc/<key>")
@allows(Access.PUBLIC)
@cached_public
def news_item(key: str) -> str:
    """One news item."""
    return render_template(
        "publishing/news_item.html", item=access_news(key, now()), others=published_news(now(), limit=4)
    )


@blueprint.get("/tai-lieu", endpoint="documents")
@allows(Access.PUBLIC)
@cached_public
def documents_page() -> str:
    """Documents of the contest with QR codes, and codes of the site's own pages to print on posters."""
    edition = current_edition()
    found = documents(g.tenant.profile, edition.key)
    posters = [("entries.index", "entry"), ("publishing.rules", "rules"), ("publishing.home", "home")]
    if edition.phase(PhaseKind.VOTING) is not None:
        posters.insert(0, ("voting.index", "vote"))
    return render_template(
        "publishing/documents.html",
        documents=[(one, qr_svg(one.url) if one.url else None) for one in found],
        posters=[(word, _address(endpoint), qr_svg(_address(endpoint))) for endpoint, word in posters],
        papers=documents_of(edition, per_entry=False),
        own_papers=documents_of(edition, per_entry=True),
    )


@blueprint.get("/tai-lieu/mau/<key>")
@allows(Access.PUBLIC)
@cached_public
def paper(key: str) -> str:
    """A document of the contest that is nobody's own: a blank form, guidance; to read and print."""
    edition = current_edition()
    document = access_document(edition, key, per_entry=False)
    return render_template(
        "extensions/paper.html",
        paper=paper_of(document, edition, {}, now(), locale()),
        frame="base.html",
        is_form=False,
        way=[(_("Tài liệu"), url_for("publishing.documents"))],
    )


@blueprint.get("/trang/<key>")
@allows(Access.PUBLIC)
@cached_public
def page(key: str) -> str:
    """A page of words: the tenant's own, else the platform's."""
    found = page_view(key) or default_page(key)
    if found is None:
        raise NotFound(_("Không có trang này."))
    own = pages()
    listed = {own_key for own_key, _title in own}
    menu = [*own, *((own_key, title) for own_key, title in default_titles() if own_key not in listed)]
    return render_template("publishing/page.html", page=found, menu=menu)


@blueprint.get("/giao-dien.css")
@allows(Access.PUBLIC)
def theme_css() -> Response:
    """The tenant's four colours for the light and the dark scheme, as custom properties."""
    profile = g.tenant.profile
    light, dark = (_tokens(profile.get(scheme) or {}) for scheme in ("light", "dark"))
    body = f":root{{{light}}}@media (prefers-color-scheme: dark){{:root{{{dark}}}}}\n"
    response = Response(body, mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@blueprint.get("/bieu-trung.svg")
@allows(Access.PUBLIC)
def emblem() -> Response:
    """The tenant's emblem. As a document of its own it may run nothing."""
    drawing = g.tenant.profile.get("emblem")
    if not drawing:
        raise NotFound
    response = Response(drawing, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@blueprint.get("/robots.txt")
@allows(Access.PUBLIC)
def robots() -> Response:
    """What search engines may read: everything public, nothing personal."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE), "Allow: /"]
    lines.append(f"Sitemap: {_address('publishing.sitemap')}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/sitemap.xml")
@allows(Access.PUBLIC)
@cached_public
def sitemap() -> Response:
    """Addresses of the public pages (sitemaps.org 0.9), at most 50,000."""
    edition = current_edition()
    fixed = ("home", "rules", "news", "documents")
    found = [_address(f"publishing.{name}") for name in fixed]
    found += [_address("gallery.index"), _address("results.index")]
    found += [_address("publishing.page", key=key) for key, _title in (*pages(), *default_titles())]
    found += [_address("publishing.news_item", key=item.key) for item in published_news(now(), limit=1000)]
    ask = select(Entry.code).where(Entry.edition_id == edition.id, Entry.state == State.ACCEPTED)
    ask = ask.where(Entry.published_at.is_not(None)).order_by(Entry.code).limit(45000)
    found += [_address("gallery.entry", code=code) for code in session().scalars(ask) if code]
    return Response(render_template("publishing/sitemap.xml", addresses=found), mimetype="application/xml")


def _address(endpoint: str, **values: str) -> str:
    return url_for(endpoint, _external=True, **values)


def _tokens(palette: dict[str, str]) -> str:
    return "".join(f"{name}:{palette[key]};" for name, key in TOKENS if key in palette)
