"""What the home page says: where the contest stands, the one thing to do now, its figures."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from core.contests.models import Unit
from core.contests.unit_words import kind_word
from core.contests.values import EditionView, PhaseKind, PhaseView
from core.entries.models import Entry
from core.entries.queries import Card, newest_cards
from core.entries.states import State
from core.kernel import charts, formats
from core.kernel.clock import local
from core.kernel.db import session
from core.kernel.i18n import locale
from core.plugin_api import Terms, Text
from core.publishing.queries import NewsView, published_news

SHOWN_CARDS = 6
CARD_POOL = 36


@dataclass(frozen=True, slots=True)
class Doing:
    """The phase that matters now and the one thing to do in it; `left` is empty when nothing runs."""

    phase: str
    when: str
    left: str
    closes_iso: str
    label: str
    href: str
    icon: str
    text: str
    also_label: str
    also_href: str


@dataclass(frozen=True, slots=True)
class _Deed:
    """Something to do: the words of its button, where it leads, an icon, and a sentence about it."""

    label: str
    endpoint: str
    icon: str
    text: str


@dataclass(frozen=True, slots=True)
class HowTo:
    """One of the three steps: its picture (a template of pictures/), words, and where to read more."""

    picture: str
    title: str
    text: str
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is: entries, units, and the two distributions as charts with their sentences."""

    entries: int
    entries_label: str
    units: int
    fields: int
    field_rows: tuple[charts.Bar, ...]
    field_sentence: str
    unit_rows: tuple[charts.Part, ...]
    unit_sentence: str


@dataclass(frozen=True, slots=True)
class HomeView:
    """All that the home page shows besides the edition itself."""

    doing: Doing
    steps: tuple[HowTo, ...]
    cards: tuple[Card, ...]
    field_names: dict[str, str]
    figures: Figures | None
    news: tuple[NewsView, ...]
    others: tuple[dict[str, Any], ...]


def home_view(
    edition: EditionView, editions: Sequence[EditionView], now: datetime, *, is_published: bool
) -> HomeView:
    """The home page of `edition` at `now`. Eight queries, whatever the number of entries and news."""
    terms, language = edition.rules.terms(), locale()
    names = {field.key: field.name.in_(language) for field in edition.rules.entry_fields()}
    return HomeView(
        doing=what_to_do(edition, terms, now, is_published=is_published),
        steps=three_steps(edition, terms),
        cards=cards_of_the_day(newest_cards(edition, CARD_POOL), now),
        field_names=names,
        figures=figures(edition, terms, names),
        news=tuple(published_news(now, limit=3)),
        others=tuple(
            {
                "label": other.short_name,
                "href": url_for("publishing.home", ky=other.key),
                "on": other.key == edition.key,
            }
            for other in editions
        ),
    )


def cards_of_the_day(cards: Sequence[Card], now: datetime) -> tuple[Card, ...]:
    """Some of the newest entries in an order that changes every day and favours nobody."""
    day = local(now).date().isoformat()
    drawn = sorted(cards, key=lambda card: hashlib.sha256(f"{day}:{card.code}".encode()).digest())
    return tuple(drawn[:SHOWN_CARDS])


def what_to_do(edition: EditionView, terms: Terms, now: datetime, *, is_published: bool) -> Doing:
    """The phase that a visitor should know of at `now`, and what to do in it."""
    language = locale()
    entries = terms.entries_lower.in_(language)
    look = _Deed(
        _("Xem bài dự thi"),
        "gallery.index",
        "grid",
        _("Các %(entries)s đã đăng tải vẫn mở để mọi người xem.", entries=entries),
    )
    if is_published:
        deed = _Deed(
            _("Xem kết quả"),
            "results.index",
            "trophy",
            _("Mỗi kết quả kèm cách tính từng bước và gói dữ liệu để ai cũng tính lại được."),
        )
        return _doing(deed, _("Kết quả đã công bố"))
    for kind, deed in _deeds(terms, look).items():
        phase = edition.phase(kind)
        if phase is not None and phase.is_open(now):
            return _doing(deed, phase.name.in_(language), phase=phase, now=now)
    coming = next((phase for phase in edition.phases if now < phase.opens_at), None)
    if coming is None:
        return _doing(look, _("Đã qua các mốc thời gian"))
    deed = _Deed(
        _("Đọc thể lệ"), "publishing.rules", "book", _("Bạn xem trước điều kiện, tiêu chí và mốc thời gian.")
    )
    when = _("từ %(when)s", when=formats.date_long(coming.opens_at, language))
    return _doing(deed, _("Sắp tới: %(phase)s", phase=coming.name.in_(language)), when=when)


def _deeds(terms: Terms, look: _Deed) -> dict[PhaseKind, _Deed]:
    """What to do in each phase; where several run, the first named matters most."""
    language = locale()
    jury, committee = terms.jury.in_(language), terms.committee.in_(language)
    return {
        PhaseKind.VOTING: _Deed(
            _("Bình chọn"),
            "voting.index",
            "hand-thumbs-up",
            _("Mỗi tài khoản bình chọn một lần cho một bài dự thi. Lượt của bạn được tính vào kết quả."),
        ),
        PhaseKind.SUBMISSION: _Deed(
            _("Lập hồ sơ dự thi"),
            "entries.index",
            "file-earmark-arrow-up",
            _("Bạn lưu nháp được và sửa đến khi nộp. Nộp xong nhận ngay mã hồ sơ và biên nhận."),
        ),
        PhaseKind.JUDGING: replace(look, text=_("%(jury)s đang chấm độc lập. ", jury=jury) + look.text),
        PhaseKind.SCREENING: _Deed(
            _("Theo dõi hồ sơ của tôi"),
            "entries.index",
            "clipboard-check",
            _(
                "%(committee)s đang kiểm tra hồ sơ. Nếu cần bổ sung, bạn nhận được lý do và thời hạn.",
                committee=committee,
            ),
        ),
        PhaseKind.RESULTS: replace(
            look,
            text=_(
                "%(committee)s đang xét giải. Kết quả được công bố tại trang này cùng cách tính từng bước.",
                committee=committee,
            ),
        ),
    }


