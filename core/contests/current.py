"""Which edition a request is about, and the time on that edition's clock.

An address has no edition in it: `?ky=<key>` chooses one and a cookie remembers it; else the tenant's current one.
A view that finds a thing of another edition enters that edition (`enter_edition`).
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_babel import gettext as _

from core.contests.queries import editions
from core.contests.values import EditionView
from core.kernel.clock import real_now
from core.kernel.errors import NotFound
from core.kernel.held import Held
from core.plugin_host import PluginUnavailable, SettingsInvalid

COOKIE = "ky"
_editions: Held[tuple[EditionView, ...]] = Held()


def init_editions(app: Flask) -> None:
    """Choose the edition of each request of `app` and remember a choice made in the address."""
    app.before_request(choose_edition)
    app.after_request(_remember)


def choose_edition() -> None:
    """Set `g.editions`, `g.edition` (None when the tenant has none yet) and `g.now`."""
    g.editions, g.edition, g.now = (), None, real_now()
    if g.get("tenant") is None:
        return
    g.editions = _editions.get(g.tenant.id, g.tenant.version, _read_editions)
    if not g.editions:
        return
    by_key = {edition.key: edition for edition in g.editions}
    asked = request.args.get("ky")
    if asked is not None and asked not in by_key:
        raise NotFound(_("Không có kỳ thi này."))
    wanted = asked or request.cookies.get(COOKIE) or g.tenant.profile.get("current_edition")
    enter_edition(by_key.get(wanted or "", g.editions[0]))


def _read_editions() -> tuple[EditionView, ...]:
    """The tenant's editions; raises PluginUnavailable when the rules of one cannot be asked, and nothing is held."""
    try:
        return tuple(editions(g.tenant.slug, g.tenant.profile))
    except SettingsInvalid as error:
        # What is stored was valid when it was stored: the plugin has changed under it.
        raise PluginUnavailable(error.message) from error


def enter_edition(edition: EditionView) -> None:
    """Make `edition` the one this request is about, and its clock the request's time."""
    g.edition = edition
    g.now = edition.now()


def current_edition() -> EditionView:
    """The edition of this request; raises NotFound when the tenant has none."""
    edition: EditionView | None = g.get("edition")
    if edition is None:
        raise NotFound(_("Chưa có kỳ thi nào được mở."))
    return edition


def edition_of(edition_id: object) -> EditionView:
    """The edition with this id among the tenant's; the request enters it."""
    for edition in g.editions:
        if edition.id == edition_id:
            if g.edition is not edition:
                enter_edition(edition)
            return edition  # type: ignore[no-any-return]
    raise NotFound(_("Không có kỳ thi này."))


def _remember(response: Response) -> Response:
    asked = request.args.get("ky")
    if asked and g.get("edition") is not None and asked == g.edition.key:
        response.set_cookie(COOKIE, asked, max_age=30 * 86400, samesite="Lax", httponly=True)
    return response
