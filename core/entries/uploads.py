"""Files in pieces over bad lines: tus 1.0.0 with creation, termination, expiration and checksum (tus.io/protocols).

A program signs in with its cookie and sends the token of forms in `X-CSRFToken`. A creation names in `Upload-Metadata`
the `filename` and the `field` of the form. The last piece is answered only once the file is in the dossier; a file that
is refused is answered with a problem document and forgotten. While bytes come in no transaction is open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.contests.current import edition_of
from core.contests.values import EditionView
from core.entries.errors import FileRefused
from core.entries.policies import access_entry
from core.entries.services.drafts import require_editable
from core.entries.services.uploads import (
    KEPT_FOR,
    Ticket,
    access_upload,
    attachment_of,
    begin_upload,
    cancel_upload,
    examine_upload,
    finish_upload,
    note_received,
    offset_of,
    ticket_of,
)
from core.kernel import uow
from core.kernel.clock import real_now
from core.kernel.errors import DomainError
from core.kernel.problems import problem
from core.kernel.spool import NoRoom, Piece, spool
from core.kernel.web import Access, allows, current_actor, now

blueprint = Blueprint("uploads", __name__, url_prefix="/du-thi/<ref>/tep/tus")

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration,checksum"
PIECE_TYPE = "application/offset+octet-stream"
READ = 64 * 1024
SAFE_EVERY = 4 * 1024 * 1024
MAX_PIECE = 64 * 1024 * 1024
LARGEST = 2 * 1024 * 1024 * 1024
CHECKSUMS: dict[str, Callable[[], Any]] = {
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
    "sha256": hashlib.sha256,
    "md5": lambda: hashlib.md5(usedforsecurity=False),
}


class WrongPiece(DomainError):
    """A request that does not follow the protocol, or comes at the wrong place; `status` as the protocol names it."""

    kind = "wrong-piece"

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Checksum:
    """A hash that runs over a piece, and what it must come to."""

    running: Any
    wanted: bytes

    def update(self, chunk: bytes) -> None:
        """Go on over `chunk`."""
        self.running.update(chunk)

    @property
    def fits(self) -> bool:
        """Whether what came is what was meant."""
        return bool(self.running.digest() == self.wanted)


@blueprint.errorhandler(DomainError)
def told(error: DomainError) -> Response:
    """Programs and the page's own script read problem documents."""
    errors = {error.field: [error.message]} if isinstance(error, FileRefused) else None
    answer = problem(error.status, error.kind, error.told, errors=errors)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


@blueprint.errorhandler(CSRFError)
def stale(error: CSRFError) -> Response:
    """The page stood open for too long."""
    return problem(400, "csrf", _("Trang đã mở quá lâu. Bạn hãy tải lại trang rồi chọn lại tệp."))


@blueprint.errorhandler(HTTPException)
def refused(error: HTTPException) -> Any:
    """What the server itself refuses, such as a piece that is too large."""
    status = error.code or 500
    return error if status < 400 else problem(status, "http", error.name)


