"""Where files lie while they are still coming in: one partial file an upload, in the data folder of this machine.

Workers of one machine share the folder. It is local also where the finished files go to a bucket: pieces are put
together here and the whole is stored at the end, so that a bucket never holds half a file.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _

from core.kernel.errors import DomainError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# How the databases say it: PostgreSQL's class 53100 (appendix A of its manual), SQLite's result code.
DISK_FULL = "53100"


class NoRoom(DomainError):
    """The disk is full: what was sent could not be written, and nothing of it was kept."""

    status = 507
    kind = "no-room"
    retry_after = 300

    def __init__(self) -> None:
        super().__init__(
            _(
                "Máy chủ tạm hết chỗ lưu nên lần gửi này chưa lưu được. Những gì đã lưu trước đó vẫn còn nguyên; bạn "
                "hãy thử lại sau ít phút, nếu sắp hết hạn hãy báo cơ quan thường trực."
            )
        )


def is_no_room(error: BaseException) -> bool:
    """Whether `error`, of the system or of a database's driver, says that the disk or a quota is used up."""
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    is_sqlite_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return is_sqlite_full or getattr(error, "sqlstate", None) == DISK_FULL


class Spool:
    """Partial files in a folder, each named by its tenant and its upload."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, tenant_id: UUID, upload_id: UUID) -> Path:
        """Where the partial file lies, whether or not it is there."""
        return self.folder / tenant_id.hex / upload_id.hex

    def size(self, tenant_id: UUID, upload_id: UUID) -> int:
        """How many bytes are written; 0 when there is no file."""
        try:
            return self.path(tenant_id, upload_id).stat().st_size
        except FileNotFoundError:
            return 0

    def open_at(self, tenant_id: UUID, upload_id: UUID, offset: int) -> Piece:
        """The partial file, cut to `offset`, to write on from there; made when there is none.

        The file must be at least `offset` long. Raises NoRoom.
        """
        path = self.path(tenant_id, upload_id)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            target = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)
        except OSError as error:
            if is_no_room(error):
                raise NoRoom from error
            raise
        target.truncate(offset)
        return Piece(target, offset)

    def open(self, tenant_id: UUID, upload_id: UUID) -> BinaryIO:
        """The partial file, to read; raises FileNotFoundError."""
        return self.path(tenant_id, upload_id).open("rb")

    def forget(self, tenant_id: UUID, upload_id: UUID) -> None:
        """Remove the partial file; nothing happens when there is none."""
        self.path(tenant_id, upload_id).unlink(missing_ok=True)

    def uploads(self, tenant_id: UUID) -> Iterator[UUID]:
        """The uploads of a tenant that have a partial file, sorted."""
        for path in sorted((self.folder / tenant_id.hex).glob("*")):
            if len(path.name) == len(tenant_id.hex):
                yield UUID(hex=path.name)


class Piece:
    """A partial file open for writing on. Two writers of one file are told: the later one finds it grown."""

    def __init__(self, target: BinaryIO, offset: int) -> None:
        self._target = target
        self.offset = offset

    def write(self, data: bytes) -> bool:
        """Append `data`; False, and nothing is written, when somebody else has written meanwhile. Raises NoRoom."""
        number = self._target.fileno()
        if os.fstat(number).st_size != self.offset:
            return False
        view = memoryview(data)
        try:
            while view:
                written = os.pwrite(number, view, self.offset)
                self.offset += written
                view = view[written:]
        except OSError as error:
            if is_no_room(error):
                raise NoRoom from error
            raise
        return True

    def keep(self) -> None:
        """Have what is written on the disk, whatever happens next. Raises NoRoom."""
        try:
            os.fsync(self._target.fileno())
        except OSError as error:
            if is_no_room(error):
                raise NoRoom from error
            raise

    def cut(self, offset: int) -> None:
        """Take back what was written beyond `offset`."""
        self._target.truncate(offset)
        self.offset = offset

    def close(self) -> None:
        """Let go of the file."""
        self._target.close()


def spool() -> Spool:
    """The spool of this application."""
    return Spool(Path(current_app.config["BANGVANG_VAR"]) / "uploads")
