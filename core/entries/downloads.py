"""Sending stored contents: by their hash, named as cleaned, never run by a browser; whole, or the part asked for.

Private files go out at links that hold for some minutes and for one account. Who has such a link has been let in by
`access_attachment`; the link says so to whoever sends the content, this application or the store itself.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from core.entries.models import Attachment
from core.kernel.actor import Actor
from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.files import file_key, file_store
from core.kernel.security import keyed_digest

LINK_LASTS = timedelta(minutes=5)
# What a browser may open in its own window; all else is saved.
_OPENED_HERE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
_PRIVATE = "private, no-store"
_PUBLIC = "public, max-age=86400"
_PURPOSE = "file-link"


def file_link(attachment: Attachment, *, actor: Actor, now: datetime) -> str:
    """An address of the file's content for `actor`, who may read it, good for `LINK_LASTS` from `now` (real time)."""
    at_store = file_store().address(file_key(session().tenant_id, attachment.sha256), LINK_LASTS)
    if at_store is not None:
        return at_store
    until = int((now + LINK_LASTS).timestamp())
    saved = request.args.get("tai")
    pass_ = f"{until}.{_seal(attachment.id, actor, until)}"
    return url_for("files.content", file_id=attachment.id, ve=pass_, tai=saved)


def is_link_good(file_id: UUID, pass_: str, *, actor: Actor, now: datetime) -> bool:
    """Whether `pass_` was made for this file, account and tenant and still holds; raises NotFound when it was not."""
    until, _dot, seal = pass_.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) < 15):
        raise NotFound(_("Không tìm thấy tệp này."))
    if not hmac.compare_digest(seal.encode(), _seal(file_id, actor, int(until)).encode()):
        raise NotFound(_("Không tìm thấy tệp này."))
    return now.timestamp() <= int(until)


def sent_file(sha256: str, name: str, media_type: str, size: int, *, public: bool = False) -> Response:
    """The content with this hash as an answer, or the range of it that was asked for; `?tai=1` saves it.

    Raises NotFound when the store has lost it.
    """
    key = file_key(session().tenant_id, sha256)
    if not file_store().exists(key):
        raise NotFound(_("Không tìm thấy tệp này."))
    opened = media_type in _OPENED_HERE and request.args.get("tai") is None
    response = _content(key, size, media_type)
    response.headers["Content-Disposition"] = _disposition("inline" if opened else "attachment", name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = _PUBLIC if public else _PRIVATE
    if media_type != "application/pdf":
        # A stored file is nobody's page: it may run and load nothing (a PDF viewer needs its own plugin).
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def sent_bytes(content: bytes, name: str, media_type: str) -> Response:
    """A paper made for this reader alone, opened in the browser; `?tai=1` saves it."""
    response = Response(content, mimetype=media_type)
    kind = "inline" if request.args.get("tai") is None else "attachment"
    response.headers["Content-Disposition"] = _disposition(kind, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = _PRIVATE
    return response


def sent_picture(sha256: str, *, public: bool = True) -> Response:
    """A picture of ours by its hash; its address changes with its content, so a public one may be kept long."""
    key = file_key(session().tenant_id, sha256)
    if not file_store().exists(key):
        raise NotFound(_("Không tìm thấy ảnh này."))
    content = b"".join(file_store().read(key))
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = _PUBLIC if public else "private, max-age=300"
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _content(key: str, size: int, media_type: str) -> Response:
    """RFC 9110, section 14: one range is sent as asked; several at once, or none that fits, are not."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        response = Response(file_store().read(key), mimetype=media_type, direct_passthrough=True)
        response.content_length = size
        response.headers["Accept-Ranges"] = "bytes"
        return response
    fitting = asked.range_for_length(size)
    if fitting is None:
        response = Response(status=416, mimetype="text/plain")
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    start, stop = fitting
    response = Response(
        file_store().read(key, start, stop - start), status=206, mimetype=media_type, direct_passthrough=True
    )
    response.content_length = stop - start
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _seal(file_id: UUID, actor: Actor, until: int) -> str:
    return keyed_digest(f"{session().tenant_id}:{file_id}:{actor.id}:{until}", _PURPOSE)[:40]


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: an ASCII name for old clients and the true one beside it."""
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\' else "_" for char in name
    )
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