@blueprint.after_request
def speak_tus(response: Response) -> Response:
    """Each answer names the version of the protocol, and is nobody's to keep."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/", methods=["OPTIONS"], provide_automatic_options=False)
@allows(Access.ACCOUNT)
def abilities(ref: str) -> Response:
    """What this server can do."""
    response = Response(status=204)
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = EXTENSIONS
    response.headers["Tus-Max-Size"] = str(LARGEST)
    response.headers["Tus-Checksum-Algorithm"] = ",".join(CHECKSUMS)
    return response


@blueprint.post("/")
@allows(Access.ACCOUNT)
def create(ref: str) -> Response:
    """Begin an upload into my dossier; the answer names its address and until when it is kept."""
    entry = access_entry(current_actor(), ref)
    edition = edition_of(entry.edition_id)
    _require_version()
    length = _number("Upload-Length")
    if length > LARGEST:
        raise WrongPiece(413, _("Tệp quá lớn."))
    given = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = begin_upload(
        entry,
        edition,
        given.get("field", "")[:40],
        given.get("filename", "")[:1000],
        length,
        actor=current_actor(),
        now=now(),
    )
    response = Response(status=201)
    response.headers["Location"] = url_for("uploads.show", ref=ref, upload_id=upload.id, _external=True)
    response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return response


@blueprint.get("/<uuid:upload_id>")
@allows(Access.ACCOUNT)
def show(ref: str, upload_id: UUID) -> Response:
    """How far an upload has got (HEAD, as the protocol asks), and what has become of it (GET, as JSON)."""
    entry = access_entry(current_actor(), ref)
    upload = access_upload(current_actor(), entry, upload_id)
    offset, held = offset_of(upload), attachment_of(upload)
    response = jsonify(
        {
            "offset": offset,
            "length": upload.length,
            "done": upload.done,
            "name": upload.name,
            "field": upload.field,
            "file": None if held is None else str(held.id),
        }
    )
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Upload-Length"] = str(upload.length)
    response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
    return response


@blueprint.delete("/<uuid:upload_id>")
@allows(Access.ACCOUNT)
def cancel(ref: str, upload_id: UUID) -> Response:
    """Give an upload up: nothing of it is left."""
    entry = access_entry(current_actor(), ref)
    upload = access_upload(current_actor(), entry, upload_id)
    cancel_upload(upload.tenant_id, upload.id)
    return Response(status=204)


@blueprint.route("/<uuid:upload_id>", methods=["PATCH"])
@allows(Access.ACCOUNT)
def receive(ref: str, upload_id: UUID) -> Response:
    """Take the next piece; with the last one the file goes into the dossier."""
    entry = access_entry(current_actor(), ref)
    upload = access_upload(current_actor(), entry, upload_id)
    edition = edition_of(entry.edition_id)
    _require_version()
    if request.mimetype != PIECE_TYPE:
        raise WrongPiece(415, _("Loại nội dung của phần gửi không đúng."))
    if _number("Upload-Offset") != offset_of(upload):
        raise WrongPiece(409, _("Phần này không nối tiếp phần đã nhận."))
    if upload.done:
        return _received(upload.length)
    require_editable(entry, current_actor())
    ticket = ticket_of(upload)
    if (request.content_length or 0) > ticket.length - ticket.offset:
        raise WrongPiece(413, _("Phần gửi dài hơn phần còn thiếu của tệp."))
    # A slow line sends for minutes: nobody shall wait for a transaction that is open meanwhile.
    uow.commit()
    offset = _take_in(ticket)
    if offset == ticket.length:
        _finish(ticket, edition)
    return _received(offset)


def _take_in(ticket: Ticket) -> int:
    """Write the body of the request behind what is there; returns how far the upload has got, safely on the disk."""
    checksum = _checksum()
    request.max_content_length = MAX_PIECE
    piece = spool().open_at(ticket.tenant_id, ticket.id, ticket.offset)
    try:
        _write(ticket, piece, None if checksum is None else checksum.update)
        if checksum is not None and not checksum.fits:
            piece.cut(ticket.offset)
            raise WrongPiece(460, _("Phần gửi bị sai lệch trên đường truyền."))
        return _acknowledge(ticket, piece)
    finally:
        piece.close()


def _write(ticket: Ticket, piece: Piece, each: Callable[[bytes], None] | None) -> None:
    """Write what comes, acknowledged every few megabytes unless a checksum (`each`) has to cover the whole piece."""
    safe = ticket.offset
    try:
        while piece.offset < ticket.length:
            chunk = request.stream.read(min(READ, ticket.length - piece.offset))
            if not chunk:
                return
            if not piece.write(chunk):
                raise WrongPiece(409, _("Tệp này đang được gửi từ một nơi khác."))
            if each is not None:
                each(chunk)
            elif piece.offset - safe >= SAFE_EVERY:
                safe = _acknowledge(ticket, piece)
    except NoRoom:
        piece.cut(safe)
        raise
    except HTTPException:
        # The line was cut: what came before is kept.
        if each is None:
            _acknowledge(ticket, piece)
        raise


def _acknowledge(ticket: Ticket, piece: Piece) -> int:
    piece.keep()
    note_received(ticket, piece.offset)
    uow.commit()
    return piece.offset


def _finish(ticket: Ticket, edition: EditionView) -> None:
    """Look into the file and put it into the dossier; one that is refused is forgotten with its upload."""
    try:
        examined = examine_upload(ticket, edition)
        finish_upload(ticket, edition, examined, actor=current_actor(), now=now())
    except FileRefused:
        uow.rollback()
        cancel_upload(ticket.tenant_id, ticket.id)
        uow.commit()
        raise


def _received(offset: int) -> Response:
    response = Response(status=204)
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Upload-Expires"] = format_datetime(real_now() + KEPT_FOR, usegmt=True)
    return response


def _require_version() -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise WrongPiece(412, _("Máy chủ chỉ hiểu tus 1.0.0."))


def _number(header: str) -> int:
    words = request.headers.get(header, "")
    if not (words.isascii() and words.isdigit() and len(words) < 16):
        raise WrongPiece(400, _("Thiếu hoặc sai %(header)s.", header=header))
    return int(words)


def _metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: pairs of a key and a value in Base64, set apart by commas."""
    found = {}
    for pair in header.split(","):
        key, _blank, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise WrongPiece(400, _("Thiếu hoặc sai %(header)s.", header="Upload-Metadata")) from None
    return found


def _checksum() -> Checksum | None:
    """What the piece must add up to; None when nothing is asked for."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    algorithm, _blank, value = header.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        wanted = b""
    if algorithm not in CHECKSUMS or not wanted:
        raise WrongPiece(400, _("Thiếu hoặc sai %(header)s.", header="Upload-Checksum"))
    return Checksum(CHECKSUMS[algorithm](), wanted)
