"""A file of new material that was looked into, put where its question asks for it."""

from __future__ import annotations

from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _

from core.entries.errors import FileRefused
from core.entries.examine import Examined
from core.entries.states import Scan
from core.judging.errors import NotScanned
from core.judging.material_models import MaterialFile, MaterialQuestion
from core.kernel.db import session
from core.kernel.files import file_key, file_store
from core.kernel.spool import NoRoom, is_no_room


def require_place(question: MaterialQuestion, kept: list[MaterialFile], key: str, name: str) -> None:
    """Return when one more file fits beside those `kept`; where one alone is asked for it takes their place.

    Raises FileRefused.
    """
    if question.max_files > 1 and len(kept) >= question.max_files:
        raise too_many(question, key, name)


def too_many(question: MaterialQuestion, key: str, name: str) -> FileRefused:
    """That the file `name` is one more than is taken."""
    return FileRefused(
        key,
        _(
            "Mục này nhận tối đa %(limit)s tệp. Bạn hãy bỏ bớt một tệp rồi tải “%(name)s” lên.",
            limit=question.max_files,
            name=name,
        ),
    )


def put_file(
    question: MaterialQuestion,
    entry_id: UUID,
    kept: list[MaterialFile],
    examined: Examined,
    stream: IO[bytes],
    *,
    now: datetime,
) -> bool:
    """Store a file beside those `kept`, which grow by it; False when the same content is there already.

    Where one file alone is asked for, the one before stays behind with `removed_at`. The caller has locked the dossier.
    Raises FileRefused for one too many, NotScanned, NoRoom; nothing is changed then.
    """
    sniffed = examined.sniffed
    if examined.scan is not Scan.CLEAN:
        raise NotScanned(
            _(
                "Hiện chưa kiểm tra được tệp “%(name)s” có an toàn không. Bạn hãy tải lại sau ít phút.",
                name=sniffed.name,
            )
        )
    if any(one.sha256 == examined.sha256 for one in kept):
        return False
    require_place(question, kept, examined.field.key, sniffed.name)
    try:
        file_store().put(file_key(session().tenant_id, examined.sha256), stream)
    except OSError as error:
        if is_no_room(error):
            raise NoRoom from error
        raise
    if question.max_files == 1:
        for one in kept:
            one.removed_at = now
        kept.clear()
    made = MaterialFile(
        question_id=question.id,
        entry_id=entry_id,
        sha256=examined.sha256,
        name=sniffed.name,
        media_type=sniffed.media_type,
        size=sniffed.size,
        pages=sniffed.pages,
        added_at=now,
    )
    session().add(made)
    kept.append(made)
    return True
