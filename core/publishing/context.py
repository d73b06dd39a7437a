"""What every page is given: the tenant, the edition and its phases, the menu, the reader, the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for
from flask_babel import gettext as _

from core.contests.values import EditionView
from core.kernel import formats
from core.kernel.actor import Role
from core.kernel.clock import real_now
from core.kernel.i18n import N_, locale
from core.kernel.web import Access, declared
from core.tenancy.profile import TenantView, tenant_view

ROLE_HOMES = (
    (Role.COMMITTEE, "office.index", N_("Văn phòng Ban Tổ chức")),
    (Role.JUDGE, "desk.index", N_("Bàn chấm điểm")),
    (Role.UNIT, "unit.index", N_("Trang của đơn vị")),
)


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of a menu."""

    label: str
    href: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseState:
    """A phase as the phase bar shows it at the reader's time."""

    kind: str
    label: str
    state: str
    opens_text: str
    closes_text: str
    closes_iso: str
    left_text: str


def init_context(app: Flask) -> None:
    """Give every template of `app` what the bases use."""

    @app.context_processor
    def context() -> dict[str, Any]:
        tenant = g.get("tenant")
        common = {"locale": locale(), "path_with": path_with}
        if tenant is None:
            return {**common, "tenant": None, "edition": None, "phases": [], "nav": [], "account": None,
                    "demo": None}  # fmt: skip
        edition: EditionView | None = g.get("edition")
        now = instant()
        return {
            **common,
            "tenant": current_tenant_view(),
            "edition": edition,
            "terms": edition.rules.terms() if edition else None,
            "phases": phase_states(edition, now) if edition else [],
            "nav": menu(app, edition),
            "account": reader(),
            "now_text": formats.datetime_(now, locale()),
            "now_iso": now.isoformat(),
            "demo": demonstration(app, edition),
            "links": {
                "sign_in": url_for("people.sign_in", next=request.full_path.rstrip("?")),
                "help": url_for("publishing.page", key="huong-dan-du-thi"),
                "privacy": url_for("publishing.page", key="du-lieu-ca-nhan"),
                "accessibility": url_for("publishing.page", key="ho-tro-tiep-can"),
            },
        }


def instant() -> datetime:
    """The time of this request; the real one when it was refused before its edition was known."""
    known: datetime | None = g.get("now")
    return known if known is not None else real_now()


def current_tenant_view() -> TenantView:
    """The request's tenant as pages show it."""
    if "tenant_view" not in g:
        g.tenant_view = tenant_view(g.tenant)
    view: TenantView = g.tenant_view
    return view


def phase_states(edition: EditionView, now: datetime) -> list[PhaseState]:
    """The edition's phases, each past, now or next at `now`, with its dates in words."""
    language = locale()
    return [
        PhaseState(
            kind=str(phase.kind),
            label=phase.name.in_(language),
            state="now" if phase.is_open(now) else ("next" if now < phase.opens_at else "past"),
            opens_text=formats.date(phase.opens_at, language),
            closes_text=formats.deadline(phase.closes_at, language),
            closes_iso=phase.closes_at.isoformat(),
            left_text=formats.left(phase.closes_at, now, language) if phase.is_open(now) else "",
        )
        for phase in edition.phases
    ]


def menu(app: Flask, edition: EditionView | None) -> list[MenuItem]:
    """The menu of the place the request is in: the public site, or the committee's office.

    A plugin's page says in `g.place` whose place it is; a view of the core has declared it.
    """
    access = g.get("place") or (declared(app, request.endpoint) if request.endpoint else None)
    has_vote = edition is not None and edition.rules.vote_policy().enabled
    if access is Access.COMMITTEE:
        return _items(
            ("office.index", _("Việc cần làm")),
            ("office.news", _("Tin tức")),
            ("entries_office.index", _("Hồ sơ")),
            ("intake.index", _("Bản giấy")),
            *((("voting_office.index", _("Bình chọn")),) if has_vote else ()),
            ("judging_office.index", _("Chấm điểm")),
            ("results_office.index", _("Kết quả")),
            ("outreach_office.index", _("Đơn vị")),
            ("contests_office.index", _("Kỳ thi")),
            ("people_office.index", _("Tài khoản")),
            ("messages_office.index", _("Thư từ")),
            ("privacy_office.index", _("Dữ liệu cá nhân")),
        )
    items = _items(
        ("publishing.home", _("Trang chủ")),
        ("publishing.rules", _("Thể lệ")),
        ("gallery.index", _("Bài dự thi")),
        ("entries.index", _("Nộp hồ sơ")),
        *((("voting.index", _("Bình chọn")),) if has_vote else ()),
        ("results.index", _("Kết quả")),
        ("publishing.news", _("Tin tức")),
        ("publishing.documents", _("Tài liệu")),
    )
    if edition is None:
        return items
    language = locale()
    extra = [
        MenuItem(item.label.in_(language), item.href, request.path == item.href)
        for item in edition.rules.navigation()
    ]
    known = {item.href for item in items}
    return [*items, *(item for item in extra if item.href not in known)]


def _items(*pairs: tuple[str, str]) -> list[MenuItem]:
    blueprint = request.blueprint
    found = []
    for endpoint, label in pairs:
        own = request.endpoint == endpoint
        room = endpoint.split(".")[0] == blueprint and blueprint not in ("publishing", "office")
        found.append(MenuItem(label, url_for(endpoint), own or room))
    return found if any(item.current for item in found) else [_by_address(item) for item in found]


def _by_address(item: MenuItem) -> MenuItem:
    """The item, current when the page lies below its address: pages of a smaller room, such as the authors of a
    dossier. What everything lies below, "/" and "/btc/", is not.
    """
    place = item.href.rstrip("/")
    is_above = place not in ("", "/btc") and request.path.startswith(f"{place}/")
    return replace(item, current=is_above)


def reader() -> dict[str, Any] | None:
    """The signed-in reader: name, initials, roles in words and the places those roles lead to."""
    account = g.get("account")
    if account is None:
        return None
    homes = [(role, endpoint, label) for role, endpoint, label in ROLE_HOMES if g.actor.is_(role)]
    links = [
        {"label": _("Hồ sơ của tôi"), "href": url_for("entries.index")},
        {"label": _("Thư và lịch của tôi"), "href": url_for("my_letters.index")},
    ]
    links += [{"label": _(label), "href": url_for(endpoint)} for _role, endpoint, label in homes]
    return {
        "name": account.name,
        "initials": account.initials,
        "roles": [role_word(role) for role, _endpoint, _label in homes],
        "links": links,
    }


def role_word(role: Role) -> str:
    """A role as people read it."""
    words: dict[Role, str] = {
        Role.COMMITTEE: _("Ban Tổ chức"),
        Role.JUDGE: _("Giám khảo"),
        Role.UNIT: _("Đơn vị"),
    }
    return words[role]


def demonstration(app: Flask, edition: EditionView | None) -> dict[str, Any] | None:
    """The demonstration's banner: what its clock shows and where it can be moved; None in production."""
    if edition is None or not app.config["BANGVANG"].is_demonstration:
        return None
    return {
        "now_text": formats.datetime_(instant(), locale()),
        "move_url": url_for("clock.show", next=request.full_path.rstrip("?")),
    }


def path_with(**changes: str) -> str:
    """The present address with some of its query changed."""
    query = request.args.to_dict() | changes
    return f"{request.path}?{urlencode(query)}" if query else request.path