def _doing(
    deed: _Deed,
    title: str,
    *,
    phase: PhaseView | None = None,
    now: datetime | None = None,
    when: str = "",
) -> Doing:
    language = locale()
    reads_rules = deed.endpoint == "publishing.rules"
    return Doing(
        phase=title,
        when=formats.deadline_long(phase.closes_at, language) if phase else when,
        left=formats.left(phase.closes_at, now, language) if phase and now else "",
        closes_iso=phase.closes_at.isoformat() if phase else "",
        label=deed.label,
        href=url_for(deed.endpoint),
        icon=deed.icon,
        text=deed.text,
        also_label=_("Giới thiệu") if reads_rules else _("Đọc thể lệ"),
        also_href=url_for("publishing.page", key="gioi-thieu")
        if reads_rules
        else url_for("publishing.rules"),
    )


def three_steps(edition: EditionView, terms: Terms) -> tuple[HowTo, ...]:
    """How the contest goes, in three steps, in its own words."""
    language = locale()
    jury, entry = terms.jury.in_(language), terms.entry.in_(language)
    if edition.rules.vote_policy().enabled:
        second = HowTo(
            "vote",
            _("Cộng đồng bình chọn, hội đồng chấm"),
            _(
                "Hồ sơ hợp lệ được đăng tải để mọi người bình chọn. %(jury)s chấm độc lập theo tiêu chí.",
                jury=jury,
            ),
            url_for("publishing.rules") + "#tieu-chi",
            _("Xem tiêu chí và công thức"),
        )
    else:
        second = HowTo(
            "judge",
            _("Hội đồng chấm"),
            _("%(jury)s chấm độc lập theo tiêu chí; mỗi phiếu đã khóa thì không sửa được.", jury=jury),
            url_for("publishing.rules") + "#tieu-chi",
            _("Xem tiêu chí chấm"),
        )
    return (
        HowTo(
            "dossier",
            _("Lập và nộp hồ sơ"),
            _(
                "Mô tả %(entry)s, nêu hiệu quả, đính kèm minh chứng. Hồ sơ nộp trực tuyến, có biên nhận.",
                entry=entry,
            ),
            url_for("publishing.page", key="huong-dan-du-thi"),
            _("Xem hướng dẫn dự thi"),
        ),
        second,
        HowTo(
            "board",
            _("Công bố và kiểm chứng"),
            _("Kết quả công bố kèm từng bước tính. Ai cũng tải được gói dữ liệu và tự tính lại."),
            url_for("results.index"),
            _("Xem mục kết quả"),
        ),
    )


def figures(edition: EditionView, terms: Terms, field_names: dict[str, str]) -> Figures | None:
    """Entries, units and fields of an edition; None while there is nothing to count. Two queries.

    Counts what is in the gallery; before the first publication, what was handed in.
    """
    language = locale()
    ask = select(Entry.field, Entry.published_at.is_not(None), func.count())
    ask = ask.where(Entry.edition_id == edition.id, Entry.state.in_((State.SUBMITTED, State.ACCEPTED)))
    rows = list(session().execute(ask.group_by(Entry.field, Entry.published_at.is_not(None))))
    if not rows:
        return None
    is_open = any(row[1] for row in rows)
    counted = [(row[0], row[2]) for row in rows if row[1] or not is_open]
    total = sum(number for _field, number in counted)
    by_field = dict.fromkeys(field_names, 0)
    for key, number in counted:
        if key in by_field:
            by_field[key] += number
    kinds = _units_by_kind(edition, published=is_open)
    units = sum(number for _kind, number in kinds)
    entries = terms.entries_lower.in_(language)
    top = max(by_field.items(), key=lambda item: item[1], default=None)
    return Figures(
        entries=total,
        entries_label=_("%(entries)s đã đăng tải", entries=entries) if is_open else _("hồ sơ đã nộp"),
        units=units,
        fields=sum(1 for number in by_field.values() if number),
        field_rows=charts.bars(
            [(field_names[key], number, formats.number(number, language)) for key, number in by_field.items()]
        ),
        field_sentence=_(
            "Nhiều nhất là lĩnh vực %(field)s: %(number)s %(entries)s.",
            field=field_names[top[0]],
            number=formats.number(top[1], language),
            entries=entries,
        )
        if top
        else "",
        unit_rows=charts.parts(
            [
                (kind_word(kind).in_(language), number, formats.number(number, language))
                for kind, number in kinds
            ]
        ),
        unit_sentence=_(
            "%(units)s đơn vị có %(entries)s dự thi.", units=formats.number(units, language), entries=entries
        ),
    )


def _units_by_kind(edition: EditionView, *, published: bool) -> list[tuple[str, int]]:
    ask = select(Unit.kind, func.count(Unit.id.distinct())).join(Entry, Entry.unit_id == Unit.id)
    ask = ask.where(Entry.edition_id == edition.id, Entry.state.in_((State.SUBMITTED, State.ACCEPTED)))
    if published:
        ask = ask.where(Entry.published_at.is_not(None))
    rows = [(str(row[0]), int(row[1])) for row in session().execute(ask.group_by(Unit.kind))]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def lead_of(edition: EditionView) -> Text | None:
    """The one sentence that says what the contest is, if its tenant wrote one."""
    lead = edition.notes.get("lead")
    return Text(lead["vi"], lead.get("en", "")) if lead else None
