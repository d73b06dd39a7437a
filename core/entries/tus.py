"""The protocol of files in pieces over bad lines: tus 1.0.0 with creation, termination, expiration and checksum.

See tus.io/protocols. A program signs in with its cookie and sends the token of forms in `X-CSRFToken`. A creation names
in `Upload-Metadata` the `filename` and the `field` of the form. The last piece is answered only once the file has
landed in its place (`reception`); one that is refused is answered with a problem document and forgotten. While bytes
come in no transaction is open.
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

from core.entries.errors import FileRefused
from core.entries.services.upload_places import Place
from core.entries.services.uploads import (
    KEPT_FOR,
    Ticket,
    access_upload,
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

PlaceOf = Callable[[str], Place]

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


def reception(name: str, module: str, url_prefix: str, place_of: PlaceOf) -> Blueprint:
    """The addresses under `url_prefix`, which has `<ref>` in it, at which files come into a place.

    `place_of` gives the reader's own place by its ref and raises NotFound for everybody else's.
    """
    blueprint, desk = Blueprint(name, module, url_prefix=url_prefix), _Reception(place_of)
    blueprint.add_url_rule(
        "/", "abilities", desk.abilities, methods=["OPTIONS"], provide_automatic_options=False
    )
    blueprint.add_url_rule("/", "create", desk.create, methods=["POST"])
    for endpoint, view, method in (
        ("show", desk.show, "GET"),
        ("cancel", desk.cancel, "DELETE"),
        ("receive", desk.receive, "PATCH"),
    ):
        blueprint.add_url_rule("/<uuid:upload_id>", endpoint, view, methods=[method])
    blueprint.register_error_handler(DomainError, _told)
    blueprint.register_error_handler(CSRFError, _stale)
    blueprint.register_error_handler(HTTPException, _refused)
    blueprint.after_request(_speak_tus)
    return blueprint


class _Reception:
    """The views of one kind of place."""

    def __init__(self, place_of: PlaceOf) -> None:
        self._place_of = place_of

    @allows(Access.ACCOUNT)
    def abilities(self, ref: str) -> Response:
        """What this server can do."""
        response = Response(status=204)
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = EXTENSIONS
        response.headers["Tus-Max-Size"] = str(LARGEST)
        response.headers["Tus-Checksum-Algorithm"] = ",".join(CHECKSUMS)
        return response

    @allows(Access.ACCOUNT)
    def create(self, ref: str) -> Response:
        """Begin an upload into my place; the answer names its address and until when it is kept."""
        place = self._place_of(ref)
        _require_version()
        length = _number("Upload-Length")
        if length > LARGEST:
            raise WrongPiece(413, _("Tệp quá lớn."))
        given = _metadata(request.headers.get("Upload-Metadata", ""))
        upload = begin_upload(
            place,
            given.get("field", "")[:40],
            given.get("filename", "")[:1000],
            length,
            actor=current_actor(),
            now=now(),
        )
        response = Response(status=201)
        response.headers["Location"] = url_for(".show", ref=ref, upload_id=upload.id, _external=True)
        response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
        return response

    @allows(Access.ACCOUNT)
    def show(self, ref: str, upload_id: UUID) -> Response:
        """How far an upload has got (HEAD, as the protocol asks), and what has become of it (GET, as JSON)."""
        place = self._place_of(ref)
        upload = access_upload(current_actor(), place, upload_id)
        offset = offset_of(upload)
        held = place.held(upload.field, upload.sha256) if upload.done and upload.sha256 else None
        response = jsonify(
            {
                "offset": offset,
                "length": upload.length,
                "done": upload.done,
                "name": upload.name,
                "field": upload.field,
                "file": None if held is None else str(held),
            }
        )
        response.headers["Upload-Offset"] = str(offset)
        response.headers["Upload-Length"] = str(upload.length)
        response.headers["Upload-Expires"] = format_datetime(upload.expires_at, usegmt=True)
        return response

    @allows(Access.ACCOUNT)
    def cancel(self, ref: str, upload_id: UUID) -> Response:
        """Give an upload up: nothing of it is left."""
        upload = access_upload(current_actor(), self._place_of(ref), upload_id)
        cancel_upload(upload.tenant_id, upload.id)
        return Response(status=204)

    @allows(Access.ACCOUNT)
    def receive(self, ref: str, upload_id: UUID) -> Response:
        """Take the next piece; with the last one the file lands in its place."""
        place = self._place_of(ref)
        upload = access_upload(current_actor(), place, upload_id)
        _require_version()
        if request.mimetype != PIECE_TYPE:
            raise WrongPiece(415, _("Loại nội dung của phần gửi không đúng."))
        if _number("Upload-Offset") != offset_of(upload):
            raise WrongPiece(409, _("Phần này không nối tiếp phần đã nhận."))
        if upload.done:
            return _received(upload.length)
        place.require_open(actor=current_actor(), now=now(), begun_at=upload.begun_at)
        ticket = ticket_of(upload, place)
        if (request.content_length or 0) > ticket.length - ticket.offset:
            raise WrongPiece(413, _("Phần gửi dài hơn phần còn thiếu của tệp."))
        # A slow line sends for minutes: nobody shall wait for a transaction that is open meanwhile.
        uow.commit()
        offset = _take_in(ticket)
        if offset == ticket.length:
            _finish(ticket, place)
        return _received(offset)


def _told(error: DomainError) -> Response:
    """Programs and the page's own script read problem documents."""
    errors = {error.field: [error.message]} if isinstance(error, FileRefused) else None
    answer = problem(error.status, error.kind, error.told, errors=errors)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _stale(error: CSRFError) -> Response:
    """The page stood open for too long."""
    return problem(400, "csrf", _("Trang đã mở quá lâu. Bạn hãy tải lại trang rồi chọn lại tệp."))


def _refused(error: HTTPException) -> Any:
    """What the server itself refuses, such as a piece that is too large."""
    status = error.code or 500
    return error if status < 400 else problem(status, "http", error.name)


def _speak_tus(response: Response) -> Response:
    """Each answer names the version of the protocol, and is nobody's to keep."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


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


def _finish(ticket: Ticket, place: Place) -> None:
    """Look into the file and put it into its place; one that is refused is forgotten with its upload."""
    try:
        examined = examine_upload(ticket)
        finish_upload(ticket, place, examined, actor=current_actor(), now=now())
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
