"""Reads of news, pages and documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.markdown import summary
from core.plugin_api import Text
from core.publishing.models import Content
from core.tenancy.profile import text_of

NEWS, HIDDEN_NEWS, PAGE = "news", "hidden_news", "page"


@dataclass(frozen=True, slots=True)
class NewsView:
    """One news item. `is_hidden` items are seen in the office only."""

    key: str
    title: Text
    summary: Text
    html: Text
    on: date
    month_only: bool
    source: Text | None
    is_hidden: bool
    is_changed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of words; `source` tells where the tenant took them from, if it says so."""

    key: str
    title: Text
    html: Text


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One published document of the contest, as it is cited."""

    key: str
    kind: Text
    number: str | None
    issued: date | None
    date_note: Text | None
    issuer: Text
    title: Text
    official: bool
    legal_basis: bool
    source: Text
    url: str | None


def published_news(now: datetime, *, limit: int, offset: int = 0) -> list[NewsView]:
    """News whose day has come at `now`, newest first. One query."""
    ask = select(Content).where(Content.kind == NEWS, Content.at <= now)
    ask = ask.order_by(Content.at.desc(), Content.key).limit(limit).offset(offset)
    return [news_view(row) for row in session().scalars(ask)]


def count_published_news(now: datetime) -> int:
    """How many news items the public sees at `now`. One query."""
    ask = select(func.count()).select_from(Content).where(Content.kind == NEWS, Content.at <= now)
    return session().scalars(ask).one()


def access_news(key: str, now: datetime) -> NewsView:
    """The published news item named `key`; NotFound while it is hidden or its day has not come. One query."""
    row = content_row(key, NEWS)
    if row.at > now:
        raise NotFound(_("Không có tin này."))
    return news_view(row)


def office_news(*, limit: int, offset: int = 0) -> list[NewsView]:
    """All news of the tenant, newest first, hidden ones too. One query."""
    ask = select(Content).where(Content.kind.in_((NEWS, HIDDEN_NEWS)))
    ask = ask.order_by(Content.at.desc(), Content.key).limit(limit).offset(offset)
    return [news_view(row) for row in session().scalars(ask)]


def count_news() -> int:
    """How many news items the tenant has, hidden ones too. One query."""
    ask = select(func.count()).select_from(Content).where(Content.kind.in_((NEWS, HIDDEN_NEWS)))
    return session().scalars(ask).one()


def page_view(key: str) -> PageView | None:
    """The tenant's own page named `key`, or None. One query."""
    row = session().scalars(select(Content).where(Content.kind == PAGE, Content.key == key)).one_or_none()
    return None if row is None else PageView(row.key, text_of(row.title), _html(row.html))


def pages() -> list[tuple[str, Text]]:
    """Keys and titles of the tenant's own pages, in their order. One query."""
    ask = select(Content.key, Content.title, Content.data).where(Content.kind == PAGE)
    rows = sorted(session().execute(ask), key=lambda row: (row.data.get("order", 0), row.key))
    return [(row.key, text_of(row.title)) for row in rows]


def content_row(key: str, *kinds: str) -> Content:
    """The stored row named `key` of one of `kinds`; raises NotFound. One query."""
    row = session().scalars(select(Content).where(Content.kind.in_(kinds), Content.key == key)).one_or_none()
    if row is None:
        raise NotFound(_("Không có tin này.") if NEWS in kinds else _("Không có trang này."))
    return row


def documents(profile: Mapping[str, Any], edition_key: str | None) -> list[DocumentView]:
    """The documents of an edition (None: of all), as its tenant lists them."""
    return [
        DocumentView(
            key=item["key"],
            kind=text_of(item["kind"]),
            number=item.get("number"),
            issued=date.fromisoformat(item["issued"]) if item.get("issued") else None,
            date_note=text_of(item["date_note"]) if item.get("date_note") else None,
            issuer=text_of(item["issuer"]),
            title=text_of(item["title"]),
            official=bool(item.get("official", True)),
            legal_basis=bool(item.get("legal_basis", False)),
            source=text_of(item.get("source")),
            url=item.get("url"),
        )
        for item in profile.get("documents") or []
        if edition_key is None or not item.get("editions") or edition_key in item["editions"]
    ]


def news_view(row: Content) -> NewsView:
    """A news item as pages show it."""
    source = row.data.get("source")
    synced = row.synced or {}
    return NewsView(
        key=row.key,
        title=text_of(row.title),
        summary=Text(*(summary(row.body.get(language, "")) for language in ("vi", "en"))),
        html=_html(row.html),
        on=local(row.at).date(),
        month_only=bool(row.data.get("month_only")),
        source=text_of(source) if source else None,
        is_hidden=row.kind == HIDDEN_NEWS,
        is_changed=bool(synced) and synced.get("body") != row.body,
        at=row.at,
    )


def _html(words: Mapping[str, str]) -> Text:
    return Text(words.get("vi", ""), words.get("en", ""))
