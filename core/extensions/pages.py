"""The pages of plugins under `/p/<plugin>/`: one view finds the plugin and its page, asks it, and answers.

A plugin that the edition does not have has no pages here: the answer is that of any unknown address. Who may open a
page is what the page declares, held as for the core's own views. What a page's view stores is stored by the request's
unit of work: after a POST with a good answer, else undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import structlog
from flask import Blueprint, Response, flash, g, redirect, request, url_for
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import InternalServerError, NotFound
from werkzeug.routing import MapAdapter
from werkzeug.wrappers import Response as BaseResponse

from core.contests.current import current_edition
from core.extensions.jobs import queue_of
from core.extensions.persons import person_ref
from core.extensions.tables import stores_of
from core.extensions.templates import render_page
from core.kernel import uow
from core.kernel.i18n import locale
from core.kernel.web import Access, admit, allows, now
from core.plugin_api import (
    Download,
    Missing,
    Page,
    PageAnswer,
    PageRequest,
    Person,
    Plugin,
    Redirect,
    Rendered,
)
from core.plugin_host import address_map, default_host
from core.plugin_host.guard import FAILURES

blueprint = Blueprint("extensions", __name__, url_prefix="/p")
log = structlog.get_logger(__name__)

# What the platform reads of an address or form itself, and a page is not told.
_OWN_NAMES = {"ky", "lang", "csrf_token"}
_FRAMES = {Access.COMMITTEE: "office.html", Access.JUDGE: "desk.html"}


@blueprint.route("/<plugin>/", defaults={"rest": ""}, methods=["GET", "POST"])
@blueprint.route("/<plugin>/<path:rest>", methods=["GET", "POST"])
@allows(Access.PUBLIC)
def page(plugin: str, rest: str) -> BaseResponse:
    """A page of a plugin that the edition has; who may open it is the page's own word, asked here."""
    found = _enabled(plugin)
    chosen, parts = _match(found, rest)
    g.place = Access(str(chosen.access))
    refusal = admit(g.place)
    if refusal is not None:
        return refusal
    asked = _asked(found, parts)
    try:
        return _answer(found, chosen, asked, chosen.view(asked))
    except (NotFound, OperationalError):
        raise
    except FAILURES as error:
        # Whatever a plugin does, its page alone is lost; what it had stored so far is undone before anything else.
        uow.rollback()
        log.error(
            "plugin_page_failed",
            plugin=plugin,
            page=chosen.path,
            tenant=g.tenant.slug,
            edition=g.edition.key,
            exc_info=error,
        )
        raise InternalServerError from error


def _enabled(name: str) -> Plugin:
    """The plugin `name` if the edition of this request has it; else NotFound, as any address that does not exist."""
    edition = g.get("edition")
    if edition is None or name not in {ref.name for ref in edition.values.plugins}:
        raise NotFound
    return default_host().plugin(name)


def _addresses(plugin: Plugin) -> MapAdapter:
    return address_map(plugin.pages).bind("plugin.invalid")


def _match(plugin: Plugin, rest: str) -> tuple[Page, Mapping[str, str]]:
    endpoint, parts = _addresses(plugin).match(f"/{rest}", request.method)
    return plugin.pages[int(endpoint)], {name: str(value) for name, value in parts.items()}


def _asked(plugin: Plugin, parts: Mapping[str, str]) -> PageRequest:
    return PageRequest(
        edition=current_edition().values,
        now=now(),
        locale=locale(),
        method="GET" if request.method == "HEAD" else request.method,
        path=MappingProxyType(dict(parts)),
        query=_sent(request.args.to_dict()),
        form=_sent(request.form.to_dict()) if request.method == "POST" else MappingProxyType({}),
        person=_person(plugin),
        tables=stores_of(plugin),
        jobs=queue_of(plugin),
    )


def _sent(values: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name: value for name, value in values.items() if name not in _OWN_NAMES})


def _person(plugin: Plugin) -> Person | None:
    """Who asks, under a name that only this plugin in this tenant knows the account by."""
    actor = g.get("actor")
    if actor is None:
        return None
    return Person(person_ref(plugin, actor.id), actor.name, frozenset(str(role) for role in actor.roles))


def _answer(plugin: Plugin, chosen: Page, asked: PageRequest, answer: PageAnswer) -> BaseResponse:
    if isinstance(answer, Rendered):
        return Response(_rendered(plugin, chosen, asked, answer), answer.status)
    if isinstance(answer, Redirect):
        address = _address_of(plugin, answer.path)
        if answer.notice is not None:
            flash(answer.notice.in_(asked.locale), "success")
        return redirect(address, 303)
    if isinstance(answer, Download):
        return _file(answer)
    if isinstance(answer, Missing):
        raise NotFound
    raise TypeError(f"a page gave {type(answer).__name__} instead of Rendered, Redirect, Download or Missing")


def _rendered(plugin: Plugin, chosen: Page, asked: PageRequest, answer: Rendered) -> str:
    given: dict[str, Any] = {
        "edition": asked.edition,
        "locale": asked.locale,
        "now": asked.now,
        "page_title": chosen.title.in_(asked.locale),
        "page_url": lambda path="": _address_of(plugin, path),
        "person": asked.person,
    }
    frame = _FRAMES.get(Access(str(chosen.access)), "base.html")
    return render_page(plugin, answer.template, answer.values, given=given, frame=frame)


def _address_of(plugin: Plugin, path: str) -> str:
    """The address of a page of the plugin, perhaps with a query; ValueError when the plugin has none there."""
    place, _mark, query = path.partition("?")
    addresses = _addresses(plugin)
    if not any(addresses.test(f"/{place}", method) for method in ("GET", "POST")):
        raise ValueError(f"the plugin has no page {place!r} to send a reader to")
    address = url_for("extensions.page", plugin=plugin.info.name, rest=place)
    return f"{address}?{urlencode(parse_qsl(query))}" if query else address


def _file(answer: Download) -> Response:
    response = Response(answer.content, mimetype=answer.media_type)
    name = quote(answer.name.replace("/", "_"), safe="")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
