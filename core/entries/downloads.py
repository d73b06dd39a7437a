"""Sending stored contents: by their hash, named as cleaned, never run by a browser."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, request
from flask_babel import gettext as _

from core.kernel.db import session
from core.kernel.errors import NotFound
from core.kernel.files import file_key, file_store

# What a browser may open in its own window; all else is saved.
_OPENED_HERE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})
_PRIVATE = "private, no-store"
_PUBLIC = "public, max-age=86400"


def sent_file(sha256: str, name: str, media_type: str, size: int, *, public: bool = False) -> Response:
    """The content with this hash as an answer; `?tai=1` saves it instead of opening it. Raises NotFound."""
    key = file_key(session().tenant_id, sha256)
    if not file_store().exists(key):
        raise NotFound(_("Không tìm thấy tệp này."))
    opened = media_type in _OPENED_HERE and request.args.get("tai") is None
    response = Response(file_store().read(key), mimetype=media_type, direct_passthrough=True)
    response.content_length = size
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


def sent_picture(sha256: str) -> Response:
    """A public picture by its hash; its address changes with its content, so it may be kept long."""
    key = file_key(session().tenant_id, sha256)
    if not file_store().exists(key):
        raise NotFound(_("Không tìm thấy ảnh này."))
    content = b"".join(file_store().read(key))
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = _PUBLIC
    response.set_etag(sha256)
    response.make_conditional(request)
    return response


def _disposition(kind: str, name: str) -> str:
    """RFC 6266: an ASCII name for old clients and the true one beside it."""
    plain = "".join(
        char if char.isascii() and char.isprintable() and char not in '"\\' else "_" for char in name
    )
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
