"""Judging without a network: the installable desk, its worker, and what a device asks for to carry a batch.

The worker's scope is `/cham-thi/`; it keeps the empty page and the static files, nothing of a person. What is of a
dossier goes to the device as JSON and is encrypted there (`core/static/js/offline/`). Changes come back by the desk's
own address for one change of a sheet.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, jsonify, render_template, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from core.contests.current import current_edition
from core.contests.values import EditionView, PhaseKind
from core.entries.downloads import sent_file, sent_picture
from core.entries.events import DossierOpened
from core.entries.models import Entry
from core.judging.errors import PledgeNeeded
from core.judging.offline_package import (
    Load,
    ShownFile,
    batch,
    expires_at,
    load_of,
    note_taken,
    owner_of,
    package,
    require_takeable,
    shown_file,
)
from core.judging.policies import access_judge, access_sheet, require_pledge, round_of
from core.judging.queries import desk_queue
from core.judging.values import JudgeView
from core.kernel.actor import Role
from core.kernel.db import session
from core.kernel.errors import DomainError, NotFound
from core.kernel.events import emit
from core.kernel.i18n import locale
from core.kernel.static import static_url
from core.kernel.web import Access, allows, current_actor, now
from core.plugin_api import Round
from core.tenancy.profile import tenant_view, text_of

blueprint = Blueprint("offline", __name__, url_prefix="/cham-thi")
View = TypeVar("View", bound=Callable[..., Any])

_FRAME = ("css/bangvang.css", "vendor/bootstrap/bootstrap.min.css", "svg/icons.svg")
_WORDS = ("offline/shell.html", "skeleton.html")
_SIZES = (192, 512)
_PAPER = "#fffdf8"


def told_in_json(view: View) -> View:
    """Answer the refusals of a view in JSON: `message`, and the `state` that the device tells apart."""

    @wraps(view)
    def answer(*arguments: Any, **names: Any) -> Any:
        try:
            return view(*arguments, **names)
        except DomainError as refused:
            state = "pledge" if isinstance(refused, PledgeNeeded) else refused.kind
            return jsonify(message=refused.message, state=state), refused.status

    return cast("View", answer)


@blueprint.get("/sw.js")
@allows(Access.PUBLIC)
def worker() -> Response:
    """The worker of `/cham-thi/`. Its text changes with every file that it keeps; where the installation does not
    offer the desk without a network, it is one that clears its files and takes itself away."""
    if _days() is None:
        script = f'importScripts("{static_url("js/offline/retire.js")}");\n'
    else:
        kept = json.dumps({"version": _version(), "shell": url_for("offline.shell"), "assets": _assets()})
        script = f'const BATCH = {kept};\nimportScripts("{static_url("js/offline/worker.js")}");\n'
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/cham-thi/"
    return response


@blueprint.get("/ung-dung.webmanifest")
@allows(Access.PUBLIC)
def manifest() -> Response:
    """The desk as an application of the tenant's name and colour."""
    profile = g.tenant.profile
    language = locale()
    name = text_of(profile.get("short_name")).in_(language)
    icons = [
        {"src": static_url(f"png/desk-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in _SIZES
    ]
    masked = {**icons[-1], "src": static_url("png/desk-maskable-512.png"), "purpose": "maskable"}
    body = {
        "id": "/cham-thi/",
        "name": _("Bàn chấm · %(name)s", name=name),
        "short_name": _("Bàn chấm"),
        "lang": language,
        "start_url": url_for("offline.shell"),
        "scope": "/cham-thi/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": (profile.get("light") or {}).get("accent", "#1f6f43"),
        "icons": [*icons, masked],
    }
    response = Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/ngoai-tuyen")
@allows(Access.PUBLIC)
def shell() -> str:
    """The desk without a network: an empty page, the same for everybody; what it shows is on the device."""
    return render_template("offline/shell.html", is_offered=_days() is not None)


@blueprint.get("/ngoai-tuyen/toi.json")
@allows(Access.PUBLIC)
def who() -> Response:
    """Who is signed in here, as a device knows its owners, and the token of the sign-in; nobody: both are null."""
    actor = g.get("actor")
    if actor is None or actor.id is None:
        response = jsonify(owner=None, csrf_token=None)
    else:
        response = jsonify(owner=owner_of(actor.id), csrf_token=generate_csrf())
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/<round_key>/mang-theo")
@allows(Access.JUDGE)
def take(round_key: str) -> str:
    """Take the dossiers of a round onto this device: how many, how large, the code that locks them there."""
    days = _required_days()
    edition, judge, judging_round = _place(round_key)
    require_takeable(edition, judging_round, now())
    return render_template(
        "offline/take.html",
        judge=judge,
        judging_round=judging_round,
        load=_load(edition, judge, judging_round),
        owner=owner_of(judge.account_id),
        until=expires_at(edition, days),
        phase=edition.phase(PhaseKind.JUDGING),
    )


@blueprint.post("/<round_key>/mang-theo")
@allows(Access.JUDGE)
@told_in_json
def begin(round_key: str) -> Any:
    """Note in the log that the batch is taken, and give it."""
    days = _required_days()
    edition, judge, judging_round = _place(round_key)
    load = _load(edition, judge, judging_round)
    note_taken(edition, judging_round, load, actor=current_actor(), now=now())
    return _private(jsonify(batch(edition, judge, judging_round, days, now=now())))


@blueprint.get("/<round_key>/mang-theo/danh-sach")
@allows(Access.JUDGE)
@told_in_json
def listed(round_key: str) -> Any:
    """The batch as it stands now: what is no longer in it goes from the device."""
    edition, judge, judging_round = _place(round_key)
    return _private(jsonify(batch(edition, judge, judging_round, _days() or 0, now=now())))


@blueprint.get("/<round_key>/<code>/goi")
@allows(Access.JUDGE)
@told_in_json
def dossier(round_key: str, code: str) -> Any:
    """The package of one dossier, without the bytes of its files."""
    _required_days()
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    require_takeable(edition, place.round, now())
    return _private(jsonify(package(edition, place)))


@blueprint.get("/<round_key>/<code>/goi/<key>")
@allows(Access.JUDGE)
@told_in_json
def file(round_key: str, code: str, key: str) -> Any:
    """The content of a file of the package, whole or the range that is asked for."""
    found = _file(round_key, code, key)
    return sent_file(found.sha256, found.name, found.media_type, found.size)


@blueprint.get("/<round_key>/<code>/goi/<key>/anh")
@allows(Access.JUDGE)
@told_in_json
def picture(round_key: str, code: str, key: str) -> Any:
    """The small picture of a file of the package."""
    found = _file(round_key, code, key)
    if found.preview is None:
        raise NotFound(_("Tệp này chưa có ảnh xem trước."))
    return sent_picture(found.preview, public=False)


def _file(round_key: str, code: str, key: str) -> ShownFile:
    _required_days()
    edition = current_edition()
    place = access_sheet(edition, current_actor(), round_key, code)
    require_takeable(edition, place.round, now())
    found = shown_file(edition, place, key)
    entry = session().get_one(Entry, (session().tenant_id, place.entry_id))
    emit(DossierOpened(entry.id, entry.owner_id, current_actor().id, str(Role.JUDGE), "file"))
    return found


def _place(round_key: str) -> tuple[EditionView, JudgeView, Round]:
    edition = current_edition()
    judge = access_judge(edition, current_actor())
    judging_round = round_of(edition, round_key)
    require_pledge(edition, judge, judging_round)
    return edition, judge, judging_round


def _load(edition: EditionView, judge: JudgeView, judging_round: Round) -> Load:
    queue = desk_queue(edition, judge, judging_round)
    return load_of(judge, judging_round, (row.code for row in queue.rows if not row.is_done))


def _days() -> int | None:
    days: int | None = current_app.config["BANGVANG"].offline_days
    return days


def _required_days() -> int:
    days = _days()
    if days is None:
        raise NotFound(_("Hệ thống này không mở việc mang hồ sơ theo máy."))
    return days


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _assets() -> list[str]:
    """What the empty page needs to be shown, by address."""
    names: dict[str, str] = current_app.extensions["bangvang.static"]
    fonts = [name for name in names if name.startswith("vendor/fonts/")]
    scripts = [
        name
        for name in names
        if name.startswith("js/") and name not in ("js/offline/worker.js", "js/offline/retire.js")
    ]
    emblem = [url_for("publishing.emblem")] if g.tenant.profile.get("emblem") else []
    return [
        *(static_url(name) for name in sorted((*_FRAME, *fonts, *scripts))),
        url_for("publishing.theme_css", v=tenant_view(g.tenant).theme_version),
        *emblem,
    ]


def _version() -> str:
    """Another one for other files, other words of the empty page, another language."""
    templates = Path(current_app.root_path) / "templates"
    parts = [*_assets(), locale(), *((templates / name).read_text("utf-8") for name in _WORDS)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
