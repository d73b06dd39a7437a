"""Writes of news and pages: from the tenants' folders, and by the committee in its office."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from core.contests.events import TenantSynced
from core.kernel import audit
from core.kernel.actor import Actor
from core.kernel.clock import start_of
from core.kernel.db import session
from core.kernel.errors import Invalid
from core.kernel.events import listens_to
from core.kernel.markdown import html_of
from core.kernel.text import slug
from core.plugin_api import Text
from core.publishing.models import Content
from core.publishing.queries import HIDDEN_NEWS, NEWS, PAGE, content_row
from core.tenancy.package_values import NewsPackage, PagePackage
from core.tenancy.scope import touch_public

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
"""Where a page stands in time: it has no date."""


@dataclass(frozen=True, slots=True)
class NewsDraft:
    """What the committee typed of a news item: words in Markdown, its day, and whether the public sees it."""

    title: Mapping[str, str]
    body: Mapping[str, str]
    on: date
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What the folder says of one row: its noun for the report, kind, key, place in time, and words."""

    noun: str
    kind: str
    key: str
    at: datetime
    words: dict[str, Any]


@listens_to(TenantSynced)
def take_over_contents(event: TenantSynced) -> None:
    """Bring the news and pages of the tenant's folder into the database.

    Idempotent. What the committee changed in its office stays as it is and is reported: a row follows the folder
    only while it still says what the folder said last.
    """
    known = {(row.kind, row.key): row for row in session().scalars(select(Content))}
    for page in event.package.pages:
        row = known.get((PAGE, page.slug))
        _follow(event, row, _Said("trang", PAGE, page.slug, UNDATED, _of_page(page)))
    for news in event.package.news:
        row = known.get((NEWS, news.slug)) or known.get((HIDDEN_NEWS, news.slug))
        _follow(event, row, _Said("tin", NEWS, news.slug, start_of(news.on), _of_news(news)))
    session().flush()


def save_news(key: str | None, draft: NewsDraft, *, edition: str, actor: Actor, now: datetime) -> str:
    """Store a news item (`key` None: a new one) and return its key.

    Raises NotFound when there is none of that name. The HTML is made and cleaned here, once.
    """
    if not draft.title.get("vi", "").strip() or not draft.body.get("vi", "").strip():
        raise Invalid.one("body_vi", _("Nhập tiêu đề và nội dung bằng tiếng Việt."))
    is_new = key is None
    if key is None:
        key = _free_key(draft.title["vi"])
        row = Content(kind=NEWS, key=key, title={}, body={}, html={}, at=UNDATED, data={"edition": edition})
        session().add(row)
    else:
        row = content_row(key, NEWS, HIDDEN_NEWS)
    row.kind = HIDDEN_NEWS if draft.is_hidden else NEWS
    row.title = dict(draft.title)
    row.body = dict(draft.body)
    row.html = html_of(draft.body)
    row.at = start_of(draft.on)
    row.data = {**row.data, "on": draft.on.isoformat(), "month_only": False}
    session().flush()
    audit.append(
        "news.added" if is_new else "news.changed",
        key,
        {"title": row.title["vi"], "on": draft.on.isoformat(), "hidden": draft.is_hidden},
        actor=actor,
        now=now,
    )
    touch_public()
    return key


def _follow(event: TenantSynced, row: Content | None, said: _Said) -> None:
    """Let the row say what the folder says now, unless the office has changed it since the last time."""
    words = said.words
    if row is None:
        session().add(
            Content(
                kind=said.kind, key=said.key, at=said.at, html=html_of(words["body"]), synced=words, **words
            )
        )
        event.counts[said.noun] = event.counts.get(said.noun, 0) + 1
        return
    held = {"title": row.title, "body": row.body, "data": row.data}
    if held not in (words, row.synced):
        event.differences.append(f"{event.tenant.slug}.{said.kind}.{said.key}: giữ bản văn phòng đã sửa")
    elif held != words:
        row.title, row.body, row.data = words["title"], words["body"], words["data"]
        row.html, row.at = html_of(words["body"]), said.at
        event.counts[said.noun] = event.counts.get(said.noun, 0) + 1
    row.synced = words


def _of_page(page: PagePackage) -> dict[str, Any]:
    return {"title": _words(page.title), "body": _words(page.body), "data": {"order": page.order}}


def _of_news(news: NewsPackage) -> dict[str, Any]:
    data = {
        "on": news.on.isoformat(),
        "month_only": news.month_only,
        "edition": news.edition,
        "source": _words(news.source),
    }
    return {"title": _words(news.title), "body": _words(news.body), "data": data}


def _words(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}


def _free_key(title: str) -> str:
    base = slug(title)[:70].strip("-") or "tin"
    taken = set(session().scalars(select(Content.key).where(Content.key.startswith(base))))
    if base not in taken:
        return base
    return next(f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken)
