"""The operator's page of one edition's plugins: which run, and in which order."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from core.contests.enabling import set_plugins
from core.contests.models import Edition
from core.contests.queries import words
from core.kernel.clock import real_now
from core.kernel.db import session, tenant_scope
from core.kernel.errors import Invalid, NotFound
from core.kernel.uow import unit_of_work
from core.kernel.web import Access, allows, current_actor
from core.plugin_api import Text
from core.plugin_host import installed_plugins
from core.publishing import operators

blueprint = Blueprint("console_plugins", __name__, url_prefix="/quan-tri")

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class PluginChoice:
    """An installed plugin in the form: `place` is what was typed or is so now, "" where it is off."""

    name: str
    title: Text | None
    version: str
    requires: tuple[str, ...]
    error: str | None
    place: str


@dataclass(frozen=True, slots=True)
class EditionPlugins:
    """An edition with the list it runs on."""

    key: str
    name: Text
    names: tuple[str, ...]
    is_frozen: bool


@blueprint.get("/<slug>/plugin/<key>")
@allows(Access.OPERATOR, platform=True)
def edit(slug: str, key: str) -> Answer:
    """The form: a place in the order for each plugin that is to run."""
    found = _edition(slug, key)
    places = {name: str(place) for place, name in enumerate(found.names, 1)}
    return _page(slug, found, places, "", {})


@blueprint.post("/<slug>/plugin/<key>")
@allows(Access.OPERATOR, platform=True)
def send(slug: str, key: str) -> Answer:
    """Store the list."""
    found = _edition(slug, key)
    typed = {name: request.form.get(f"place-{name}", "").strip() for name in _offered(found)}
    reason = request.form.get("reason", "")
    try:
        names = _in_order(typed)
        with tenant_scope(operators.tenant_named(slug).id), unit_of_work():
            is_new = set_plugins(key, names, reason=reason, actor=current_actor(), now=real_now())
    except Invalid as error:
        return _page(slug, found, typed, reason, error.errors), 422
    words_ = _("Đã đổi danh sách plugin của kỳ này.") if is_new else _("Danh sách không có gì thay đổi.")
    flash(words_, "success")
    return redirect(url_for("console.tenant", slug=slug))


def _edition(slug: str, key: str) -> EditionPlugins:
    with tenant_scope(operators.tenant_named(slug).id):
        row = session().scalars(select(Edition).where(Edition.key == key)).first()
        if row is None:
            raise NotFound(_("Không có kỳ thi này."))
        return EditionPlugins(key, words(row.name), tuple(row.plugins), row.frozen is not None)


def _offered(edition: EditionPlugins) -> list[str]:
    """What is installed, and what the edition names although it is not."""
    return sorted({one.name for one in installed_plugins()} | set(edition.names))


def _in_order(typed: dict[str, str]) -> list[str]:
    """The names by their places. Invalid at `place-<name>` for what is no place, or one taken twice."""
    taken: dict[int, str] = {}
    errors: dict[str, list[str]] = {}
    for name, place in typed.items():
        if not place:
            continue
        if not place.isascii() or not place.isdecimal() or not 1 <= int(place[:4]) <= 99 or len(place) > 2:
            errors[f"place-{name}"] = [_("Viết một số thứ tự từ 1 đến 99, hoặc để trống để tắt.")]
        elif int(place) in taken:
            other = taken[int(place)]
            errors[f"place-{name}"] = [_("Số thứ tự này đã dùng cho %(other)s.", other=other)]
        else:
            taken[int(place)] = name
    if errors:
        raise Invalid(errors)
    return [taken[place] for place in sorted(taken)]


def _page(
    slug: str,
    edition: EditionPlugins,
    places: dict[str, str],
    reason: str,
    errors: dict[str, list[str]],
) -> str:
    installed = {one.name: one for one in installed_plugins()}
    choices = []
    for name in _offered(edition):
        one = installed.get(name)
        info = one.info if one is not None else None
        choices.append(
            PluginChoice(
                name,
                info.title if info else None,
                info.version if info else "–",
                info.requires if info else (),
                _("chưa được cài đặt") if one is None else one.error,
                places.get(name, ""),
            )
        )
    choices.sort(
        key=lambda one: (edition.names.index(one.name) if one.name in edition.names else 99, one.name)
    )
    return render_template(
        "platform/plugins.html", slug=slug, edition=edition, choices=choices, reason=reason, errors=errors
    )
